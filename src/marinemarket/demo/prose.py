"""The text of an advert: its title and its description."""

from __future__ import annotations

from random import Random

from .boat import Boat
from .clauses import chosen
from .slots import filled
from .wording import (
    CHARACTER,
    CLOSINGS,
    ENGINE,
    EQUIPMENT,
    INSIDE,
    OPENINGS,
    REASONS,
    TAILS,
    USE,
    WEAR,
    WORK,
)

# Features that take no article although they do not end in s.
_UNCOUNTED = frozenset({
    "Air conditioning", "Hot water", "Shore power", "Joystick control", "In-mast furling", "Radar",
    "Cruise control", "Snap-in carpet", "Camper canvas", "Dinghy and outboard",
})  # fmt: skip


def title(boat: Boat, slots: dict[str, str], rng: Random) -> str:
    """The year and name, and for some boats a selling point."""
    name = f"{boat.year} {boat.name}"
    tails = chosen(TAILS, boat.tags, rng)
    if tails and rng.random() < 0.32:
        name = f"{name} – {tails[0].format_map(slots)}"
    return name


def description(boat: Boat, slots: dict[str, str], rng: Random) -> str:
    """One to three paragraphs: the owner, the engine, the defects, the reason for sale."""
    tags, terse = boat.tags, rng.random() < 0.15
    first = chosen(OPENINGS, tags, rng) or ["{Year_a} {name}, lying in {city}."]
    if not terse:
        first += chosen(USE, tags, rng) if rng.random() < 0.5 else []
    first += chosen(ENGINE, tags, rng)
    second = [] if terse else _middle(boat, slots, rng)
    if boat.condition in ("Fair", "Needs Work") or rng.random() < 0.55:
        second += chosen(WEAR, tags, rng, 1 if boat.condition == "Good" else 2)
    third = chosen(REASONS, tags, rng) if rng.random() < (0.3 if terse else 0.7) else []
    third += chosen(CLOSINGS, tags, rng, rng.choice((1, 1, 2)))
    parts = [filled(part, boat, slots, rng) for part in (first, second, third) if part]
    return (" " if terse or rng.random() < 0.2 else "\n\n").join(parts)


def _middle(boat: Boat, slots: dict[str, str], rng: Random) -> list[str]:
    """The boat's character, the work done on it, and its equipment."""
    tags = boat.tags
    text = chosen(CHARACTER, tags, rng) if rng.random() < 0.6 else []
    text += chosen(INSIDE, tags, rng) if rng.random() < 0.55 else []
    text += chosen(WORK, tags, rng, rng.choice((0, 1, 2, 2, 3)))
    return text + _equipment(boat, slots, rng)


def _equipment(boat: Boat, slots: dict[str, str], rng: Random) -> list[str]:
    """A sentence about some of the features, or none; puts their names into the slots."""
    if len(boat.features) < 2 or rng.random() < 0.35:
        return []
    named = rng.sample(boat.features, min(len(boat.features), rng.randint(2, 4)))
    named = [name for name in named if name != "Trailer included"]
    if len(named) < 2:
        return []
    text = _listed([_spoken(name) for name in named])
    slots["features"], slots["Features_cap"] = text, text[0].upper() + text[1:]
    return chosen(EQUIPMENT, boat.tags, rng)


def _spoken(feature: str) -> str:
    """A feature as written within a sentence, with its article if it needs one."""
    plain = feature in _UNCOUNTED or (feature.endswith("s") and not feature.endswith("ss"))
    article = "" if plain else "an " if feature[0] in "AEIO" else "a "
    kept = feature[:2].isupper() or feature[1:2] == "-" or feature.startswith("Power-Pole")
    return article + (feature if kept else feature[0].lower() + feature[1:])


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
