"""Engines in words, taken apart where that is plain: ``2 x Volvo Penta D4-300 (300 hp), diesel, 850 h``."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any

from ....figures.hours import read_hours
from ....figures.power import read_horsepower
from ....figures.writing import IN_FILE
from .vocabulary import engine_makers, value_of

_POWER = re.compile(
    r"(?<![\w.,-])(\d{1,4}(?:[.,]\d)?\s?(?:hp|bhp|h\.p\.|ps|cv|ch|pk|hk|hv|kw|km|ks))\b",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"(?<![\w.,-])(\d{1,3}(?:[.,' ]\d{3})|\d{1,5})\s?"
    r"(?:h|hrs?|hours?|std|stunden|betriebsstunden|heures?|ore|horas|uren|timmar|timer)\b(?!\.?p)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^\s*(?:(?P<digits>[1-6])\s*[x×*]\s*|(?P<word>twin|triple|quad|single|doppel|twee|zwei|dos|deux|due)\b[\s:,-]*)",
    re.IGNORECASE,
)
_COUNTED = {"single": 1, "twin": 2, "doppel": 2, "twee": 2, "zwei": 2, "dos": 2, "deux": 2, "due": 2,
            "triple": 3, "quad": 4}  # fmt: skip
_FUEL_WORD = re.compile(r"[^\W\d_]{4,}")
_NOT_A_MODEL = re.compile(r"^[\s,;:/()-]+|[\s,;:/()-]+$")


def read_engine(text: str) -> dict[str, Any]:
    """What an engine in words says plainly, as the wire has an engine, and ``fuel``; empty if nothing."""
    found: dict[str, Any] = {}
    rest = text
    if counted := _COUNT.match(rest):
        found["count"] = (
            int(counted["digits"]) if counted["digits"] else _COUNTED[counted["word"].lower()]
        )
        rest = rest[counted.end() :]
    powers, run = set(_POWER.findall(rest)), set(_HOURS.findall(rest))
    with suppress(ValueError):
        if len(powers) == 1:
            found["power"] = _tenths(read_horsepower(powers.pop(), written=IN_FILE))
        if len(run) == 1:
            found["hours"] = read_hours(run.pop(), written=IN_FILE)
    fuels = {fuel for word in _FUEL_WORD.findall(rest) if (fuel := value_of("fuel", word))} - {
        "other",
        "none",
    }
    if len(fuels) == 1:
        found["fuel"] = fuels.pop()
    if maker := _maker_in(rest):
        found["make"] = maker[0]
        if model := _model_in(maker[1]):
            found["model"] = model
    return found


def _tenths(power: Decimal) -> Decimal:
    return power.quantize(Decimal("0.1"))


@cache
def _maker_pattern() -> re.Pattern[str]:
    names = sorted(engine_makers(), key=len, reverse=True)
    return re.compile(rf"^\W*({'|'.join(map(re.escape, names))})\b", re.IGNORECASE)


def _maker_in(text: str) -> tuple[str, str] | None:
    """The maker that a text begins with, in the usual spelling, and the rest."""
    found = _maker_pattern().match(text)
    if found is None:
        return None
    usual = next(name for name in engine_makers() if name.casefold() == found[1].casefold())
    return usual, text[found.end() :]


def _model_in(rest: str) -> str | None:
    """The model behind a maker: what stands before the first figure with a unit, or a comma."""
    rest = _POWER.split(_HOURS.split(rest)[0])[0]
    model = _NOT_A_MODEL.sub("", re.split(r"[,;(/]", rest)[0])
    return model if 1 < len(model) <= 40 and any(map(str.isdigit, model)) else None
