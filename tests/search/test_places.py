"""Boats are found by the name or postal code of the place where they lie, whichever name that is."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.errors import Invalid
from marinemarket.search.document import document_of
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from marinemarket.search.gazetteer import find_spot, spots_beginning
from marinemarket.search.index import SearchEngine
from tests.builders import NOW, a_listing

pytestmark = pytest.mark.anyio

PLACES: dict[str, dict[str, Any]] = {
    "florida": {"country": "US", "state": "FL", "city": "St. Petersburg"},
    "augustine": {"country": "US", "state": "FL", "city": "Saint Augustine"},
    "lauderdale": {"country": "US", "state": "FL", "city": "Ft Lauderdale"},
    "malo": {"country": "FR", "city": "Saint-Malo"},
    "sweden": {"country": "SE", "city": "Göteborg"},
    "denmark": {"country": "DK", "city": "Copenhagen"},
    "venice": {"country": "IT", "city": "Venezia"},
    "genoa": {"country": "IT", "city": "Genova"},
    "danzig": {"country": "PL", "city": "Gdańsk"},
    "rijeka": {"country": "HR", "city": "Rijeka"},
    "split": {"country": "HR", "city": "Split"},
    "piraeus": {"country": "GR", "city": "Piraeus"},
    "maryland": {"country": "US", "state": "MD", "city": "Annapolis", "zipCode": "21403"},
    "hamlet": {"country": "DE", "city": "Hinterm Deich 7", "zipCode": "24159"},
}
FOUND = {
    "florida": ("Saint Petersburg", "St. Petersburg", "st petersburg", "sloop St Petersburg"),
    "augustine": ("St Augustine", "St. Augustine", "Saint Augustine"),
    "lauderdale": ("Fort Lauderdale", "Ft. Lauderdale", "near 33301"),
    "malo": ("St Malo", "St-Malo", "saint malo", "near 35400 France"),
    "sweden": ("Gothenburg", "Göteborg", "goteborg", "Goteborg sloop"),
    "denmark": ("København", "Kobenhavn", "Kopenhagen", "copenhagen"),
    "venice": ("Venice", "Venedig", "Venise", "near 30124, Italy", "in 30124 Venezia"),
    "genoa": ("Genoa", "Genua", "genova"),
    "danzig": ("Danzig", "gdansk"),
    "split": ("in Split", "Spalato"),
    "rijeka": ("Fiume", "Rijeka"),
    "piraeus": ("Pireo", "Piraeus", "in Grecia", "in Griechenland", "in Ελλάδα"),
    "maryland": ("boats near 21403", "near Annapolis MD 21403", "in 21401-1234", "21403"),
    "hamlet": ("near Kiel", "near D-24103 Kiel", "in 24159"),
}


async def test_a_boat_is_found_by_any_name_of_its_place(engine: SearchEngine) -> None:
    boats = {
        name: a_listing(
            name=name,
            title="Sloop with a sail",
            boat={"manufacturer": None, "model": None, "type": "sailboat"},
            location=place,
        )
        for name, place in PLACES.items()
    }
    sails = a_listing(
        name="sails",
        features=["Genoa", "Split seats"],
        location={"country": "NZ", "city": "Nelson"},
    )
    async with engine.rebuilding() as writer:
        for boat in (*boats.values(), sails):
            await writer.put(document_of(boat))
        await writer.save("feed:1")
    names = {boat.id: name for name, boat in boats.items()} | {sails.id: "sails"}
    for name, queries in FOUND.items():
        for query in queries:
            hits, built = await look_up(engine.index, Search(query=query), NOW)
            assert [names[id] for id in hits.ids] == [name], query
            assert not {part.kind for part in built.parts} & {"unknown", "corrected"}, query
    hits, _ = await look_up(engine.index, Search(query="split"), NOW)
    assert [names[id] for id in hits.ids] == ["split", "sails"]
    hits, _ = await look_up(engine.index, Search(query="roller genoa"), NOW)
    assert "genoa" not in [names[id] for id in hits.ids]


async def test_a_filter_takes_a_postal_code(engine: SearchEngine) -> None:
    async with engine.rebuilding() as writer:
        boat = a_listing(location=PLACES["maryland"])
        await writer.put(document_of(boat))
        await writer.save("feed:1")
    for near, miles in (("21403", 5), ("21403, MD", 5), ("20001", 60)):
        search = Search.parse({"location": {"near": near, "radius": miles}})
        hits, _ = await look_up(engine.index, search, NOW)
        assert hits.ids == [boat.id], near
    with pytest.raises(Invalid):
        Search.parse({"location": {"near": "99999"}})


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("21403-1234", "21403, MD, United States"),
        ("75001", "75001, TX, United States"),
        ("75001 France", "75001, France"),
        ("F-75001 Paris", "75001, France"),
        ("75001 Addison", "75001, TX, United States"),
        ("28013", "Madrid, Spain"),
        ("07800 Ibiza", "Ibiza, Spain"),
        ("SO31 4NG", "Southampton, United Kingdom"),
        ("po16", "Portsmouth, United Kingdom"),
        ("8531 PA Lemmer", "8531, Netherlands"),
        ("1011ab", "1011, Netherlands"),
        ("V6B 2W2", "V6B, BC, Canada"),
        ("b3h", "B3H, NS, Canada"),
        ("24103 Kiel", "24103, Germany"),
        ("Annapolis, MD 90210", "Annapolis, MD, United States"),
    ],
)
def test_a_postal_code_is_a_place(typed: str, label: str) -> None:
    spot = find_spot(typed)
    assert spot is not None
    assert spot.label == label


@pytest.mark.parametrize("typed", ["2010", "1998", "99999", "J24", "C30", "40", "123456"])
def test_other_figures_are_no_place(typed: str) -> None:
    assert find_spot(typed) is None


def test_a_code_of_several_countries_is_offered_for_each() -> None:
    labels = [spot.label for spot in spots_beginning("75001", 8)]
    assert labels == ["75001, TX, United States", "75001, France"]
    assert spots_beginning("750", 8) == []
