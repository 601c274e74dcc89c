"""A random fleet: many equal values, missing ones, and hidden boats among the public ones."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from marinemarket.listings.listing import Listing
from tests.builders import NOW, OWNER, uuid_of, wire_listing

DAY = 86_400_000
TYPES = ("sailboat", "catamaran", "center-console", "bowrider", "trawler")
MAKERS = (
    "Beneteau",
    "Bénéteau",
    "Hallberg-Rassy",
    "Grady-White",
    "Øglænd",
    "J Boats",
    "Sea Ray",
    None,
)
MODELS = ("Oceanis 40", "First 36.7", "42", "Freedom 275", None)
FEATURES = ("Bow thruster", "Autopilot", "Solar panels", "Teak deck", "Trailer included")
FUELS = ("diesel", "gasoline", "electric", None)
PLACES: tuple[dict[str, Any], ...] = (
    {"country": "US", "state": "FL", "city": "Stuart"},
    {"country": "US", "state": "WA"},
    {"country": "AU", "state": "WA", "city": "Fremantle"},
    {"country": "DE", "region": "Ostsee", "city": "Kiel"},
    {"country": "FR", "state": "Bretagne"},
)
# Florida, Fiji on both sides of the antimeridian, and Svalbard, where meridians are close together.
SPOTS = ((27.2, -80.2), (-17.0, 179.9), (-17.0, -179.9), (78.2, 15.6), (89.9, -120.0))
WORDS = (
    "fast", "dry", "Küste", "refit", "2019", "ocean", "beneteau", "teak", "oceanis", "bow", "catamaran",
    "sails", "autopilot", "I/O", "CC", "liveaboard",
)  # fmt: skip
CONDITIONS = ("Excellent", "Good", "Fair", "Needs Work", None)
ASKED = (
    *WORDS, "Bénéteau", "36.7", "TEAK", "benetau", "oceanus", "hallberg rasy", "searay", "gradywhite", "ocea",
    "sailing", "center console", "under 50k", "2005 or newer", "32ft", "9 - 13 m", "in Florida", "Germany",
    "draft under 6 ft", "auto pilot", '"fast"', "nosuchword", "sloop", "yacht", "stern drive", "diesel",
    "near Kiel", "in Stuart FL", "within 20 miles of Perth",
    "around the Baltic Sea", "by owner", "from a dealer",
)  # fmt: skip


def fleet(count: int, seed: int = 1) -> list[Listing]:
    """This many listings; about one in ten is not public."""
    chance = Random(seed)
    return [_listing(number, chance) for number in range(count)]


def _listing(number: int, chance: Random) -> Listing:
    maker, model = chance.choice(MAKERS), chance.choice(MODELS)
    length = chance.choice(
        (None, Decimal("32.81"), Decimal(40), Decimal(chance.randrange(1500, 6000)) / 100)
    )
    details = {
        "type": chance.choice(TYPES),
        "manufacturer": maker,
        "model": model,
        "year": chance.choice((None, 1949, 1950, *range(1998, 2012))),
        "length": length,
        "beam": chance.choice((None, Decimal("10.5"), Decimal("12.25"))),
        "draft": chance.choice((None, Decimal("4.5"), Decimal("5.99"), Decimal(6))),
        "airDraft": chance.choice((None, Decimal("55.1"), 63)),
        "hours": chance.choice((None, 0, 250, 251)),
        "cabins": chance.choice((None, 0, 2, 3)),
        "berths": chance.choice((None, 4, 6)),
        "fuel": chance.choice(FUELS),
        "hullMaterial": chance.choice((None, "fiberglass", "steel")),
        "usage": chance.choice((None, "used", "new")),
        "condition": chance.choice(CONDITIONS),
    }  # fmt: skip
    hidden = chance.random() < 0.1
    price = chance.choice((5_000_00, 65_000_00, chance.randrange(100, 900_000_00)))
    place = dict(chance.choice(PLACES))
    if chance.random() < 0.6:
        lat, lon = chance.choice(SPOTS)
        # No boat lies on an edge of a drawn area, or at the pole, where either answer would be right.
        lat = min(89.99 - chance.uniform(0, 0.05), lat + chance.uniform(-1, 1))
        place["coordinates"] = {
            "lat": Decimal(f"{lat:.5f}"),
            "lon": Decimal(f"{(lon + chance.uniform(-1, 1) + 180) % 360 - 180:.5f}"),
        }
    message = wire_listing(
        title=f"Boat {number} {' '.join(chance.sample(WORDS, 2))}",
        description=" ".join(chance.sample(WORDS, 4)),
        price=price,
        location=place,
        features=chance.sample(FEATURES, chance.randrange(4)),
        status=chance.choice(("inactive", "sold")) if hidden else "active",
        createdAt=NOW - chance.randrange(40) * DAY // 3,
    )
    if chance.random() < 0.3:
        was = price + chance.choice((-100, 100_00))
        message["priceHistory"] = [
            {"price": max(0, was), "at": NOW - DAY},
            {"price": price, "at": NOW},
        ]
    if chance.random() < 0.15:
        message["priceOnRequest"] = True
    if chance.random() < 0.2 and not hidden:
        message |= {"underOffer": True, "underOfferAt": NOW}
    if (kind := chance.choice(("private", "broker", None))) is not None:
        message["sellerKind"] = kind
    message |= {"id": uuid_of(f"boat {number}"), "ownerId": OWNER, "boatDetails": details}
    return Listing.parse(message)


def filters(chance: Random) -> dict[str, Any]:
    """A search in wire format, as a visitor might make it."""
    asked: dict[str, Any] = {}
    ranges = {
        "priceRange": (0.3, (5_000_00, 65_000_00, 300_000_00, 0, 900_000_00)),
        "yearRange": (0.3, range(1997, 2013)),
        "lengthRange": (0.3, (0, 32.8, 32.81, 32.82, 40, 39.99, 55)),
        "beamRange": (0.1, (10.5, 10.49, 12.25, 13)),
        "draftRange": (0.1, (4.5, 5.98, 5.99, 6)),
        "airDraftRange": (0.1, (55.1, 55.11, 63, 70)),
        "hoursRange": (0.1, (0, 250, 251, 300)),
        "cabinsRange": (0.1, (0, 1, 2, 3)),
        "berthsRange": (0.1, (4, 5, 6)),
        "daysListedRange": (0.1, (0, 1, 3, 7, 12)),
    }
    for name, (often, values) in ranges.items():
        if chance.random() < often:
            asked[name] = _bounds(chance, values)
    lists = {
        "boatType": (0.3, TYPES),
        "manufacturer": (0.2, ("Beneteau", "Hallberg-Rassy", "Sea Ray")),
        "features": (0.2, FEATURES),
        "condition": (0.2, [c for c in CONDITIONS if c]),
        "fuel": (0.2, [fuel for fuel in FUELS if fuel]),
        "hullMaterial": (0.1, ("fiberglass", "steel")),
        "usage": (0.1, ("used", "new")),
        "sellerKind": (0.15, ("private", "broker")),
    }
    for name, (often, words) in lists.items():
        if chance.random() < often:
            asked[name] = chance.sample(list(words), chance.randrange(1, 3))
    if chance.random() < 0.1:
        asked["priceDropped"] = True
    if chance.random() < 0.1:
        asked["hideUnderOffer"] = True
    if chance.random() < 0.4:
        asked["location"] = _place(chance)
    if chance.random() < 0.5:
        asked["query"] = " ".join(chance.sample(ASKED, chance.randrange(1, 3)))
    asked["sort"] = chance.choice(
        ("relevance", "newest", "price", "-price", "length", "-length", "year", "-year")
    )
    if "coordinates" in asked.get("location", {}) and chance.random() < 0.5:
        asked["sort"] = "distance"
    return asked


def _place(chance: Random) -> dict[str, Any]:
    lat, lon = chance.choice(SPOTS)
    spot = {"lat": round(min(90, lat + chance.uniform(-1, 1)), 5), "lon": lon}
    corners = [(-1.5, -1.2), (-0.3, 0.4), (-1.1, 1.4), (0.9, 1.1), (0.2, 0.1), (0.8, -1.3)]
    return chance.choice((
        {"state": "FL"}, {"state": "WA"}, {"state": "US-WA"}, {"country": "DE"},
        {"country": "AU", "state": "WA"}, {"state": "Bretagne"}, {"coordinates": spot},
        {"near": "Kiel"}, {"near": "Stuart, FL", "radius": 30},
        {"coordinates": spot, "radius": chance.choice((5, 40.5, 100, 7000, 12_500))},
        {"box": {
            "south": max(-90, lat - 0.7), "north": min(90, lat + 0.5),
            "west": _around(lon - 0.6), "east": _around(lon + 0.8),
        }},
        {"polygon": [
            {"lat": round(min(90, lat + y), 5), "lon": _around(lon + x)} for y, x in corners
        ]},
    ))  # fmt: skip


def _around(lon: float) -> float:
    return round((lon + 180) % 360 - 180, 5)


def _bounds(chance: Random, values: Any) -> dict[str, Any]:
    lowest, highest = sorted(chance.sample(list(values), 2))
    return chance.choice(({"min": lowest}, {"max": highest}, {"min": lowest, "max": highest}))
