"""Distances and areas, including the antimeridian and the poles."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.search.geography import UNIT, Bounds, Circle, Polygon, distance_miles

from . import oracle

_points = st.tuples(st.integers(-90 * UNIT, 90 * UNIT), st.integers(-180 * UNIT, 180 * UNIT))


@given(_points, _points)
def test_a_distance_is_the_great_circle(one: tuple[int, int], other: tuple[int, int]) -> None:
    there = distance_miles(one, other)
    assert 0 <= there <= math.pi * 3958.7613 + 1e-6
    assert distance_miles(other, one) == pytest.approx(there, abs=1e-6)
    by_vectors = oracle.miles((one[0] / UNIT, one[1] / UNIT), (other[0] / UNIT, other[1] / UNIT))
    assert there == pytest.approx(by_vectors, abs=1e-4)


@given(_points, st.floats(0.1, 13_000), _points)
def test_the_boxes_of_a_circle_hold_all_of_it(
    middle: tuple[int, int], miles: float, point: tuple[int, int]
) -> None:
    circle = Circle(middle, miles)
    if circle.holds(point):
        assert any(box.holds(point) for box in circle.boxes)
        assert all(box.west <= box.east for box in circle.boxes)


def test_a_polygon_across_the_antimeridian_and_one_about_a_pole() -> None:
    fiji = Polygon(
        tuple(
            (lat * UNIT, lon * UNIT)
            for lat, lon in ((-20, 176), (-15, 176), (-15, -178), (-20, -178))
        )
    )
    assert fiji.holds((-17 * UNIT, 179 * UNIT))
    assert fiji.holds((-17 * UNIT, -179 * UNIT))
    assert not fiji.holds((-17 * UNIT, 0))
    assert not fiji.holds((-17 * UNIT, 175 * UNIT))
    arctic = Polygon(tuple((70 * UNIT, lon * UNIT) for lon in (-180, -90, 0, 90)))
    assert arctic.holds((89 * UNIT, 33 * UNIT))
    assert not arctic.holds((60 * UNIT, 33 * UNIT))
    antarctic = Polygon(tuple((-70 * UNIT, lon * UNIT) for lon in (0, 120, -120)))
    assert antarctic.holds((-89 * UNIT, 33 * UNIT))
    assert not antarctic.holds((89 * UNIT, 33 * UNIT))
    world = Bounds(-90 * UNIT, 170 * UNIT, 90 * UNIT, -170 * UNIT)
    assert world.holds((0, 175 * UNIT))
    assert not world.holds((0, 0))


def test_known_distances() -> None:
    """A degree of the equator across the antimeridian, half-way round, and two airports."""
    degree = math.pi * 3958.7613 / 180
    assert distance_miles((0, 17_950_000), (0, -17_950_000)) == pytest.approx(degree)
    assert distance_miles((0, 0), (0, 180 * UNIT)) == pytest.approx(180 * degree)
    assert distance_miles((90 * UNIT, 5), (90 * UNIT, -90 * UNIT)) == pytest.approx(0, abs=1e-6)
    assert distance_miles((3612000, -8667000), (3394000, -11840000)) == pytest.approx(
        1793.6, abs=0.5
    )
