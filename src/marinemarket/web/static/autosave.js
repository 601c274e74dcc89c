// Saves a draft while it is being typed. Without this script the Save button does it.
"use strict";

// In a block of its own, since all scripts of a page share one scope.
{
  const PAUSE_MS = 1500;
  const HIDDEN = /^(csrf_token|version|of_version|was\..*)$/;
  const RETRY_MS = [3000, 10000, 30000];

  function saveAsOneGoes(form) {
    const line = form.querySelector("[data-saved]");
    const said = form.dataset;
    const keptAs = `draft ${said.autosave}`;
    let timer = 0;
    let saving = null;
    let tries = 0;
    let stopped = false;
    let saved = written(asItCame());

    // Somebody may have typed before this script ran.
    function asItCame() {
      const other = form.cloneNode(true);
      other.reset();
      return other;
    }

    function written(of = form) {
      const fields = new URLSearchParams(new FormData(of));
      for (const name of [...fields.keys()]) {
        if (HIDDEN.test(name)) fields.delete(name);
      }
      return fields.toString();
    }

    function say(text, { trouble = false, then = null } = {}) {
      line.classList.toggle("is-trouble", trouble);
      line.textContent = text;
      if (then) line.append(" ", then);
    }

    function keep() {
      const { version, of_version: of } = form.elements;
      try {
        localStorage.setItem(keptAs, JSON.stringify([version.value, of.value, written()]));
      } catch {
        // No room, or not allowed: then the page alone holds it.
      }
    }

    function forget() {
      try {
        localStorage.removeItem(keptAs);
      } catch {
        // As above.
      }
    }

    function soon(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }

    async function save() {
      if (stopped || saving) return;
      const now = written();
      if (now === saved) return;
      clearTimeout(timer);
      say(said.saidSaving);
      keep();
      try {
        saving = fetch(said.autosave, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          headers: { Accept: "application/json" },
          keepalive: now.length < 60000,
        });
        await take(await saving, now);
      } catch {
        again(said.saidOffline);
      } finally {
        saving = null;
      }
      if (!stopped && tries === 0 && written() !== saved) soon(PAUSE_MS);
    }

    async function take(answer, now) {
      if (answer.redirected || answer.status === 401) return signedOut();
      if (answer.status === 412) return overtaken();
      if (answer.status === 422) {
        tries = 0;
        saved = now;
        const { wrong } = await answer.json();
        return say(Object.values(wrong).join(" "), { trouble: true });
      }
      if (!answer.ok) return again(said.saidTrouble, Number(answer.headers.get("Retry-After")) * 1000);
      const stands = await answer.json();
      tries = 0;
      saved = now;
      form.elements.version.value = stands.version;
      form.elements.of_version.value = stands.ofVersion;
      if (written() === now) forget();
      say(`${said.saidSaved} ${clock(stands.at)}`);
      show(stands);
    }

    function again(text, pause) {
      keep();
      say(text, { trouble: true });
      soon(pause || RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    }

    function overtaken() {
      stopped = true;
      const look = document.createElement("button");
      look.type = "submit";
      look.className = "plain";
      look.textContent = said.saidLook;
      say(said.saidOther, { trouble: true, then: look });
    }

    function signedOut() {
      stopped = true;
      const door = document.createElement("a");
      door.href = `/account/sign-in?next=${encodeURIComponent(location.pathname)}`;
      door.textContent = said.saidIn;
      say(said.saidOut, { trouble: true, then: door });
    }

    function clock(moment) {
      return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    }

    function putBack() {
      let kept = null;
      try {
        kept = JSON.parse(localStorage.getItem(keptAs) || "null");
      } catch {
        return;
      }
      if (!kept) return;
      const [version, of, text] = kept;
      if (text === saved) return forget();
      const fields = new URLSearchParams(text);
      for (const field of form.elements) {
        if (!field.name || HIDDEN.test(field.name)) continue;
        if (field.type === "checkbox" || field.type === "radio") {
          field.checked = fields.getAll(field.name).includes(field.value);
        } else if (fields.has(field.name)) field.value = fields.get(field.name);
      }
      // Of the version that it was typed upon: where another stands by now, both are shown.
      form.elements.version.value = version;
      form.elements.of_version.value = of;
      say(said.saidFound);
      soon(PAUSE_MS);
    }

    form.addEventListener("input", () => soon(PAUSE_MS));
    form.addEventListener("change", () => soon(PAUSE_MS));
    form.addEventListener("submit", (event) => {
      if (!navigator.onLine) {
        event.preventDefault();
        again(said.saidOffline);
        return;
      }
      stopped = true;
      clearTimeout(timer);
      forget();
    });
    addEventListener("online", () => tries && save());
    addEventListener("pagehide", () => written() !== saved && !stopped && (keep(), save()));
    if (said.savedAt) say(`${said.saidSaved} ${clock(said.savedAt)}`);
    putBack();
    if (written() !== saved) soon(PAUSE_MS);
  }

  // How far one is, as the market counts it.
  function show({ percent, must, should }) {
    const box = document.querySelector("[data-complete]");
    box.querySelector("progress").value = percent;
    for (const figure of document.querySelectorAll("[data-percent], [data-standing]")) {
      figure.textContent = figure.textContent.replace(/\d+%/, `${percent}%`);
    }
    for (const [name, list] of Object.entries({ must, should })) {
      box.querySelector(`[data-${name}-box]`).hidden = list.length === 0;
      box.querySelector(`[data-${name}]`).replaceChildren(
        ...list.map(({ address, words }) => {
          const line = document.createElement("li");
          const link = line.appendChild(document.createElement("a"));
          link.href = address;
          link.textContent = words;
          return line;
        }),
      );
    }
    box.querySelector("[data-ready]").hidden = must.length > 0;
  }

  // Another unit says the same length in other figures.
  const METRES_IN_A_FOOT = 0.3048;
  const KILOGRAMS_IN_A_POUND = 0.45359237;

  function convertUnits(form) {
    let unit = form.elements.unit.value;
    form.addEventListener("change", (event) => {
      if (event.target.name !== "unit" || event.target.value === unit) return;
      unit = event.target.value;
      for (const name of ["length", "loa", "beam", "draft", "air_draft", "displacement"]) {
        const field = form.elements.namedItem(name); // not .length, which counts them
        if (!/^\d+([.,]\d+)?$/.test(field.value.trim())) continue;
        const factor = name === "displacement" ? KILOGRAMS_IN_A_POUND : METRES_IN_A_FOOT;
        const figure = Number(field.value.replace(",", "."));
        const places = name === "displacement" ? 0 : 2;
        field.value = String(Number((unit === "m" ? figure * factor : figure / factor).toFixed(places)));
      }
    });
  }

  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    convertUnits(form);
    saveAsOneGoes(form);
  });
}
