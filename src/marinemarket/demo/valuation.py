"""A boat's value, its asking price, and its earlier prices."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from .boat import Boat
from .type_profiles import TRADES

_DEAREST = 999_000_000
"""Cents. The market's own limit is ten million dollars."""

_CONDITION_WORTH = {"Excellent": 1.1, "Good": 1.0, "Fair": 0.8, "Needs Work": 0.52}
# The price of a boat in some waters, relative to the others.
_LOCAL_WORTH = {"carib": 0.97, "med": 1.0, "baltic": 1.03, "anz": 1.1, "in": 1.02, "lakes": 1.03}


def give_price(boat: Boat, rng: Random) -> None:
    """Ask roughly the boat's value; for some, add earlier prices."""
    boat.price = _asked(_worth(boat) * math.exp(rng.gauss(0, 0.055)), rng)
    odds = rng.random()
    if boat.days_ago >= 21 and odds <= 0.265 and not boat.is_new:
        boat.history = _history(boat, odds < 0.25, rng)


def _history(boat: Boat, falling: bool, rng: Random) -> list[dict[str, int]]:
    """The prices from the first day until today; empty if rounding hides every change."""
    changes = rng.choice((1, 1, 1, 2, 2, 3)) if boat.days_ago > 75 else 1
    # Backwards, so that today's price matches the boat's value.
    prices = [boat.price]
    for _ in range(changes):
        change = rng.uniform(0.025, 0.085) if falling else -0.03
        prices.append(_asked(prices[-1] / 100 * (1 + change), rng))
    changed = sorted(rng.sample(range(2, boat.days_ago - 10), changes), reverse=True)
    if any(a == b for a, b in pairwise(prices)) or (falling and prices != sorted(prices)):
        return []
    steps = zip(reversed(prices), [boat.days_ago, *changed], strict=True)
    return [{"price": price, "daysAgo": day} for price, day in steps]


def _worth(boat: Boat) -> float:
    """Dollars. The new price less depreciation, by condition, use and place."""
    trade, age = TRADES[boat.type], boat.age
    worth = boat.model.price * 1000
    if not boat.is_new:
        left = 1 - trade.loss - trade.floor
        worth *= trade.floor + left * math.exp(-trade.rate * max(0, age))
        worth *= _CONDITION_WORTH[boat.condition]
        if boat.hours is not None:
            usual = max(10.0, trade.hours * max(0.5, age) ** 0.92)
            worth *= min(1.08, max(0.88, (usual / max(5, boat.hours)) ** 0.07))
    if boat.repowered and boat.engine:
        recent = max(0.0, 1 - (boat.listed.year - boat.repowered) / 15)
        worth += recent * boat.engines * boat.engine.power * (55 if boat.drive == "ob" else 90)
    worth *= _LOCAL_WORTH.get(boat.water, 1.0) * (0.93 if boat.charter else 1.0)
    if boat.trailer and boat.model.drive:
        worth += 30 * boat.model.length
    return max(250.0, worth)


def _asked(dollars: float, rng: Random) -> int:
    """Cents, rounded as sellers do: 24,900 rather than 24,873."""
    if dollars < 2_000:
        return _rounded(dollars, 50)
    if dollars < 10_000:
        return _rounded(dollars, 100) - rng.choice((0, 0, 500, 0))
    if dollars < 100_000:
        return _rounded(dollars, rng.choice((500, 1000))) - rng.choice((0, 0, 10_000, 10_000, 500))
    if dollars < 1_000_000:
        return _rounded(dollars, rng.choice((1000, 5000))) - rng.choice((0, 0, 10_000, 100_000))
    return min(_DEAREST, _rounded(dollars, rng.choice((10_000, 25_000, 50_000))))


def _rounded(dollars: float, step: int) -> int:
    return max(step, round(dollars / step) * step) * 100
