"""The header of a column: its words, its unit, its number, and the fields that it may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from ....text import words
from .vocabulary import before, column_names, unit_named

EXACT = 1.0
_BEHIND_A_WORD = 0.93
_PART = 0.5
_ALIKE = 0.7
_OF_THE_SELLER = 0.95
_ALIKE_FROM = 88
"""Of 100: how alike a name with a slip of the pen is."""
_SHORTEST_ALIKE = 5
_LONGEST = 80

_IN_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|_")
_BEFORE_UNIT = frozenset({"in", "en", "i", "im", "em", "w", "u", "per"})
_SIGN = re.compile(r"(?:US|C|A|NZ)?\$|[€£¥₺]")


class Header(NamedTuple):
    """A header taken apart. `number` is that of ``Photo 2``; `unit` that of ``LOA (ft)``."""

    words: tuple[str, ...]
    unit: str | None
    number: int | None
    aside: tuple[str, ...]
    """What stands in brackets and is no unit."""


class Named(NamedTuple):
    """How well a header names a field, from 0 to 1, and in which languages."""

    score: float
    languages: frozenset[str]


def read_header(text: str) -> Header:
    """Take a header apart.

    >>> read_header("LOA (ft)")[:2], read_header("PriceEUR")[:2], read_header("Photo 2").number
    ((('loa',), 'ft'), (('price',), 'EUR'), 2)
    """
    text = text[:200]
    unit, aside = None, []
    for inner in _IN_BRACKETS.findall(text):
        found = _unit_in(inner)
        if found:
            unit = unit or found
        else:
            aside += _words(inner)
    bare = _IN_BRACKETS.sub(" ", text)
    if (sign := _SIGN.search(bare)) and unit is None:
        unit = unit_named(sign[0])
    found_words = _words(_SIGN.sub(" ", bare))
    numbers = [int(word) for word in found_words if word.isdigit() and len(word) < 4]
    found_words = [word for word in found_words if not word.isdigit()]
    if unit is None and "".join(found_words) not in column_names():
        unit, found_words = _with_unit_last(found_words)
    elif unit is None and len(found_words) == 1:
        unit = unit_named(found_words[0])  # a column may be called "PS"
    return Header(tuple(found_words), unit, numbers[0] if numbers else None, tuple(aside))


def _words(text: str) -> list[str]:
    humped = text if text.isupper() else _HUMP.sub(" ", text)
    return words(humped.replace("_", " "))


def _unit_in(text: str) -> str | None:
    if unit := unit_named(text):
        return unit
    inner = [word for word in _words(text) if word not in _BEFORE_UNIT]
    named = [unit for word in inner if (unit := unit_named(word))]
    return named[0] if named and len(inner) <= 3 else unit_named(" ".join(inner))


def _with_unit_last(found: list[str]) -> tuple[str | None, list[str]]:
    for many in (2, 1):
        if len(found) > many and (unit := unit_named(" ".join(found[-many:]))):
            rest = found[:-many]
            if len(rest) > 1 and rest[-1] in _BEFORE_UNIT:
                rest = rest[:-1]
            return unit, rest
    return None, found


def fields_named(header: Header) -> dict[str, Named]:
    """The fields that a header may name, with how well it does."""
    found: dict[str, Named] = {}
    spelling = "".join(header.words)
    if not spelling and header.unit and len(header.unit) in (1, 3):
        return {"price": Named(_BEHIND_A_WORD, frozenset())}  # a column that is called "$"
    if not spelling or len(spelling) > _LONGEST:
        return found
    if header.aside:
        _note(found, "".join((*header.words, *header.aside)), EXACT)
    if not found:
        _note(found, spelling, EXACT)
    if found:
        return found
    if header.words[0] in before("seller"):
        found["leaveOut"] = Named(_OF_THE_SELLER, frozenset())
        return found
    _note(found, _without_words_before(header.words), _BEHIND_A_WORD)
    if not found:
        _note_parts(found, header, spelling)
    return found


def _note_parts(found: dict[str, Named], header: Header, spelling: str) -> None:
    """Fields named by some of the words, or with a slip of the pen."""
    for run in _runs(header.words):
        _note(found, run, _PART + 0.35 * len(run) / len(spelling))
    if not found and len(spelling) >= _SHORTEST_ALIKE:
        for alike, score, _index in process.extract(
            spelling, _long_names(), scorer=fuzz.ratio, score_cutoff=_ALIKE_FROM, limit=3
        ):
            _note(found, alike, _ALIKE * score / 100)


def _note(found: dict[str, Named], spelling: str, score: float) -> None:
    for name in column_names().get(spelling, ()):
        known = found.get(name.field)
        if known is None or known.score < score:
            found[name.field] = Named(score, frozenset({name.language}))
        elif known.score == score:
            found[name.field] = Named(score, known.languages | {name.language})


def _without_words_before(found: tuple[str, ...]) -> str:
    rest = list(found)
    while len(rest) > 1 and rest[0] in before("boat"):
        rest.pop(0)
    return "".join(rest)


def _runs(found: tuple[str, ...]) -> Iterator[str]:
    """The runs of words within a header that are at least three letters long."""
    for length in range(len(found) - 1, 0, -1):
        for begin in range(len(found) - length + 1):
            run = "".join(found[begin : begin + length])
            if len(run) >= 3:
                yield run


@cache
def _long_names() -> tuple[str, ...]:
    return tuple(name for name in column_names() if len(name) >= _SHORTEST_ALIKE)
