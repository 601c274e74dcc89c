// Geometry of maps, without Leaflet: areas, groups of markers, and the outlines of land on a flat map.

const DECIMALS = 4; // about ten metres

/** A latitude or longitude as an address carries it. */
export function degrees(number) {
  return String(Number(number.toFixed(DECIMALS)));
}

/** A longitude between -180 and 180, for one that went around the world. */
export function wrapLongitude(longitude) {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/** `south,west,north,east` of a view, for the `box` of a search. */
export function boxOfView({ south, west, north, east }) {
  const isWholeWorld = east - west >= 360;
  const sides = isWholeWorld ? [-180, 180] : [wrapLongitude(west), wrapLongitude(east)];
  return [Math.max(-90, south), sides[0], Math.min(90, north), sides[1]].map(degrees).join(",");
}

/** Two corners, `[[south, west], [north, east]]`, of a search's `box`; east of the antimeridian beyond 180. */
export function cornersOfBox(box) {
  const [south, west, north, east] = box.split(",").map(Number);
  return [
    [south, west],
    [north, east < west ? east + 360 : east],
  ];
}

/** The corners of a search's `polygon`: `lat,lon` pairs between spaces. */
export function cornersOfPolygon(text) {
  return text
    .trim()
    .split(/\s+/)
    .map((corner) => corner.split(",").map(Number));
}

/** The `polygon` of a search, of corners as Leaflet has them. */
export function polygonOfCorners(corners) {
  return corners.map(({ lat, lng }) => `${degrees(lat)},${degrees(wrapLongitude(lng))}`).join(" ");
}

/** Two corners around most of the boats: a few far away do not shrink the others to one spot. */
export function cornersOfMost(boats) {
  const range = (name) => {
    const sorted = boats.map((boat) => boat[name]).sort((one, other) => one - other);
    const skipped = Math.floor(sorted.length * 0.04);
    return [sorted[skipped], sorted[sorted.length - 1 - skipped]];
  };
  const [south, north] = range("lat");
  const [west, east] = range("lon");
  return [
    [south, west],
    [north, east],
  ];
}

/** The middle of some boats, as `[lat, lon]`. */
export function centreOf(boats) {
  const mean = (name) => boats.reduce((sum, boat) => sum + boat[name], 0) / boats.length;
  return [mean("lat"), mean("lon")];
}

/**
 * Groups of boats whose markers would cover each other. `points` are `{ x, y, boat }` in pixels, and markers
 * closer than `distance` merge, at the mean of their places, until none are.
 */
export function groupNearby(points, distance) {
  let groups = points.map(({ x, y, boat }) => ({ x, y, boats: [boat] }));
  let before;
  do {
    before = groups.length;
    groups = mergeOnce(groups, distance);
  } while (groups.length < before);
  return groups.map((group) => group.boats);
}

function mergeOnce(groups, distance) {
  const merged = [];
  for (const group of groups) {
    const near = merged.find((other) => Math.hypot(other.x - group.x, other.y - group.y) < distance);
    if (!near) {
      merged.push(group);
      continue;
    }
    const boats = [...near.boats, ...group.boats];
    const share = group.boats.length / boats.length;
    near.x += (group.x - near.x) * share;
    near.y += (group.y - near.y) * share;
    near.boats = boats;
  }
  return merged;
}

/**
 * The polygons of a globe, as a flat map that repeats at its sides shows them: a polygon that crosses the
 * antimeridian goes on beyond 180 degrees, and comes again on the other side.
 */
export function flattenPolygons({ coordinates }) {
  const polygons = coordinates.flatMap((rings) => {
    const flat = rings.map(unrollRing);
    const longitudes = flat[0].map(([lon]) => lon);
    const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
    if (east <= 180 && west >= -180) return [flat];
    const turn = east > 180 ? -360 : 360;
    return [flat, flat.map((ring) => ring.map(([lon, lat]) => [lon + turn, lat]))];
  });
  return { type: "MultiPolygon", coordinates: polygons };
}

/** A ring that may step over the antimeridian, as a line without jumps; around a pole, it is closed along it. */
export function unrollRing(ring) {
  let turns = 0;
  const flat = ring.map(([lon, lat], index) => {
    const step = index ? lon - ring[index - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [lon + 360 * turns, lat];
  });
  if (turns) {
    const pole = flat[0][1] < 0 ? -90 : 90;
    flat.push([flat.at(-1)[0], pole], [flat[0][0], pole]);
  }
  return flat;
}
