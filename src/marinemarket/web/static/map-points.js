// Boats as markers: those that would cover each other stand together as one, with their number.
"use strict";

(() => {
  const APART_PX = 56;

  /** Groups of boats that would cover each other on the screen at this zoom. */
  const grouped = (map, boats) => {
    let groups = boats.map((boat) => ({ boats: [boat], at: map.project([boat.lat, boat.lon], map.getZoom()) }));
    for (let before = Infinity; groups.length < before; ) {
      before = groups.length;
      const apart = [];
      for (const group of groups) {
        const near = apart.find((one) => one.at.distanceTo(group.at) < APART_PX);
        if (!near) {
          apart.push(group);
          continue;
        }
        const all = [...near.boats, ...group.boats];
        const share = group.boats.length / all.length;
        near.at = near.at.multiplyBy(1 - share).add(group.at.multiplyBy(share));
        near.boats = all;
      }
      groups = apart;
    }
    return groups.map((group) => group.boats);
  };

  const middle = (boats) => {
    const mean = (name) => boats.reduce((sum, boat) => sum + boat[name], 0) / boats.length;
    return [mean("lat"), mean("lon")];
  };

  const part = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const cardOf = (boat) => {
    const card = part("a", "map-card");
    card.href = boat.address;
    const picture = part("img");
    Object.assign(picture, { src: boat.picture, alt: "", width: 240, height: 160, loading: "lazy" });
    const words = part("span", "map-card-words");
    words.append(
      part("strong", "price", boat.price),
      part("span", "map-card-title", boat.title),
      part("span", "place", boat.place),
    );
    card.append(picture, words);
    return card;
  };

  const cards = (boats) => {
    const list = part("div", "map-cards");
    list.append(...boats.slice(0, 20).map(cardOf));
    return list;
  };

  const marker = (map, boats, words) => {
    const isOne = boats.length === 1;
    const cheapest = boats.reduce((one, other) => (other.cents < one.cents ? other : one));
    // The name begins with what is seen, so that whoever speaks to the browser can say it.
    const name = isOne
      ? `${cheapest.label}: ${boats[0].title}, ${boats[0].price}, ${boats[0].place}`
      : `${boats.length} ${cheapest.label}+: ${words.many.replace("0", String(boats.length)).replace("$1", cheapest.label)}`;
    const face = part("span", isOne ? "map-price" : "map-many", isOne ? cheapest.label : `${boats.length} `);
    if (!isOne) face.append(part("small", "", `${cheapest.label}+`));
    const size = isOne ? [cheapest.label.length * 8 + 22, 32] : [cheapest.label.length * 7 + 28, 44];
    const icon = L.divIcon({ className: "map-marker", html: face, iconSize: size });
    const made = L.marker(middle(boats), { icon, keyboard: true, riseOnHover: true, alt: name, title: "" });
    const open = () => {
      const bounds = L.latLngBounds(boats.map((boat) => [boat.lat, boat.lon]));
      const isOneSpot = bounds.getNorthEast().distanceTo(bounds.getSouthWest()) < 500;
      if (isOne || isOneSpot || map.getZoom() >= map.getMaxZoom()) {
        // Opened by itself, so that the same press does not shut it again.
        L.popup({ maxWidth: 260, minWidth: 220, autoPanPadding: [20, 20], className: "map-popup" })
          .setLatLng(made.getLatLng())
          .setContent(cards(boats))
          .openOn(map);
      } else map.fitBounds(bounds, { padding: [60, 60], maxZoom: map.getMaxZoom() });
    };
    made.on("click", open);
    made.on("add", () => {
      const element = made.getElement();
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", name);
      element.dataset.boats = boats.map((boat) => boat.id).join(" ");
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open();
        document.querySelector(".map-popup a")?.focus();
      });
    });
    return made;
  };

  /** A layer of boats, drawn anew at each zoom. */
  const layer = (map, words) => {
    const group = L.layerGroup().addTo(map);
    let boats = [];
    const draw = () => {
      group.clearLayers();
      grouped(map, boats).forEach((some) => group.addLayer(marker(map, some, words)));
    };
    map.on("zoomend", draw);
    return {
      show(found) {
        boats = found;
        draw();
      },
      mark(id, isMarked) {
        map.getContainer().querySelectorAll(`[data-boats~="${CSS.escape(id)}"]`).forEach((one) => {
          one.classList.toggle("is-marked", isMarked);
        });
      },
    };
  };

  window.marineMap.points = layer;
})();
