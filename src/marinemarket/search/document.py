"""The index document of a listing: tokens, terms, numbers, location, and a rank for each order.

Everything is computed here, independently of the engine, so that all engines give the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b

from ..clock import DAY
from ..listings.boat_details import HullMaterial
from ..listings.listing import Listing
from ..listings.vocabulary.countries import STATES_REQUIRED_IN, country_name, states_of
from ..text import fold
from .analysis import name_tokens, tokens_of
from .filters import Sort
from .gazetteer import Spot, spot_of, spot_of_code, token_of
from .geography import UNIT, Point
from .synonyms import type_concept

TERMS = (
    "type",
    "maker",
    "state",
    "country",
    "condition",
    "fuel",
    "hull",
    "usage",
    "seller",
    "offer",
)
"""Fields of which a boat has at most one value."""

OPEN, UNDER = "open", "under"
"""The values of `offer`: whether a boat is under offer."""

FIGURES = (
    "price", "year", "length", "beam", "draft", "air_draft", "hours", "cabins", "berths",
    "power", "total_power",
)  # fmt: skip
"""Integers from 0 to 2**31 - 1, or none: cents, years, hundredths of feet, hours, tenths of horsepower.

`power` is that of the strongest engine, `total_power` that of all."""

IN_NAME, IN_TITLE, IN_TEXT = 0, 1, 3
"""The cost of a token by the best place where it occurs: the name, the title, or anywhere."""

ORDERED_BY = {
    Sort.PRICE: "price",
    Sort.PRICE_DOWN: "price",
    Sort.LENGTH: "length",
    Sort.LENGTH_DOWN: "length",
    Sort.YEAR: "year",
    Sort.YEAR_DOWN: "year",
}
ORDERS = (Sort.RELEVANCE, Sort.NEWEST, *ORDERED_BY)
"""Orders for which each boat has a rank. Distance depends on the searcher."""

TIME_BITS, FIGURE_BITS = 42, 30
_COMPLETENESS_DAYS = 90
"""A complete advert ranks like one that says nothing and is so much younger."""


@dataclass(frozen=True, slots=True)
class Document:
    """One offered listing, as the index stores it.

    `tokens` maps each token to its cost. `lat` and `lon` are in 1e-5 degrees. `features` are as
    written; `places` and the features' filter values are folded. `is_shown` is false while the
    owner may not sell: the document stays in the index, but is not found. `version` is the listing's.
    """

    id: str
    owner: str
    is_shown: bool
    version: int
    tokens: dict[str, int]
    terms: dict[str, str | None]
    figures: dict[str, int | None]
    features: tuple[str, ...]
    places: frozenset[str]
    dropped: bool
    listed_at: int
    lat: int | None
    lon: int | None
    about: Point | None
    """The approximate location: the coordinates, or the middle of the place named in the advert."""
    merit: int
    """The time of listing, moved later for a more complete advert: the order of equal matches."""

    @property
    def all_tokens(self) -> dict[str, int]:
        """Tokens, with a prefix for features (``+``) and states (``@``)."""
        return (
            self.tokens
            | {f"+{fold(feature)}": 0 for feature in self.features}
            | {f"@{place}": 0 for place in self.places}
        )

    @property
    def ranks(self) -> dict[Sort, int]:
        """A 64-bit number for each order; ascending ranks give the order.

        The value is in the high bits and a hash of the id in the low ones, so that ties have an order.
        """
        tie = hash_of(self.id)
        times = {Sort.RELEVANCE: self.merit, Sort.NEWEST: self.listed_at}
        return {order: _rank(time, TIME_BITS, tie, down=True) for order, time in times.items()} | {
            order: _rank(self.figures[of], FIGURE_BITS, tie, down=order.value.startswith("-"))
            for order, of in ORDERED_BY.items()
        }


def document_of(listing: Listing, *, is_shown: bool = True) -> Document:
    """The document of a listing that is offered."""
    boat, spot = listing.boat_details, listing.location.coordinates
    strong = [engine for engine in boat.engines if engine.power is not None]
    powers = [int((engine.power or 0) * 10) for engine in strong]
    figures = {
        "price": listing.price,
        "year": boat.year,
        "length": _hundredths(boat.length),
        "beam": _hundredths(boat.beam),
        "draft": _hundredths(boat.draft),
        "air_draft": _hundredths(boat.air_draft),
        "hours": boat.hours,
        "cabins": boat.cabins,
        "berths": boat.berths,
        "power": max(powers, default=None),
        "total_power": sum(each * engine.count for each, engine in zip(powers, strong, strict=True))
        or None,
    }
    return Document(
        id=listing.id,
        owner=listing.owner_id,
        is_shown=is_shown,
        version=listing.updated_at,
        tokens=_tokens(listing),
        terms=_terms(listing),
        figures=figures,
        features=tuple({fold(feature): feature for feature in listing.features}.values()),
        places=_places(listing),
        dropped=listing.price_drop is not None,
        listed_at=listing.created_at,
        lat=None if spot is None else int(spot.lat * UNIT),
        lon=None if spot is None else int(spot.lon * UNIT),
        about=approximate_location(listing),
        merit=listing.created_at + int(completeness_of(listing) * _COMPLETENESS_DAYS * DAY),
    )


def approximate_location(listing: Listing) -> Point | None:
    """The point from which a boat's distance is measured; None if its place is not on the map."""
    place = listing.location
    if (exact := place.coordinates) is not None:
        return int(exact.lat * UNIT), int(exact.lon * UNIT)
    spot = _spot(listing)
    return None if spot is None else (round(spot.lat * UNIT), round(spot.lon * UNIT))


