"""The port: what every engine promises, in DynamoDB's terms, since it promises the least.

- `get` sees every acknowledged commit; `query` on an index may lag behind it
- `commit` does all of its writes or none, and returns once they are durable
- an expired item is missing from every answer, whether or not it was swept
- `changes` delivers every commit's changes, in order for each key, at least once
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
"""The most items that one `get_many` can read."""

Position = str
"""A place in the feed: opaque, durable, and comparable only by the engine that made it."""


@dataclass(frozen=True, slots=True)
class Between:
    """Bounds on a sort key; None leaves a side open. Bounds are inclusive unless marked otherwise."""

    lowest: KeyPart | None = None
    highest: KeyPart | None = None
    without_lowest: bool = False
    without_highest: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The items of one partition, ordered by sort key; ties are in a stable order.

    With `index` None, the table itself is queried. `after` is a cursor from an earlier page of the same query.
    """

    table: Table
    partition: KeyPart
    index: Index | None = None
    between: Between = Between()
    newest_first: bool = False
    limit: int = 50
    after: str | None = None

    @property
    def cursor_scope(self) -> str:
        """Identifies the query without its page: a cursor is valid only for the same query."""
        index = self.index.name if self.index else None
        asked = (self.table.name, index, self.partition, astuple(self.between), self.newest_first)
        return encode(asked).decode()


def check_query(query: Query) -> None:
    """Refuse what some engine could not answer, so that all engines refuse alike. Raises Invalid."""
    asked = query.index or query.table
    if not is_key_part(asked.partition, query.partition):
        kind = asked.partition.kind.name.lower()
        raise Invalid([FieldError(asked.partition.name, f"must be a {kind} in a query")])
    for bound in (query.between.lowest, query.between.highest):
        if bound is not None and not (asked.sort and is_key_part(asked.sort, bound)):
            raise Invalid([FieldError("between", f"{bound!r} is not a valid {asked.name}")])
    check_limit(query.limit)


def check_limit(limit: int) -> None:
    """Raises Invalid for a limit below 1."""
    if limit < 1:
        raise Invalid([FieldError("limit", "must be at least 1")])


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, and a cursor for what follows; None if nothing does."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One item's change in the feed. `old` is None if it was created, `new` if it was removed.

    `at` is the time in milliseconds by the engine's clock, which may resolve only whole seconds.
    `old` is the previous change's `new`, even if the item had expired meanwhile, so that counting
    by the feed gives correct counts.
    """

    position: Position
    table: str
    key: Key
    old: Item | None
    new: Item | None
    at: int


class Snapshot(Protocol):
    """Every item of a store at once, expired ones included, while writes go on.

    Where the engine can, it copies one instant (`is_exact`). Otherwise it reads during writes: each
    item is at least as new as `position`, and replaying the feed from there makes the copy consistent.
    """

    position: Position
    moment: int
    """Unix milliseconds: no change after `position` is stamped with this time or an earlier one."""
    is_exact: bool

    def items(self, table: Table) -> AsyncIterator[Item]:
        """The items of a table, in key order if the engine has one."""

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        """Like the store's; the feed of an exact snapshot ends at `position`."""


class Loading(Protocol):
    """A store that is being filled from a backup, before anyone uses it.

    It can be interrupted and restarted: loading an item that is already there changes nothing.
    """

    async def prepare(self) -> None:
        """Remove what a run that was killed has left; makes nothing. Raises Refused over a market."""

    async def begin(self) -> None:
        """Make the empty store."""

    async def abandon(self) -> None:
        """Remove whatever was made here."""

    async def load(self, table: Table, items: Sequence[Item]) -> None:
        """Write whole items, without conditions, audit entries or the feed."""

    def items(self, table: Table) -> AsyncIterator[Item]:
        """The loaded items, read back, expired ones included."""

    def opened(self) -> AbstractAsyncContextManager[Store]:
        """The future store, for final changes before anyone sees it."""

    async def finish(self) -> None:
        """Make everything durable; then the market may be opened."""


class Store(Protocol):
    @property
    def head_is_cheap(self) -> bool:
        """May every request ask for the head? If not, caches rely on a few seconds' lifetime."""

    async def get(self, table: Table, *key: KeyPart) -> Item | None:
        """The item with this key, as the last commit left it. Raises DamagedItem if it is damaged."""

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Item | None]:
        """Like `get`, for up to MOST_AT_ONCE keys; answers are in the order of the keys.

        A damaged item is None here, as it is left out of queries and scans.
        """

    async def query(self, query: Query) -> Page:
        """A page of a query. Raises Invalid for a cursor of another query."""

    async def scan(self, table: Table, *, limit: int = 500, after: str | None = None) -> Page:
        """Every item of a table, page by page, in no order: only for rebuilding and export."""

    async def commit(self, *writes: Write) -> None:
        """All of the writes or none, durable on return.

        Raises DamagedItem for a write to a damaged item, which only a repair (`IsDamaged`) may write.
        Raises Conflict for the first write whose condition fails, whatever its `otherwise` (the
        trail raises reasons), and Contended if others keep writing the same items.
        A caller that is cancelled does not learn the outcome; it is still all or nothing.
        """

    async def changes(self, after: Position | None, *, limit: int = 500) -> list[Change]:
        """The feed after a position, None being its beginning. Raises FeedLost for a gap.

        A feed that was trimmed, or that started with a restored market, has no beginning to read.
        """

    async def head(self) -> Position:
        """The position of the last change."""

    def has_passed(self, position: Position | None, target: Position) -> bool:
        """Whether a position is at or after the target. False if it belongs to another feed."""

    async def settled(self, position: Position) -> int | None:
        """A moment (Unix milliseconds) that no change after this position will ever bear.

        `position` is where reading the feed just found its end. None if that cannot be said.
        """

    async def is_of_this_feed(self, position: Position) -> bool:
        """Whether a position was made by this feed, even if the feed no longer reaches back to it."""

    async def is_beyond(self, position: Position) -> bool:
        """Whether a position of this feed lies after its head: the store was put back to an earlier state.

        False if that cannot be said, as after it has grown again.
        """

    async def sweep(self) -> int:
        """Remove some expired items, and return how many. Each enters the feed as a deletion.

        An engine that removes them itself, in its own time, does nothing here.
        """

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The whole store as it is now: only for backups."""

    async def trim(self, before: int, passed: Sequence[Position]) -> int:
        """Drop changes older than `before` (Unix milliseconds); returns how many this step dropped.

        Only changes that every position in `passed` has passed, and never the last one. An engine
        whose feed expires by itself drops none.
        """

    async def forget(self, keys: Sequence[tuple[Table, Key]]) -> None:
        """Erase what these items were from the feed: its images become the current items.

        Each change keeps its place; for an item that is gone, the change becomes a deletion.
        """

    async def close(self) -> None: ...
