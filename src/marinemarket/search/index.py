"""The port: what every search engine is asked, and what it promises.

An index is a follower of the store's feed and may be thrown away and made anew. It knows how far
it has followed, and saves that together with what it learned.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from ..store.store import Position
from .document import Document
from .facets import Counts
from .filters import Sort
from .geography import Area, Circle, Point


@dataclass(frozen=True, slots=True)
class Span:
    """From one whole number to another, both included; either may be absent."""

    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """A search as engines are asked it: understood, in the index's own fields and units.

    A boat must have, of each group of `words`, one token; the cheapest that it has adds to its
    cost, which is the tokens' own (`document.IN_NAME` and so on) and what is said here. Boats come
    by cost where `order` is relevance. `any_of`, `spans`: by field, as in `document`; a boat that
    lacks the value fails. `features` and `places` are folded, and all of them are needed.
    """

    words: tuple[dict[str, int], ...] = ()
    any_of: dict[str, frozenset[str]] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    dropped: bool = False
    owner: str | None = None
    """Of this owner alone, by the id of their account."""
    areas: tuple[Area, ...] = ()
    """Of these by their coordinates alone: who says no more than a town lies in none."""
    around: tuple[Circle, ...] = ()
    """Of these by where they lie about (`Document.about`), as somebody means who names a place."""
    middle: Point | None = None
    """Where distances are measured from, to where boats lie about."""
    order: Sort = Sort.NEWEST
    limit: int = 20
    after: str | None = None
    scope: str = ""
    """The question as asked, without its page: a cursor of one opens in no other."""
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Hits:
    """The ids of a page in order, how many boats match in all, the next page's cursor, counts."""

    ids: list[str]
    total: int
    next: str | None
    facets: Counts = field(default_factory=dict)


class Vocabulary(Protocol):
    """The words of the boats' names and titles, to read what people type by."""

    def frequency(self, token: str) -> int:
        """In how many adverts' names, titles or texts a token stands, about; 0 in none."""

    def near(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        """Words of names and titles within so many slips: (word, slips, in how many)."""

    def beginning(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Words of names and titles that begin so, the most frequent first, with their number."""


class SearchIndex(Protocol):
    """The reading side; every web process has one."""

    async def search(self, wanted: IndexQuery) -> Hits:
        """A page of hits. Raises Unavailable while there is no index, Invalid for a bad cursor."""

    async def vocabulary(self, tokens: Collection[str]) -> Vocabulary:
        """The words that the index knows; of frequencies, those of `tokens` at least.

        Raises Unavailable while there is no index.
        """

    async def position(self) -> Position | None:
        """How far this index has followed the feed; None before it was ever made."""


class IndexWriter(Protocol):
    """The writing side; one process at a time has it."""

    async def position(self) -> Position | None:
        """What was last saved."""

    async def is_live(self) -> bool:
        """Is this still the index that is read? A rebuild may have put another in its place."""

    async def put(self, document: Document) -> None:
        """Add a document, in place of one with the same id."""

    async def remove(self, id: str, version: int) -> None:
        """Take a document out, which was last changed at a version; one not there stays so."""

    async def owned_by(self, owner_id: str) -> list[str]:
        """The ids of an owner's documents, shown or not, as they were put until now."""

    async def save(self, position: Position) -> None:
        """Make everything since the last save durable and visible, as of this position."""

    def close(self) -> None:
        """Give the writing side up; what was not saved is forgotten."""


class SearchEngine(Protocol):
    """What a search engine offers: a reader for everyone, and writers for its follower."""

    @property
    def index(self) -> SearchIndex: ...

    async def writer(self) -> IndexWriter | None:
        """The writing side; None when there is no sound index, and it must be rebuilt.

        Raises Unavailable while another process has it.
        """

    def rebuilding(self) -> AbstractAsyncContextManager[IndexWriter]:
        """A writer of a new index, which goes live when the block ends without an error."""

    async def close(self) -> None:
        """Give up whatever the engine holds open."""
