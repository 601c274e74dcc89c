import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boxOfView,
  centreOf,
  cornersOfBox,
  cornersOfMost,
  cornersOfPolygon,
  degrees,
  flattenPolygons,
  groupNearby,
  polygonOfCorners,
  unrollRing,
  wrapLongitude,
} from "../../src/marinemarket/web/static/map-geometry.js";

test("longitudes beyond the antimeridian come back into the world", () => {
  assert.deepEqual([0, 179, 181, -181, 540, 361].map(wrapLongitude), [0, 179, -179, 179, -180, 1]);
});

test("degrees are written to four decimals, without zeros at the end", () => {
  assert.deepEqual([27.123456, -80.1, 12, 0.00001].map(degrees), ["27.1235", "-80.1", "12", "0"]);
});

test("a view becomes the box of a search", () => {
  assert.equal(boxOfView({ south: 24.5, west: -83, north: 31, east: -79.9 }), "24.5,-83,31,-79.9");
});

test("a view of the whole world asks for every longitude, and for no latitude beyond the poles", () => {
  assert.equal(boxOfView({ south: -95, west: -300, north: 95, east: 200 }), "-90,-180,90,180");
});

test("a box over the antimeridian survives the way to the map and back", () => {
  const box = boxOfView({ south: -20, west: 170, north: -10, east: 190 });
  assert.equal(box, "-20,170,-10,-170");
  assert.deepEqual(cornersOfBox(box), [
    [-20, 170],
    [-10, 190],
  ]);
});

test("a drawn area survives the way to the address and back", () => {
  const corners = [
    { lat: 10.00004, lng: 20 },
    { lat: -5, lng: 185 },
    { lat: 0, lng: -30.5 },
  ];
  const polygon = polygonOfCorners(corners);
  assert.equal(polygon, "10,20 -5,-175 0,-30.5");
  assert.deepEqual(cornersOfPolygon(` ${polygon} `), [
    [10, 20],
    [-5, -175],
    [0, -30.5],
  ]);
});

test("a few boats far away do not stretch the view", () => {
  const florida = Array.from({ length: 98 }, (_, index) => ({
    lat: 25 + index / 100,
    lon: -80 - index / 100,
  }));
  const boats = [{ lat: -40, lon: 170 }, ...florida, { lat: 60, lon: 10 }];
  const [[south, west], [north, east]] = cornersOfMost(boats);
  assert.ok(south >= 25 && north <= 26 && west >= -81 && east <= -80, `${[south, west, north, east]}`);
});

test("one boat is its own view", () => {
  const corners = [
    [27, -80],
    [27, -80],
  ];
  assert.deepEqual(cornersOfMost([{ lat: 27, lon: -80 }]), corners);
});

test("the middle of boats is their mean", () => {
  const boats = [
    { lat: 10, lon: 20 },
    { lat: 20, lon: -40 },
  ];
  assert.deepEqual(centreOf(boats), [15, -10]);
});

test("markers that would cover each other become one, those apart stay", () => {
  const points = [
    { x: 0, y: 0, boat: "a" },
    { x: 30, y: 0, boat: "b" },
    { x: 200, y: 0, boat: "c" },
  ];
  assert.deepEqual(groupNearby(points, 56), [["a", "b"], ["c"]]);
});

test("a merged group that reaches another merges with it too", () => {
  // b pulls a's group over to 25, which comes within 56 of c at 80 only then.
  const points = [
    { x: 0, y: 0, boat: "a" },
    { x: 80, y: 0, boat: "c" },
    { x: 50, y: 0, boat: "b" },
  ];
  assert.deepEqual(groupNearby(points, 56), [["a", "b", "c"]]);
});

test("no boat is lost, however they lie", () => {
  const points = Array.from({ length: 100 }, (_, n) => ({ x: (n * 37) % 300, y: (n * 53) % 300, boat: n }));
  const groups = groupNearby(points, 56);
  const boats = groups.flat().sort((one, other) => one - other);
  assert.deepEqual(
    boats,
    points.map(({ boat }) => boat),
  );
  assert.deepEqual(groupNearby([], 56), []);
});

test("a ring over the antimeridian goes on beyond 180 degrees", () => {
  const ring = [
    [170, 0],
    [-170, 0],
    [-170, 10],
    [170, 0],
  ];
  assert.deepEqual(unrollRing(ring), [
    [170, 0],
    [190, 0],
    [190, 10],
    [170, 0],
  ]);
});

test("a ring around the pole is closed along it", () => {
  const ring = [
    [0, -70],
    [120, -70],
    [-120, -70],
    [0, -70],
  ];
  assert.deepEqual(unrollRing(ring).slice(-3), [
    [360, -70],
    [360, -90],
    [0, -90],
  ]);
});

test("land across the antimeridian appears on both sides of the map", () => {
  const plain = [[[0, 0], [10, 0], [10, 10], [0, 0]]]; // biome-ignore format: a ring
  const across = [[[170, 0], [-170, 0], [-170, 10], [170, 0]]]; // biome-ignore format: a ring
  const { type, coordinates } = flattenPolygons({ coordinates: [plain, across] });
  assert.equal(type, "MultiPolygon");
  assert.deepEqual(
    coordinates.map(([ring]) => ring[0]),
    [
      [0, 0],
      [170, 0],
      [-190, 0],
    ],
  );
});
