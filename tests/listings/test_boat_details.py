"""Every rule of a boat's details, at its limits and beyond them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from marinemarket.clock import now_ms, year_of
from marinemarket.errors import Invalid
from marinemarket.listings.boat_details import BoatDetails
from marinemarket.listings.listing import Listing
from tests.builders import NOW, a_listing, wire_listing

NEXT_YEAR = year_of(now_ms()) + 1


def wrong_boat(**boat: Any) -> dict[str, str]:
    """A boat's errors, by the field of boatDetails."""
    with pytest.raises(Invalid) as caught:
        Listing.parse(wire_listing(boat=boat))
    assert all(error.field.startswith("boatDetails.") for error in caught.value.errors)
    return {
        error.field.removeprefix("boatDetails."): error.message for error in caught.value.errors
    }


@pytest.mark.parametrize("year", [1900, NEXT_YEAR, None])
def test_a_year_is_within_living_memory(year: int | None) -> None:
    assert a_listing(boat={"year": year}).boat_details.year == year


@pytest.mark.parametrize("year", [1899, NEXT_YEAR + 1, 0, -1, 10**18])
def test_an_impossible_year_is_refused(year: int) -> None:
    assert wrong_boat(year=year) == {"year": f"must be from 1900 to {NEXT_YEAR}"}


@pytest.mark.parametrize("year", ["2010", 2010.0, 2010.5, True, [2010], Decimal(2010)])
def test_a_year_is_a_whole_number(year: object) -> None:
    assert wrong_boat(year=year) == {"year": "must be a whole number"}


def test_the_latest_year_follows_the_clock_that_is_given() -> None:
    assert Listing.parse(wire_listing(boat={"year": 2027}), now=NOW).boat_details.year == 2027
    with pytest.raises(Invalid, match="from 1900 to 2027"):
        Listing.parse(wire_listing(boat={"year": 2028}), now=NOW)


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [
        ("length", "5", "650"),
        ("loa", "5", "700"),
        ("beam", "1.5", "150"),
        ("draft", "0.1", "60"),
        ("airDraft", "0.1", "400"),
    ],
)
def test_a_size_is_one_that_boats_have(field: str, lowest: str, highest: str) -> None:
    alone = {"length": None, field: Decimal(lowest)}
    assert str(a_listing(boat=alone).to_wire()["boatDetails"][field]) == lowest
    assert (
        str(a_listing(boat=alone | {field: int(highest)}).to_wire()["boatDetails"][field])
        == highest
    )
    payload = {field: f"must be from {lowest} to {highest} ft"}
    for value in (0, -1, Decimal(highest) + Decimal("0.01"), Decimal(lowest) - Decimal("0.01")):
        assert wrong_boat(**alone | {field: value}) == payload
    others: tuple[object, ...] = ("30", True, [], float("nan"))
    for unfit in others:
        assert set(wrong_boat(**alone | {field: unfit})) == {field}


def test_sizes_are_kept_to_a_hundredth_of_a_foot() -> None:
    assert a_listing(boat={"length": Decimal("36.745")}).boat_details.length == Decimal("36.75")
    assert a_listing(boat={"length": 36.7}).boat_details.length == Decimal("36.7")


def test_sizes_fit_each_other() -> None:
    assert wrong_boat(length=30, loa=29, beam=31, draft=31) == {
        "loa": "must not be less than the length, 30 ft",
        "beam": "must not exceed the length, 30 ft",
        "draft": "must not exceed the length, 30 ft",
    }
    assert a_listing(boat={"length": 30, "loa": 30, "beam": 30, "draft": 30})


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [
        ("displacement", 30, 50_000_000),
        ("hours", 0, 200_000),
        ("cabins", 0, 99),
        ("berths", 0, 99),
        ("heads", 0, 99),
    ],
)
def test_counts_are_whole_and_within_reason(field: str, lowest: int, highest: int) -> None:
    for value in (lowest, highest):
        assert a_listing(boat={field: value}).to_wire()["boatDetails"][field] == value
    assert wrong_boat(**{field: lowest - 1}) == {field: f"must be at least {lowest}"}
    assert wrong_boat(**{field: highest + 1}) == {field: f"must be at most {highest}"}
    for unfit in (True, "3", 3.5, Decimal(3)):
        assert wrong_boat(**{field: unfit}) == {field: "must be a whole number"}


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("hullMaterial", "fiberglass"),
        ("fuel", "diesel"),
        ("usage", "on-order"),
        ("condition", "Needs Work"),
    ],
)
def test_values_of_an_enumeration_are_taken_literally(field: str, known: str) -> None:
    assert a_listing(boat={field: known}).to_wire()["boatDetails"][field] == known
    unfit: tuple[object, ...] = (known.upper(), "", "?", 1, True, [known], {})
    for value in unfit:
        message = wrong_boat(**{field: value})[field]
        assert message.startswith("must be one of ")
        assert known in message


