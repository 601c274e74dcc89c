"""A fleet made up by chance: many equal figures, missing ones, and hidden boats among the shown."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from marinemarket.listings.listing import Listing
from tests.making import NOW, OWNER, uuid_of, wire_listing

TYPES = ("sailboat", "catamaran", "center-console", "bowrider", "trawler")
MAKERS = ("Beneteau", "Bénéteau", "Hallberg-Rassy", "Grady-White", "Øglænd", "J Boats", None)
MODELS = ("Oceanis 40", "First 36.7", "42", "Freedom 275", None)
FEATURES = ("Bow thruster", "Autopilot", "Solar panels", "Teak deck", "Trailer included")
PLACES = (
    {"country": "US", "state": "FL", "city": "Stuart"},
    {"country": "US", "state": "WA"},
    {"country": "AU", "state": "WA", "city": "Fremantle"},
    {"country": "DE", "region": "Ostsee", "city": "Kiel"},
    {"country": "FR", "state": "Bretagne"},
)
WORDS = ("fast", "dry", "Küste", "refit", "2019", "ocean", "beneteau", "teak", "oceanis", "bow")
CONDITIONS = ("Excellent", "Good", "Fair", "Needs Work", None)


def fleet(count: int, seed: int = 1) -> list[Listing]:
    """So many listings; about one in ten is not public."""
    chance = Random(seed)
    return [_listing(number, chance) for number in range(count)]


def _listing(number: int, chance: Random) -> Listing:
    maker, model = chance.choice(MAKERS), chance.choice(MODELS)
    details = {
        "type": chance.choice(TYPES),
        "manufacturer": maker,
        "model": model,
        "year": chance.choice((None, *range(1998, 2012))),
        "length": chance.choice((None, Decimal("32.81"), 40, Decimal(chance.randrange(1500, 6000)) / 100)),
        "condition": chance.choice(CONDITIONS),
    }  # fmt: skip
    hidden = chance.random() < 0.1
    said = wire_listing(
        title=f"Boat {number} {' '.join(chance.sample(WORDS, 2))}",
        description=" ".join(chance.sample(WORDS, 4)),
        price=chance.choice((5_000_00, 65_000_00, chance.randrange(100, 900_000_00))),
        location=chance.choice(PLACES),
        features=chance.sample(FEATURES, chance.randrange(4)),
        status=chance.choice(("inactive", "sold")) if hidden else "active",
        createdAt=NOW - chance.randrange(40) * 3_600_000,
    )
    said |= {"id": uuid_of(f"boat {number}"), "ownerId": OWNER, "boatDetails": details}
    return Listing.parse(said)


def filters(chance: Random) -> dict[str, Any]:
    """A search as a visitor might ask it, on the wire."""
    asked: dict[str, Any] = {}
    if chance.random() < 0.5:
        asked["priceRange"] = _bounds(chance, (5_000_00, 65_000_00, 300_000_00, 0, 900_000_00))
    if chance.random() < 0.4:
        asked["yearRange"] = _bounds(chance, range(1997, 2013))
    if chance.random() < 0.4:
        asked["lengthRange"] = _bounds(chance, (0, 32.8, 32.81, 32.82, 40, 39.99, 55))
    if chance.random() < 0.4:
        asked["boatType"] = chance.sample(TYPES, chance.randrange(1, 4))
    if chance.random() < 0.3:
        asked["features"] = chance.sample(FEATURES, chance.randrange(1, 3))
    if chance.random() < 0.2:
        asked["condition"] = chance.sample([c for c in CONDITIONS if c], 2)
    if chance.random() < 0.3:
        asked["location"] = chance.choice(
            ({"state": "FL"}, {"state": "WA"}, {"state": "US-WA"}, {"country": "DE"},
             {"country": "AU", "state": "WA"}, {"state": "Bretagne"})
        )  # fmt: skip
    if chance.random() < 0.4:
        asked["query"] = " ".join(
            chance.sample((*WORDS, "Bénéteau", "36.7", "TEAK"), chance.randrange(1, 3))
        )
    if chance.random() < 0.8:
        asked["sort"] = chance.choice(
            ("relevance", "newest", "price", "-price", "length", "-length", "year", "-year")
        )
    return asked


def _bounds(chance: Random, values: Any) -> dict[str, Any]:
    lowest, highest = sorted(chance.sample(list(values), 2))
    return chance.choice(({"min": lowest}, {"max": highest}, {"min": lowest, "max": highest}))
