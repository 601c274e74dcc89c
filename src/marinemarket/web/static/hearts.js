// Hearts without leaving the page. Without this script each is a button of a plain form.
"use strict";

(() => {
  const form = document.getElementById("hearts");
  if (!form) return;
  const spoken = document.createElement("p");
  spoken.className = "hidden";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);

  const show = (id, isWatched) => {
    document.querySelectorAll(`[data-heart="${CSS.escape(id)}"]`).forEach((heart) => {
      heart.setAttribute("aria-pressed", String(isWatched));
      heart.formAction = `/watchlist/${id}${isWatched ? "/end" : ""}`;
      const words = isWatched ? heart.dataset.saved : heart.dataset.save;
      heart.querySelector(".heart-words").textContent = words;
      heart.setAttribute("aria-label", `${words}: ${heart.dataset.title}`);
    });
  };

  document.addEventListener("click", async (event) => {
    const heart = event.target.closest("[data-heart]");
    if (!heart) return;
    event.preventDefault();
    if (heart.dataset.isBusy) return;
    heart.dataset.isBusy = "yes";
    const id = heart.dataset.heart;
    const willBe = heart.getAttribute("aria-pressed") !== "true";
    show(id, willBe);
    try {
      const answer = await fetch(heart.getAttribute("formaction").replace(/(\/end)?$/, willBe ? "" : "/end"), {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        redirect: "manual",
      });
      if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
      spoken.textContent = willBe ? heart.dataset.saved : heart.dataset.save;
    } catch {
      // What stands in the way, the site says best itself.
      show(id, !willBe);
      if (navigator.onLine) form.requestSubmit(heart);
    } finally {
      delete heart.dataset.isBusy;
    }
  });
})();
