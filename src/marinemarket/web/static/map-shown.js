// Fetches what draws a map once one comes into sight, and nothing before that.
"use strict";

(() => {
  const own = document.currentScript;
  const said = own.dataset;
  const nonce = own.nonce;

  const script = (address) =>
    new Promise((done, failed) => {
      const tag = document.createElement("script");
      Object.assign(tag, { src: address, nonce, async: false, onload: done, onerror: failed });
      document.head.append(tag);
    });
  const styles = (address) =>
    new Promise((done, failed) => {
      const tag = document.createElement("link");
      Object.assign(tag, { rel: "stylesheet", href: address, onload: done, onerror: failed });
      document.head.append(tag);
    });
  const each = (names) => names.split(" ").filter(Boolean);

  let base = null;
  let results = null;
  const fetchBase = () =>
    (base ??= Promise.all([...each(said.styles).map(styles), ...each(said.scripts).map(script)]));
  const fetchResults = () => (results ??= fetchBase().then(() => Promise.all(each(said.results).map(script))));

  const draw = async (place) => {
    const isOfResults = place.matches(".results-map");
    try {
      await (isOfResults ? fetchResults() : fetchBase());
      const options = { land: said.land, tiles: said.tiles, attribution: said.attribution };
      if (isOfResults) window.marineMap.results(place, options);
      else window.marineMap.one(place, options);
    } catch {
      // What stood there instead of the map stays; a later look may fare better.
      base = results = null;
      place.classList.add("map-failed");
    }
  };

  const watcher = new IntersectionObserver(
    (seen) => {
      for (const one of seen) {
        if (!one.isIntersecting) continue;
        watcher.unobserve(one.target);
        draw(one.target);
      }
    },
    { rootMargin: "200px" },
  );
  document.querySelectorAll("[data-map], .results-map").forEach((place) => watcher.observe(place));
})();