def test_engines_are_counted_and_checked() -> None:
    engine = {"make": "Volvo Penta", "power": 40, "hours": 900, "count": 2}
    assert a_listing(boat={"engines": [engine] * 8})
    assert wrong_boat(engines=[engine] * 9) == {"engines": "must have at most 8 entries"}
    assert wrong_boat(
        engines=[engine, {"count": 13, "power": 50_001, "hours": -1, "fuel": "x"}]
    ) == {
        "engines.1.count": "must be at most 12",
        "engines.1.power": "must be from 0.1 to 50000 hp",
        "engines.1.hours": "must be at least 0",
        "engines.1.fuel": "is not a field here",
    }


def test_a_hin_is_checked_at_its_field() -> None:
    assert a_listing(boat={"hin": "abc-12345-d4-04"}).boat_details.hin == "ABC12345D404"
    assert set(wrong_boat(hin="ABC12345")) == {"hin"}


@pytest.mark.parametrize(
    ("typed", "kept", "as_listed"),
    [
        ("sailboat", "sailboat", None),
        ("Sailboat", "sailboat", None),
        (" Sail  Boat ", "sailboat", "Sail Boat"),
        ("Classic,Motor Yacht", "motor-yacht", "Classic,Motor Yacht"),
        ("<i>Submarine</i>", "other", "Submarine"),
        ("other", "other", None),
    ],
)
def test_a_type_is_of_the_vocabulary_and_what_was_typed_stays(
    typed: str, kept: str, as_listed: str | None
) -> None:
    boat = a_listing(boat={"type": typed}).boat_details
    assert (boat.type, boat.type_as_listed) == (kept, as_listed)


@pytest.mark.parametrize(
    ("typed", "kept", "as_listed"),
    [
        ("Beneteau", "Beneteau", None),
        ("BÉNÉTEAU power boats", "Beneteau", "BÉNÉTEAU power boats"),
        ("Jan Janssen", "Jan Janssen", None),
    ],
)
def test_a_maker_has_one_spelling_and_the_typed_one_is_kept(
    typed: str, kept: str, as_listed: str | None
) -> None:
    boat = a_listing(boat={"manufacturer": typed}).boat_details
    assert (boat.manufacturer, boat.manufacturer_as_listed) == (kept, as_listed)


@pytest.mark.parametrize("field", ["type", "manufacturer"])
@pytest.mark.parametrize("typed", ["", " \x07 ", "x" * 101, "(" * 1_000_000, "\ud800", 5, ["x"]])
def test_an_invalid_name_is_reported_at_its_own_field(field: str, typed: object) -> None:
    assert set(wrong_boat(**{field: typed})) == {field}


def test_a_type_as_listed_is_not_overwritten() -> None:
    boat = a_listing(boat={"type": "ketch", "typeAsListed": "a fine ketch"}).boat_details
    assert (boat.type, boat.type_as_listed) == ("sailboat", "a fine ketch")


def test_a_change_of_type_is_read_by_the_vocabulary_too() -> None:
    boat = BoatDetails.parse({"type": "sailboat"}).changed(type="Trawler yacht")
    assert (boat.type, boat.type_as_listed) == ("trawler", "Trawler yacht")
