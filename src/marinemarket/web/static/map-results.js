// The map beside the results: it shows where their boats lie, and narrows them to what it shows, or
// to an area that is drawn on it.
"use strict";

(() => {
  const WHOLE_WORLD = [[-55, -150], [65, 150]];
  const degrees = (number) => String(Math.round(number * 1e4) / 1e4);
  const wrapped = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

  const boxOf = (bounds) => {
    const isAll = bounds.getEast() - bounds.getWest() >= 360;
    const [west, east] = isAll ? [-180, 180] : [wrapped(bounds.getWest()), wrapped(bounds.getEast())];
    const [south, north] = [Math.max(-90, bounds.getSouth()), Math.min(90, bounds.getNorth())];
    return [south, west, north, east].map(degrees).join(",");
  };
  const boundsOf = (box) => {
    const [south, west, north, east] = box.split(",").map(Number);
    return L.latLngBounds([south, west], [north, east < west ? east + 360 : east]);
  };
  /** Where most of the boats lie: a few far away do not shrink the others to one spot. */
  const boundsOfMost = (boats) => {
    const within = (name) => {
      const each = boats.map((boat) => boat[name]).sort((one, other) => one - other);
      const left = Math.floor(each.length * 0.04);
      return [each[left], each[each.length - 1 - left]];
    };
    const [[south, north], [west, east]] = [within("lat"), within("lon")];
    return L.latLngBounds([south, west], [north, east]);
  };
  const cornersOf = (text) => text.trim().split(/\s+/).map((corner) => corner.split(",").map(Number));

  const results = (place, options) => {
    const pane = place.closest(".map-pane");
    const words = pane.dataset;
    const follows = document.getElementById("map-follows");
    const drawing = document.getElementById("map-draw");
    const clearing = document.getElementById("map-clear");
    const told = pane.querySelector(".map-said");
    const map = window.marineMap.draw(place, options);
    const points = window.marineMap.points(map, { many: words.many });
    const area = L.polygon([], { className: "map-area", interactive: false }).addTo(map);
    let asking = null;
    let waiting = 0;
    let isOurs = true;
    let pen = null;

    const here = () => new URL(location.href);
    const search = (change) => {
      const address = here();
      address.searchParams.delete("after");
      change(address.searchParams);
      document.dispatchEvent(new CustomEvent("results:go", { detail: address.href }));
    };

    const tell = (found) => {
      const lines = [];
      if (found.total > found.boats.length) {
        lines.push(words.some.replace("100", found.boats.length.toLocaleString("en")).replace("2,311", found.total.toLocaleString("en")));
      } else lines.push(found.total === 1 ? words.one : words.all.replace("0", found.total.toLocaleString("en")));
      if (found.unplaced) lines.push(words.unplaced.replace("0", found.unplaced.toLocaleString("en")));
      told.textContent = lines.join(" ");
    };

    const showArea = () => {
      const asked = here().searchParams;
      const polygon = asked.get("polygon");
      area.setLatLngs(polygon ? cornersOf(polygon) : []);
      clearing.hidden = !(polygon || asked.get("box"));
    };

    /** Move the map ourselves: no reason to search. */
    const moveTo = (bounds) => {
      isOurs = true;
      map.fitBounds(bounds, { padding: [40, 40], maxZoom: 9, animate: false });
      isOurs = false;
    };

    const fetchPoints = async ({ isFirst = false } = {}) => {
      asking?.abort();
      asking = new AbortController();
      const address = new URL(document.getElementById("results-list").dataset.points, location.href);
      const isPart = !follows.checked || here().searchParams.has("polygon");
      if (!isFirst && isPart) address.searchParams.set("within", boxOf(map.getBounds()));
      pane.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address, { signal: asking.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const found = await answer.json();
        if (isFirst && !here().searchParams.get("box") && found.boats.length) {
          moveTo(boundsOfMost(found.boats));
        }
        points.show(found.boats);
        tell(found);
        pane.removeAttribute("aria-busy");
      } catch (error) {
        if (error.name === "AbortError") return;
        pane.removeAttribute("aria-busy");
        told.textContent = words.failed;
      }
    };

    const moved = () => {
      if (isOurs || pen) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (!follows.checked || here().searchParams.get("polygon")) fetchPoints();
        else search((asked) => asked.set("box", boxOf(map.getBounds())));
      }, 400);
    };

    map.on("moveend", moved);
    document.addEventListener("results:shown", () => {
      showArea();
      const asked = here().searchParams;
      fetchPoints({ isFirst: follows.checked && !asked.has("box") && !asked.has("polygon") });
    });

    drawing.addEventListener("click", () => {
      if (pen) return pen.finish();
      drawing.setAttribute("aria-pressed", "true");
      drawing.textContent = words.finish;
      told.textContent = words.how;
      pen = window.marineMap.drawArea(
        map,
        (corners) => {
          const said = corners.map(({ lat, lng }) => `${degrees(lat)},${degrees(wrapped(lng))}`);
          search((asked) => {
            asked.delete("box");
            asked.set("polygon", said.join(" "));
          });
        },
        () => {
          pen = null;
          drawing.setAttribute("aria-pressed", "false");
          drawing.textContent = words.draw;
          told.textContent = "";
        },
      );
    });
    clearing.addEventListener("click", () => {
      search((asked) => ["box", "polygon"].forEach((name) => asked.delete(name)));
      drawing.focus();
    });

    // A boat of the list is found again on the map.
    for (const [name, isMarked] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
      document.querySelector(".results-body").addEventListener(name, (event) => {
        const card = event.target.closest?.("#results-list [data-boat]");
        if (card) points.mark(card.dataset.boat, isMarked);
      });
    }

    pane.querySelector(".map-tools").hidden = false;
    const box = here().searchParams.get("box");
    if (box) moveTo(boundsOf(box));
    else moveTo(WHOLE_WORLD);
    showArea();
    fetchPoints({ isFirst: true });
  };

  window.marineMap.results = results;
})();
