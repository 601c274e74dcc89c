"""The port: what search engines are asked, and what they promise.

An index follows the store's feed, and can be thrown away and rebuilt. It saves its position in the
feed together with what it has indexed.
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
    """A range of integers, both ends inclusive and optional."""

    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """A search for the engines: parsed, in the index's own fields and units.

    Of each group in `words`, a boat must have one token. The cheapest one that it has adds to its
    cost: the token's own (`document.IN_NAME` and so on) plus the one given here. With the order
    relevance, boats are sorted by cost. `any_of` and `spans` are keyed by field, as in `document`; a
    boat without the value fails. `features` and `places` are folded, and all of them are required.
    """

    words: tuple[dict[str, int], ...] = ()
    any_of: dict[str, frozenset[str]] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    dropped: bool = False
    owner: str | None = None
    """Only this owner's boats, by account id."""
    areas: tuple[Area, ...] = ()
    """Areas tested by exact coordinates: a boat with only a town is in none."""
    around: tuple[Circle, ...] = ()
    """Areas tested by approximate location (`Document.about`), for a query that names a place."""
    middle: Point | None = None
    """The point from which distances are measured, to boats' approximate locations."""
    order: Sort = Sort.NEWEST
    limit: int = 20
    after: str | None = None
    scope: str = ""
    """The query without its page: a cursor is valid only for the same query."""
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Hits:
    """The ids of a page in order, the total, the cursor of the next page, and facet counts."""

    ids: list[str]
    total: int
    next: str | None
    facets: Counts = field(default_factory=dict)


class Vocabulary(Protocol):
    """The words in boats' names and titles, for interpreting what people type."""

    def frequency(self, token: str) -> int:
        """About how many adverts have a token in their name, title or text; 0 if none."""

    def near(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        """Words of names and titles within that many typing errors: (word, errors, count)."""

    def beginning(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Words of names and titles with this prefix, the most frequent first, with their count."""


class SearchIndex(Protocol):
    """The reading side, one per web process."""

    async def search(self, wanted: IndexQuery) -> Hits:
        """A page of hits. Raises Unavailable while there is no index, Invalid for a bad cursor."""

    async def vocabulary(self, tokens: Collection[str]) -> Vocabulary:
        """The index's words, with the frequencies of at least `tokens`.

        Raises Unavailable while there is no index.
        """

    async def position(self) -> Position | None:
        """The index's position in the feed; None before it was first built."""


class IndexWriter(Protocol):
    """The writing side, one process at a time."""

    async def position(self) -> Position | None:
        """What was last saved."""

    async def is_live(self) -> bool:
        """Is this still the live index? A rebuild may have replaced it."""

    async def put(self, document: Document) -> None:
        """Add a document, replacing one with the same id."""

    async def remove(self, id: str, version: int) -> None:
        """Remove a document last changed at a version; does nothing if there is none."""

    async def owned_by(self, owner_id: str) -> list[str]:
        """The ids of an owner's documents, shown or not, as last put."""

    async def save(self, position: Position) -> None:
        """Make everything since the last save durable and visible, up to this position."""

    def close(self) -> None:
        """Release the writing side; unsaved changes are lost."""


class SearchEngine(Protocol):
    """A search engine: a reader for everyone, and writers for the index follower."""

    @property
    def index(self) -> SearchIndex: ...

    async def writer(self) -> IndexWriter | None:
        """The writing side; None if there is no undamaged index, and it must be rebuilt.

        Raises Unavailable while another process has it.
        """

    def rebuilding(self) -> AbstractAsyncContextManager[IndexWriter]:
        """A writer for a new index, which goes live when the block ends without an error."""

    async def close(self) -> None:
        """Give up whatever the engine holds open."""
