"""Places are found offline by the names that boaters use."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marinemarket.listings.vocabulary.countries import country_name, states_of
from marinemarket.search import gazetteer
from marinemarket.search.atlas import Columns, Town, area_code, key_of, read_atlas, write_atlas
from marinemarket.search.gazetteer import (
    Spot,
    find_spot,
    spot_of,
    spots_beginning,
    spots_like,
)
from marinemarket.search.harbours import HARBOURS
from marinemarket.search.waters import WATERS

from . import oracle


def _label(text: str) -> str | None:
    spot = find_spot(text)
    return spot.label if spot else None


@pytest.mark.parametrize(
    ("asked", "label", "lat", "lon"),
    [
        ("Annapolis", "Annapolis, MD, United States", 38.98, -76.49),
        ("fort lauderdale", "Fort Lauderdale, FL, United States", 26.12, -80.14),
        ("Ft. Lauderdale", "Fort Lauderdale, FL, United States", 26.12, -80.14),
        ("Split", "Split, Croatia", 43.51, 16.44),
        ("Palma", "Palma, Spain", 39.57, 2.65),
        ("Palma de Mallorca", "Palma, Spain", 39.57, 2.65),
        ("Kiel", "Kiel, Germany", 54.32, 10.13),
        ("Lymington", "Lymington, England, United Kingdom", 50.76, -1.54),
        ("COWES", "Cowes, England, United Kingdom", 50.76, -1.30),
        ("Poole", "Poole, England, United Kingdom", 50.71, -1.98),
        ("Stuart", "Stuart, FL, United States", 27.20, -80.25),
        ("Friday Harbor", "Friday Harbor, WA, United States", 48.53, -123.02),
        ("Sausalito", "Sausalito, CA, United States", 37.86, -122.49),
        ("Key West", "Key West, FL, United States", 24.56, -81.78),
        ("Marathon", "Marathon, FL, United States", 24.71, -81.09),
        ("Vancouver", "Vancouver, BC, Canada", 49.25, -123.12),
        ("Sydney", "Sydney, NSW, Australia", -33.87, 151.21),
        ("Portofino", "Portofino, Italy", 44.30, 9.21),
        ("St. Michaels", "Saint Michaels, MD, United States", 38.79, -76.22),
        ("  göcek ", "Göcek, Turkey", 36.75, 28.95),
    ],
)
def test_a_harbour_is_found_where_it_lies(asked: str, label: str, lat: float, lon: float) -> None:
    spot = find_spot(asked)
    assert spot is not None
    assert spot.label == label
    assert (spot.lat, spot.lon) == pytest.approx((lat, lon), abs=0.02)
    assert spot.radius_miles == 25


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("Newport", "Newport, RI, United States"),
        ("Newport RI", "Newport, RI, United States"),
        ("Newport, Rhode Island", "Newport, RI, United States"),
        ("newport ri usa", "Newport, RI, United States"),
        ("Newport Oregon", "Newport, OR, United States"),
        ("Newport Wales", "Newport, Wales, United Kingdom"),
        ("Newport GB", "Newport, Wales, United Kingdom"),
        ("Newport, UK", "Newport, Wales, United Kingdom"),
        ("Newport, England", "Newport, England, United Kingdom"),
        ("Newport Beach", "Newport Beach, CA, United States"),
        ("St Petersburg", "St. Petersburg, FL, United States"),
        ("Saint Petersburg Russia", "Saint Petersburg, Russian Federation"),
        ("Sankt-Peterburg", "Saint Petersburg, Russian Federation"),
        ("Athens", "Athens, Greece"),
        ("Athens GA", "Athens, GA, United States"),
        ("Valencia", "Valencia, Spain"),
        ("Lagos", "Lagos, Portugal"),
        ("La Paz", "La Paz, Mexico"),
        ("La Paz Bolivia", "La Paz, Bolivia"),
        ("Vancouver WA", "Vancouver, WA, United States"),
        ("Vancouver CA", "Vancouver, BC, Canada"),
        ("San Diego CA", "San Diego, CA, United States"),
        ("Kiel DE", "Kiel, Germany"),
        ("Victoria BC", "Victoria, BC, Canada"),
        ("Paris, Texas", "Paris, TX, United States"),
        ("Paris", "Paris, France"),
        ("Annapolis Germany", None),
        ("Lake Constance Germany", "Lake Constance"),
        ("Lake Constance Florida", None),
    ],
)
def test_among_places_of_one_name_the_meant_one_is_found(asked: str, label: str | None) -> None:
    assert _label(asked) == label


def test_a_water_tells_towns_of_one_name_apart() -> None:
    newport = find_spot("Newport, Isle of Wight")
    assert newport is not None
    assert (newport.lat, newport.lon) == pytest.approx((50.70, -1.29), abs=0.02)
    assert _label("Palma, Mallorca") == "Palma, Spain"
    assert _label("Annapolis, Mallorca") is None


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Münster", "Münster"),
        ("Munster", "Münster"),
        ("Mu\u0308nster", "Münster"),
        ("Copenhagen", "Copenhagen"),
        ("København", "Copenhagen"),
        ("Kopenhagen", "Copenhagen"),
        ("Athína", "Athens"),
        ("Göteborg", "Gothenburg"),
        ("Venedig", "Venice"),
        ("Danzig", "Gdańsk"),
        ("Nizza", "Nice"),
        ("Bodensee", "Lake Constance"),
        ("Lac Léman", "Lake Geneva"),
        ("Gardasee", "Lake Garda"),
        ("Ostsee", "Baltic Sea"),
        ("Cote d'Azur", "Côte d'Azur"),
        ("CÔTE D’AZUR", "Côte d'Azur"),
        ("Islas Baleares", "Balearic Islands"),
        ("the solent", "The Solent"),
        ("ICW", "Atlantic Intracoastal Waterway"),
    ],
)
def test_other_names_and_spellings_lead_to_the_place(asked: str, name: str) -> None:
    spot = find_spot(asked)
    assert spot is not None
    assert spot.name == name


@pytest.mark.parametrize(
    ("water", "town"),
    [
        ("Chesapeake Bay", "Annapolis"),
        ("Chesapeake Bay", "Norfolk VA"),
        ("Florida Keys", "Key West"),
        ("Florida Keys", "Key Largo"),
        ("San Juan Islands", "Friday Harbor"),
        ("Puget Sound", "Seattle"),
        ("Lake Constance", "Konstanz"),
        ("Bodensee", "Bregenz"),
        ("Lago Maggiore", "Locarno"),
        ("IJsselmeer", "Lemmer"),
        ("Côte d'Azur", "Antibes"),
        ("Balearics", "Palma"),
        ("Mallorca", "Palma"),
        ("Dalmatia", "Split"),
        ("Solent", "Lymington"),
        ("Whitsundays", "Airlie Beach"),
        ("BVI", "Road Town"),
        ("Bahamas", "Nassau"),
        ("Cyclades", "Naxos"),
        ("Kieler Bucht", "Kiel"),
        ("Lake Garda", "Riva del Garda"),
        ("Great Lakes", "Chicago"),
        ("Narragansett Bay", "Newport"),
    ],
)
def test_a_water_reaches_its_harbours(water: str, town: str) -> None:
    around, harbour = find_spot(water), find_spot(town)
    assert around is not None
    assert harbour is not None
    miles = oracle.miles((around.lat, around.lon), (harbour.lat, harbour.lon))
    assert miles <= around.radius_miles


@pytest.mark.parametrize(
    "asked",
    [
        "Florida", "FL", "new south wales", "British Columbia", "Croatia", "HR", "Hrvatska", "USA",
        "England", "Florida USA", "New York",
    ],
)  # fmt: skip
def test_a_country_or_state_is_no_spot(asked: str) -> None:
    assert find_spot(asked) is None


ODD = [
    "", " ", "?!.,;", "'", "\x00", "\ud800", "💧", "a" * 500, "key west " * 60, "us " * 33,
    "\n\t", "\u0301", "xyzzyxyzzy", "-" * 500, "\uffff",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_are_no_place(odd: str) -> None:
    assert find_spot(odd) is None
    assert spots_like(odd, 5) == []
    assert spots_beginning(odd, 5) == []


@settings(deadline=None)  # the first text waits for the towns
@given(st.text(max_size=120))
def test_any_text_is_answered(text: str) -> None:
    spot = find_spot(text)
    assert spot is None or spot.label
    assert len(spots_beginning(text, 5)) <= 5
    assert len(spots_like(text, 5)) <= 5


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("anna", "Annapolis, MD, United States"),
        ("Fort L", "Fort Lauderdale, FL, United States"),
        ("st p", "St. Petersburg, FL, United States"),
        ("saint p", "St. Petersburg, FL, United States"),
        ("stu", "Stuart, FL, United States"),
        ("chesa", "Chesapeake Bay, United States"),
        ("københ", "Copenhagen, Denmark"),
        ("boden", "Lake Constance"),
        ("newport r", "Newport, RI, United States"),
        ("Newport, Wales", "Newport, Wales, United Kingdom"),
    ],
)
def test_what_is_meant_is_suggested_first(typed: str, first: str) -> None:
    assert spots_beginning(typed, 5)[0].label == first


@pytest.mark.parametrize("typed", ["a", "s", "st", "ne", "new ", "san", "lake", "newport"])
def test_suggestions_are_as_many_as_asked_for_and_differ(typed: str) -> None:
    suggested = [spot.label for spot in spots_beginning(typed, 10)]
    assert len(suggested) == 10
    assert len(set(suggested)) == 10
    assert suggested[:4] == [spot.label for spot in spots_beginning(typed, 4)]
    assert len(spots_beginning(typed, 10_000)) <= 50
    assert spots_beginning(typed, 0) == spots_beginning(typed, -1) == []


def test_one_letter_suggests_waters_and_towns() -> None:
    suggested = spots_beginning("a", 10)
    named_so = {water.name for water in WATERS}
    assert {spot.name in named_so for spot in suggested} == {True, False}


def test_a_word_that_was_ended_suggests_no_longer_words() -> None:
    # St. and Saint-, but neither Stuart nor Stockholm.
    ended = spots_beginning("st ", 20)
    assert all("saint" in key_of(spot.name) for spot in ended[:5])
    assert len(ended) == 20
    going_on = {spot.name for spot in spots_beginning("st", 10)}
    assert {"Stuart", "St. Petersburg"} <= going_on


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("anapolis", "Annapolis, MD, United States"),
        ("nanapolis", "Annapolis, MD, United States"),
        ("fort lauderdail", "Fort Lauderdale, FL, United States"),
        ("Newprot", "Newport, RI, United States"),
        ("sausolito", "Sausalito, CA, United States"),
        ("frida harbor", "Friday Harbor, WA, United States"),
        ("chesapeke bay", "Chesapeake Bay, United States"),
        ("mallroca", "Mallorca, Spain"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(typed: str, first: str) -> None:
    assert spots_like(typed, 5)[0].label == first


def test_what_is_more_than_slips_away_is_not_like_it() -> None:
    assert spots_like("annapxxxxs", 5) == []
    assert spots_like("kie", 5) == []


def test_the_tables_hold() -> None:
    atlas = gazetteer.load()
    for area, names in HARBOURS.items():
        for name in names:
            meant = atlas.town(next(atlas.called(key_of(name))))
            assert area_code(meant.country, meant.state) == area, name
    for water in WATERS:
        assert -90 < water.lat < 90
        assert -180 < water.lon < 180
        assert 5 <= water.radius_miles <= 1200
        spot = find_spot(water.name)
        assert spot is not None
        assert spot.name == water.name
        for country, _, state in (area.partition("-") for area in water.area.split()):
            assert country_name(country) != country
            assert country == "GB" or not state or state in states_of(country)
        for name in water.also:
            found = find_spot(name)
            assert found is not None
            assert found.name == water.name, (name, found.name)


def test_states_of_the_three_countries_are_iso_codes() -> None:
    atlas = gazetteer.load()
    for country, state in atlas.countries_and_states:
        if country in ("US", "CA", "AU") and state is not None:
            assert state in states_of(country)
    assert len(atlas) > 200_000


@pytest.mark.parametrize("byte_order", ["little", "big"])
def test_the_file_of_towns_holds_what_was_written(
    byte_order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "byteorder", byte_order)
    columns = Columns(
        names=memoryview("PalmaKø".encode()),
        name_ends=memoryview(array("I", [0, 5, 8])),
        lats=memoryview(array("f", [39.5, 55.25])),
        lons=memoryview(array("f", [2.75, -12.5])),
        areas=memoryview(array("H", [1, 0])),
        keys=memoryview(b"ko\npalma\n"),
        key_ends=memoryview(array("I", [0, 3, 9])),
        owners=memoryview(array("I", [2, 0])),
        weights=memoryview(array("I", [7, 400_000])),
    )
    write_atlas(tmp_path / "towns.bin", columns, [("DK", None), ("US", "FL")])
    atlas = read_atlas(tmp_path / "towns.bin")
    assert [atlas.town(number) for number in atlas.called("palma")] == [
        Town("Palma", "US", "FL", 39.5, 2.75)
    ]
    assert [atlas.town(number) for number in atlas.called("ko")] == [
        Town("Kø", "DK", None, 55.25, -12.5)
    ]
    assert list(atlas.weights) == [7, 400_000]


LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)


def test_a_label_says_each_part_once() -> None:
    assert _label("Bahamas") == "Bahamas"
    assert Spot("Lake Erie", None, None, 42, -81, 130).label == "Lake Erie"


def test_an_advert_lies_where_its_words_say_within_its_country() -> None:
    assert (spot := spot_of("ES", None, "Mallorca", "Santa Ponca")) is not None
    assert spot.name == "Mallorca"
    assert (spot := spot_of("US", "MD", None, "Annapolis")) is not None
    assert abs(spot.lat - 38.98) + abs(spot.lon + 76.49) < 0.1
    assert spot_of("US", "CA", None, "Annapolis") is None
    assert spot_of("DE", None, None, None) is None
