"""The port: what every engine promises, in DynamoDB's terms, since it promises the least.

- `get` sees every acknowledged commit; `query` on an index may lag behind it
- `commit` does all of its writes or none, and returns once they are durable
- an item whose time has passed is absent from every answer, whether or not it was swept
- `changes` hands out every commit's changes, in order for each key, at least once
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import astuple, dataclass
from typing import Protocol

from ..errors import FieldError, Invalid
from ..wire import encode
from .items import Item, Key, KeyPart, is_key_part
from .schema import Index, Table
from .writes import Write

MOST_AT_ONCE = 100
"""How many items `get_many` reads."""

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
    """The items of one partition, in the order of the sort key; equals in one that stays the same.

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

    `at` is when, in milliseconds, by the engine's clock, which may tell whole seconds alone.
    `old` is what the change before it left as `new`, even where its time had passed meanwhile:
    whoever counts by the feed counts right.
    """

    position: Position
    table: str
    key: Key
    old: Item | None
    new: Item | None
    at: int


class Snapshot(Protocol):
    """Every item of a store at once, those whose time has passed as well, while writes go on.

    An engine that can, copies one instant: `is_exact`. Another reads while others write; then each
    item is at least as new as `position`, and replaying the feed from there makes the copy whole.
    """

    position: Position
    moment: int
    """Unix milliseconds: no change after `position` is stamped with this time or an earlier one."""
    is_exact: bool

    def items(self, table: Table) -> AsyncIterator[Item]:
        """The items of a table, in the order of its key where the engine has one."""

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        """As the store's; an exact snapshot's feed ends at `position`."""


class Loading(Protocol):
    """A store that is being filled from a backup, and that nobody uses yet.

    Safe to interrupt and to begin again: loading an item that is there changes nothing.
    """

    async def load(self, table: Table, items: Sequence[Item]) -> None:
        """Put whole items: without conditions, audit entries or the feed."""

    def items(self, table: Table) -> AsyncIterator[Item]:
        """What was loaded, read back, those whose time has passed as well."""

    def opened(self) -> AbstractAsyncContextManager[Store]:
        """The store as it will be, for the last changes before anybody sees it."""

    async def finish(self) -> None:
        """All of it is durable, and the market may be opened."""


class Store(Protocol):
    @property
    def head_is_cheap(self) -> bool:
        """May every request ask for the head? Where not, caches live for seconds instead."""

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        """The item with this key, as the last commit left it."""

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        """As `get` for up to MOST_AT_ONCE keys, answers in the order asked."""

    async def query(self, query: Query) -> Page:
        """A page of a query. Raises Invalid for a cursor that is not of this query."""

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        """Every item of a table, page by page, in no order: for rebuilding and export alone."""

    async def commit(self, *writes: Write) -> None:
        """All of the writes or none, durable on return.

        Raises Conflict for the first write whose condition fails, whatever its `otherwise` (the
        trail tells reasons), and Contended where others are writing the same items too often.
        A caller that is cancelled meanwhile does not learn which; either way it is all or none.
        """

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        """The feed behind a position, None being its beginning. Raises FeedLost for a gap.

        A feed that was trimmed, or that began with a restored market, has no beginning to give.
        """

    async def head(self) -> Position:
        """The position of the last change."""

    def has_passed(self, position: Position | None, target: Position) -> bool:
        """Is a position at or behind another one of this feed? False for one of another feed."""

    async def sweep(self) -> int:
        """Remove some items whose time has passed; how many. Each enters the feed as a deletion.

        An engine that does so by itself, in its own time, does nothing here.
        """

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Everything as it stands: for backups alone."""

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        """Drop changes older than `before` (Unix milliseconds); how many went in this step.

        Only those that every position has passed, and never the last one. Engines whose feed
        forgets by itself drop none.
        """

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        """Let the feed forget what these items were: its images become what stands there now.

        Each change keeps its place; one of an item that is gone tells of a deletion.
        """

    async def close(self) -> None: ...
