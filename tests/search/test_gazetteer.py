"""Places by their names, and distances between them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.search.gazetteer import find_spot, spot_of, spots_beginning
from marinemarket.search.geography import UNIT, Bounds, Circle, Polygon, distance_miles

from . import oracle


@pytest.mark.parametrize(
    ("text", "name", "state", "country"),
    [
        ("Annapolis", "Annapolis", "MD", "US"),
        ("annapolis, md", "Annapolis", "MD", "US"),
        ("Newport RI", "Newport", "RI", "US"),
        ("Newport, Rhode Island", "Newport", "RI", "US"),
        ("Newport Wales", "Newport", None, "GB"),
        ("Stuart", "Stuart", "FL", "US"),
        ("St. Petersburg FL", "St. Petersburg", "FL", "US"),
        ("Saint Petersburg Florida", "St. Petersburg", "FL", "US"),
        ("Friday Harbor", "Friday Harbor", "WA", "US"),
        ("Split", "Split", None, "HR"),
        ("PALMA", "Palma", None, "ES"),
        ("København", "Copenhagen", None, "DK"),
        ("Copenhagen", "Copenhagen", None, "DK"),
        ("Sydney NSW", "Sydney", "NSW", "AU"),
        ("Kingston Ontario", "Kingston", "ON", "CA"),
        ("bodensee", "Lake Constance", None, None),
        ("the Solent", "Solent", None, "GB"),
        ("cote d'azur", "Côte d'Azur", None, "FR"),
        ("Florida Keys", "Florida Keys", None, "US"),
    ],
)
def test_a_place_is_what_boaters_mean(
    text: str, name: str, state: str | None, country: str | None
) -> None:
    spot = find_spot(text)
    assert spot is not None
    assert (spot.name, spot.state, spot.country) == (name, state, country)


@pytest.mark.parametrize(
    "text",
    ["", " ", "!?", "Florida", "Croatia", "in", "no such place at all", "x" * 500, "\ud800", "Ünx"],
)
def test_what_is_no_spot_is_none(text: str) -> None:
    assert find_spot(text) is None


def test_an_advert_lies_where_its_words_say_within_its_country() -> None:
    assert (spot := spot_of("ES", None, "Mallorca", "Santa Ponca")) is not None
    assert spot.name == "Mallorca"
    assert (spot := spot_of("US", "MD", None, "Annapolis")) is not None
    assert distance_miles((round(spot.lat * UNIT), round(spot.lon * UNIT)), (3897859, -7649184)) < 3
    assert spot_of("US", "CA", None, "Annapolis") is None
    assert spot_of("DE", None, None, None) is None


def test_places_while_typing_the_large_ones_first() -> None:
    assert "Annapolis" in [spot.name for spot in spots_beginning("annap", 8)]
    assert next(spot.name for spot in spots_beginning("chesapeake b", 3)) == "Chesapeake Bay"
    assert len(spots_beginning("s", 5)) == 5
    assert spots_beginning("", 5) == spots_beginning("!", 5) == []


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
