"""Finding the saved searches that a boat may match without checking each: an inverted index.

A search is indexed under what a boat must have to match it: its most selective condition, or two or
three together where one alone matches many boats. A condition with several values is indexed under
each. A boat is then looked up under everything it has, and the searches found are checked exactly.
A search without conditions is indexed under an empty key, which is always looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from ..search.analysis import tokens_wanted
from ..search.document import TERMS, Document
from ..search.filters import Search, WholeRange
from ..search.geography import UNIT, Bounds
from ..search.index import IndexQuery, Span, Vocabulary
from ..search.matching import matches
from ..search.parsed_query import ParsedQuery
from ..search.query_builder import build_query, listed_within
from ..text import fold
from .saved_search import SavedSearch

MOST_PLACES = 96
"""The most keys under which one search is indexed."""
_MOST_TOGETHER = 3
_CHOOSY = 0.005
"""One boat in two hundred: a search this selective needs no further condition."""

_FEW = 100
"""In a market with fewer boats, word frequencies say little about future boats."""

_EDGES = {
    "price": [
        thousand * 100_000
        for thousand in (5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000)
    ],
    "length": [feet * 100 for feet in (16, 18, 20, 22, 24, 26, 28, 30, 33, 36, 40, 45, 50, 60, 80)],
    "year": [1970, 1980, 1985, 1990, 1995, 2000, 2003, 2006, 2009, 2012, 2015, 2018, 2021, 2024],
}
"""The boundaries of the cells into which figures are divided; below the first is one more cell."""
_CELL_DEGREES = 4
_MANY = {"place": 1, "feature": 2, "word": 3}
"""Fields of which a boat has several values, those with the most last."""

# Rough shares of boats for values that are not counted; they affect only selectivity.
_USUAL = {
    "type": 0.1, "maker": 0.01, "state": 0.05, "country": 0.3, "condition": 0.3, "fuel": 0.4, "hull": 0.3,
    "usage": 0.6, "seller": 0.5, "offer": 0.9,
}  # fmt: skip
_CELL_SHARE = 0.08
_AREA_SHARE = 0.03

Key = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class SearchCondition:
    """A boat must have one of `values` in a field; about this share of boats does."""

    field: str
    values: tuple[str | int, ...]
    share: float


@dataclass(frozen=True, slots=True)
class FiledSearch:
    """A saved search as parsed when it was indexed, and its keys."""

    id: str
    version: str
    """When the search was last changed by its user (ISO 8601)."""
    wanted: IndexQuery
    days_listed: WholeRange
    keys: tuple[Key, ...]

    def wanted_at(self, now: int) -> IndexQuery:
        """What it asks of a boat at `now` (Unix milliseconds): days on the market pass."""
        if self.days_listed == WholeRange():
            return self.wanted
        spans = self.wanted.spans | {"listed_at": listed_within(self.days_listed, now)}
        return replace(self.wanted, spans=spans)

    def fits(self, document: Document, now: int) -> bool:
        """Does the search match this boat at `now` (Unix milliseconds)?"""
        return matches(self.wanted_at(now), document)


def conditions_of(
    search: SavedSearch, query: ParsedQuery, vocabulary: Vocabulary, boats: int, now: int
) -> FiledSearch:
    """The conditions of a search; `query` is its text, parsed with an index of this many boats.

    A search of current adverts drops words that occur in none of them. But somebody who waits for a
    boat waits for that word: here it stays, and a boat must have it.
    """
    wanted = build_query(Search(**dict(search.filters)), query, now)
    unknown = [
        {token: 0}
        for part in query.parts
        if part.kind == "unknown"
        for token in tokens_wanted(part.label)
    ]
    wanted = replace(wanted, words=(*wanted.words, *unknown))
    conditions = sorted(_conditions(wanted, vocabulary, max(_FEW, boats)), key=_choosiest)
    keys = tuple(_keys(conditions))
    return FiledSearch(search.id, search.updated_at, wanted, search.filters.days_listed_range, keys)


def _choosiest(condition: SearchCondition) -> tuple[float, int]:
    return condition.share, len(condition.values)


def _keys(conditions: Sequence[SearchCondition]) -> Iterator[Key]:
    """All keys of a search: each combination of values of the chosen conditions."""
    chosen: list[SearchCondition] = []
    share, places = 1.0, 1
    for condition in conditions:
        if len(chosen) == _MOST_TOGETHER or share <= _CHOOSY:
            break
        # A boat has many words: pairs of them would be too many keys to look up.
        is_second = any(other.field == condition.field for other in chosen)
        if (
            is_second
            or places * len(condition.values) > MOST_PLACES
            or (condition.share >= 1.0 and len(condition.values) > 1)
        ):
            continue
        chosen.append(condition)
        share, places = share * condition.share, places * len(condition.values)
    # Fields with few values come first, so that few lookups remain for those with many.
    chosen.sort(key=lambda condition: (_MANY.get(condition.field, 0), condition.field))
    fields = [condition.field for condition in chosen]
    for values in product(*(condition.values for condition in chosen)):
        yield tuple(zip(fields, values, strict=True))


def _conditions(
    wanted: IndexQuery, vocabulary: Vocabulary, boats: int
) -> Iterator[SearchCondition]:
    def share(tokens: Iterable[str]) -> float:
        return min(1.0, max(1, sum(map(vocabulary.frequency, tokens))) / boats)

    for group in wanted.words:
        yield SearchCondition("word", tuple(group), share(group))
    for place in wanted.places:
        yield SearchCondition("place", (place,), share([f"@{place}"]))
    for feature in wanted.features:
        yield SearchCondition("feature", (feature,), share([f"+{feature}"]))
    for name, values in wanted.any_of.items():
        yield SearchCondition(name, tuple(values), min(1.0, _USUAL[name] * len(values)))
    for name, span in wanted.spans.items():
        if name in _EDGES:
            cells = tuple(_cells_of(name, span))
            yield SearchCondition(name, cells, min(1.0, _CELL_SHARE * len(cells)))
    yield from _areas(wanted)
    if wanted.dropped:
        yield SearchCondition("dropped", (1,), 0.2)


def _areas(wanted: IndexQuery) -> Iterator[SearchCondition]:
    """One area of each kind is enough: a boat must lie in all of them."""
    for name, areas in (("square", wanted.areas), ("about", wanted.around)):
        if areas:
            squares = min((_squares_of(area.boxes) for area in areas), key=len)
            yield SearchCondition(name, squares, min(1.0, _AREA_SHARE * len(squares)))


def _cell_of(name: str, figure: int) -> int:
    return sum(edge <= figure for edge in _EDGES[name])


def _cells_of(name: str, span: Span) -> range:
    """The cells that a span overlaps; none for an empty span."""
    first = 0 if span.lowest is None else _cell_of(name, span.lowest)
    last = len(_EDGES[name]) if span.highest is None else _cell_of(name, span.highest)
    return range(first, last + 1)


def _square_of(lat: int, lon: int) -> int:
    return (lat // (_CELL_DEGREES * UNIT)) * 1000 + lon // (_CELL_DEGREES * UNIT)


def _squares_of(boxes: Sequence[Bounds]) -> tuple[int, ...]:
    """The map squares that some boxes overlap; no box crosses the antimeridian."""
    side = _CELL_DEGREES * UNIT
    return tuple(
        {
            lat * 1000 + lon
            for box in boxes
            for lat in range(box.south // side, box.north // side + 1)
            for lon in range(box.west // side, box.east // side + 1)
        }
    )


Node = dict[str | int, Any]
"""The tree under a key's first field: further nodes, and sets of ids in the last one."""


