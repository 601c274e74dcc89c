// A map of the world in the site's own colours, or of tiles where the settings name some; and one
// boat's place on it.
"use strict";

(() => {
  let land = null;

  // The outlines are of a globe: a ring may step over the antimeridian, or go around a pole. On the
  // flat map it goes on beyond 180 degrees instead, and comes again at the other side.
  const unrolled = (ring) => {
    let turns = 0;
    const flat = ring.map(([lon, lat], at) => {
      const step = at ? lon - ring[at - 1][0] : 0;
      if (Math.abs(step) > 180) turns -= Math.sign(step);
      return [lon + 360 * turns, lat];
    });
    if (turns) {
      const pole = flat[0][1] < 0 ? -90 : 90;
      flat.push([flat.at(-1)[0], pole], [flat[0][0], pole]);
    }
    return flat;
  };
  const flattened = (feature) => {
    const polygons = feature.coordinates.flatMap((rings) => {
      const flat = rings.map(unrolled);
      const east = Math.max(...flat[0].map(([lon]) => lon));
      const west = Math.min(...flat[0].map(([lon]) => lon));
      if (east <= 180 && west >= -180) return [flat];
      const turn = east > 180 ? -360 : 360;
      return [flat, flat.map((ring) => ring.map(([lon, lat]) => [lon + turn, lat]))];
    });
    return { type: "MultiPolygon", coordinates: polygons };
  };
  const fetchLand = (address) =>
    (land ??= fetch(address)
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then((world) => ({
        land: flattened(window.topojson.feature(world, world.objects.land.geometries[0]).geometry),
        borders: window.topojson.mesh(world, world.objects.countries, (one, other) => one !== other),
      })));

  const drawLand = async (map, address) => {
    const { land, borders } = await fetchLand(address);
    const plain = { interactive: false, pane: "tilePane" };
    // Clipped a little beyond the view, so that a small move shows no edge.
    const renderer = L.svg({ padding: 0.6, pane: "tilePane" });
    L.geoJSON(land, { ...plain, renderer, style: { className: "map-land" }, attribution: "Natural Earth" }).addTo(map);
    L.geoJSON(borders, { ...plain, renderer, style: { className: "map-border" } }).addTo(map);
  };

  /** A map in an element; what stood in it goes. `options`: land, tiles, attribution. */
  const draw = (place, options) => {
    place.replaceChildren();
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(place, {
      minZoom: 1,
      maxZoom: 13,
      zoomSnap: 0.5,
      zoomAnimation: !isStill,
      fadeAnimation: !isStill,
      markerZoomAnimation: !isStill,
      maxBoundsViscosity: 0.8,
      maxBounds: [[-85, -210], [85, 210]],
    });
    map.attributionControl.setPrefix(false);
    if (options.tiles) {
      const plain = document.createElement("span");
      plain.textContent = options.attribution;
      L.tileLayer(options.tiles, { attribution: plain.innerHTML, maxZoom: 19 }).addTo(map);
      map.setMaxZoom(17);
    } else {
      drawLand(map, options.land).catch(() => place.classList.add("map-without-land"));
    }
    return map;
  };

  /** `<div data-map data-lat data-lon data-title>`: where one boat lies. */
  const one = (place, options) => {
    const { lat, lon, title } = place.dataset;
    const map = draw(place, options);
    const point = [Number(lat), Number(lon)];
    map.setView(point, options.tiles ? 11 : 7);
    map.scrollWheelZoom.disable();
    const icon = L.divIcon({ className: "map-place", iconSize: [22, 22] });
    L.marker(point, { icon, title, alt: title, keyboard: false }).addTo(map);
  };

  window.marineMap = { draw, one };
})();
