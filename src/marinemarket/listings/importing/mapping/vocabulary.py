"""The table `vocabulary.toml`: what brokers call columns and units, and what they write into cells."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from ....text import LATELY_READ, words
from ...offer_words import is_on_request, is_under_offer

# As keyboards without these letters write them.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_ALSO = {"priceOnRequest": is_on_request, "underOffer": is_under_offer}
"""Words that all formats know."""
_SIGN = re.compile(r"[€£$¥₺]")


class ColumnName(NamedTuple):
    """A field that a name of a column stands for, and the language of the name."""

    field: str
    language: str


def key(text: str) -> str:
    """A text as the table is asked for it: folded, without spaces and punctuation.

    >>> key("L.O.A. "), key("N° d'annonce")
    ('loa', 'ndannonce')
    """
    return "".join(words(text))


@cache
def _table() -> dict[str, Any]:
    source = resources.files(__package__) / "vocabulary.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _spellings(word: str) -> set[str]:
    return {key(word), key(word.lower().translate(_SPELT_OUT))}


@cache
def column_names() -> dict[str, tuple[ColumnName, ...]]:
    """What a name of a column may stand for, by its key."""
    found: dict[str, dict[ColumnName, None]] = {}
    for field, languages in _table()["columns"].items():
        for language, names in languages.items():
            for spelling in {one for name in names for one in _spellings(name)}:
                found.setdefault(spelling, {})[ColumnName(field, language)] = None
    return {spelling: tuple(named) for spelling, named in found.items()}


@cache
def _units() -> dict[str, str]:
    table: dict[str, str] = {}
    for unit, names in _table()["units"].items():
        for name in (unit, *names):
            table[_unit_key(name)] = unit
    return table


def _unit_key(text: str) -> str:
    return f"{key(text)}{''.join(_SIGN.findall(text))}"


def unit_named(text: str) -> str | None:
    """The unit or currency that a whole text names: ``ft`` of ``feet``, ``EUR`` of ``€``.

    A dollar or a crown of no country is ``$`` or ``kr``. None if it names none.
    """
    return _units().get(_unit_key(text))


@cache
def before(kind: str) -> frozenset[str]:
    """The words that may stand before the name of a column: of a `boat`, or of her `seller`."""
    return frozenset(key(word) for word in _table()["before"][kind])


@cache
def engine_makers() -> tuple[str, ...]:
    """The makers of engines, in their usual spelling."""
    return tuple(_table()["engines"]["makers"])


@cache
def _values(kind: str) -> dict[str, str]:
    table = _table()["values"][kind]
    return {
        one: value
        for value, names in table.items()
        for name in names
        for one in _spellings(name)
        if one
    }


@lru_cache(LATELY_READ)
def value_of(kind: str, cell: str) -> str | None:
    """What a cell means as one of a kind: ``aluminum`` of ``Alu`` as a hull material; None if nothing.

    Of kinds with one meaning, such as `sold`, the meaning is ``all``.
    """
    if len(cell) > 80:
        return None
    found = _values(kind).get(key(cell))
    if found is None and "(" in cell:
        found = _values(kind).get(key(cell.split("(")[0]))
    return found


def means(kind: str, cell: str) -> bool:
    """Does a cell mean what this kind of words does, such as `priceOnRequest`?"""
    is_one = _ALSO.get(kind)
    return value_of(kind, cell) is not None or (is_one is not None and is_one(cell))


def is_unknown(cell: str) -> bool:
    """Does a cell say that nothing is known?"""
    return not cell or not re.search(r"[^\W_]", cell) or means("unknown", cell)