@dataclass(slots=True)
class CandidateIndex:
    """The market's saved searches, in memory, found by a boat's attributes."""

    _by_id: dict[str, FiledSearch] = field(default_factory=dict)
    _under: dict[tuple[str, ...], Node] = field(default_factory=dict)
    """By the fields of a key, of which there are few combinations; no others are looked up."""
    _under_nothing: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[FiledSearch]:
        return iter(self._by_id.values())

    def has(self, id: str, version: str) -> bool:
        """Is a search indexed in this version?"""
        return id in self._by_id and self._by_id[id].version == version

    def file(self, filed: FiledSearch) -> None:
        """Add a search, replacing its former entry."""
        self.remove(filed.id)
        self._by_id[filed.id] = filed
        for key in filed.keys:
            if not key:
                self._under_nothing.add(filed.id)
                continue
            node = self._under.setdefault(tuple(name for name, _ in key), {})
            for _, value in key[:-1]:
                node = node.setdefault(value, {})
            node.setdefault(key[-1][1], set()).add(filed.id)

    def remove(self, id: str) -> None:
        """Remove a search; does nothing if it is absent."""
        filed = self._by_id.pop(id, None)
        self._under_nothing.discard(id)
        for key in filed.keys if filed else ():
            shape = tuple(name for name, _ in key)
            if shape and _without(self._under[shape], [value for _, value in key], id):
                del self._under[shape]

    def candidates(self, document: Document) -> list[FiledSearch]:
        """The searches that a boat may match, each once; it cannot match any other."""
        has = _traits_of(document)
        found = set(self._under_nothing)
        for shape, node in self._under.items():
            _gather(node, [has[name] for name in shape], found)
        return [self._by_id[id] for id in found]


def _without(node: Node, values: Sequence[str | int], id: str) -> bool:
    """Remove an id below some values; returns whether the node is empty now."""
    below = node[values[0]]
    if len(values) == 1:
        below.discard(id)
        is_empty = not below
    else:
        is_empty = _without(below, values[1:], id)
    if is_empty:
        del node[values[0]]
    return not node


def _gather(node: Node, has: Sequence[Sequence[str | int]], found: set[str]) -> None:
    """Add all ids below the boat's values of each field."""
    for value in has[0]:
        below = node.get(value)
        if below is None:
            continue
        if len(has) == 1:
            found |= below
        else:
            _gather(below, has[1:], found)


def _traits_of(document: Document) -> dict[str, Sequence[str | int]]:
    """The boat's values by field, by which searches can find it."""
    traits: dict[str, Sequence[str | int]] = {
        "word": [*document.tokens],
        "place": [*document.places],
        "feature": [*map(fold, document.features)],
        "dropped": [1] if document.dropped else [],
        "square": [],
        "about": [] if document.about is None else [_square_of(*document.about)],
    }
    for name in TERMS:
        term = document.terms[name]
        traits[name] = [] if term is None else [term]
    for name in _EDGES:
        figure = document.figures[name]
        traits[name] = [] if figure is None else [_cell_of(name, figure)]
    if document.lat is not None and document.lon is not None:
        traits["square"] = [_square_of(document.lat, document.lon)]
    return traits
