"""Search suggestions: makers, models, types and places that complete the words typed.

The last word is taken as the start of a word, or else as a misspelling; every suggestion contains
the words before it, and finds boats together with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import OSA

from ..clock import MINUTE, Clock
from ..listings.cache import ListingCache
from ..listings.listing import Listing
from ..listings.vocabulary.boat_types import BOAT_TYPES, OTHER
from ..listings.vocabulary.countries import country_name, states_of
from ..text import clean_line, fold, words
from .analysis import is_unspaced, tokens_wanted, words_of
from .facets import Count
from .filters import Search, Sort
from .finder import count_boats
from .gazetteer import Spot, find_spot, spots_beginning, spots_like
from .index import IndexQuery, SearchIndex, Vocabulary
from .query_builder import build_query
from .query_parser import MOST_WORDS, parse, tokens_to_look_up

MOST = 8
LONGEST = 100
"""Longer texts are no beginnings of anything: they get no suggestions."""
_PHRASE = 3
"""Makers, types and places are suggested after up to this many words."""
_OF_EACH = 4
_BOATS_READ = 40
"""Models are taken from this many boats, those with the words in their names first."""
_WORDS_TRIED = 24
_LEAST_OF_A_SPOT = 3
_WHERE = frozenset({"in", "near", "around"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search to continue with. `kind` is ``maker``, ``model``, ``type`` or ``place``."""

    kind: str
    label: str
    query: str

    def to_wire(self) -> dict[str, str]:
        return {"kind": self.kind, "label": self.label, "query": self.query}


@dataclass(frozen=True, slots=True)
class _Known:
    """The market's makers and the places of its boats, the most frequent first."""

    makers: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(slots=True)
class Suggester:
    """Suggestions from one index. The market's makers and places are reloaded once a minute."""

    index: SearchIndex
    listings: ListingCache
    clock: Clock
    _known: _Known | None = field(default=None, init=False)
    _asked_at: int = field(default=0, init=False)

    async def suggest(self, text: str) -> list[Suggestion]:
        """At most eight searches that complete a text. Raises Unavailable without an index."""
        try:
            text = clean_line(text)
        except ValueError:
            return []
        if not words(text) or len(text) > LONGEST or len(words(text)) > MOST_WORDS:
            return []
        vocabulary = await self.index.vocabulary(tokens_to_look_up(text))
        typed = _Typed(text.split(), vocabulary, await self._market())
        candidates = [*typed.named(), *await self._models(typed, typed.begun())]
        if not candidates:
            candidates = [*typed.misspelled(), *await self._models(typed, typed.near())]
        return await self._finding(candidates)

    async def _market(self) -> _Known:
        now = self.clock()
        if self._known is None or not 0 <= now - self._asked_at < MINUTE:
            counts = (await self.index.search(IndexQuery(limit=1))).facets
            makers, states, countries = (
                tuple(one.value for one in counts[facet] if isinstance(one, Count))
                for facet in ("maker", "state", "country")
            )
            places = (*map(_state, states), *map(country_name, countries))
            self._known = _Known(makers, tuple(dict.fromkeys(filter(None, places))))
            self._asked_at = now
        return self._known

    async def _models(self, typed: _Typed, likely: list[str]) -> list[Suggestion]:
        """Models with a likely word, from boats that match the words before it."""
        is_figure = typed.last.isdigit() and bool(
            typed.text_before
        )  # numbers are not in the vocabulary
        if typed.asks_where or not (likely or is_figure or typed.is_unspaced):
            return []
        before = parse(typed.text_before, typed.vocabulary)
        question = build_query(Search(query=typed.text_before), before, self.clock())
        group = [] if is_figure else [dict.fromkeys(likely, 0)]
        if typed.is_unspaced:
            group = [{token: 0} for token in tokens_wanted(typed.last)]
        wanted = replace(
            question,
            words=(*question.words, *group),
            order=Sort.RELEVANCE,
            limit=_BOATS_READ,
            facets=False,
        )
        hits = await self.index.search(wanted)
        found = await self.listings.find_many(hits.ids)
        boats = [boat for boat in found if boat is not None and boat.is_offered]

        def is_likely(word: str) -> bool:
            if typed.is_unspaced:
                return typed.last in word
            return word.startswith(typed.last) if is_figure else word in likely

        counts = Counter(name for boat in boats for name in _names(boat, is_likely))
        # Of equally frequent ones the shorter: a range of models comes before the models in it.
        names = sorted(counts, key=lambda name: (-counts[name], len(name), name))[:_OF_EACH]
        return [typed.suggestion("model", name) for name in names]

    async def _finding(self, candidates: list[Suggestion]) -> list[Suggestion]:
        """Those that find boats, without duplicates."""
        kept: dict[str, Suggestion] = {}
        for candidate in candidates[: 2 * MOST]:
            key = fold(candidate.query)
            if key in kept:
                continue
            if await count_boats(self.index, Search(query=candidate.query), self.clock()):
                kept[key] = candidate
            if len(kept) == MOST:
                break
        return list(kept.values())


