// Results without loading the page anew: a change of a filter, a chip, an order or a page fetches the
// same address and puts in what differs. Without this script the form and the links do the same.
"use strict";

(() => {
  const layout = document.getElementById("results-layout");
  const form = document.getElementById("filters");
  const said = document.getElementById("results-said");
  const failed = document.getElementById("results-failed");
  const drawer = document.getElementById("show-filters");
  const PAUSE_MS = 500;
  const TYPED = "input:not([type=checkbox], [type=radio])";
  let asking = null;
  let waiting = 0;
  let asked = location.href;

  // -- Where things were ---------------------------------------------------------------------------

  const nameOf = (element) => {
    if (!element || !element.closest("[data-live]")) return null;
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.name) {
      const value = element.matches(TYPED) ? "" : `[value="${CSS.escape(element.value)}"]`;
      const within = form.contains(element) ? "#filters " : "";
      return `${within}[name="${CSS.escape(element.name)}"]${value}`;
    }
    return null;
  };

  const folded = () => [...form.querySelectorAll("details")].map((one) => [title(one), one.open]);
  const title = (details) => details.querySelector("summary").textContent.trim();

  const unfold = (before) => {
    const open = new Map(before);
    form.querySelectorAll("details").forEach((one) => {
      if (open.get(title(one))) one.open = true;
    });
  };

  const toHeading = () => {
    const heading = document.querySelector("#results-head h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    document.querySelector("#results-head").scrollIntoView({ block: "start" });
  };

  const refocus = (name, cursor) => {
    const found = name && document.querySelector(name);
    if (!found) return;
    found.focus({ preventScroll: true });
    if (cursor !== null && found.matches(TYPED)) found.setSelectionRange?.(cursor, cursor);
  };

  // -- Putting in what differs -----------------------------------------------------------------------

  const put = (page) => {
    const active = document.activeElement;
    const name = nameOf(active);
    const cursor = active?.matches?.(TYPED) ? active.selectionStart : null;
    const typing = active?.matches?.(TYPED) && form.contains(active) ? active.value : null;
    const details = folded();
    // The field of the words keeps its own self, and with it what suggests upon it.
    const words = form.querySelector(".suggesting");
    const lost = active !== document.body && Boolean(active?.closest("[data-live]"));
    document.querySelectorAll("[data-live]").forEach((part) => {
      const fresh = page.getElementById(part.id);
      if (!fresh) return;
      const field = words && part.contains(words) && fresh.querySelector("[data-suggests]");
      if (field) {
        const own = words.querySelector("input");
        if (own !== active) own.value = field.value;
        field.replaceWith(words);
      }
      part.replaceWith(document.adoptNode(fresh));
    });
    unfold(details);
    document.title = page.title;
    if (lost) refocus(name, cursor);
    if (typing !== null && document.activeElement?.matches(TYPED)) {
      document.activeElement.value = typing;
    }
    nameButton();
  };

  const nameButton = () => {
    const button = document.getElementById("show-boats");
    button.textContent = button.dataset.label;
  };

  const after = (address) => {
    const back = document.querySelector("#hearts [name=next]");
    if (back) back.value = address.pathname + address.search;
    said.textContent = document.querySelector("#results-head .count").textContent;
    document.dispatchEvent(new CustomEvent("results:shown"));
  };

  const go = async (wanted, { push = true, link = false, to = null } = {}) => {
    clearTimeout(waiting);
    asking?.abort();
    const own = (asking = new AbortController());
    const address = new URL(wanted, location.href);
    asked = address.href;
    failed.hidden = true;
    layout.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: own.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.getElementById("results-layout")?.dataset.view !== layout.dataset.view) {
        location.assign(address);
        return;
      }
      if (push && address.href !== location.href) {
        keepPlace();
        history.pushState(null, "", address);
      }
      put(page);
      layout.removeAttribute("aria-busy");
      after(address);
      if (to !== null) scrollTo(0, to);
      else if (link) toHeading();
    } catch (error) {
      if (error.name === "AbortError") return;
      layout.removeAttribute("aria-busy");
      failed.hidden = false;
      document.getElementById("results-retry").onclick = () => go(address, { push, link, to });
    }
  };

  // -- What asks for other results -------------------------------------------------------------------

  const asForm = () => {
    const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(pairs).toString();
    return query ? `${form.action}?${query}` : form.action;
  };
  // A field that is left tells of a change that its typing told of before.
  const goByForm = () => asForm() !== asked && go(asForm());

  form.addEventListener("change", (event) => {
    if (event.target.id !== "show-filters") goByForm();
  });
  form.addEventListener("input", (event) => {
    if (!event.target.matches(TYPED) || event.target.matches("[name=q], [name=near]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(goByForm, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    close();
    if (asForm() !== asked) go(asForm(), { link: true });
    else toHeading();
  });

  layout.addEventListener("click", (event) => {
    const link = event.target.closest("[data-live] a");
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || link.closest(".card, .views, .feed")) return;
    if (new URL(link.href).pathname !== location.pathname) return;
    event.preventDefault();
    go(link.href, { link: !form.contains(link) });
  });

  document.addEventListener("results:go", (event) => go(event.detail));

  // -- Coming back to the place ------------------------------------------------------------------------

  // A browser that keeps pages whole needs none of this; for the others the place is noted.
  const place = (href = location.href) => `place ${href}`;
  const keepPlace = () => {
    try {
      sessionStorage.setItem(place(), String(Math.round(scrollY)));
    } catch {
      // No room, or not allowed: then one comes back to the top.
    }
  };
  const placeKept = () => Number(sessionStorage.getItem(place()) ?? 0);
  addEventListener("pagehide", keepPlace);
  addEventListener("popstate", () => go(location.href, { push: false, to: placeKept() }));
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type === "back_forward" && scrollY === 0 && placeKept() > 0) scrollTo(0, placeKept());

  // -- The drawer of a phone ---------------------------------------------------------------------------

  const others = () => document.querySelectorAll(".masthead, .results, .seen, .footer, .filter-toggle");
  const close = () => {
    if (!drawer.checked) return;
    drawer.checked = false;
    drawer.dispatchEvent(new Event("change"));
  };
  drawer.addEventListener("change", () => {
    const isOpen = drawer.checked;
    document.documentElement.classList.toggle("drawer-open", isOpen);
    others().forEach((one) => (one.inert = isOpen));
    if (isOpen) form.querySelector("input").focus();
    else drawer.focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.checked) close();
  });

  nameButton();
})();
