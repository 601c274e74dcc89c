"""A boat's use: engine hours, condition, and whether a trailer is included."""

from __future__ import annotations

from random import Random

from .boat import Boat
from .catalogue import BoatModel
from .engine_catalogue import EngineModel
from .harbours import FRESH
from .type_profiles import SAILING, TRADES

_CONDITIONS = ("Excellent", "Good", "Fair", "Needs Work")
# Upper age limit in years, and how many per hundred are then in each condition.
_CONDITION_ODDS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (3, (72, 28, 0, 0)),
    (8, (38, 57, 5, 0)),
    (15, (18, 67, 14, 1)),
    (30, (8, 56, 28, 8)),
    (999, (6, 46, 34, 14)),
)
_CLASSIC_ODDS = (32, 46, 14, 8)


def give_hours(boat: Boat, rng: Random) -> None:
    """Set the hours that the boat's engine has run, unless they are unknown."""
    engine = boat.engine
    if engine is None or engine.fuel == "electric":
        return
    first = boat.age > 30 and not boat.repowered
    if not (first and rng.random() < 0.45):
        boat.hours = _hours(boat, engine, rng)


def _hours(boat: Boat, engine: EngineModel, rng: Random) -> int:
    if boat.is_new:
        return rng.choice((0, 0, 0, 1, 2, 4, 6))
    since = boat.repowered or boat.year
    years = max(0.3, boat.listed.year - since + rng.uniform(-0.4, 0.5))
    rate = TRADES[boat.type].hours * (2.0 if boat.charter else 1.0)
    if boat.harbour.country == "US" and boat.water in ("in", "lakes", "ne"):
        rate *= 0.8
    # Use declines over the years: the second owner goes out less than the first.
    used = rate * years**0.92 * rng.lognormvariate(0, 0.38)
    return max(3, int(min(used, _worn_out(engine) * rng.uniform(0.8, 1.0))))


def _worn_out(engine: EngineModel) -> int:
    """The hours after which an engine is no longer sold but replaced."""
    if engine.fuel == "gasoline":
        return 1850
    return 6500 if engine.power < 150 else 9500


def give_condition(boat: Boat, rng: Random) -> None:
    """Give the boat one of the market's conditions, depending on its age."""
    if boat.is_new:
        boat.condition = "Excellent"
        return
    odds: tuple[int, ...] = _CLASSIC_ODDS
    if boat.type != "classic":
        odds = next(odds for limit, odds in _CONDITION_ODDS if boat.age <= limit)
    if boat.model.length > 70:
        # Large boats are repaired before they are sold.
        odds = (odds[0] + odds[3], odds[1], odds[2], 0)
    boat.condition = rng.choices(_CONDITIONS, odds)[0]
    if boat.repowered and boat.condition == "Needs Work":
        boat.condition = "Fair"


def give_trailer(boat: Boat, rng: Random) -> None:
    """Put some of the used boats that a car can tow on trailers."""
    if not boat.is_new and _tows(boat.type, boat.model):
        inland = boat.water in FRESH or boat.type in ("ski-boat", "fishing-boat")
        boat.trailer = rng.random() < (0.7 if inland else 0.42)


def _tows(kind: str, model: BoatModel) -> bool:
    """Whether a car can tow it. Trimarans that are light enough fold."""
    slim = model.beam <= 8.6 or kind == "trimaran"
    light = 12.5 < model.length <= 29 and model.pounds < 6200
    shoal = model.draft < 3 or (kind in SAILING and model.pounds < 3300)
    return slim and light and shoal and kind not in ("launch", "houseboat")
