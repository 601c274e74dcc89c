"""Areas and distances on the map, exact even at the antimeridian and the poles.

Coordinates are integers in 1e-5 degrees (about a metre), latitude first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_MILES = 3958.7613
"""The earth's mean radius (IUGG: 6371.0088 km) in statute miles."""

UNIT = 100_000
_HALF, _WHOLE = 180 * UNIT, 360 * UNIT
Point = tuple[int, int]


def distance_miles(one: Point, other: Point) -> float:
    """The great-circle distance of two points, by haversine, which is accurate for close points too."""
    lat1, lon1, lat2, lon2 = (math.radians(degrees / UNIT) for degrees in (*one, *other))
    h = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_MILES * math.asin(math.sqrt(min(1.0, h)))


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within a distance in miles of a point, the edge included."""

    middle: Point
    miles: float

    def holds(self, point: Point) -> bool:
        return distance_miles(self.middle, point) <= self.miles

    @property
    def boxes(self) -> list[Bounds]:
        """One box, or two beside the antimeridian, that contain the circle and little more."""
        # Rounded outwards by a metre: a box may contain too much, never too little.
        reach = math.ceil(math.degrees(self.miles / EARTH_MILES) * UNIT) + 1
        south, north = self.middle[0] - reach, self.middle[0] + reach
        if south <= -90 * UNIT or north >= 90 * UNIT:
            return [Bounds(max(south, -90 * UNIT), -_HALF, min(north, 90 * UNIT), _HALF)]
        # At the circle's widest point, which is not at its middle's latitude.
        width = math.sin(self.miles / EARTH_MILES) / math.cos(math.radians(self.middle[0] / UNIT))
        if width >= 1:
            return [Bounds(south, -_HALF, north, _HALF)]
        across = math.ceil(math.degrees(math.asin(width)) * UNIT) + 1
        return _parted(south, self.middle[1] - across, north, self.middle[1] + across)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle on the map, edges included. If west exceeds east, it crosses the antimeridian."""

    south: int
    west: int
    north: int
    east: int

    def holds(self, point: Point) -> bool:
        lat, lon = point
        if not self.south <= lat <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= lon <= self.east
        return lon >= self.west or lon <= self.east

    @property
    def boxes(self) -> list[Bounds]:
        if self.west <= self.east:
            return [self]
        return [
            Bounds(self.south, self.west, self.north, _HALF),
            Bounds(self.south, -_HALF, self.north, self.east),
        ]


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area drawn on the map. `corners` does not repeat the first; each edge goes the shorter way.

    Edges are straight on the map, as drawn. An area that goes around the world encloses the nearer
    pole.
    """

    corners: tuple[Point, ...]

    def holds(self, point: Point) -> bool:
        ring = self.ring
        lowest = min(lon for _, lon in ring)
        lat, lon = point[0], lowest + (point[1] - lowest) % _WHOLE
        inside = False
        # Two turns, since the unrolled ring may be wider than the whole world.
        highest = max(lon for _, lon in ring)
        while lon <= highest:
            inside ^= _odd(ring, lat, lon)
            lon += _WHOLE
        return inside

    @property
    def ring(self) -> list[Point]:
        """The corners unrolled without jumps, beyond ±180° if necessary."""
        unrolled = [self.corners[0]]
        for lat, lon in (*self.corners[1:], self.corners[0]):
            step = (lon - unrolled[-1][1] + _HALF) % _WHOLE - _HALF
            unrolled.append((lat, unrolled[-1][1] + step))
        if unrolled[-1][1] == unrolled[0][1]:
            return unrolled[:-1]
        pole = 90 * UNIT if sum(lat for lat, _ in self.corners) >= 0 else -90 * UNIT
        return [*unrolled, (pole, unrolled[-1][1]), (pole, unrolled[0][1])]

    @property
    def boxes(self) -> list[Bounds]:
        ring = self.ring
        lats, lons = [lat for lat, _ in ring], [lon for _, lon in ring]
        if max(lons) - min(lons) >= _WHOLE:
            return [Bounds(min(lats), -_HALF, max(lats), _HALF)]
        return _parted(min(lats), min(lons), max(lats), max(lons))


Area = Circle | Bounds | Polygon


def _odd(ring: list[Point], lat: int, lon: int) -> bool:
    """Does a ray to the east cross the ring an odd number of times?"""
    odd = False
    for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        # In integers, so that no rounding decides on which side of an edge a boat is.
        if (lat1 > lat) != (lat2 > lat):
            side = (lon2 - lon1) * (lat - lat1) - (lon - lon1) * (lat2 - lat1)
            odd ^= (side > 0) == (lat2 > lat1)
    return odd


def _parted(south: int, west: int, north: int, east: int) -> list[Bounds]:
    """A box that may extend beyond the antimeridian, as one or two boxes that do not."""
    if east - west >= _WHOLE:
        return [Bounds(south, -_HALF, north, _HALF)]
    west, east = _wrapped(west), _wrapped(east)
    return Bounds(south, west, north, east).boxes


def _wrapped(lon: int) -> int:
    return (lon + _HALF) % _WHOLE - _HALF
