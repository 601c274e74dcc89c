"""Fills the slots of the wording (in braces): the boat's names, numbers and years, in words."""

from __future__ import annotations

from random import Random

from ..i18n.numbers import whole
from .boat import TOGETHER, Boat
from .engine_catalogue import EngineModel

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DRIVES = {"ob": "outboard", "jet": "jet drive", "pod": "pod drive", "io": "sterndrive"}


def filled(sentences: list[str], boat: Boat, slots: dict[str, str], rng: Random) -> str:
    """The sentences with their slots filled; each `done` work gets its own year."""
    lines = []
    for sentence in sentences:
        if "{done}" in sentence:
            slots["done"] = str(rng.randint(*_worked(boat)))
        lines.append(sentence.format_map(slots))
    return " ".join(lines)


def slots_for(boat: Boat, rng: Random) -> dict[str, str]:
    """The values of the slots, drawn once per advert, so that it is consistent."""
    model, listed = boat.model, boat.listed.year
    bought = _bought(boat, rng)
    cabins, berths, heads = model.rooms or (0, 0, 0)
    slots = {
        "year": str(boat.year), "Year_a": f"A {boat.year}", "name": boat.name,
        "maker": model.maker, "model": model.name, "city": boat.harbour.city,
        "water_name": _water_name(boat.harbour.region), "bought": str(bought), "done": "",
        "lately": _lately(boat, rng), "repowered": str(boat.repowered),
        "stood": str(max(boat.year + 1, listed - 2)),
        "stood_back": str(max(boat.year + 2, min(listed - 2, listed - boat.age // 2))),
        "times": rng.choice(("twice", "three times", "half a dozen times")),
        "hours": f"{whole(boat.hours or 0)}",
        "cabins": _counted(cabins, "cabin"), "heads": _counted(heads, "head"),
        "berths": _NUMBERS[berths] if berths < len(_NUMBERS) else str(berths),
        "cabins_short": f"{cabins}-cabin version" if cabins else "",
    }  # fmt: skip
    slots["Cabins_cap"] = slots["cabins"].capitalize()
    return slots | (_engine_slots(boat, boat.engine) if boat.engine else {})


def _bought(boat: Boat, rng: Random) -> int:
    """The year in which her owner bought her."""
    if boat.original:
        return boat.year
    listed = boat.listed.year
    first = max(boat.year + 1, listed - 14)
    return min(listed, round(rng.triangular(first, max(first, listed - 1), listed - 6)))


def _season(boat: Boat) -> int:
    """The last year whose spring the boat has seen before she was listed."""
    return max(boat.year, boat.listed.year - (boat.listed.month < 5))


def _worked(boat: Boat) -> tuple[int, int]:
    """The first and last year in which larger work would have been done."""
    first, last = max(boat.year + 5, boat.listed.year - 7), _season(boat)
    return (first, last) if first <= last else (last, last)


def _lately(boat: Boat, rng: Random) -> str:
    """When the last of what is done every year was done."""
    season = _season(boat)
    if boat.water == "anz" or season == boat.year:
        return str(season)
    return rng.choice(("", "", "April ", "May ", "spring ")) + str(season)


def _counted(number: int, thing: str) -> str:
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {thing}" if number == 1 else f"{word} {thing}s"


def _water_name(region: str) -> str:
    """A region as written within a sentence, with its article if it needs one."""
    return f"the {region}" if region.endswith(("River", "Canal", "Islands")) else region


def _engine_slots(boat: Boat, engine: EngineModel) -> dict[str, str]:
    bare, noun = f"{engine.make} {engine.model}", _engine_noun(boat.drive, engine.fuel)
    if boat.engines == 1:
        article = "an" if engine.make[0] in "AEIO" else "a"
        phrase = f"{article} {bare} {noun}"
    else:
        phrase = f"{TOGETHER[boat.engines].lower()} {bare} {noun}s"
    alone = phrase if boat.engines > 1 else phrase.partition(" ")[2]
    return {
        "engine": phrase,
        "Engine": alone[0].upper() + alone[1:],
        "engine_low": phrase,
        "engine_bare": bare,
        "short_engine": bare if boat.engines == 1 else f"{TOGETHER[boat.engines].lower()} {bare}s",
    }


def _engine_noun(drive: str, fuel: str) -> str:
    if fuel in ("electric", "hybrid") and drive != "ob":
        return "motor" if fuel == "electric" else "drive"
    return _DRIVES.get(drive, "diesel" if fuel == "diesel" else "inboard")
