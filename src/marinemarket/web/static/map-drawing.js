// Drawing an area on a map: corner by corner with taps or Enter, or in one stroke.

const MOST_CORNERS = 60;
const NEAR_PX = 16;
const TOLERANCE_PX = 4;

/** Fewer points that describe a stroke as well as all of them. */
function simplifyStroke(points) {
  const simple = L.LineUtil.simplify(points, TOLERANCE_PX);
  const step = Math.ceil(simple.length / MOST_CORNERS);
  return simple.filter((_, index) => index % step === 0);
}

/**
 * Lets the reader draw one area. `onArea` receives its corners, at least three; `onEnd` is called either way.
 * Returns what finishes the area early.
 */
export function drawArea(map, { onArea, onEnd }) {
  const container = map.getContainer();
  const line = L.polyline([], { className: "map-area", interactive: false }).addTo(map);
  let corners = [];
  let stroke = null;
  container.classList.add("is-drawing");
  map.dragging.disable();
  map.doubleClickZoom.disable();
  container.focus();

  const pointOf = (event) => map.mouseEventToContainerPoint(event);
  const placeOf = (point) => map.containerPointToLatLng(point);
  const isOnControl = (event) => event.target.closest(".leaflet-control");

  function showLine(more = []) {
    line.setLatLngs([...corners, ...more]);
  }

  function end(isComplete) {
    container.classList.remove("is-drawing");
    map.dragging.enable();
    map.doubleClickZoom.enable();
    listening.abort();
    line.remove();
    onEnd();
    if (isComplete && corners.length > 2) onArea(corners);
  }

  function addCorner(point) {
    const first = corners.length && map.latLngToContainerPoint(corners[0]);
    if (corners.length > 2 && first.distanceTo(point) < NEAR_PX) {
      end(true);
      return;
    }
    corners.push(placeOf(point));
    showLine();
    if (corners.length >= MOST_CORNERS) end(true);
  }

  function startStroke(event) {
    if (isOnControl(event) || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    stroke = [pointOf(event)];
  }

  function continueStroke(event) {
    if (!stroke) return;
    stroke.push(pointOf(event));
    showLine(stroke.map(placeOf));
  }

  function endStroke(event) {
    if (!stroke) return;
    event.stopPropagation();
    const [start] = stroke;
    const drawn = simplifyStroke(stroke);
    const isTap = start.distanceTo(pointOf(event)) < NEAR_PX && drawn.length < 3;
    stroke = null;
    if (isTap) {
      addCorner(start);
      return;
    }
    corners = [...corners, ...drawn.map(placeOf)];
    end(true);
  }

  function ignoreClick(event) {
    if (isOnControl(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function handleKey(event) {
    if (event.key === "Escape") end(false);
    else if (event.key === "Enter" && document.activeElement === container) {
      event.preventDefault();
      addCorner(map.getSize().divideBy(2));
    } else return;
    event.stopPropagation();
  }

  // Before Leaflet's own listeners, and all gone when drawing ends.
  const listening = new AbortController();
  const options = { capture: true, signal: listening.signal };
  container.addEventListener("pointerdown", startStroke, options);
  container.addEventListener("pointermove", continueStroke, options);
  container.addEventListener("pointerup", endStroke, options);
  container.addEventListener("click", ignoreClick, options);
  addEventListener("keydown", handleKey, options);
  return { finish: () => end(true) };
}
