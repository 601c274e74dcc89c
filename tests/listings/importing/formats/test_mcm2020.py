"""The survey's rows: feet, US dollars, country or US state in one column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.listing import Money
from tests.listings.samples import survey_row

FORMAT = FORMATS["mcm2020"]


def place(region: str, name: str) -> dict[str, Any]:
    row = survey_row() | {"Geographic Region": region, "Country/Region/State": name}
    location: dict[str, Any] = FORMAT.draft_of(row).payload["location"]
    return location


def wrong(cells: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        FORMAT.draft_of(survey_row() | cells)
    return {error.field: error.message for error in caught.value.errors}


def test_a_row_is_read_completely() -> None:
    draft = FORMAT.draft_of(survey_row())
    assert draft.payload == {
        "title": "2006 Skagen Passat 38",
        "location": {"country": "DK"},
        "boatDetails": {
            "type": "sailboat",
            "manufacturer": "Skagen",
            "model": "Passat 38",
            "year": 2006,
            "length": Decimal(38),
        },
    }
    assert draft.asked == Money(amount=9_150_000, currency="USD")


@pytest.mark.parametrize(
    ("make", "source", "boat_type"),
    [
        ("Skagen", "", "sailboat"),
        ("Lagoon", "", "catamaran"),
        ("Fountaine Pajot", "boats.csv", "catamaran"),
        ("Skagen", "sailboats_catamaran_2020.csv", "catamaran"),
        ("Skagen", "boats.xlsx Catamarans", "catamaran"),
        ("Lagoon", "monohulls.csv", "sailboat"),
        ("Lagoon", "monohulls and catamarans.csv", "catamaran"),
        ("Skagen", "catalogue.csv", "sailboat"),
    ],
)
def test_catamarans_are_known_by_their_builder_or_their_file(
    make: str, source: str, boat_type: str
) -> None:
    draft = FORMAT.draft_of(survey_row(Make=make))
    FORMAT.adapt(draft, source)
    assert draft.payload["boatDetails"]["type"] == boat_type


@pytest.mark.parametrize("price", ["91500", "$91,500", "$ 91,500.00", "91500.0"])
def test_a_price_is_in_dollars(price: str) -> None:
    draft = FORMAT.draft_of(survey_row() | {"Listing Price (USD)": price})
    assert draft.asked == Money(amount=9_150_000, currency="USD")


@pytest.mark.parametrize(
    ("region", "name", "location"),
    [
        ("USA", "Maryland", {"country": "US", "state": "MD"}),
        ("USA", "MD", {"country": "US", "state": "MD"}),
        ("USA", "Georgia", {"country": "US", "state": "GA"}),
        ("Europe", "Georgia", {"country": "GE"}),
        ("Caribbean", "Martinique", {"country": "MQ", "region": "Caribbean"}),
        ("Europe", "Cork", {"country": "IE", "region": "Cork"}),
    ],
)
def test_a_place_is_a_country_a_state_or_a_county(
    region: str, name: str, location: dict[str, str]
) -> None:
    assert place(region, name) == location


def test_every_cell_that_says_nothing_usable_is_named() -> None:
    cells = {
        "Listing Price (USD)": "Infinity",
        "Country/Region/State": "Atlantis",
        "Year": "12",
        "Length (ft)": "1e999",
    }
    assert wrong(cells) == {
        "Listing Price (USD)": "names no amount, or several: Infinity",
        "Country/Region/State": "names no country or US state: Atlantis",
        "Year": "is not a year: 12",
        "Length (ft)": "is not a number: 1e999",
    }
    assert wrong({"Listing Price (USD)": "", "Country/Region/State": ""}) == {
        "Listing Price (USD)": "is empty",
        "Country/Region/State": "is empty",
    }


@given(st.dictionaries(st.sampled_from(sorted(survey_row())), st.text(max_size=40)))
def test_any_cells_are_a_draft_or_invalid(cells: dict[str, str]) -> None:
    try:
        FORMAT.draft_of(survey_row() | cells)
    except Invalid as error:
        assert {found.field for found in error.errors} <= set(FORMAT.required)  # noqa: PT017 - it may also not raise
