"""Statements about an advert in its public wire form, short enough to write judgements with.

None of it uses the market's own code: a mistake in how that reads names or places would otherwise be
shared by the judgements. Texts are compared folded and by whole words, where letters and digits count
as separate words, since sellers write ``50 DS``, ``50DS`` and ``50 ds``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

Wire = dict[str, Any]

DOLLARS_PER_EURO = 1.2271
"""On the last day of 2020, the date used to convert the prices in these files."""

_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


@dataclass(frozen=True)
class Predicate:
    """A condition on an advert; ``&``, ``|`` and ``~`` combine conditions."""

    holds: Callable[[Wire], bool]

    def __and__(self, other: Predicate) -> Predicate:
        return Predicate(lambda advert: self.holds(advert) and other.holds(advert))

    def __or__(self, other: Predicate) -> Predicate:
        return Predicate(lambda advert: self.holds(advert) or other.holds(advert))

    def __invert__(self) -> Predicate:
        return Predicate(lambda advert: not self.holds(advert))


@cache
def words_of(text: str) -> tuple[str, ...]:
    """
    >>> words_of("Sun Odyssey 50DS"), words_of("Côte d'Azur"), words_of("First 40.7")
    (('sun', 'odyssey', '50', 'ds'), ('cote', 'd', 'azur'), ('first', '40.7'))
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple(_WORD.findall(bare))


def _stands_in(phrase: str, text: str) -> bool:
    wanted, found = words_of(phrase), words_of(text)
    return any(
        found[start : start + len(wanted)] == wanted
        for start in range(len(found) - len(wanted) + 1)
    )


def _detail(advert: Wire, name: str) -> Any:
    return advert["boatDetails"].get(name)


# -- Who built it, and what it is ------------------------------------------------------------------


def maker(*names: str) -> Predicate:
    """Built by one of these makers, given by full name."""
    wanted = {words_of(name) for name in names}
    return Predicate(lambda advert: words_of(_detail(advert, "manufacturer") or "") in wanted)


def model(*phrases: str) -> Predicate:
    """The model contains one of the phrases: ``46`` is in ``Cruiser 46``, but not in ``461``."""

    def holds(advert: Wire) -> bool:
        text = _detail(advert, "model") or ""
        return any(_stands_in(phrase, text) for phrase in phrases)

    return Predicate(holds)


def model_is(*names: str) -> Predicate:
    """The model is exactly one of these, not a variant."""
    wanted = {words_of(name) for name in names}
    return Predicate(lambda advert: words_of(_detail(advert, "model") or "") in wanted)


def type_in(*types: str) -> Predicate:
    return Predicate(lambda advert: _detail(advert, "type") in types)


def listed_as(*phrases: str) -> Predicate:
    """The seller's own words for the type contain one of the phrases; often they name several types."""

    def holds(advert: Wire) -> bool:
        text = _detail(advert, "typeAsListed") or ""
        return any(_stands_in(phrase, text) for phrase in phrases)

    return Predicate(holds)


def fuel(*fuels: str) -> Predicate:
    return Predicate(lambda advert: _detail(advert, "fuel") in fuels)


def hull(*materials: str) -> Predicate:
    return Predicate(lambda advert: _detail(advert, "hullMaterial") in materials)


# -- Quantities: an advert without one never matches -----------------------------------------------


def length_between(shortest: float, longest: float) -> Predicate:
    """In feet, both ends inclusive."""
    return Predicate(
        lambda advert: (
            (feet := _detail(advert, "length")) is not None and shortest <= feet <= longest
        )
    )


def metres_between(shortest: float, longest: float) -> Predicate:
    return length_between(shortest / 0.3048, longest / 0.3048)


def year_between(first: int, last: int) -> Predicate:
    return Predicate(
        lambda advert: (year := _detail(advert, "year")) is not None and first <= year <= last
    )


def year_from(first: int) -> Predicate:
    return year_between(first, 9999)


def price_between(lowest: int, highest: int) -> Predicate:
    """In US cents, as the market shows it."""
    return Predicate(lambda advert: lowest <= advert["price"] <= highest)


def price_at_most(highest: int) -> Predicate:
    return price_between(0, highest)


def euros_between(lowest: int, highest: int) -> Predicate:
    """In euro cents: as asked, or else converted from dollars."""

    def holds(advert: Wire) -> bool:
        asked = advert.get("originalPrice", {})
        in_euros = asked.get("currency") == "EUR"
        euros = asked["amount"] if in_euros else advert["price"] / DOLLARS_PER_EURO
        return bool(lowest <= euros <= highest)

    return Predicate(holds)


# -- Places ----------------------------------------------------------------------------------------


def country(*codes: str) -> Predicate:
    return Predicate(lambda advert: advert["location"]["country"] in codes)


def state(code: str) -> Predicate:
    """A state of the USA."""
    return country("US") & Predicate(lambda advert: advert["location"].get("state") == code)


def place(*phrases: str) -> Predicate:
    """The advert's region or town contains one of the phrases."""

    def holds(advert: Wire) -> bool:
        location = advert["location"]
        lines = [location.get("region", ""), location.get("city", "")]
        return any(_stands_in(phrase, text) for phrase in phrases for text in lines)

    return Predicate(holds)


def unplaced() -> Predicate:
    """Names only its country."""
    return Predicate(lambda advert: not advert["location"].keys() & {"state", "region", "city"})
