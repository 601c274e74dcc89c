"""Searches as people would save them, each modelled on a boat: a model, a price, a place, a size."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import uuid5

from marinemarket.demo import seeder
from marinemarket.demo.market import boats
from marinemarket.listings.listing import Listing
from marinemarket.search.gazetteer import find_spot
from tests.builders import NOW


def demo_fleet(count: int, seed: int = 7) -> list[Listing]:
    """Boats of the demonstration market."""
    made = boats(count, seed=seed, this_year=2026, now_ms=NOW)
    return [
        seeder._listing(str(uuid5(seeder._NAMESPACE, f"{seed} {number}")), number, text, NOW)
        for number, text in enumerate(made)
    ]


def wishes(count: int, around: list[Listing], seed: int = 3) -> list[dict[str, Any]]:
    """Filters on the wire. One in two hundred is empty."""
    chance = Random(seed)
    return [_wish(chance, chance.choice(around)) for _ in range(count)]


def _wish(chance: Random, boat: Listing) -> dict[str, Any]:
    if chance.random() < 0.005:
        return {}
    wish: dict[str, Any] = {}
    conditions = chance.choice((2, 3, 3, 4, 4, 5))
    while len(wish) < conditions:
        wish |= chance.choice((_words, _maker, _price, _length, _years, _type, _place, _rest))(
            chance, boat
        )
    return wish


def _words(chance: Random, boat: Listing) -> dict[str, Any]:
    details = boat.boat_details
    lines = [details.manufacturer, details.model, details.name, details.type_label, *boat.features]
    return {"query": chance.choice([word for word in lines if word])}


def _maker(chance: Random, boat: Listing) -> dict[str, Any]:
    maker = boat.boat_details.manufacturer
    return {"manufacturer": [maker]} if maker else {}


def _price(chance: Random, boat: Listing) -> dict[str, Any]:
    price = boat.price or 0
    highest = int(price * chance.uniform(1, 1.5))
    return {
        "priceRange": chance.choice(
            ({"max": highest}, {"min": int(price * chance.uniform(0.5, 1)), "max": highest})
        )
    }


def _length(chance: Random, boat: Listing) -> dict[str, Any]:
    feet = int(boat.boat_details.length or 30)
    return {
        "lengthRange": {
            "min": max(0, feet - chance.randrange(1, 8)),
            "max": feet + chance.randrange(8),
        }
    }


def _years(chance: Random, boat: Listing) -> dict[str, Any]:
    first = (boat.boat_details.year or 2000) - chance.randrange(10)
    return {"yearRange": chance.choice(({"min": first}, {"min": first, "max": first + 12}))}


def _type(chance: Random, boat: Listing) -> dict[str, Any]:
    return {"boatType": [boat.boat_details.type]}


def _place(chance: Random, boat: Listing) -> dict[str, Any]:
    place = boat.location
    spots: list[dict[str, Any]] = [{"country": place.country}]
    if place.state:
        spots.append({"country": place.country, "state": place.state})
    if place.coordinates:
        spot = {"lat": place.coordinates.lat, "lon": place.coordinates.lon}
        spots.append({"coordinates": spot, "radius": chance.choice((25, 100, 300))})
    if place.city and find_spot(place.city):
        spots.append({"near": place.city, "radius": chance.choice((25, 100, 300))})
    return {"location": chance.choice(spots)}


def _rest(chance: Random, boat: Listing) -> dict[str, Any]:
    details = boat.boat_details
    lines: list[dict[str, Any]] = [
        {"priceDropped": True},
        {"daysListedRange": {"max": chance.randrange(60)}},
    ]
    lines += [{"fuel": [details.fuel]}] if details.fuel else []
    lines += [{"sellerKind": [boat.seller_kind]}] if boat.seller_kind else []
    lines += [{"features": [chance.choice(boat.features)]}] if boat.features else []
    return chance.choice(lines)
