// Boats as markers on a map. Those that would cover each other share one, with their number.

import { centreOf, groupNearby } from "./map-geometry.js";
import { messagesFor } from "./messages.js";

const DISTANCE_PX = 56;
const SAME_PLACE_METRES = 500;
const MOST_CARDS = 20;

function createElement(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function createCard(boat) {
  const card = createElement("a", "map-card");
  card.href = boat.address;
  const picture = createElement("img");
  Object.assign(picture, { src: boat.picture, alt: "", width: 240, height: 160, loading: "lazy" });
  const words = createElement("span", "map-card-words");
  words.append(
    createElement("strong", "price", boat.price),
    createElement("span", "map-card-title", boat.title),
    createElement("span", "place", boat.place),
  );
  card.append(picture, words);
  return card;
}

function createCards(boats) {
  const list = createElement("div", "map-cards");
  list.append(...boats.slice(0, MOST_CARDS).map(createCard));
  return list;
}

/** What a marker shows, how large it is, and its accessible name. */
function describeMarker(boats, message) {
  // A price on request is no figure: it never counts as the lowest.
  const centsOf = (boat) => boat.cents ?? Number.POSITIVE_INFINITY;
  const cheapest = boats.reduce((one, other) => (centsOf(other) < centsOf(one) ? other : one));
  const { label } = cheapest;
  if (boats.length === 1) {
    const [{ title, price, place }] = boats;
    return {
      face: createElement("span", "map-price", label),
      size: [label.length * 8 + 22, 32],
      // The name begins with what is visible, so that speech control finds it.
      name: `${label}: ${title}, ${price}, ${place}`,
    };
  }
  const face = createElement("span", "map-many", `${boats.length} `);
  if (cheapest.cents === undefined) {
    return { face, size: [44, 44], name: message("boats_unpriced", { count: boats.length }) };
  }
  face.append(createElement("small", "", `${label}+`));
  const summary = message("boats_here", { count: boats.length, price: label });
  return { face, size: [label.length * 7 + 28, 44], name: `${boats.length} ${label}+: ${summary}` };
}

function openBoats(map, marker, boats) {
  const bounds = L.latLngBounds(boats.map((boat) => [boat.lat, boat.lon]));
  const isOnePlace = bounds.getNorthEast().distanceTo(bounds.getSouthWest()) < SAME_PLACE_METRES;
  if (!isOnePlace && map.getZoom() < map.getMaxZoom()) {
    map.fitBounds(bounds, { padding: [60, 60], maxZoom: map.getMaxZoom() });
    return;
  }
  // Not bound to the marker, since the same press would then close it again.
  L.popup({ maxWidth: 260, minWidth: 220, autoPanPadding: [20, 20], className: "map-popup" })
    .setLatLng(marker.getLatLng())
    .setContent(createCards(boats))
    .openOn(map);
}

function createMarker(map, boats, message) {
  const { face, size, name } = describeMarker(boats, message);
  const icon = L.divIcon({ className: "map-marker", html: face, iconSize: size });
  const marker = L.marker(centreOf(boats), { icon, keyboard: true, riseOnHover: true, alt: name, title: "" });
  marker.on("click", () => openBoats(map, marker, boats));
  marker.on("add", () => {
    const element = marker.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.dataset.boats = boats.map((boat) => boat.id).join(" ");
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      openBoats(map, marker, boats);
      document.querySelector(".map-popup a")?.focus();
    });
  });
  return marker;
}

/** A layer of boats, grouped anew at each zoom. */
export function addBoatLayer(map) {
  const message = messagesFor("map");
  const group = L.layerGroup().addTo(map);
  let boats = [];

  function draw() {
    group.clearLayers();
    const points = boats.map((boat) => {
      const { x, y } = map.project([boat.lat, boat.lon], map.getZoom());
      return { x, y, boat };
    });
    for (const nearby of groupNearby(points, DISTANCE_PX)) group.addLayer(createMarker(map, nearby, message));
  }

  map.on("zoomend", draw);
  return {
    show(found) {
      boats = found;
      draw();
    },
    highlight(id, isHighlighted) {
      const markers = map.getContainer().querySelectorAll(`[data-boats~="${CSS.escape(id)}"]`);
      for (const marker of markers) marker.classList.toggle("is-marked", isHighlighted);
    },
  };
}
