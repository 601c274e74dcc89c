// Sharing a boat: by what the device offers, or else by copying her address. And printing the page.

for (const sharing of document.querySelectorAll("[data-sharing]")) {
  const { title, address } = sharing.dataset;
  const told = sharing.querySelector("[role=status]");
  const copy = sharing.querySelector("[data-copy]");

  if (navigator.share) {
    sharing.querySelector("summary").addEventListener("click", async (event) => {
      if (sharing.open) return;
      event.preventDefault();
      try {
        await navigator.share({ title, url: address });
      } catch (error) {
        // Whoever changed their mind wants nothing more; where it cannot be, there are other ways.
        if (error.name !== "AbortError") sharing.open = true;
      }
    });
  }
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      told.textContent = copy.dataset.copied;
    } catch {
      sharing.querySelector("input").select();
      told.textContent = copy.dataset.failed;
    }
  });
  addEventListener("click", (event) => {
    if (!sharing.contains(event.target)) sharing.open = false;
  });
  sharing.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sharing.open) return;
    sharing.open = false;
    sharing.querySelector("summary").focus();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
