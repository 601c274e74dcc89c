"""A listing as a row of cells, written and read."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.importing.csv_columns import COLUMNS, row_of, wire_of
from marinemarket.listings.listing import Listing
from marinemarket.row_writer import disarmed, rearmed
from marinemarket.wire import decode, encode
from tests.builders import a_listing
from tests.listings.strategies import WIRE_LISTINGS


def read_back(row: dict[str, str]) -> dict[str, Any]:
    """The result of wire_of for a row that went through a CSV file."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writerow(row)
    file.seek(0)
    (cells,) = csv.reader(file)
    return wire_of({name: rearmed(cell) for name, cell in zip(COLUMNS, cells, strict=True)})


@given(WIRE_LISTINGS)
def test_a_listing_comes_back_from_its_row_as_it_was(wire: dict[str, Any]) -> None:
    try:
        listing = Listing.parse(wire)
    except Invalid:
        assume(False)
    row = row_of(decode(encode(listing.to_wire())))
    assert tuple(row) == COLUMNS
    assert not any(cell.startswith(("=", "+", "@")) for cell in row.values())
    assert Listing.parse(read_back(row)) == listing


def test_every_field_of_a_listing_has_a_column() -> None:
    def paths(model: type[Any], before: str = "") -> set[str]:
        found = set()
        for field in model.model_fields.values():
            inner = [
                t
                for t in (field.annotation, *getattr(field.annotation, "__args__", ()))
                if hasattr(t, "model_fields") and field.default != ()
            ]
            name = f"{before}{field.alias}"
            found |= paths(inner[0], f"{name}.") if inner else {name}
        return found

    assert paths(Listing) | {"listingId"} == set(COLUMNS)


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "'=x", "''@x", "'quoted'", "plain", ""],
)
def test_a_formula_is_disarmed_and_comes_back(text: str) -> None:
    cell = disarmed(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert rearmed(cell) == text


@given(st.text(st.sampled_from("'=+-@\t\rab"), max_size=6))
def test_disarming_any_cell_is_undone(text: str) -> None:
    assert rearmed(disarmed(text)) == text


@pytest.mark.parametrize("title", ["=1+1 boat", "'=1+1 boat", "@boats", "'tis a boat", "-5 feet"])
def test_a_title_like_a_formula_is_text_in_the_row(title: str) -> None:
    row = row_of(a_listing(title=title, features=[title, "GPS"]).to_wire())
    assert row["title"][0] not in "=+-@"
    back = read_back(row)
    assert (back["title"], back["features"]) == (title, [title, "GPS"])


def test_negative_numbers_stay_numbers_for_a_spreadsheet() -> None:
    place = {"country": "AR", "coordinates": {"lat": -34, "lon": -58}}
    assert row_of(a_listing(location=place).to_wire())["location.coordinates.lat"] == "-34"


def test_lists_are_separated_by_bars_unless_they_contain_one() -> None:
    assert (
        row_of(a_listing(features=["GPS", "Autopilot"]).to_wire())["features"] == "GPS | Autopilot"
    )
    assert row_of(a_listing(features=["a|b"]).to_wire())["features"] == '["a|b"]'
    assert wire_of({"features": "GPS|Autopilot | |"}) == {"features": ["GPS", "Autopilot"]}


def test_every_cell_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        wire_of(
            {
                "title": "Boat",
                "price": "12,5",
                "boatDetails.length": "long",
                "boatDetails.beam": "NaN",
                "boatDetails.draft": "1e999999",
                "boatDetails.engines": "[{",
                "priceHistory": "[" * 50_000,
                "boatDetails.year": "9" * 19,
            }
        )
    assert {error.field: error.message.partition(":")[0] for error in caught.value.errors} == {
        "price": "must be a whole number",
        "boatDetails.length": "write a length, such as 32.5 or 32 ft 6 in",
        "boatDetails.beam": "write a length, such as 32.5 or 32 ft 6 in",
        "boatDetails.draft": "write a length, such as 32.5 or 32 ft 6 in",
        "boatDetails.engines": "must be JSON",
        "priceHistory": "must be JSON",
        "boatDetails.year": "write a number, such as 12 or 9.5",
    }


@pytest.mark.parametrize(
    ("column", "cell", "means"),
    [
        ("boatDetails.length", "9,75", Decimal("9.75")), ("boatDetails.length", "32 ft 6 in", Decimal("32.5")),
        ("boatDetails.length", "9.99 m", Decimal("32.78")), ("boatDetails.draft", "18\"", Decimal("1.5")),
        ("boatDetails.beam", "3.5000000000000004", Decimal("3.5")), ("boatDetails.year", "1995.0", 1995),
        ("boatDetails.displacement", "4.300 kg", 9480), ("boatDetails.displacement", "1,85E+04", 18_500),
        ("boatDetails.hours", "1.250 h", 1250), ("boatDetails.cabins", "2,0", 2), ("price", "4.5E+6", 4_500_000),
        ("price", "4500000.0", 4_500_000), ("location.coordinates.lat", "-27,125", Decimal("-27.125")),
    ],
)  # fmt: skip
def test_figures_are_read_as_people_and_spreadsheets_write_them(
    column: str, cell: str, means: Decimal | int
) -> None:
    found: Any = wire_of({column: cell})
    for part in column.split("."):
        found = found[part]
    assert round(found, 3 if "lat" in column else 2) == means


def test_a_figure_that_may_mean_two_things_is_refused_with_both() -> None:
    with pytest.raises(Invalid, match=r"may be 9.75 or 9750: write the one that you mean: 9,750 m"):
        wire_of({"boatDetails.length": "9,750 m"})


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=20)))
def test_any_cells_are_wire_data_or_invalid(row: dict[str, str]) -> None:
    try:
        wire = wire_of(row)
        Listing.parse(wire)
    except Invalid:
        return