class _Typed:
    """The words typed so far: those before the last, and the last as the start of a word."""

    def __init__(self, typed: list[str], vocabulary: Vocabulary, known: _Known) -> None:
        self.typed, self.vocabulary, self.known = typed, vocabulary, known
        self.text_before = " ".join(typed[:-1])
        self.last = (words_of(typed[-1]) or [""])[-1]

    @property
    def is_unspaced(self) -> bool:
        """Is the last word a run of letters that may be any part of a name: ``帆船``?"""
        return is_unspaced(self.last)

    @property
    def asks_where(self) -> bool:
        """Does "in" or "near" precede the last word, so that only a place can follow?"""
        return len(self.typed) > 1 and fold(self.typed[-2]) in _WHERE

    def begun(self) -> list[str]:
        """Words of names and titles that begin as the last word does."""
        if len(self.last) < 2 and not self.text_before:
            return []
        return [word for word, _ in self.vocabulary.beginning(self.last, _WORDS_TRIED)]

    def near(self) -> list[str]:
        """Words of names and titles that somebody may have meant who mistyped the last one."""
        most = self._slips
        return [word for word, slips, _ in self.vocabulary.near(self.last, most) if slips][
            :_WORDS_TRIED
        ]

    @property
    def _slips(self) -> int:
        """How many slips the last word may have."""
        if len(self.last) < 4 or not self.last.isalpha():
            return 0
        return 1 if len(self.last) < 7 else 2

    def suggestion(self, kind: str, name: str, count: int = 1) -> Suggestion:
        """A name that replaces the last words, without repeating the words before them."""
        text = set(words(name))
        slips = {word for word in text if len(word) > 3}
        before = [
            word
            for word in self.typed[:-count]
            if not set(words(word)) <= text
            and not any(OSA.distance(fold(word), one, score_cutoff=1) <= 1 for one in slips)
        ]
        query = " ".join([*before, name])
        return Suggestion(kind, query, query)

    def named(self) -> list[Suggestion]:
        """Makers, types and places that start with the last words, as many of them as possible."""
        for count in range(min(_PHRASE, len(self.typed)), 0, -1):
            phrase = " ".join(words(" ".join(self.typed[-count:])))
            if phrase and (found := list(self._named(phrase, count))):
                return found
        return []

    def _named(self, phrase: str, count: int) -> Iterator[Suggestion]:
        first, later = _beginning(phrase, self.known.makers)
        own, also = _types(phrase)
        for kind, names in (("maker", first), ("type", own), ("maker", later), ("type", also)):
            yield from (self.suggestion(kind, name, count) for name in names[:_OF_EACH])
        if len(phrase) > 1:
            first, later = _beginning(phrase, self.known.places)
            yield from self._places([("in", name) for name in (*first, *later)], count)
            yield from self._places([("near", name) for name in _spots(phrase)], count)

    def _places(self, places: list[tuple[str, str]], count: int = 1) -> Iterator[Suggestion]:
        before = self.typed[:-count]
        where = fold(before[-1]) if before else ""
        for preposition, name in places[:_OF_EACH]:
            text = before[:-1] if where in _WHERE else before
            query = " ".join([*text, where if where in _WHERE else preposition, name])
            yield Suggestion("place", query, query)

    def misspelled(self) -> Iterator[Suggestion]:
        """Makers, types and places with a word of which the last one is a misspelling."""
        near = self.near()
        makers = (maker for word in near for maker in self.known.makers if word in words(maker))
        for maker in list(dict.fromkeys(makers))[:_OF_EACH]:
            yield self.suggestion("maker", maker)
        types = (label for word in near for label in _types(word)[0])
        for label in list(dict.fromkeys(types))[:_OF_EACH]:
            yield self.suggestion("type", label)
        if self._slips:
            places = [name for name in self.known.places if self._is_slip_of(fold(name))]
            yield from self._places([("in", name) for name in places])
            spots = map(_spot_name, spots_like(self.last, _OF_EACH))
            yield from self._places([("near", name) for name in spots])

    def _is_slip_of(self, name: str) -> bool:
        return OSA.distance(self.last, name, score_cutoff=self._slips) <= self._slips


def _names(boat: Listing, is_likely: Callable[[str], bool]) -> list[str]:
    """A boat's maker and model up to and including the likely word; None without such a word."""
    details = boat.boat_details
    model = (details.model or "").split()
    for place, part in enumerate(model):
        if any(map(is_likely, (*words_of(part), "".join(words_of(part))))):
            maker = [details.manufacturer] if details.manufacturer else []
            return list(
                dict.fromkeys(
                    [" ".join([*maker, *model[: place + 1]]), " ".join([*maker, *model[:4]])]
                )
            )
    return []


def _beginning(phrase: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names that start with this, then those of which a later word does."""
    first, later = [], []
    for name in names:
        message = " ".join(words(name))
        if message.startswith(phrase):
            first.append(name)
        elif f" {phrase}" in message or (is_unspaced(phrase) and phrase in message):
            later.append(name)
    return first, later


def _types(phrase: str) -> tuple[list[str], list[str]]:
    """Labels of types that start with this, then of those with another name that does."""
    if len(phrase) < 2:
        return [], []
    own, also = [], []
    for boat_type in BOAT_TYPES:
        if boat_type.name == OTHER:
            continue
        if " ".join(words(boat_type.label)).startswith(phrase):
            own.append(boat_type.label)
        elif any(" ".join(words(name)).startswith(phrase) for name in boat_type.also):
            also.append(boat_type.label)
    return own, also


def _spots(phrase: str) -> list[str]:
    """Towns, islands and waters that start with this."""
    if len(phrase) < _LEAST_OF_A_SPOT:
        return []
    return [_spot_name(spot) for spot in spots_beginning(phrase, _OF_EACH)]


def _spot_name(spot: Spot) -> str:
    """A spot's name, with state or country if the name alone means another spot."""
    if find_spot(spot.name) == spot:
        return spot.name
    return f"{spot.name}, {spot.state or country_name(spot.country or '')}".rstrip(", ")


def _state(value: str) -> str:
    """The name of a state, from the form used by facets, such as ``US-FL``."""
    country, _, code = value.partition("-")
    return states_of(country).get(code, code)
