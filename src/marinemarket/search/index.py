"""The port: what every search engine promises.

An index is a follower of the store's feed and may be thrown away and made anew. It knows how far
it has followed, and saves that together with what it learned.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from ..store.store import Position
from .document import Document
from .filters import Search


@dataclass(frozen=True, slots=True)
class Hits:
    """The ids of a page in order, how many boats match in all, and the cursor of the next page."""

    ids: list[str]
    total: int
    next: str | None


class SearchIndex(Protocol):
    """The reading side; every web process has one."""

    def search(self, search: Search) -> Hits:
        """A page of hits. Raises Unavailable while there is no index, Invalid for a bad cursor."""

    @property
    def position(self) -> Position | None:
        """How far this index has followed the feed; None before it was ever made."""


class IndexWriter(Protocol):
    """The writing side; one process at a time has it."""

    @property
    def position(self) -> Position | None:
        """What was last saved."""

    @property
    def is_live(self) -> bool:
        """Is this still the index that is read? A rebuild may have put another in its place."""

    def put(self, document: Document) -> None:
        """Add a document, in place of one with the same id."""

    def remove(self, id: str) -> None:
        """Take a document out; one that is not there stays so."""

    def owned_by(self, owner_id: str) -> list[str]:
        """The ids of an owner's documents, shown or not, as they were put until now."""

    def save(self, position: Position) -> None:
        """Make everything since the last save durable and visible, as of this position."""

    def close(self) -> None:
        """Give the writing side up; what was not saved is forgotten."""


class SearchEngine(Protocol):
    """What a search engine offers: a reader for everyone, and writers for its follower."""

    @property
    def index(self) -> SearchIndex: ...

    def writer(self) -> IndexWriter | None:
        """The writing side; None when there is no sound index, and it must be rebuilt.

        Raises Unavailable while another process has it.
        """

    def rebuilding(self) -> AbstractContextManager[IndexWriter]:
        """A writer of a new index, which goes live when the block ends without an error."""
