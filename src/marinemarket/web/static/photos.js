// Photos of an advert: sent as they are chosen or dropped, one after the other; put in order by
// dragging; captions kept as one leaves the field. What is shown always comes from the page itself,
// asked for again, so that this file knows nothing of how a photo looks.
"use strict";

(() => {
  const page = document.getElementById("photos-page");
  if (!page) return;
  const said = page.dataset;
  const images = `/api/v1/listings/${said.listing}/images`;
  const uploads = document.getElementById("photos-uploads");
  const telling = document.getElementById("photos-said");
  const waiting = [];
  let sending = null;
  let done = 0;
  let all = 0;

  page.classList.add("is-scripted");

  // -- What is asked of the market ---------------------------------------------------------------

  const token = () => page.querySelector("input[name=csrf_token]").value;
  const count = () => page.querySelectorAll(".photos-one").length;
  const tell = (text) => { telling.textContent = text; };

  const say = (problem, otherwise) => {
    const error = problem?.errors?.[0];
    if (error) return error.field === "image" ? `It ${error.message}.` : `${error.message}.`;
    const detail = problem?.detail || otherwise;
    return detail.charAt(0).toUpperCase() + detail.slice(1) + (/[.!?]$/.test(detail) ? "" : ".");
  };

  // The photos as the page now shows them; words that are being typed stay as they are.
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const have = fresh.getElementById("photos-have");
    if (!have) return false;
    const focused = document.activeElement?.id;
    const typed = new Map(
      [...page.querySelectorAll(".photos-caption input")]
        .filter((field) => field.value !== field.defaultValue)
        .map((field) => [field.id, field.value]),
    );
    document.getElementById("photos-have").replaceWith(document.adoptNode(have));
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
    const form = fresh.getElementById("photos-form");
    const full = fresh.querySelector(".photos-full");
    const now = document.getElementById("photos-form") || page.querySelector(".photos-full");
    if (now && (form ? now.id !== "photos-form" : now.id === "photos-form")) {
      now.replaceWith(document.adoptNode(form || full));
    }
    prepare();
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) {
      (again.disabled ? again.closest(".photos-one") : again).focus({ preventScroll: true });
    }
    return true;
  };

  const refresh = async () => {
    const answer = await fetch(location.pathname);
    if (answer.ok) show(await answer.text());
  };

  // -- Sending -----------------------------------------------------------------------------------

  const line = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    const state = document.createElement("span");
    state.className = "state";
    state.textContent = said.saidWaiting;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, state, bar);
    uploads.append(item);
    return { file, item, state, bar, key: crypto.randomUUID?.() || `${Date.now()}-${Math.random()}` };
  };

  const refuse = (one, why, again) => {
    one.bar.remove();
    one.state.textContent = "";
    const wrong = document.createElement("p");
    wrong.className = "wrong";
    wrong.setAttribute("role", "alert");
    wrong.textContent = `${one.file.name}: ${why}`;
    const choices = document.createElement("p");
    choices.className = "choices";
    const choose = (text, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "second";
      button.textContent = text;
      button.addEventListener("click", () => { one.item.remove(); act(); });
      choices.append(button);
    };
    if (again) choose(said.saidAgain, () => add([one.file], one.key));
    choose(said.saidDismiss, () => {});
    one.item.append(wrong, choices);
  };

  const add = (files, key) => {
    for (const file of files) {
      const one = line(file);
      if (key) one.key = key;
      all += 1;
      if (file.size > Number(said.largest)) {
        all -= 1;
        refuse(one, said.saidTooLarge, false);
      } else if (count() + waiting.length + (sending ? 1 : 0) >= Number(said.most)) {
        all -= 1;
        refuse(one, said.saidNoRoom, false);
      } else {
        waiting.push(one);
      }
    }
    next();
  };

  const next = () => {
    if (sending) return;
    sending = waiting.shift() || null;
    if (sending) {
      send(sending);
    } else {
      done = 0;
      all = 0;
    }
  };

  const send = (one) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("images", one.file);
    request.open("POST", images);
    request.setRequestHeader("X-CSRF-Token", token());
    // Sent again after the line broke, the same photo is not added twice.
    request.setRequestHeader("Idempotency-Key", one.key);
    request.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
      one.bar.value = percent;
      one.state.textContent = percent < 100 ? `${percent} %` : said.saidWorking;
    });
    request.addEventListener("load", () => ended(one, request));
    request.addEventListener("error", () => failed(one, said.saidLost, true));
    request.send(body);
  };

  const ended = async (one, request) => {
    if (request.status === 201) {
      done += 1;
      one.item.remove();
      tell(said.saidProgress.replace("{done}", done).replace("{all}", all));
      await refresh().catch(() => {});
      sending = null;
      next();
      return;
    }
    const patience = Number(request.getResponseHeader("Retry-After"));
    if ((request.status === 429 || request.status === 503) && patience) {
      one.state.textContent = said.saidWaiting;
      setTimeout(() => send(one), Math.min(patience, 60) * 1000);
      return;
    }
    let problem = null;
    try { problem = JSON.parse(request.responseText); } catch { /* not ours */ }
    failed(one, say(problem, said.saidLost), request.status >= 500);
  };

  const failed = (one, why, again) => {
    all -= 1;
    if (done) tell(said.saidProgress.replace("{done}", done).replace("{all}", all));
    refuse(one, why, again);
    sending = null;
    next();
  };

  page.addEventListener("change", (event) => {
    if (event.target.id !== "photos-files") return;
    add([...event.target.files]);
    event.target.value = "";
  });

  // -- Dropping files anywhere on the page -------------------------------------------------------

  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    page.classList.add("is-dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) page.classList.remove("is-dropping");
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    page.classList.remove("is-dropping");
    add([...event.dataTransfer.files]);
  });

  // -- Order, captions, removal ------------------------------------------------------------------

  // A video takes its time: it is sent as the form would be, with its progress shown.
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("photos-video-form")) return;
    event.preventDefault();
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", form.video.files[0].name);
    form.append(bar);
    form.querySelector("button").disabled = true;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (step) => { bar.value = (100 * step.loaded) / step.total; });
    const over = (why) => {
      bar.remove();
      form.querySelector("button").disabled = false;
      tell(why);
      telling.scrollIntoView({ block: "center" });
    };
    request.addEventListener("error", () => over(said.saidLost));
    request.addEventListener("load", () => {
      const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
      const videos = fresh.getElementById("videos");
      if (request.status === 200 && videos) {
        document.getElementById("videos").replaceWith(document.adoptNode(videos));
        return;
      }
      const why = fresh.querySelector(".photos-page .notices li")?.textContent;
      over(why || said.saidNotSaved);
    });
    request.send(new FormData(form));
  });

  const place = (photo) => [...page.querySelectorAll(".photos-one")].findIndex((one) => one.dataset.photo === photo) + 1;

  page.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest("#photos-grid")) return;
    event.preventDefault();
    const button = event.submitter;
    if (button?.classList.contains("photos-remove") && !window.confirm(said.saidSurely)) return;
    const photo = form.closest(".photos-one").dataset.photo;
    const body = new FormData(form);
    if (button?.name) body.append(button.name, button.value);
    try {
      const answer = await fetch(button?.formAction || form.action, { method: "POST", body });
      const caption = form.querySelector("[name=caption]");
      if (!button?.name && answer.ok) caption.defaultValue = caption.value;
      if (!show(await answer.text())) throw new Error("not the page");
      if (button?.name === "to") tell(said.saidMoved.replace("{place}", place(photo)));
    } catch {
      tell(said.saidNotSaved);
    }
  });

  page.addEventListener("focusout", async (event) => {
    const field = event.target;
    if (field.name !== "caption" || field.value === field.defaultValue) return;
    const photo = field.closest(".photos-one").dataset.photo;
    const caption = field.value.trim();
    try {
      const answer = await fetch(`${images}/${photo}`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
        body: JSON.stringify({ caption: caption || null }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      field.defaultValue = field.value;
      tell(said.saidSaved);
    } catch {
      tell(said.saidNotSaved);
    }
  });

  let dragged = null;
  page.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".photos-one") || null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.photo);
    dragged.classList.add("is-dragged");
  });
  page.addEventListener("dragover", (event) => {
    const over = event.target.closest?.(".photos-one");
    if (!dragged || !over) return;
    event.preventDefault();
    for (const one of page.querySelectorAll(".is-target")) one.classList.remove("is-target");
    if (over !== dragged) over.classList.add("is-target");
  });
  page.addEventListener("dragend", () => {
    for (const one of page.querySelectorAll(".is-target, .is-dragged")) one.classList.remove("is-target", "is-dragged");
    dragged = null;
  });
  page.addEventListener("drop", async (event) => {
    const over = event.target.closest?.(".photos-one");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const list = [...page.querySelectorAll(".photos-one")];
    const photo = dragged.dataset.photo;
    if (list.indexOf(dragged) < list.indexOf(over)) over.after(dragged);
    else over.before(dragged);
    const order = [...page.querySelectorAll(".photos-one")].map((one) => one.dataset.photo);
    // Until the new order is shown, the buttons name the photos by their old places.
    const grid = document.getElementById("photos-grid");
    grid.inert = true;
    try {
      const answer = await fetch(`${images}/order`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
        body: JSON.stringify({ order }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      tell(said.saidMoved.replace("{place}", place(photo)));
    } catch {
      tell(said.saidNotSaved);
    }
    await refresh().catch(() => {});
    grid.inert = false;
  });

  const prepare = () => {
    for (const one of page.querySelectorAll(".photos-one")) {
      one.querySelector(".photo").draggable = true;
      one.querySelector("img").draggable = false;
    }
  };
  prepare();

  window.addEventListener("beforeunload", (event) => {
    if (sending || waiting.length) event.preventDefault();
  });
})();
