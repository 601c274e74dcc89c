// A map of the world in the site's own colours, or of tiles where the settings name some; and one boat's
// place on it.

// Both are classic scripts, which set `L` and `topojson`.
import "./map/leaflet.js";
import "./map/topojson-client.min.js";
import { flattenPolygons } from "./map-geometry.js";
import { messagesFor } from "./messages.js";

const WORLD = import.meta.resolve("./map/countries.json");
let land = null;

async function fetchLand() {
  const response = await fetch(WORLD);
  if (!response.ok) throw new Error(String(response.status));
  const world = await response.json();
  return {
    outlines: flattenPolygons(topojson.feature(world, world.objects.land.geometries[0]).geometry),
    borders: topojson.mesh(world, world.objects.countries, (one, other) => one !== other),
  };
}

async function addLand(map) {
  land ??= fetchLand();
  const { outlines, borders } = await land;
  const message = messagesFor("map");
  // Drawn a little beyond the view, so that a small move shows no edge.
  const options = {
    interactive: false,
    pane: "tilePane",
    renderer: L.svg({ padding: 0.6, pane: "tilePane" }),
  };
  L.geoJSON(outlines, {
    ...options,
    style: { className: "map-land" },
    attribution: message("land_source"),
  }).addTo(map);
  L.geoJSON(borders, { interactive: false, pane: "tilePane", style: { className: "map-border" } }).addTo(map);
}

function addTiles(map, address, attribution) {
  const escaped = document.createElement("span");
  escaped.textContent = attribution;
  L.tileLayer(address, { attribution: escaped.innerHTML, maxZoom: 19 }).addTo(map);
  map.setMaxZoom(17);
}

/** Draws a map in an element and returns it. `data-tiles` and `data-attribution` name tiles, if there are any. */
export function drawWorld(element) {
  element.replaceChildren();
  const isAnimated = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    minZoom: 1,
    maxZoom: 13,
    zoomSnap: 0.5,
    zoomAnimation: isAnimated,
    fadeAnimation: isAnimated,
    markerZoomAnimation: isAnimated,
    maxBoundsViscosity: 0.8,
    maxBounds: [
      [-85, -210],
      [85, 210],
    ],
  });
  map.attributionControl.setPrefix(false);
  const { tiles, attribution } = element.dataset;
  if (tiles) addTiles(map, tiles, attribution);
  else addLand(map).catch(() => element.classList.add("map-without-land"));
  return map;
}

/** Draws `<div data-map data-lat data-lon data-title>`: where one boat lies. */
export function drawPlace(element) {
  const { lat, lon, title, tiles } = element.dataset;
  const map = drawWorld(element);
  const point = [Number(lat), Number(lon)];
  map.setView(point, tiles ? 11 : 7);
  map.scrollWheelZoom.disable();
  const icon = L.divIcon({ className: "map-place", iconSize: [22, 22] });
  L.marker(point, { icon, title, alt: title, keyboard: false }).addTo(map);
}
