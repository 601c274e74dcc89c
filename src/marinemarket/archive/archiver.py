"""The archiver: writes the feed into segments, and takes base copies.

Several may work on one folder, in one process or more: each write first looks up where the archive
ends, and continues from there if another archiver has moved the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Protocol

from ..clock import Clock
from ..errors import FeedLost
from ..store.change_feed import AT_ONCE
from ..store.store import Change, Position, Store
from .archive import Archive
from .base_copies import Base, Manifest, Progress, folder_for, write_manifest, write_parts
from .erasures import note_erasures
from .retention import clear_unfinished
from .segments import Tail

MOST_CHANGES = 5000
"""The most changes in a segment."""


class _Feed(Protocol):
    def changes(self, after: Position | None, *, limit: int) -> Awaitable[list[Change]]: ...


class Archiver:
    """A feed follower that keeps everything. A change waits at most `seconds` to be written."""

    name = "archive"

    def __init__(self, store: Store, archive: Archive, *, clock: Clock, seconds: int) -> None:
        self._store, self.archive, self._clock = store, archive, clock
        self._wait = seconds * 1000
        self._tail: Tail | None = None
        self._pending: list[Change] = []
        self._alone = asyncio.Lock()

    # -- Following -----------------------------------------------------------------------------

    async def position(self) -> Position | None:
        if self._pending:
            return self._pending[-1].position
        return await self.archived()

    async def archived(self) -> Position | None:
        """How far the feed has been archived; changes up to here may leave the feed."""
        if self._tail is None:
            self._tail = await self.archive.tail()
        return self._tail.position

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        async with self._alone:
            if after != await self.position():
                return
            self._pending += changes
            if self._pending and self._is_due():
                async with self.archive.place.alone("feed"):
                    self._pending = await self._append(self._pending, at_end=not changes)

    async def begin(self) -> None:
        await self.take_base()

    def close(self) -> None:
        """Drop changes that are not written yet: they will be read again."""
        self._tail = None
        self._pending = []

    def _is_due(self) -> bool:
        oldest = self._pending[0].at
        return len(self._pending) >= MOST_CHANGES or self._clock() - oldest >= self._wait

    async def _append(self, changes: list[Change], *, at_end: bool) -> list[Change]:
        """Write a segment under the archive's lock; returns the changes left for the next one.

        Unless the feed ended, the last moment's changes wait: a segment never ends in the middle
        of a moment, nor of a commit.
        """
        ready = changes if at_end else _before_the_last_moment(changes)
        if not ready:
            return changes
        tail = await self.archive.tail()
        if tail != self._tail:
            # Another archiver wrote, perhaps these same changes, so they are read again.
            self._tail = tail
            return []
        await note_erasures(self.archive.place, ready)
        self._tail = await self.archive.append(tail, ready)
        return changes[len(ready) :]

    # -- Base copies ---------------------------------------------------------------------------

    async def take_base(self, progress: Progress = lambda written: None) -> Base:
        """Archive the feed up to now, and copy every item in its current state.

        If interrupted, the files it leaves are ignored, and the next run removes them.
        """
        archive = self.archive
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(archive.place.alone("bases"))
            await clear_unfinished(archive)
            async with self._alone, archive.place.alone("feed"):
                snapshot = await stack.enter_async_context(self._store.snapshot())
                begins = not await self._catch_up(snapshot)
                start = self._tail or Tail()
            folder = folder_for(snapshot.moment)
            parts = await write_parts(archive.place, archive.seal, folder, snapshot, progress)
            manifest = Manifest(
                moment=snapshot.moment if snapshot.is_exact else self._clock(),
                begins=begins,
                position=snapshot.position,
                after=start.number,
                after_sha256=start.sha256,
                until=start.number if snapshot.is_exact else None,
                sealed=not archive.seal.is_open,
                parts=parts,
            )
            base = await write_manifest(archive.place, folder, manifest)
            async with self._alone, archive.place.alone("feed"):
                if begins:
                    self._tail = await archive.end_at(replace(start, position=snapshot.position))
                return base if snapshot.is_exact else await self._made_whole(base)

    async def _made_whole(self, base: Base) -> Base:
        """The base, once the changes made while it was copied are archived."""
        await self._catch_up(self._store)
        until = self._tail.number if self._tail else 0
        whole = base.manifest.changed(until=until)
        written = await write_manifest(self.archive.place, base.folder, whole)
        await self.archive.place.remove(base.name)
        return written

    async def _catch_up(self, feed: _Feed) -> bool:
        """Archive everything in a feed, under the lock; False if the next changes are missing."""
        self.close()
        pending: list[Change] = []
        while True:
            position = pending[-1].position if pending else await self.archived()
            if position is None:
                return False
            try:
                changes = await feed.changes(position, limit=AT_ONCE)
            except FeedLost:
                return False
            pending += changes
            if pending and (len(pending) >= MOST_CHANGES or not changes):
                pending = await self._append(pending, at_end=not changes)
            elif not changes:
                return True


def _before_the_last_moment(changes: list[Change]) -> list[Change]:
    ready = len(changes)
    while ready and changes[ready - 1].at == changes[-1].at:
        ready -= 1
    return changes[:ready]
