"""A row of a broker's file read by its mapping."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.importing.formats.parsed_row import ParsedRow
from marinemarket.listings.importing.mapping.engines import read_engine
from marinemarket.listings.importing.mapping.mapped_row import draft_of, format_of
from marinemarket.listings.importing.mapping.mapping import (
    ColumnRule,
    Mapping,
    WithoutPrice,
    check_mapping,
    header_key,
)
from marinemarket.listings.importing.mapping.places import country_code, read_place
from marinemarket.listings.listing import Money

RULES: dict[str, tuple[str, str | None]] = {
    "Ref": ("reference", None),
    "Marke": ("maker", None),
    "Modell": ("model", None),
    "Marke/Modell": ("makerModel", None),
    "Art": ("type", None),
    "Jahr": ("year", None),
    "LüA": ("loa", "m"),
    "Beam": ("beam", "ft"),
    "Feet": ("length", "ft"),
    "Inches": ("length", "in"),
    "Maße": ("dimensions", "m"),
    "Gewicht": ("displacement", "t"),
    "Motor": ("engine", None),
    "Motor 1": ("engineMaker", None),
    "Motor 2": ("engineMaker", None),
    "PS": ("enginePower", "PS"),
    "Stunden": ("hours", None),
    "Zustand": ("condition", None),
    "Neu": ("usage", None),
    "Preis": ("price", None),
    "Status": ("status", None),
    "Verkauft": ("status", None),
    "Ort": ("city", None),
    "Land": ("country", None),
    "Lat": ("latitude", None),
    "Lon": ("longitude", None),
    "Extras": ("features", None),
    "Kiel": ("detail", None),
    "Heizung": ("detail", None),
    "Text": ("description", None),
    "Text 2": ("description", None),
    "Fotos": ("images", None),
}


def draft(**cells: str) -> ParsedRow:
    return draft_by(WithoutPrice.REFUSED, cells)


def draft_by(without_price: WithoutPrice, cells: dict[str, str]) -> ParsedRow:
    given = {"Marke": "Dehler", "Preis": "€ 10.000", "Land": "DE"} | {
        name.replace("_", " "): cell for name, cell in cells.items()
    }
    rules = [
        ColumnRule(column=name, field=RULES[name][0], unit=RULES[name][1])
        for name in RULES
        if name in given
    ]
    mapping = Mapping(
        columns=tuple(rules), currency="EUR", length_unit="m", without_price=without_price
    )
    return draft_of(mapping, given)


def boat(**cells: str) -> dict[str, Any]:
    found: dict[str, Any] = draft(**cells).payload["boatDetails"]
    return found


def refusal(**cells: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        draft(**cells)
    return [str(error) for error in refused.value.errors]


def test_figures_have_the_units_of_their_columns_unless_the_cell_says_another() -> None:
    assert boat(LüA="9,75")["loa"] == boat(LüA="9,75")["length"] == Decimal("31.99")
    assert boat(LüA="32 ft 6 in")["loa"] == Decimal("32.50")
    assert boat(Feet="21", Inches="4")["length"] == Decimal("21.33")
    assert boat(Gewicht="4,5")["displacement"] == 9921
    assert boat(LüA="0", Jahr="0", Gewicht="k.A.") == {"type": "other", "manufacturer": "Dehler"}
    together = boat(Maße="12,50 x 3,90 x 1,20 m")
    assert (together["length"], together["beam"], together["draft"]) == (
        Decimal("41.01"), Decimal("12.80"), Decimal("3.94"),
    )  # fmt: skip


def test_a_beam_that_no_boat_of_that_length_has_is_left_out_and_counted() -> None:
    found = draft(LüA="9,75", Beam="31")
    assert "beam" not in found.payload["boatDetails"]
    assert [figure.split()[0] for figure in found.left_out] == ["beam"]


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("1998", 1998),
        ("1998.0", 1998),
        ("05/1998", 1998),
        ("1998/99", 1998),
        ("ca. 1998", 1998),
        ("1998-05-01", 1998),
    ],
)
def test_years_are_read_as_people_and_spreadsheets_write_them(cell: str, year: int) -> None:
    assert boat(Jahr=cell)["year"] == year


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12.500", Money(amount=1_250_000, currency="EUR")),
        ("£ 24,950 ono", Money(amount=2_495_000, currency="GBP")),
        ("45.000 € inkl. MwSt.", Money(amount=4_500_000, currency="EUR")),
        ("POA", {"priceOnRequest": True}),
        ("Preis auf Anfrage", {"priceOnRequest": True}),
        ("Nous consulter", {"priceOnRequest": True}),
        ("trattativa riservata", {"priceOnRequest": True}),
        ("Reserviert", {"priceOnRequest": True, "underOffer": True}),
    ],
)
def test_a_price_is_a_sum_or_on_request(cell: str, expected: Any) -> None:
    found = draft(Preis=cell)
    if isinstance(expected, Money):
        assert found.asked == expected
    else:
        assert found.asked is None
        assert expected.items() <= found.payload.items()


def test_a_row_without_a_price_is_refused_unless_that_means_on_request() -> None:
    assert refusal(Preis="") == ["Preis: is empty: write the price, or “price on request”"]
    assert refusal(Preis="0") == refusal(Preis="")
    assert draft_by(WithoutPrice.ON_REQUEST, {"Preis": ""}).payload["priceOnRequest"] is True


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Status": "Sale pending"}, {"underOffer": True}),
        ({"Status": "verfügbar"}, {"status": "active"}),
        ({"Status": "Vendu"}, {"status": "sold"}),
        ({"Status": "withdrawn"}, {"status": "inactive"}),
        ({"Verkauft": "ja"}, {"status": "sold"}),
        ({"Verkauft": "nein"}, {"status": "active"}),
    ],
)
def test_a_status_is_read_in_many_words(cells: dict[str, str], expected: dict[str, Any]) -> None:
    assert expected.items() <= draft(**cells).payload.items()


def test_kinds_are_read_in_many_languages_and_two_from_one_cell() -> None:
    assert boat(Art="Zeiljacht")["type"] == "sailboat"
    assert boat(Art="Gommone")["type"] == "inflatable"
    assert boat(Art="Teekanne")["type"] == "Teekanne"
    found = boat(Zustand="Used - Excellent")
    assert (found["condition"], found["usage"]) == ("Excellent", "used")
    assert boat(Zustand="gepflegt")["condition"] == "Good"
    assert (boat(Neu="ja")["usage"], boat(Neu="nein")["usage"]) == ("new", "used")


def test_one_column_may_fill_several_fields() -> None:
    found = boat(Marke="", **{"Marke/Modell": "Hallberg-Rassy 36"})
    assert (found["manufacturer"], found["model"]) == ("Hallberg-Rassy", "36")
    found = boat(Marke="", **{"Marke/Modell": "Boarnkruiser / 40 Classic"})
    assert (found["manufacturer"], found["model"]) == ("Boarnkruiser", "40 Classic")
    found = boat(Motor="2 x Volvo Penta D4-300 (300 hp), Diesel, 850 h")
    assert found["engines"] == [
        {"count": 2, "power": Decimal("300.0"), "hours": 850, "make": "Volvo Penta", "model": "D4-300"}
    ]  # fmt: skip
    assert (found["fuel"], found["hours"]) == ("diesel", 850)
    assert found["engine"] == "2 x Volvo Penta D4-300 (300 hp), Diesel, 850 h"
    assert read_engine("good as new") == {}
    assert boat(Stunden="1200 / 1250")["hours"] == 1250


def test_equal_engines_of_two_columns_are_two_of_one_kind() -> None:
    assert boat(**{"Motor 1": "Yanmar", "Motor 2": "Yanmar"})["engines"] == [
        {"make": "Yanmar", "count": 2}
    ]
    assert boat(PS="2 x 300")["engines"][0]["count"] == 2
    assert boat(PS="300")["engines"][0]["power"] == Decimal("295.9")


def test_texts_lists_and_addresses_are_put_together() -> None:
    found = draft(
        Text="One.", Text_2="Two.", Extras="Radar, Autopilot, Heizung", Kiel="Flossenkiel",
        Heizung="ja", Fotos="https://a.example/1.jpg|https://a.example/2.jpg, https://a.example/1.jpg",
    ).payload  # fmt: skip
    assert found["description"] == "One.\n\nTwo."
    assert found["features"] == ["Radar", "Autopilot", "Heizung", "Kiel: Flossenkiel"]
    assert found["images"] == ["https://a.example/1.jpg", "https://a.example/2.jpg"]


def test_a_title_is_made_of_the_facts_where_there_is_none() -> None:
    assert draft(Modell="34", Jahr="1986").payload["title"] == "1986 Dehler 34"
    assert draft(LüA="9,75").payload["title"] == "Dehler – 32 ft"


def test_everything_wrong_is_told_at_once_by_column_with_what_to_write() -> None:
    assert refusal(LüA="ziemlich lang", Jahr="alt", Land="Atlantis", Status="grün") == [
        "Jahr: “alt”: is no year: write its four digits, such as 1998",
        "LüA: “ziemlich lang”: write a length, such as 9.75 or 9.75 m",
        "Land: “Atlantis”: is no country: write its two letters or its English name",
        "Status: “grün”: is no status: write for sale, under offer, sold or withdrawn",
    ]


def test_coordinates_are_degrees_with_or_without_minutes() -> None:
    for lat, lon in (("54,3233", "-10.5"), ("54°19'23.9\"N", "10°30'W"), ("N 54.3233", "W10.5")):
        place = draft(Lat=lat, Lon=lon).payload["location"]["coordinates"]
        assert (round(place["lat"], 3), place["lon"]) == (Decimal("54.323"), Decimal("-10.5"))
    assert "coordinates" not in draft(Lat="0", Lon="0").payload["location"]


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("Annapolis, MD", None, "US MD Annapolis - -"),
        ("Annapolis, MD 21403", None, "US MD Annapolis - 21403"),
        ("Wilmington, DE", "US", "US DE Wilmington - -"),
        ("Kiel, DE", None, "DE - Kiel - -"),
        ("Sneek, NL", None, "NL - Sneek - -"),
        ("Toronto, ON, CA", None, "CA ON Toronto - -"),
        ("San Diego, CA", None, "US CA San Diego - -"),
        ("FR-06600 Antibes", None, "FR - Antibes - 06600"),
        ("D-24376 Kappeln", None, "DE - Kappeln - 24376"),
        ("8601 AB Sneek, Nederland", None, "NL - Sneek - 8601 AB"),
        ("Kroatien » Dalmatien » Split", None, "HR - Split Dalmatien -"),
        ("Marina Port Vell, Barcelona, Spain", None, "ES - Barcelona Marina Port Vell -"),
        ("Southampton SO14 3XD, United Kingdom", None, "GB - Southampton - SO14 3XD"),
        ("ITALY - GENOVA", None, "IT - Genova - -"),
        ("Palma", "ES", "ES - Palma - -"),
        ("Palma", None, "- - Palma - -"),
    ],
)  # fmt: skip
def test_a_place_in_words_is_taken_apart(text: str, country: str | None, expected: str) -> None:
    found = read_place(text, country)
    names = ("country", "state", "city", "region", "zipCode")
    assert " ".join(found.get(name, "-") for name in names) == expected


def test_countries_are_known_by_their_names_in_other_languages() -> None:
    assert [country_code(name) for name in ("Spagna", "Tyskland", "Croacia", "Ελλάδα")] == [
        "ES", "DE", "HR", "GR",
    ]  # fmt: skip


def test_a_mapping_that_cannot_be_is_refused_with_every_reason() -> None:
    mapping = Mapping(
        columns=(
            ColumnRule(column="A", field="nonsense"),
            ColumnRule(column="B", field="length", unit="kg"),
            ColumnRule(column="C", field="year"),
            ColumnRule(column="D", field="year"),
            ColumnRule(column="E", field="price", unit="euros"),
        ),
        country="Atlantis",
    )
    with pytest.raises(Invalid) as refused:
        check_mapping(mapping, ["A", "B", "C", "D"])
    assert [error.field for error in refused.value.errors] == [
        "A", "B", "E", "D", "type", "title", "country",
    ]  # fmt: skip


def test_a_header_is_the_same_in_any_order_of_its_columns() -> None:
    assert header_key(["Make", "LOA (ft)"]) == header_key(["LOA  (FT)", "make"])
    assert header_key(["Make"]) != header_key(["Make", "Model"])


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("Under offer £94,950", {"underOffer": True}),
        ("£94,950 (SSTC)", {"underOffer": True}),
        ("94.950 GBP - sous compromis", {"underOffer": True}),
        ("Sold: £94,950", {"status": "sold"}),
        ("For sale £94,950", {}),
    ],
)
def test_what_stands_beside_a_price_of_the_sale_is_taken_from_it(
    cell: str, told: dict[str, Any]
) -> None:
    found = draft(Preis=cell)
    assert found.asked == Money(amount=9_495_000, currency="GBP")
    names = ("underOffer", "status", "priceOnRequest")
    assert {name: found.payload[name] for name in names if name in found.payload} == told


def test_what_no_column_holds_is_named_in_words() -> None:
    named = format_of(Mapping(columns=(ColumnRule(column="Land", field="country"),))).named
    assert (named["location.country"], named["location.state"]) == ("Land", "State or province")
