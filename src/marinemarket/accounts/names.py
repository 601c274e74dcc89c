"""Which names people may go by: visible ones, that pass for neither the market nor its staff.

A name is judged by how it looks (`lookalikes`). Whoever has such a name already keeps it until they
change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from rapidfuzz.distance import OSA

from ..errors import FieldError
from ..i18n.texts import gettext as _
from ..lookalikes import letters_in, skeleton, spelled_words, visible_letters
from ..text import words
from .office_words import FILLING, OFFICES, TELLING

FEWEST_LETTERS = 2
DISTINCT = 8
"""From this length, a market's name is recognised inside another, and with one letter changed."""

_SEPARATE = re.compile(r"[()\[\]{}|:,;/·•]|\s[-–—]\s|@|\s(?:from|at)\s", re.IGNORECASE)
_TWO_NAMES = re.compile(r"[A-Z][a-z]+[ -][A-Z][a-z]+")

_LONGEST = 120
_SHORTEST_PART = 3


def name_errors(name: str, *, market: str, field: str) -> list[FieldError]:
    """Why somebody may not choose this name on a market of that name; empty if they may."""
    if visible_letters(name) < FEWEST_LETTERS:
        return [FieldError(field, _("must show at least two letters"))]
    if looks_like_market(name, market) or looks_like_staff(name):
        return [FieldError(field, _("must not look like a name of the market or of its staff"))]
    return []


def looks_like_market(name: str, market: str) -> bool:
    """Would a reader take this for the market's own name, perhaps with a word such as “team”?"""
    ours = {skeleton(letters) for letters in letters_in(market)} - {""}
    return any(_is_market(spelled, ours) for spelled in _spellings(name))


def looks_like_staff(name: str) -> bool:
    """Would a reader take this for somebody who works for the market, such as “Support”?"""
    if _is_persons(name):
        return False
    runs = set[str]().union(*map(_runs, _spellings(name)))
    if runs & _outlines(OFFICES) or any(map(_is_nearly_office, runs)):
        return True
    parts = [part for part in _SEPARATE.split(name) if part.strip()]
    return any(_is_office(one) for part in {name, *parts} for one in _spellings(part))


# -- The market --------------------------------------------------------------------------------


def _is_market(spelled: tuple[str, ...], ours: set[str]) -> bool:
    whole = skeleton("".join(spelled))
    for own in ours:
        if len(own) < DISTINCT:
            rest = whole.replace(own, "", 1) if own in _runs(spelled) else None
            if rest is not None and (not rest or _is_made_of(rest, _outlines(TELLING | FILLING))):
                return True
        elif own in whole or any(
            OSA.distance(own, run, score_cutoff=1) <= 1 for run in _runs(spelled)
        ):
            return True
    return False


# -- Its staff ---------------------------------------------------------------------------------


def _is_office(spelled: tuple[str, ...]) -> bool:
    """Is nothing in this part of a name anybody's own, and something an office's?"""
    known, filling = _outlines(OFFICES | TELLING | FILLING), _outlines(FILLING)
    is_known = all(word in known or _is_made_of(word, known) for word in spelled)
    return (is_known and not filling.issuperset(spelled)) or _is_made_of(
        skeleton("".join(spelled)), known
    )


def _is_persons(name: str) -> bool:
    """Is it two short names of a person that only together read as an office: Ad Min?"""
    return (
        _TWO_NAMES.fullmatch(name) is not None
        and not set(words(name)) & (TELLING | OFFICES)
        and "".join(words(name)) in OFFICES
        and len(name) < DISTINCT
    )


def _is_nearly_office(word: str) -> bool:
    """A long office with one letter wrong, left out or doubled: “Adminstrator”."""
    return len(word) >= DISTINCT and any(
        OSA.distance(office, word, score_cutoff=1) <= 1
        for office in _outlines(OFFICES)
        if len(office) >= DISTINCT
    )


def _is_made_of(whole: str, known: frozenset[str]) -> bool:
    """Can these letters be divided into known words? Neighbours may share a letter: ``supporteam``."""
    reached = {0}
    for end in range(1, len(whole) + 1):
        starts = {start for at in reached for start in (at, at - 1) if start >= 0}
        if any(whole[start:end] in known for start in starts if end - start >= _SHORTEST_PART):
            reached.add(end)
    return len(whole) in reached and bool(whole)


# -- How it can be read ------------------------------------------------------------------------


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """The words of a name as outlines, in each reading; single letters in a row are one word."""
    for found in spelled_words(name[:_LONGEST]):
        groups = groupby(found, key=lambda word: len(word) == 1)
        parts = (["".join(group)] if is_single else group for is_single, group in groups)
        yield tuple(skeleton(word) for part in parts for word in part)


def _runs(spelled: tuple[str, ...]) -> set[str]:
    """Each word, and each group of neighbouring words written as one."""
    ends = range(1, len(spelled) + 1)
    return {skeleton("".join(spelled[start:end])) for end in ends for start in range(end)}


@cache
def _outlines(known: frozenset[str]) -> frozenset[str]:
    return frozenset(map(skeleton, known))
