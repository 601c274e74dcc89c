"""Chooses a boat's engines: those of its year, or later replacements."""

from __future__ import annotations

from functools import cache
from random import Random

from .boat import Boat
from .catalogue import BoatModel
from .engine_catalogue import ENGINES, EngineModel
from .type_profiles import SAILING

_OUTBOARD_MAKERS = frozenset(
    {"Yamaha", "Mercury", "Honda", "Suzuki", "Evinrude", "Johnson", "Tohatsu", "Torqeedo"}
)
# Makers of today's replacements for old engines.
_NEW_OUTBOARDS = frozenset({"Yamaha", "Mercury", "Honda", "Suzuki"})
_NEW_DIESELS = frozenset({"Yanmar", "Beta Marine"})


def give_engine(boat: Boat, rng: Random) -> None:
    """Give the boat one of the engines it could be ordered with, or a later replacement."""
    count, engine = rng.choice(_fitted(boat.model, boat.year))
    if engine is None:
        return
    boat.engine, boat.engines = engine, count
    if _may_be_repowered(boat, engine) and rng.random() < 0.33:
        # Not in the first years, when nobody would, nor in the year of sale.
        year = rng.randint(max(boat.year + 12, boat.listed.year - 14), boat.listed.year - 1)
        if options := _replacements(engine, year):
            boat.engine, boat.repowered = rng.choice(options), year
    boat.drive = _drive(boat.model, boat.engine)


@cache
def _fitted(model: BoatModel, year: int) -> tuple[tuple[int, EngineModel | None], ...]:
    """The engines that a model could be ordered with in a given year, each with its count."""
    found: list[tuple[int, EngineModel | None]] = []
    for option in model.engines.split("|"):
        if option == "-":
            found.append((0, None))
            continue
        count, _, name = option.partition(" ")
        engine = ENGINES[name]
        if engine.first <= year <= engine.last:
            found.append((int(count), engine))
    return tuple(found)


def _may_be_repowered(boat: Boat, engine: EngineModel) -> bool:
    """Whether the original engine is old enough to be replaced, and of a kind that people replace."""
    if engine.make in _OUTBOARD_MAKERS and boat.model.drive == "ob":
        return boat.age >= 16 and engine.power >= 40
    auxiliary = boat.type in SAILING and boat.type != "catamaran" and boat.engines == 1
    return boat.age >= 26 and auxiliary and engine.power <= 62 and boat.model.drive == "in"


@cache
def _replacements(engine: EngineModel, year: int) -> tuple[EngineModel, ...]:
    """The engines that a yard could have installed as a replacement in a given year."""
    return tuple(
        other
        for other in ENGINES.values()
        if other.first <= year <= other.last and _replaces(other, engine)
    )


def _replaces(other: EngineModel, engine: EngineModel) -> bool:
    """Whether the other is a later engine for the same purpose: of similar power, and common."""
    if engine.make in _OUTBOARD_MAKERS:
        makers = frozenset({engine.make}) & _NEW_OUTBOARDS or _NEW_OUTBOARDS
        alike = other.fuel == "gasoline"
    else:
        makers = _NEW_DIESELS
        alike = other.fuel == "diesel" and other.power < 70
    odd = "two-stroke" in other.model or "Pro XS" in other.model or other.model.startswith("1.8")
    later = other.first > engine.first + 4
    like = 0.8 <= other.power / engine.power <= 1.2
    return other.make in makers and alike and later and like and not odd


def _drive(model: BoatModel, engine: EngineModel) -> str:
    """The model's drive, unless the engine implies its own, as outboards and pods do."""
    if engine.make in _OUTBOARD_MAKERS and model.drive != "jet":
        return "ob"
    if engine.model.startswith("IPS"):
        return "pod"
    return model.drive
