"""Passwords made of what everybody knows: the market's name, the person's names, their address.

They are found in any dress: with digits behind, in look-alikes, with digits for letters, pulled apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..lookalikes import letters_in, readings
from ..text import words

_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TELLING = 4
"""The length from which a part of a person's name or address may not occur in a word."""
_DISTINCT = 6
"""The length from which it may not occur in the letters run together either, where chance plays along."""
_SHORTEST = 3
_FEWEST_OWN = 6
"""A password needs as many letters besides what is known, unless nothing in it is known."""


def reveals(password: str, *, email: str, market: str, names: Sequence[str]) -> bool:
    """Does the password hold, or mostly consist of, what is known about its owner and the market?"""
    persons = set(_parts_of(*names, email.partition("@")[0])) | {email.casefold()}
    ours = {letters for letters in letters_in(market) if len(letters) >= _TELLING}
    spelled = letters_in(password)
    distinct = {part for part in persons if len(part) >= _DISTINCT} | ours
    if any(part in letters for part in distinct for letters in spelled):
        return True
    telling = {part for part in persons if len(part) >= _TELLING}
    if any(part in reading for part in telling for reading in readings(password)):
        return True
    known = {*persons, *_parts_of(market, email.rpartition("@")[2])}
    return any(_is_made_of(letters, known) for letters in spelled)


def _parts_of(*texts: str) -> Iterator[str]:
    """The words in some texts, in letters alone; with digits too, as in an address; and all as one."""
    for given in texts:
        text = _JOINT.sub(" ", given)
        yield from words(text)
        for word in (*text.split(), *words(text)):
            yield from letters_in(word)
        yield from letters_in(text)


def _is_made_of(letters: str, known: set[str]) -> bool:
    """Is little left of a password without what is known?"""
    left = letters
    for part in sorted(known, key=len, reverse=True):
        if len(part) >= _SHORTEST:
            left = left.replace(part, " ")
    return left != letters and len(left.replace(" ", "")) < _FEWEST_OWN
