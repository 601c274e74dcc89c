// Fetches what draws a map once one comes into view, and nothing before that.

const STYLES = [import.meta.resolve("./map/leaflet.css"), import.meta.resolve("./map.css")];
let styles = null;

function addStylesheet(address) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: address, onload: resolve, onerror: reject });
    document.head.append(link);
  });
}

// All at once: a module's own imports would wait until it has arrived.
function loadMap() {
  styles ??= Promise.all(STYLES.map(addStylesheet));
  const libraries = [import("./map/leaflet.js"), import("./map/topojson-client.min.js")];
  return Promise.all([import("./map.js"), styles, ...libraries]);
}

async function drawMap(element) {
  try {
    if (element.matches(".results-map")) {
      const [{ drawResultsMap }] = await Promise.all([import("./map-results.js"), loadMap()]);
      drawResultsMap(element);
    } else {
      const [{ drawPlace }] = await loadMap();
      drawPlace(element);
    }
  } catch {
    // What the page shows in place of the map stays.
    styles = null;
    element.classList.add("map-failed");
  }
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      drawMap(target);
    }
  },
  { rootMargin: "200px" },
);
for (const element of document.querySelectorAll("[data-map], .results-map")) observer.observe(element);
