"""Chooses which boats are for sale, where they are, how old they are and who sells them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from random import Random

from ..clock import DAY_SECONDS
from .boat import Boat
from .catalogue import BOATS, BoatModel
from .harbours import HARBOURS, SOLD, Harbour
from .type_profiles import TRADES

# How many boats each water has, relative to the others.
_WATERS = {
    "gulf": 4.0, "se": 2.0, "ches": 3.0, "ne": 3.2, "nw": 2.4, "cal": 2.0, "lakes": 3.0, "in": 2.2,
    "river": 0.8, "carib": 1.0, "med": 2.4, "bisc": 1.0, "brit": 1.5, "canal": 0.5, "bene": 1.2,
    "baltic": 1.5, "anz": 1.0,
}  # fmt: skip
# By type, how much more or less often than that it is found on a water.
_FOUND: dict[str, dict[str, float]] = {
    "bowrider": {"in": 4, "lakes": 2, "gulf": 0.7, "carib": 0},
    "catamaran": {"carib": 8, "med": 3, "ches": 0.5, "bisc": 0.8, "lakes": 0, "in": 0},
    "center-console": {"gulf": 2.5, "se": 2, "nw": 0.2, "cal": 0.6, "lakes": 0.3, "in": 0.1},
    "classic": {"ne": 1.0, "lakes": 2, "in": 2, "river": 0},
    "cuddy-cabin": {"in": 0.5},
    "day-sailer": {"in": 0.5, "carib": 0, "gulf": 0.5},
    "deck-boat": {"in": 3, "lakes": 2, "nw": 0.3},
    "dinghy": {"in": 1.5},
    "express-cruiser": {"in": 1.2, "lakes": 1.6},
    "cabin-cruiser": {"in": 0.4},
    "fishing-boat": {"in": 1.5},
    "flybridge": {"in": 0},
    "mega-yacht": {"gulf": 3},
    "motor-yacht": {"in": 0},
    "motorboat": {"in": 0.3, "baltic": 2},
    "motorsailer": {"in": 0},
    "pilothouse": {"in": 0.1, "nw": 3, "gulf": 0.3},
    "pontoon": {"in": 6, "lakes": 1.2, "river": 2},
    "power-catamaran": {"in": 0, "lakes": 0.2, "gulf": 2},
    "runabout": {"in": 2.5, "lakes": 1.5},
    "sailboat": {"in": 0.15, "gulf": 0.6, "carib": 1.5},
    "ski-boat": {"in": 8, "cal": 0.3, "lakes": 0.7, "gulf": 0.3, "ne": 0.1, "se": 0.3, "ches": 0.1},
    "sport-boat": {"in": 1.6, "lakes": 1.3, "nw": 0.2},
    "trawler": {"in": 0, "nw": 4, "ches": 2.2, "gulf": 0.9, "se": 1.5, "lakes": 0.6},
}


def type_at(seed: int, index: int) -> str:
    """The type of the boat with this number in a seed's market."""
    deck = _deck(seed, index // _deck_size())
    return deck[index % len(deck)]


@cache
def _deck_size() -> int:
    return sum(trade.share for trade in TRADES.values())


@cache
def _deck(seed: int, number: int) -> tuple[str, ...]:
    # A shuffled deck instead of independent draws: any few hundred adverts have the right shares.
    cards = [name for name, trade in TRADES.items() for _ in range(trade.share)]
    Random(f"deck {seed}:{number}").shuffle(cards)
    return tuple(cards)


@cache
def _models(kind: str) -> tuple[tuple[BoatModel, ...], list[int]]:
    models = BOATS[kind]
    return models, list(accumulate(model.share for model in models))


@cache
def _places(kind: str, model: BoatModel) -> tuple[tuple[tuple[str, Harbour], ...], list[float]]:
    """The places where a model is for sale, with cumulative weights."""
    sold = {water for word in model.sold.split("+") for water in SOLD.get(word, (word,))}
    weighed = [
        ((water, harbour), weight * harbour.share / sum(h.share for h in HARBOURS[water]))
        for water in HARBOURS
        if water in sold
        for harbour in HARBOURS[water]
        if model.length <= _longest(kind, water, harbour)
        and (weight := _WATERS[water] * _FOUND.get(kind, {}).get(water, 1.0)) > 0
    ]
    return tuple(place for place, _ in weighed), list(accumulate(w for _, w in weighed))


def _longest(kind: str, water: str, harbour: Harbour) -> float:
    """The length in feet up to which boats of a type lie in a harbour."""
    if water == "in":
        return min(harbour.berth, 25 if kind in ("center-console", "sailboat") else 32)
    if kind == "mega-yacht":
        return harbour.berth if harbour.berth >= 130 else 0
    return harbour.berth


def choose(kind: str, rng: Random, this_year: int, now_ms: int) -> Boat:
    """A boat of a given type: its model, year, harbour and seller, and the day of listing."""
    days_ago = min(240, int(rng.expovariate(1 / 62)))
    listed = datetime.fromtimestamp(now_ms // 1000 - days_ago * DAY_SECONDS, UTC)
    # Nobody can yet sell what came out after the given year, nor next year's model in spring.
    seen = min(listed.year, this_year)
    latest = min(this_year + 1, seen + (1 if listed.month >= 8 else 0))
    model = _model(kind, latest, rng)
    places, weights = _places(kind, model)
    water, harbour = rng.choices(places, cum_weights=weights)[0]
    if listed.year != seen:
        listed = listed.replace(year=seen, day=min(listed.day, 28))
    boat = Boat(kind, model, water, harbour, days_ago, listed, _year(kind, model, latest, rng))
    boat.seller = _seller(boat, rng)
    boat.charter = _may_be_chartered(boat) and rng.random() < 0.4
    boat.original = boat.seller == "owner" and boat.age <= 14 and rng.random() < 0.45
    return boat


def _model(kind: str, latest: int, rng: Random) -> BoatModel:
    """A model of a type that was out by the latest year."""
    models, shares = _models(kind)
    while True:
        model = rng.choices(models, cum_weights=shares)[0]
        if model.first <= latest:
            return model


def _may_be_chartered(boat: Boat) -> bool:
    large = boat.type == "catamaran" and boat.model.pounds > 15_500
    return large and 4 <= boat.age <= 14 and boat.water in ("carib", "med")


def _year(kind: str, model: BoatModel, latest: int, rng: Random) -> int:
    span = TRADES[kind].span
    years = range(model.first, min(model.last, latest) + 1)
    weights = [
        0.35 if latest - year <= 1 else math.exp(-(latest - year) / span) + 0.08 for year in years
    ]
    return rng.choices(years, weights)[0]


def _seller(boat: Boat, rng: Random) -> str:
    if boat.age <= 0 or (boat.age == 1 and rng.random() < 0.15):
        return "dealer" if boat.model.last >= boat.year and rng.random() < 0.85 else "owner"
    if boat.type == "mega-yacht":
        return "broker"
    dear = boat.model.length > 36 or boat.model.price > 400
    return "broker" if rng.random() < (0.75 if dear else 0.22) else "owner"
