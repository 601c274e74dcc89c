"""The European portal's rows: metres, many currencies, and the place in one cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.importing.formats.parsed_row import ParsedRow
from marinemarket.listings.listing import Money
from tests.listings.samples import portal_row

FORMAT = FORMATS["boat24"]


def drafted(**overrides: str) -> ParsedRow:
    return FORMAT.draft_of(portal_row(**overrides))


def boat(**overrides: str) -> dict[str, Any]:
    details: dict[str, Any] = drafted(**overrides).payload["boatDetails"]
    return details


def wrong(**overrides: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        drafted(**overrides)
    return {error.field: error.message for error in caught.value.errors}


def test_a_row_is_read_completely() -> None:
    draft = drafted()
    assert draft.payload == {
        "title": "2009 Fjellnes motor yacht – 32 ft",
        "location": {"country": "NO", "region": "Hardangerfjord", "city": "Odda"},
        "boatDetails": {
            "type": "Motor Yacht",
            "manufacturer": "Fjellnes power boats",
            "year": 2009,
            "length": Decimal("31.99"),
            "beam": Decimal("10.50"),
            "hullMaterial": "fiberglass",
            "fuel": "diesel",
            "usage": "used",
        },
    }
    assert draft.asked == Money(amount=4_850_000, currency="EUR")
    assert draft.left_out == []


@pytest.mark.parametrize("metres", ["8", "8.0", "8,00", "8 m", "8.00m"])
def test_metres_become_feet_to_a_hundredth(metres: str) -> None:
    assert boat(Length=metres)["length"] == Decimal("26.25")  # 8 m are 26.24671916 ft


@pytest.mark.parametrize("unknown", ["", "0", "0.0", "0,00"])
def test_a_figure_of_zero_is_unknown(unknown: str) -> None:
    details = boat(Length=unknown, Width=unknown, Year_Built=unknown)
    assert not {"length", "beam", "year"} & set(details)


@pytest.mark.parametrize("year", ["2020", "2020.0", "2020,0", "2020.00"])
def test_a_year_may_come_from_a_spreadsheet(year: str) -> None:
    assert boat(Year_Built=year)["year"] == 2020


@pytest.mark.parametrize("width", ["0.01", "0.4", "9", "-3", "300"])
def test_an_absurd_width_is_left_out_and_reported(width: str) -> None:
    draft = drafted(Length="10", Width=width)
    assert "beam" not in draft.payload["boatDetails"]
    assert draft.left_out == [f"Width of {width} m"]


@pytest.mark.parametrize("length", ["0.01", "1.52", "198.01", "-8", "999999999"])
def test_an_impossible_length_refuses_the_row(length: str) -> None:
    assert wrong(Length=length) == {
        "Length": f"of {length} m is no boat's; from 1.53 to 198 m are",
    }


def test_every_cell_that_says_nothing_usable_is_named() -> None:
    assert wrong(Price="", Location="", Year_Built="old", Length="1e30", Width="broad") == {
        "Price": "is empty",
        "Location": "is empty",
        "Year Built": "is not a year: old",
        "Length": "is not a number: 1e30",
        "Width": "is not a number: broad",
    }
    assert wrong(Price="Price on request")["Price"].endswith(": Price on request")


@pytest.mark.parametrize(
    "cell", ["Price", "Boat_Type", "Manufacturer", "Type", "Material", "Location", "Width"]
)
def test_a_cell_of_a_million_letters_is_refused_without_delay(cell: str) -> None:
    long = "EUR 1" + " (-" * 300_000 + "x"
    assert wrong(**{cell: long}) == {cell.replace("_", " "): "is longer than 500 characters"}


@pytest.mark.parametrize(
    ("price", "location", "amount", "currency"),
    [
        ("EUR 63.950,-", "Germany", 6_395_000, "EUR"),
        ("£ 12,500.00", "UK", 1_250_000, "GBP"),
        ("US$ 45,000", "Greece", 4_500_000, "USD"),
        ("SEK 450 000", "Sverige", 45_000_000, "SEK"),
        ("450 000 kr", "Sverige » Västkusten", 45_000_000, "SEK"),
        ("450.000 kr", "Danmark", 45_000_000, "DKK"),
        ("NOK 1.250.000", "Norge", 125_000_000, "NOK"),
        ("120 000 zł", "Polska", 12_000_000, "PLN"),
        ("VB 12000 EUR", "Austria", 1_200_000, "EUR"),
    ],
)
def test_prices_in_every_currency_are_read(
    price: str, location: str, amount: int, currency: str
) -> None:
    asked = drafted(Price=price, Location=location).asked
    assert asked == Money(amount=amount, currency=currency)


@pytest.mark.parametrize(
    ("cell", "location"),
    [
        ("Germany", {"country": "DE"}),
        ("Deutschland » Ostsee » Kiel", {"country": "DE", "region": "Ostsee", "city": "Kiel"}),
        ("Italia » Lago Maggiore", {"country": "IT", "region": "Lago Maggiore"}),
        ("Italia » Verbania, Italia", {"country": "IT", "city": "Verbania"}),
        ("France » antibes, antibes", {"country": "FR", "city": "Antibes"}),
        ("Croatia (Hrvatska) » Krk » Krk", {"country": "HR", "region": "Krk"}),
        ("Netherlands » 8601 AB Sneek", {"country": "NL", "zipCode": "8601 AB", "region": "Sneek"}),
        ("Germany » D-24159 Kiel", {"country": "DE", "zipCode": "24159", "region": "Kiel"}),
        ("Netherlands » onbekend", {"country": "NL"}),
        (
            "Switzerland » Lake Geneva » 1222",
            {"country": "CH", "zipCode": "1222", "region": "Lake Geneva"},
        ),
        ("België, Nieuwpoort", {"country": "BE", "city": "Nieuwpoort"}),
        ("Nieuwpoort, België » Kust", {"country": "BE", "region": "Nieuwpoort", "city": "Kust"}),
        ("Kroatien Pula", {"country": "HR", "region": "Pula"}),
        ("Česko » Lipno", {"country": "CZ", "region": "Lipno"}),
        ("USA » Florida » Stuart", {"country": "US", "state": "FL", "city": "Stuart"}),
        ("United States » Stuart, FL", {"country": "US", "state": "FL", "city": "Stuart"}),
        ("United States » Portland, ME", {"country": "US", "state": "ME", "city": "Portland"}),
        ("United States » Florida", {"country": "US", "state": "FL"}),
        ("Australia » Hobart, Tasmania", {"country": "AU", "state": "TAS", "city": "Hobart"}),
    ],
)
def test_places_are_read_as_people_write_them(cell: str, location: dict[str, str]) -> None:
    assert drafted(Location=cell).payload["location"] == location


@pytest.mark.parametrize(
    "cell",
    [
        *("La Spezia", "De Kaag", "St. Tropez", "Mar Menor", "Am Bodensee", "Mali Lošinj"),
        *("Portland, ME", "PT ellers Esbjerg", "Lake Constance » Bregenz", "»", "?"),
    ],
)
def test_a_place_without_a_country_is_refused(cell: str) -> None:
    assert wrong(Location=cell) == {"Location": f"names no country: {cell}"}


@pytest.mark.parametrize(
    ("cell", "usage", "fuel"),
    [
        ("Used boat,Unleaded", "used", "gasoline"),
        ("new boat on order", "on-order", None),
        ("Display Model, Electric", "demonstrator", "electric"),
        ("Diesel", None, "diesel"),
        ("Steam", None, None),
        ("", None, None),
    ],
)
def test_usage_and_fuel_share_one_cell(cell: str, usage: str | None, fuel: str | None) -> None:
    details = boat(Type=cell)
    assert (details.get("usage"), details.get("fuel")) == (usage, fuel)


def test_an_unknown_material_is_other_and_an_absent_one_is_absent() -> None:
    assert boat(Material="Bamboo")["hullMaterial"] == "other"
    assert boat(Material="Carbon Fiber")["hullMaterial"] == "carbon"
    assert "hullMaterial" not in boat(Material="")


@pytest.mark.parametrize(
    ("payload", "title"),
    [
        ({"Manufacturer": ""}, "2009 Motor yacht – 32 ft"),
        ({"Manufacturer": "", "Year_Built": "0", "Length": ""}, "Motor yacht"),
        ({"Boat_Type": "", "Length": ""}, "2009 Fjellnes other boat"),
    ],
)
def test_a_title_is_made_of_the_known_facts(payload: dict[str, str], title: str) -> None:
    assert drafted(**payload).payload["title"] == title


@given(st.dictionaries(st.sampled_from(sorted(portal_row())), st.text(max_size=40)))
def test_any_cells_are_a_draft_or_invalid(cells: dict[str, str]) -> None:
    try:
        FORMAT.draft_of(portal_row() | cells)
    except Invalid as error:
        assert {found.field for found in error.errors} <= set(FORMAT.required)  # noqa: PT017 - it may also not raise
