"""A boat's advert, in the wire format of listings."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from .boat import TOGETHER, Boat
from .harbours import Harbour
from .prose import description, title
from .slots import slots_for


def advert(boat: Boat, rng: Random) -> dict[str, Any]:
    """The boat as the API accepts a listing, except that times are given in days.

    `daysAgo` replaces the times of the listing and of each step in `priceHistory`.
    """
    slots = slots_for(boat, rng)
    wire: dict[str, Any] = {
        "title": title(boat, slots, rng),
        "description": description(boat, slots, rng),
        "price": boat.price,
        "location": _location(boat.harbour, rng),
        "boatDetails": _details(boat),
        "features": boat.features,
        "daysAgo": boat.days_ago,
    }
    if boat.history:
        wire["priceHistory"] = boat.history
    return wire


def _location(harbour: Harbour, rng: Random) -> dict[str, Any]:
    # A few hundred metres off, so that boats in one harbour do not cover each other on a map.
    lat = Decimal(f"{harbour.lat + rng.uniform(-0.004, 0.004):.5f}")
    lon = Decimal(f"{harbour.lon + rng.uniform(-0.004, 0.004):.5f}")
    location: dict[str, Any] = {"city": harbour.city, "country": harbour.country}
    if harbour.state:
        location["state"] = harbour.state
    location["region"] = harbour.region
    if harbour.zip_code:
        location["zipCode"] = harbour.zip_code
    return location | {"coordinates": {"lat": lat, "lon": lon}}


def _details(boat: Boat) -> dict[str, Any]:
    model, engine = boat.model, boat.engine
    details: dict[str, Any] = {
        "type": boat.type, "manufacturer": model.maker, "model": model.name, "year": boat.year,
        "length": _feet(model.length), "beam": _feet(model.beam), "draft": _feet(model.draft),
        "displacement": model.pounds, "hullMaterial": model.hull, "condition": boat.condition,
        "fuel": engine.fuel if engine else "none",
    }  # fmt: skip
    if model.air_draft:
        details["airDraft"] = _feet(model.air_draft)
    if engine:
        named = f"{TOGETHER[boat.engines]} {engine.make} {engine.model}"
        details["engine"] = named.strip()
        unit = {"make": engine.make, "power": engine.power, "count": boat.engines}
        details["engines"] = [unit if boat.hours is None else unit | {"hours": boat.hours}]
        if boat.hours is not None:
            details["hours"] = boat.hours
    if model.rooms:
        details |= dict(zip(("cabins", "berths", "heads"), model.rooms, strict=True))
    return details


def _feet(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))
