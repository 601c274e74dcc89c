// The map beside the results. It shows where the boats lie, and narrows the search to what it shows, or to
// an area drawn on it.

import { drawWorld } from "./map.js";
import { drawArea } from "./map-drawing.js";
import {
  boxOfView,
  cornersOfBox,
  cornersOfMost,
  cornersOfPolygon,
  polygonOfCorners,
} from "./map-geometry.js";
import { addBoatLayer } from "./map-markers.js";
import { messagesFor } from "./messages.js";
import { firstPageOf } from "./results-address.js";

const WHOLE_WORLD = [
  [-55, -150],
  [65, 150],
];
const MOVE_PAUSE_MS = 400;

/** Draws the map of a results page and keeps it and the results in step. */
export function drawResultsMap(element) {
  const message = messagesFor("map");
  const pane = element.closest(".map-pane");
  const followsMap = document.getElementById("map-follows");
  const drawButton = document.getElementById("map-draw");
  const clearButton = document.getElementById("map-clear");
  const status = pane.querySelector(".map-status");
  const map = drawWorld(element);
  const layer = addBoatLayer(map);
  const area = L.polygon([], { className: "map-area", interactive: false }).addTo(map);
  let pending = null;
  let moveTimer = 0;
  let isMovedByUs = true;
  let drawing = null;

  const currentQuery = () => new URL(location.href).searchParams;

  function view() {
    const bounds = map.getBounds();
    return boxOfView({
      south: bounds.getSouth(),
      west: bounds.getWest(),
      north: bounds.getNorth(),
      east: bounds.getEast(),
    });
  }

  function search(changes) {
    const detail = firstPageOf(location.href, changes);
    document.dispatchEvent(new CustomEvent("results:go", { detail }));
  }

  function showCounts({ boats, total, unplaced }) {
    const isPart = total > boats.length;
    const sentences = [
      isPart
        ? message("boats_shown", { shown: boats.length, count: total })
        : message("boats_in_view", { count: total }),
    ];
    if (unplaced) sentences.push(message("not_on_map", { count: unplaced }));
    status.textContent = sentences.join(" ");
  }

  function showArea() {
    const query = currentQuery();
    const polygon = query.get("polygon");
    area.setLatLngs(polygon ? cornersOfPolygon(polygon) : []);
    clearButton.hidden = !(polygon || query.get("box"));
  }

  /** Moves the map without searching, as if the reader had not moved it. */
  function moveTo(corners) {
    isMovedByUs = true;
    map.fitBounds(corners, { padding: [40, 40], maxZoom: 9, animate: false });
    isMovedByUs = false;
  }

  async function fetchBoats({ fitsView = false } = {}) {
    pending?.abort();
    pending = new AbortController();
    const address = new URL(document.getElementById("results-list").dataset.points, location.href);
    const isPartOfResults = !followsMap.checked || currentQuery().has("polygon");
    if (!fitsView && isPartOfResults) address.searchParams.set("within", view());
    pane.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { signal: pending.signal });
      if (!response.ok) throw new Error(String(response.status));
      const found = await response.json();
      if (fitsView && !currentQuery().get("box") && found.boats.length) moveTo(cornersOfMost(found.boats));
      layer.show(found.boats);
      showCounts(found);
      pane.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name === "AbortError") return;
      pane.removeAttribute("aria-busy");
      status.textContent = message("failed");
    }
  }

  function searchView() {
    if (!followsMap.checked || currentQuery().get("polygon")) fetchBoats();
    else search({ box: view() });
  }

  function startDrawing() {
    drawButton.setAttribute("aria-pressed", "true");
    drawButton.textContent = message("finish");
    status.textContent = message("how_to_draw");
    drawing = drawArea(map, {
      onArea: (corners) => search({ box: null, polygon: polygonOfCorners(corners) }),
      onEnd() {
        drawing = null;
        drawButton.setAttribute("aria-pressed", "false");
        drawButton.textContent = message("draw");
        status.textContent = "";
      },
    });
  }

  map.on("moveend", () => {
    if (isMovedByUs || drawing) return;
    clearTimeout(moveTimer);
    moveTimer = setTimeout(searchView, MOVE_PAUSE_MS);
  });
  document.addEventListener("results:shown", () => {
    showArea();
    const query = currentQuery();
    fetchBoats({ fitsView: followsMap.checked && !query.has("box") && !query.has("polygon") });
  });
  drawButton.addEventListener("click", () => {
    if (drawing) drawing.finish();
    else startDrawing();
  });
  clearButton.addEventListener("click", () => {
    search({ box: null, polygon: null });
    drawButton.focus();
  });

  // A boat under the pointer, or with the focus, stands out on the map.
  const highlights = { pointerover: true, pointerout: false, focusin: true, focusout: false };
  for (const [name, isHighlighted] of Object.entries(highlights)) {
    document.querySelector(".results-body").addEventListener(name, (event) => {
      const card = event.target.closest?.("#results-list [data-boat]");
      if (card) layer.highlight(card.dataset.boat, isHighlighted);
    });
  }

  pane.querySelector(".map-tools").hidden = false;
  const box = currentQuery().get("box");
  moveTo(box ? cornersOfBox(box) : WHOLE_WORLD);
  showArea();
  fetchBoats({ fitsView: true });
}