def _spot(listing: Listing) -> Spot | None:
    """The place named in the advert; where its town is not known, that of its postal code."""
    place = listing.location
    return spot_of(place.country, place.state, place.region, place.city) or (
        spot_of_code(place.country, place.zip_code) if place.zip_code else None
    )


def _tokens(listing: Listing) -> dict[str, int]:
    """Every token of an advert, at its lowest cost."""
    boat, place = listing.boat_details, listing.location
    name = f"{boat.manufacturer or ''} {boat.model or ''}"
    named = name_tokens(name) | name_tokens(boat.manufacturer_as_listed or "")
    titled = tokens_of(f"{listing.title} {boat.year or ''} {boat.type_label}")
    titled |= tokens_of(boat.type_as_listed or "") | {type_concept(boat.type)}
    if boat.hull_material in (HullMaterial.HYPALON, HullMaterial.PVC):
        titled.add(type_concept("inflatable"))  # whatever type the portal gave
    words = [boat.fuel, boat.hull_material, boat.condition, boat.usage, boat.engine]
    where = [place.city, place.region, place.state, country_name(place.country), *_places(listing)]
    # Joined by line breaks, which separate words, so that no phrase spans two fields.
    rest = (listing.description, *listing.features, *words, *where)
    found = dict.fromkeys(_all_tokens(rest), IN_TEXT)
    found |= dict.fromkeys(titled, IN_TITLE)
    if (spot := _spot(listing)) is not None:
        # Before those whose texts only have the word: Split is also a kind of seat.
        found[token_of(spot)] = IN_TITLE
    found |= dict.fromkeys(named, IN_NAME)
    return found


def _all_tokens(texts: Iterable[str | None]) -> set[str]:
    return set().union(*(tokens_of(text) for text in texts if text))


def _terms(listing: Listing) -> dict[str, str | None]:
    boat, place = listing.boat_details, listing.location
    return {
        "type": boat.type,
        "maker": boat.manufacturer,
        "state": f"{place.country}-{place.state}" if place.state else None,
        "country": place.country,
        "condition": boat.condition,
        "fuel": boat.fuel,
        "hull": boat.hull_material,
        "usage": boat.usage,
        "seller": listing.seller_kind,
        "offer": UNDER if listing.under_offer else OPEN,
    }


def _places(listing: Listing) -> frozenset[str]:
    """The terms by which a state finds the boat: ``fl``, ``us-fl``, ``florida``."""
    state, country = listing.location.state, listing.location.country
    if state is None:
        return frozenset()
    names = {state, f"{country}-{state}"}
    if country in STATES_REQUIRED_IN:
        names.add(states_of(country)[state])
    return frozenset(map(fold, names))


def completeness_of(listing: Listing) -> float:
    """The share of buyers' usual questions that an advert answers, from 0 to 1."""
    boat = listing.boat_details
    text = (
        listing.images, listing.description, boat.year, boat.length, boat.manufacturer, boat.model,
        boat.fuel or boat.engine or boat.engines, boat.condition or boat.usage, listing.location.city,
        listing.features, boat.beam, boat.hull_material,
    )  # fmt: skip
    return sum(map(bool, text)) / len(text)


def hash_of(text: str) -> int:
    """A 64-bit hash of a text: it orders ties, and finds ids and owners."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def _rank(figure: int | None, bits: int, tie: int, *, down: bool) -> int:
    largest = (1 << bits) - 1
    absent_last = largest if figure is None else figure
    place = largest - 1 - figure if down and figure is not None else absent_last
    return place << (64 - bits) | tie >> bits


def _hundredths(feet: Decimal | None) -> int | None:
    return None if feet is None else int(feet * 100)
