// Shares a boat by what the device offers, or else by copying the address. And prints the page.

import { messagesFor } from "./messages.js";

function share(sharing) {
  const message = messagesFor("sharing");
  const { title, address } = sharing.dataset;
  const status = sharing.querySelector("[role=status]");
  const copyButton = sharing.querySelector("[data-copy]");
  const summary = sharing.querySelector("summary");

  async function shareByDevice(event) {
    if (sharing.open) return;
    event.preventDefault();
    try {
      await navigator.share({ title, url: address });
    } catch (error) {
      // Nothing more for those who changed their mind; where sharing failed, there are other ways.
      if (error.name !== "AbortError") sharing.open = true;
    }
  }

  async function copyAddress() {
    try {
      await navigator.clipboard.writeText(address);
      status.textContent = message("copied");
    } catch {
      sharing.querySelector("input").select();
      status.textContent = message("not_copied");
    }
  }

  if (navigator.share) summary.addEventListener("click", shareByDevice);
  copyButton.hidden = false;
  copyButton.addEventListener("click", copyAddress);
  addEventListener("click", (event) => {
    if (!sharing.contains(event.target)) sharing.open = false;
  });
  sharing.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sharing.open) return;
    sharing.open = false;
    summary.focus();
  });
}

for (const sharing of document.querySelectorAll("[data-sharing]")) share(sharing);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
