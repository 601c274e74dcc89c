// Passkeys: the browser creates and uses them; this script carries them to the API and back.

import { sendJson } from "./api.js";
import { fromBase64Url, toBase64Url } from "./base64url.js";
import { messagesFor } from "./messages.js";

const MOST_CHARACTERS_OF_NAME = 60;
const message = messagesFor("passkeys");

const callApi = (path, body, token) => callAt(`/api/v1/auth/passkeys${path}`, body, token);

async function callAt(address, body, token) {
  const response = await sendJson("POST", address, body, token);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.errors?.[0]?.message || answer.detail || answer.title);
  return answer;
}

async function addPasskey({ token }) {
  const password = document.querySelector("#passkey-password")?.value ?? null;
  const options = await callApi("/options", { password }, token);
  options.challenge = fromBase64Url(options.challenge);
  options.user.id = fromBase64Url(options.user.id);
  for (const known of options.excludeCredentials || []) known.id = fromBase64Url(known.id);
  const created = await navigator.credentials.create({ publicKey: options });
  const credential = {
    id: created.id,
    rawId: toBase64Url(created.rawId),
    type: created.type,
    response: {
      clientDataJSON: toBase64Url(created.response.clientDataJSON),
      attestationObject: toBase64Url(created.response.attestationObject),
    },
  };
  // Without a name, the market calls it after the authenticator and the browser.
  const name = (prompt(message("device_name")) || "").slice(0, MOST_CHARACTERS_OF_NAME);
  const { recoveryCodes } = await callApi("", { credential, name }, token);
  if (recoveryCodes.length) showRecoveryCodes(recoveryCodes);
  else location.assign("/account/security?done=passkey-added");
}

function showRecoveryCodes(codes) {
  const panel = document.querySelector("[data-passkey-codes]");
  for (const code of codes) {
    const item = panel.querySelector("ul").appendChild(document.createElement("li"));
    item.appendChild(document.createElement("code")).textContent = code;
  }
  document.querySelector("[data-passkey-form]").hidden = true;
  panel.hidden = false;
}

async function signIn({ next }) {
  const credential = await answerChallenge(await callApi("/login/options"));
  const { csrfToken } = await callApi("/login", { credential });
  // What somebody wrote before they had to sign in comes along.
  const unsent = document.querySelector("form[data-after-passkey]");
  if (unsent) {
    unsent.elements.csrf_token.value = csrfToken;
    unsent.submit();
  } else location.assign(next);
}

async function prove({ token }) {
  const credential = await answerChallenge(await callAt("/api/v1/me/proof/options", {}, token));
  await callAt("/api/v1/me/proof", { credential }, token);
  location.assign("/account/security?done=proof");
}

async function answerChallenge(options) {
  options.challenge = fromBase64Url(options.challenge);
  for (const known of options.allowCredentials || []) known.id = fromBase64Url(known.id);
  const used = await navigator.credentials.get({ publicKey: options });
  const { userHandle } = used.response;
  return {
    id: used.id,
    rawId: toBase64Url(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: toBase64Url(used.response.clientDataJSON),
      authenticatorData: toBase64Url(used.response.authenticatorData),
      signature: toBase64Url(used.response.signature),
      userHandle: userHandle ? toBase64Url(userHandle) : null,
    },
  };
}

const actions = { add: addPasskey, prove, "sign-in": signIn };

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.closest("[data-passkey-form]")?.removeAttribute("hidden");
  button.addEventListener("click", async () => {
    const trouble = document.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    try {
      await actions[button.dataset.passkey](button.dataset);
    } catch (error) {
      const isCancelled = error.name === "NotAllowedError";
      trouble.textContent = isCancelled ? message("cancelled") : error.message;
      trouble.hidden = false;
    }
  });
}
