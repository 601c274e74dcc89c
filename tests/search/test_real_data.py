"""Search over real adverts, compared with a plain loop over them."""

from __future__ import annotations

import os
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from marinemarket.listings.listing import Listing

from . import oracle
from .engines import ENGINES, an_engine, index_all
from .test_contract import assert_exact

pytestmark = [pytest.mark.real_data, pytest.mark.anyio]

SEARCHES = int(os.environ.get("SEARCHES", "40"))
"""The default; a release's notes quote a run of 2,000."""


@pytest.mark.parametrize("name", ENGINES)
async def test_random_searches_over_real_adverts_equal_a_plain_loop(
    name: str, exported: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert len(exported) > 8000
    listings = [Listing.parse(_lying_somewhere(wire)) for wire in exported]
    boats = [oracle.Boat.of(listing.to_wire()) for listing in listings]
    chance = Random(7)
    async with an_engine(name, tmp_path) as engine:
        await index_all(engine, listings)
        for _ in range(SEARCHES):
            asked = _filters(chance, [boat.wire for boat in boats])
            await assert_exact(engine.index, boats, asked, 100)


def _lying_somewhere(wire: dict[str, Any]) -> dict[str, Any]:
    """Portals rarely give exact locations: two in three boats get one, always the same."""
    chance = Random(sha256(wire["id"].encode()).digest())
    if chance.random() < 0.3:
        return wire
    spot = {
        "lat": Decimal(f"{chance.uniform(25, 60):.5f}"),
        "lon": Decimal(f"{chance.uniform(-20, 30):.5f}"),
    }
    return wire | {"location": wire["location"] | {"coordinates": spot}}


def _filters(chance: Random, exported: list[dict[str, Any]]) -> dict[str, Any]:
    """A search with values and words from some of the adverts, so that bounds are met exactly."""
    one, other = chance.choice(exported), chance.choice(exported)
    boat, second = one["boatDetails"], other["boatDetails"]
    asked: dict[str, Any] = {}
    if chance.random() < 0.5:
        asked["priceRange"] = _bounds(chance, one["price"], other["price"])
    if chance.random() < 0.4:
        asked["yearRange"] = _bounds(chance, *(b.get("year", 2000) for b in (boat, second)))
    if chance.random() < 0.4:
        asked["lengthRange"] = _bounds(chance, *(b.get("length", 30) for b in (boat, second)))
    if chance.random() < 0.3:
        asked["boatType"] = [boat["type"], second["type"]]
    if chance.random() < 0.2 and "manufacturer" in boat:
        asked["manufacturer"] = [boat["manufacturer"]]
    if chance.random() < 0.2 and "fuel" in boat:
        asked["fuel"] = [boat["fuel"]]
    if chance.random() < 0.5:
        asked["location"] = _place(chance, one["location"])
    if chance.random() < 0.6:
        words = other["title"].split()
        asked["query"] = " ".join(
            _typed(chance, word) for word in chance.sample(words, min(2, len(words)))
        )
    orders = ("relevance", "newest", "price", "-price", "length", "-length", "year", "-year")
    asked["sort"] = chance.choice(orders)
    if "coordinates" in asked.get("location", {}) and chance.random() < 0.5:
        asked["sort"] = "distance"
    return asked


def _place(chance: Random, place: dict[str, Any]) -> dict[str, Any]:
    lat, lon = chance.uniform(30, 55), chance.uniform(-15, 25)
    around = {"lat": round(lat, 5), "lon": round(lon, 5)}
    corners = [(-4, -5), (-1, 2), (-3, 6), (5, 4), (1, 0), (3, -6)]
    return chance.choice([
        {"country": place["country"]},
        {"state": place["state"]} if "state" in place else {"country": place["country"]},
        {"coordinates": around, "radius": chance.choice((30, 200, 900))},
        {"box": {"south": lat - 3, "north": lat + 4, "west": lon - 6, "east": lon + 5}},
        {"polygon": [{"lat": lat + y, "lon": lon + x} for y, x in corners]},
    ])  # fmt: skip


def _typed(chance: Random, word: str) -> str:
    """As people type it: sometimes with two letters swapped, or one missing."""
    at = chance.randrange(len(word))
    slip = chance.random()
    if slip < 0.1:
        return word[:at] + word[at + 1 :] or word
    if slip < 0.2:
        return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return word


def _bounds(chance: Random, one: Any, other: Any) -> dict[str, Any]:
    lowest, highest = sorted((one, other))
    return chance.choice(({"min": lowest}, {"max": highest}, {"min": lowest, "max": highest}))
