// Drawing an area on the map: corner by corner with taps or Enter, or in one stroke.
"use strict";

(() => {
  const MOST_CORNERS = 60;
  const NEAR_PX = 16;

  /** Corners that tell a stroke as well as all its points do. */
  const thinned = (points) => {
    const simple = L.LineUtil.simplify(points, 4);
    const step = Math.ceil(simple.length / MOST_CORNERS);
    return simple.filter((_, at) => at % step === 0);
  };

  /** Lets draw one area; `done` is given its corners (at least three), `ended` is told either way. */
  const draw = (map, done, ended) => {
    const container = map.getContainer();
    const line = L.polyline([], { className: "map-area", interactive: false }).addTo(map);
    let corners = [];
    let stroke = null;
    container.classList.add("is-drawing");
    map.dragging.disable();
    map.doubleClickZoom.disable();
    container.focus();

    const pointOf = (event) => map.mouseEventToContainerPoint(event);
    const place = (point) => map.containerPointToLatLng(point);
    const show = (more = []) => line.setLatLngs([...corners, ...more]);

    const end = (isDone) => {
      container.classList.remove("is-drawing");
      map.dragging.enable();
      map.doubleClickZoom.enable();
      container.removeEventListener("pointerdown", press, true);
      container.removeEventListener("pointermove", move, true);
      container.removeEventListener("pointerup", lift, true);
      container.removeEventListener("click", swallow, true);
      removeEventListener("keydown", key, true);
      line.remove();
      ended();
      if (isDone && corners.length > 2) done(corners);
    };
    const add = (point) => {
      const first = corners.length && map.latLngToContainerPoint(corners[0]);
      if (corners.length > 2 && first.distanceTo(point) < NEAR_PX) return end(true);
      corners.push(place(point));
      show();
      if (corners.length >= MOST_CORNERS) end(true);
    };
    const isControl = (event) => event.target.closest(".leaflet-control");
    const press = (event) => {
      if (isControl(event) || event.button) return;
      event.preventDefault();
      event.stopPropagation();
      stroke = [pointOf(event)];
    };
    const move = (event) => {
      if (!stroke) return;
      stroke.push(pointOf(event));
      show(stroke.map(place));
    };
    const lift = (event) => {
      if (!stroke) return;
      event.stopPropagation();
      const drawn = thinned(stroke);
      const isTap = stroke[0].distanceTo(pointOf(event)) < NEAR_PX && drawn.length < 3;
      const begun = stroke[0];
      stroke = null;
      if (isTap) return add(begun);
      corners = [...corners, ...drawn.map(place)];
      end(true);
    };
    const swallow = (event) => {
      if (isControl(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const key = (event) => {
      if (event.key === "Escape") end(false);
      else if (event.key === "Enter" && document.activeElement === container) {
        event.preventDefault();
        add(map.getSize().divideBy(2));
      } else return;
      event.stopPropagation();
    };
    container.addEventListener("pointerdown", press, true);
    container.addEventListener("pointermove", move, true);
    container.addEventListener("pointerup", lift, true);
    container.addEventListener("click", swallow, true);
    addEventListener("keydown", key, true);
    return { finish: () => end(true), cancel: () => end(false) };
  };

  window.marineMap.drawArea = draw;
})();
