// Passkeys: the browser makes and uses them; this hands what they say to the API and back.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

async function ask(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers["X-CSRF-Token"] = token;
  const answer = await fetch(`/api/v1/auth/passkeys${path}`, {
    method: "POST",
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.errors?.[0]?.message || said.detail || said.title);
  return said;
}

async function add({ token, ask: question, device }) {
  const password = document.querySelector("#passkey-password").value;
  const options = await ask("/options", { password }, token);
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials || []) known.id = bytes(known.id);
  const made = await navigator.credentials.create({ publicKey: options });
  const credential = {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    },
  };
  const name = prompt(question, device) || device;
  const added = await ask("", { credential, name: name.slice(0, 60) }, token);
  const codes = document.querySelector("[data-passkey-codes]");
  if (!added.recoveryCodes.length) {
    location.assign("/account/security?done=passkey-added");
    return;
  }
  for (const code of added.recoveryCodes) {
    const line = codes.querySelector("ul").appendChild(document.createElement("li"));
    line.appendChild(document.createElement("code")).textContent = code;
  }
  document.querySelector("[data-passkey-form]").hidden = true;
  codes.hidden = false;
}

async function signIn(following) {
  const options = await ask("/login/options");
  options.challenge = bytes(options.challenge);
  const used = await navigator.credentials.get({ publicKey: options });
  const credential = {
    id: used.id,
    rawId: text(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
    },
  };
  await ask("/login", { credential });
  location.assign(following);
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.closest("[data-passkey-form]")?.removeAttribute("hidden");
  button.addEventListener("click", async () => {
    const trouble = document.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    try {
      if (button.dataset.passkey === "add") await add(button.dataset);
      else await signIn(button.dataset.next);
    } catch (error) {
      const gaveUp = error.name === "NotAllowedError";
      trouble.textContent = gaveUp ? trouble.dataset.gaveUp : error.message;
      trouble.hidden = false;
    }
  });
}
