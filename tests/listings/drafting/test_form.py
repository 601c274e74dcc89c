"""A form becomes a listing, and a listing a form; unchanged fields stay exactly the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marinemarket.listings.drafting.form import (
    FIELDS,
    PUBLIC_WANTS,
    checked,
    parse_form,
    patch,
    to_form,
)
from marinemarket.listings.listing import Listing
from tests.builders import NOW, OWNER, a_listing

from ..sellers import TYPED


def _listing(**typed: str) -> Listing:
    listing, errors = checked(OWNER, TYPED | typed, NOW)
    assert listing is not None, errors
    return listing


def _wrong(**typed: str) -> dict[str, str]:
    listing, errors = checked(OWNER, TYPED | typed, NOW)
    assert listing is None
    return errors


def test_a_form_becomes_the_listing_as_typed() -> None:
    listing = _listing()
    boat = listing.boat_details
    assert (boat.manufacturer, boat.year, boat.length) == ("Catalina", 1998, Decimal("34.5"))
    assert (listing.price, listing.location.key) == (4_850_000, "US-FL")
    assert (boat.hours, boat.engines[0].make, boat.engines[0].hours) == (1200, "Universal", 1200)
    assert listing.features == ("Radar", "Autopilot", "New sails 2022")


def test_all_that_is_missing_is_reported_at_once() -> None:
    _listing, errors = checked(OWNER, {}, NOW)
    assert errors.keys() == set(PUBLIC_WANTS)
    assert set(errors.values()) == {"is required"}


def test_every_broken_rule_is_named_at_its_field() -> None:
    wrong = _wrong(
        year="1899", price="0", length="1000", beam="40 m", hin="ABC", engine_2_make="Volvo", city="",
        engine_2_power="lots", more_features="x" * 1001, title="Hi", state="Atlantis", cabins="2.5",
    )  # fmt: skip
    assert wrong.keys() == {
        "year", "price", "length", "hin", "engine_2_power", "more_features", "title", "state",
        "cabins", "city",
    }  # fmt: skip
    assert wrong["hin"] == "must have 12 characters, or 14 with a country in front"


def test_an_engines_fault_is_at_the_row_it_stands_in() -> None:
    wrong = _wrong(engine_1_make="", engine_3_make="Volvo", engine_3_power="999999")
    assert wrong.keys() == {"engine_3_power"}


@pytest.mark.parametrize("year", ["1899", "2028"])
def test_case_35_a_year_out_of_range_is_refused(year: str) -> None:
    assert _wrong(year=year).keys() == {"year"}
    assert _listing(year="2027").boat_details.year == 2027


@pytest.mark.parametrize("price", ["-1", "0", "1000000000000000000", "0.001", "NaN", "1e999"])
def test_cases_33_and_34_an_invalid_price_is_refused(price: str) -> None:
    assert _wrong(price=price).keys() == {"price"}


@pytest.mark.parametrize("unit", ["ft", "m"])
def test_a_listing_comes_back_from_its_form_unchanged(unit: str) -> None:
    old = a_listing(
        features=["Radar", "A parrot"],
        location={
            "country": "US",
            "state": "FL",
            "city": "Stuart",
            "coordinates": {"lat": 27, "lon": -80},
        },
        boat={
            "length": 40, "beam": 12.9, "displacement": 18_123, "hullMaterial": "fiberglass", "hours": 900,
            "engines": [{"make": "Yanmar", "power": 54.5, "count": 2}], "fuel": "diesel", "cabins": 3,
        },
    )  # fmt: skip
    typed = to_form(old, unit)
    assert set(typed) <= set(FIELDS)
    assert patch(typed, typed) == ({}, {})
    assert patch(to_form(old, "m"), to_form(old, "ft")) == ({}, {})
    back = parse_form(typed).payload
    engine = {"make": "Yanmar", "power": Decimal("54.5"), "count": 2, "hours": 900}
    assert back["boatDetails"]["engines"] == [engine]


def test_one_length_changed_in_metres_leaves_the_others_alone() -> None:
    base = to_form(a_listing(boat={"length": 40, "beam": 12.9}), "ft")
    mine = to_form(a_listing(boat={"length": 40, "beam": 12.9}), "m") | {"beam": "4"}
    text, wrong = patch(mine, base)
    assert not wrong
    assert text.keys() == {"boatDetails"}
    assert text["boatDetails"].keys() == {"beam"}


def test_an_emptied_field_is_taken_away_and_another_town_drops_the_old_ones_point() -> None:
    base = to_form(a_listing())
    mine = {name: text for name, text in base.items() if name != "model"} | {"city": "Key West"}
    assert patch(mine, base) == (
        {"boatDetails": {"model": None}, "location": {"city": "Key West", "coordinates": None}},
        {},
    )
