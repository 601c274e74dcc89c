"""The port: what every engine promises, in DynamoDB's terms, since it promises the least.

- `get` sees every acknowledged commit; `query` on an index may lag behind it
- `commit` does all of its writes or none, and returns once they are durable
- an item whose time has passed is absent from every answer, whether or not it was swept
- `changes` hands out every commit's changes, in order for each key, at least once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Protocol

from ..errors import FieldError, Invalid
from ..wire import encode
from .items import Item, Key, KeyPart, is_key_part
from .schema import Index, Table
from .writes import Write

Position = str
"""A place in the feed: opaque, durable, comparable only by the engine that made it."""


@dataclass(frozen=True, slots=True)
class Between:
    """Bounds on a sort key; None leaves a side open. Ends are included unless said otherwise."""

    lowest: KeyPart | None = None
    highest: KeyPart | None = None
    without_lowest: bool = False
    without_highest: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The items of one partition, in the order of the sort key, then of the table's own key.

    `index` None asks the table itself. `after` is the cursor of an earlier page of this same query.
    """

    table: Table
    partition: KeyPart
    index: Index | None = None
    between: Between = Between()
    newest_first: bool = False
    limit: int = 50
    after: str | None = None

    @property
    def question(self) -> str:
        """What is asked, whichever page of it: a cursor opens for the same question alone."""
        index = self.index.name if self.index else None
        asked = (self.table.name, index, self.partition, astuple(self.between), self.newest_first)
        return encode(asked).decode()


def check_query(query: Query) -> None:
    """Refuse what some engine could not answer: every engine refuses alike. Raises Invalid."""
    asked = query.index or query.table
    if not is_key_part(asked.partition, query.partition):
        kind = asked.partition.kind.name.lower()
        raise Invalid([FieldError(asked.partition.name, f"must be a {kind} to be looked for")])
    for bound in (query.between.lowest, query.between.highest):
        if bound is not None and not (asked.sort and is_key_part(asked.sort, bound)):
            raise Invalid([FieldError("between", f"{bound!r} is no bound of {asked.name}")])
    check_limit(query.limit)


def check_limit(limit: int) -> None:
    """Raises Invalid for a page that would hold nothing."""
    if limit < 1:
        raise Invalid([FieldError("limit", "must be at least 1")])


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, and the cursor behind the last of them; None when nothing follows."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One item's change, as the feed tells it. `old` None: it was made; `new` None: it is gone.

    `old` is what the change before it left as `new`, even where its time had passed meanwhile:
    whoever counts by the feed counts right.
    """

    position: Position
    table: str
    key: Key
    old: Item | None
    new: Item | None
    at: int


class Store(Protocol):
    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        """The item with this key, as the last commit left it."""

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        """As `get` for up to 100 keys, answers in the order asked."""

    async def query(self, query: Query) -> Page:
        """A page of a query. Raises Invalid for a cursor that is not of this query."""

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        """Every item of a table, page by page: for rebuilding and export alone."""

    async def commit(self, *writes: Write) -> None:
        """All of the writes or none, durable on return. Raises Conflict when a condition fails.

        A caller that is cancelled meanwhile does not learn which; either way it is all or none.
        """

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        """The feed behind a position, None being its beginning. Raises FeedLost for a gap."""

    async def head(self) -> Position:
        """The position of the last change."""

    def has_passed(self, position: Position | None, target: Position) -> bool:
        """Is a position at or behind another one of this feed? False for one of another feed."""

    async def sweep(self) -> int:
        """Remove some items whose time has passed; how many. Each enters the feed as a deletion."""

    async def close(self) -> None: ...
