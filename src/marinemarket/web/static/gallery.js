// The pictures of a boat on the whole screen, by swiping or with the arrow keys. Each picture links to its
// largest file, so everything can be seen without this script.

import { messagesFor } from "./messages.js";

const SCROLL_REST_MS = 80;

function openFullScreen(frame, links, viewer) {
  const message = messagesFor("gallery");
  const strip = viewer.querySelector(".viewer-strip");
  const counter = viewer.querySelector(".viewer-count");
  const caption = viewer.querySelector(".viewer-caption");
  const previous = viewer.querySelector("[data-previous]");
  const next = viewer.querySelector("[data-next]");
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const slides = [];
  caption.hidden = links.every((link) => !link.dataset.caption);
  let current = 0;

  function makeSlides() {
    for (const link of links) {
      const thumbnail = link.querySelector("img");
      const image = new Image(thumbnail.width, thumbnail.height);
      image.alt = thumbnail.alt;
      image.dataset.src = link.dataset.shot;
      // A browser that cannot read this format gets the other one.
      image.addEventListener("error", () => (image.src = link.href), { once: true });
      const slide = document.createElement("li");
      slide.append(image);
      strip.append(slide);
      slides.push(slide);
    }
  }

  // The current picture and its neighbours, so that the next one is there before it is asked for.
  function loadAround(index) {
    for (const slide of slides.slice(Math.max(0, index - 1), index + 2)) {
      const image = slide.firstChild;
      if (!image.src) image.src = image.dataset.src;
    }
  }

  function setCurrent(index) {
    current = index;
    loadAround(index);
    counter.textContent = message("position", { position: index + 1, total: links.length });
    caption.textContent = links[index].dataset.caption;
    previous.disabled = index === 0;
    next.disabled = index === links.length - 1;
    for (const [other, slide] of slides.entries()) slide.toggleAttribute("inert", other !== index);
  }

  function goTo(index, behavior = reducedMotion.matches ? "instant" : "smooth") {
    const target = Math.min(Math.max(index, 0), links.length - 1);
    setCurrent(target);
    strip.scrollTo({ left: target * strip.clientWidth, behavior });
    if (document.activeElement.disabled || document.activeElement === document.body) strip.focus();
  }

  function open(index) {
    if (!slides.length) makeSlides();
    viewer.showModal();
    goTo(index, "instant");
    strip.focus({ preventScroll: true });
  }

  links.forEach((link, index) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(index);
    });
  });
  const button = frame.querySelector("[data-open]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => open(0));
  }
  viewer.querySelector("[data-close]").addEventListener("click", () => viewer.close());
  previous.addEventListener("click", () => goTo(current - 1));
  next.addEventListener("click", () => goTo(current + 1));
  viewer.addEventListener("keydown", (event) => {
    const targets = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: links.length - 1 };
    if (!(event.key in targets)) return;
    event.preventDefault();
    goTo(targets[event.key]);
  });
  // A swipe scrolls the strip by itself; once it rests, the picture in view is the current one.
  let resting = 0;
  strip.addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const index = Math.round(strip.scrollLeft / strip.clientWidth);
      if (viewer.open && index !== current && slides[index]) setCurrent(index);
    }, SCROLL_REST_MS);
  });
  addEventListener("resize", () => {
    if (viewer.open) goTo(current, "instant");
  });
  // The strip on the page follows, so that closing returns to the picture viewed last.
  viewer.addEventListener("close", () => {
    links[current].scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  });
}

for (const frame of document.querySelectorAll("[data-gallery]")) {
  const links = [...frame.querySelectorAll("a[data-shot]")];
  const viewer = frame.querySelector("dialog");
  if (links.length && viewer.showModal) openFullScreen(frame, links, viewer);
}
