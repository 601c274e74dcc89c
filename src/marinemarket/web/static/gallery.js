// The pictures of a boat over the whole screen: to swipe, and by the arrow keys. Each picture's link
// leads to its largest file, so without this all can still be seen.

for (const frame of document.querySelectorAll("[data-gallery]")) {
  const links = [...frame.querySelectorAll("a[data-shot]")];
  const viewer = frame.querySelector("dialog");
  if (links.length && viewer.showModal) begin(frame, links, viewer);
}

function begin(frame, links, viewer) {
  const strip = viewer.querySelector(".viewer-strip");
  const count = viewer.querySelector("[data-count]");
  const caption = viewer.querySelector(".viewer-caption");
  const back = viewer.querySelector("[data-back]");
  const on = viewer.querySelector("[data-on]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const slides = [];
  caption.hidden = links.every((link) => !link.dataset.caption);
  let current = 0;

  function make() {
    for (const link of links) {
      const small = link.querySelector("img");
      const image = new Image(small.width, small.height);
      image.alt = small.alt;
      image.dataset.src = link.dataset.shot;
      // Where the browser cannot read it, the other kind.
      image.addEventListener("error", () => { image.src = link.href; }, { once: true });
      const slide = document.createElement("li");
      slide.append(image);
      strip.append(slide);
      slides.push(slide);
    }
  }

  // The picture that is looked at, and the two beside it: the next one is there before it is asked for.
  function load(number) {
    for (const slide of slides.slice(Math.max(0, number - 1), number + 2)) {
      const image = slide.firstChild;
      if (!image.src) image.src = image.dataset.src;
    }
  }

  function tell(number) {
    current = number;
    load(number);
    count.textContent = count.dataset.count.replace("{n}", number + 1).replace("{all}", links.length);
    caption.textContent = links[number].dataset.caption;
    back.disabled = number === 0;
    on.disabled = number === links.length - 1;
    slides.forEach((slide, other) => slide.toggleAttribute("inert", other !== number));
  }

  function go(number, behavior = calm.matches ? "instant" : "smooth") {
    const wanted = Math.min(Math.max(number, 0), links.length - 1);
    tell(wanted);
    strip.scrollTo({ left: wanted * strip.clientWidth, behavior });
    if (document.activeElement.disabled || document.activeElement === document.body) strip.focus();
  }

  function open(number) {
    if (!slides.length) make();
    viewer.showModal();
    go(number, "instant");
    strip.focus({ preventScroll: true });
  }

  links.forEach((link, number) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(number);
    });
  });
  const button = frame.querySelector("[data-open]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => open(0));
  }
  viewer.querySelector("[data-close]").addEventListener("click", () => viewer.close());
  back.addEventListener("click", () => go(current - 1));
  on.addEventListener("click", () => go(current + 1));
  viewer.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: links.length - 1 };
    if (!(event.key in to)) return;
    event.preventDefault();
    go(to[event.key]);
  });
  // A swipe scrolls the strip by itself; what it comes to rest on is what is told.
  let resting;
  strip.addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const number = Math.round(strip.scrollLeft / strip.clientWidth);
      if (viewer.open && number !== current && slides[number]) tell(number);
    }, 80);
  });
  addEventListener("resize", () => { if (viewer.open) go(current, "instant"); });
  // The strip on the page goes along, so that one comes back to the picture that was looked at last.
  viewer.addEventListener("close", () => {
    links[current].scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  });
}
