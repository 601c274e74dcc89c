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

from ..clock import CLEARLY_WRONG, CLOCK_TOLERANCE, HOUR, SECOND, Clock
from ..errors import FeedLost, Refused
from ..store.change_feed import AT_ONCE
from ..store.store import Change, Position, Store
from .archive import Archive
from .base_copies import Base, Manifest, Progress, folder_for, write_manifest, write_parts
from .erasures import note_erasures
from .ownership import adopt, own
from .quiet import Quiet
from .retention import clear_unfinished
from .segments import Tail

MOST_CHANGES = 5000
"""The most changes in a segment."""
MARK_EVERY, MARK_COSTLY_EVERY = 10 * SECOND, 60 * SECOND
"""Between two marks of quiet; the second where each one is a paid request."""


class _Feed(Protocol):
    def changes(self, after: Position | None, *, limit: int) -> Awaitable[list[Change]]: ...


class Archiver:
    """A feed follower that keeps everything. A change waits at most `seconds` to be written."""

    name = "archive"

    def __init__(
        self, store: Store, archive: Archive, *, market: str, clock: Clock, seconds: int
    ) -> None:
        """`market` is the market's id, to which the archive must belong."""
        self._store, self.archive, self._clock = store, archive, clock
        self._market = market
        self._wait = seconds * 1000
        self._marked_at: int | None = None
        self._newest_base: tuple[str, int] | None = None
        self._tail: Tail | None = None
        self._pending: list[Change] = []
        self._reached: int | None = None
        self._has_written = False
        self._alone = asyncio.Lock()

    # -- Following -----------------------------------------------------------------------------

    async def position(self) -> Position | None:
        if self._pending:
            return self._pending[-1].position
        return await self.archived()

    async def archived(self) -> Position | None:
        """How far the feed has been archived; changes up to here may leave the feed.

        Raises Refused if the archive is another market's.
        """
        if self._tail is None:
            await self.own()
            tail = await self.archive.tail()
            await self._refuse_a_twin(tail)
            self._tail = tail
        return self._tail.position

    async def _refuse_a_twin(self, tail: Tail) -> None:
        """Two restored from one archive are the same market, and would begin it anew by turns."""
        is_ours = tail.position is None or await self._store.is_of_this_feed(tail.position)
        if self._has_written and not is_ours:
            raise Refused(
                "another copy of this market writes to the archive, too. End it, or give it an "
                "archive of its own, and restart this one"
            )

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        async with self._alone:
            if after != await self.position():
                return
            turn = _turn(changes, await self._reached_at())
            if turn is None:
                self._pending += changes
                self._note(changes)
                if self._pending and self._is_due():
                    async with self.archive.place.alone("feed"):
                        self._pending = await self._append(self._pending, at_end=not changes)
                if not changes and not self._pending:
                    await self._note_quiet()
                return
        # The feed's times went back with the clock: from here on, a new timeline names them once more.
        await self.take_base()

    async def own(self) -> None:
        """Raises Refused if the archive is another market's."""
        await own(self.archive, self._market, self._store)

    async def begin(self) -> None:
        await self.take_base()

    def close(self) -> None:
        """Drop changes that are not written yet: they will be read again."""
        self._tail = self._reached = None
        self._pending = []

    async def _reached_at(self) -> int:
        """The time of the last change in this timeline that was read so far; 0 without one."""
        if self._reached is None:
            tail, bases = self._tail or await self.archive.tail(), await self.archive.bases()
            newest = bases[-1].manifest if bases else None
            has_just_begun = newest and newest.begins and newest.position == tail.position
            self._reached = 0 if has_just_begun else await self.archive.through(tail)
        return self._reached

    def _note(self, changes: Sequence[Change]) -> None:
        if changes:
            self._reached = changes[-1].at

    def _is_due(self) -> bool:
        age = self._clock() - self._pending[0].at
        # A change dated ahead of the clock must not wait until then.
        return len(self._pending) >= MOST_CHANGES or not -CLOCK_TOLERANCE <= age < self._wait

    async def _append(self, changes: list[Change], *, at_end: bool) -> list[Change]:
        """Write a segment under the archive's lock; returns the changes left for the next one.

        Unless the feed ended, the last moment's changes wait: a segment never ends in the middle
        of a moment, nor of a commit.
        """
        ready = changes if at_end else _before_the_last_moment(changes)
        if not ready:
            return changes
        await self.own()
        tail = await self.archive.tail()
        if tail != self._tail:
            # Another archiver wrote, perhaps these same changes, so they are read again.
            self._tail = tail
            return []
        await note_erasures(self.archive.place, ready)
        self._tail = await self.archive.append(tail, ready)
        self._has_written = True
        return changes[len(ready) :]

    # -- Quiet ---------------------------------------------------------------------------------

    async def _note_quiet(self) -> None:
        """Record that nothing has happened since the last segment, if it is time to."""
        now, tail = self._clock(), self._tail
        every = MARK_EVERY if self._store.head_is_cheap else MARK_COSTLY_EVERY
        if not self.archive.place.is_cheap:
            every = MARK_COSTLY_EVERY
        is_early = self._marked_at is not None and abs(now - self._marked_at) < every
        if is_early or tail is None or tail.position is None:
            return
        until = await self._store.settled(tail.position)
        folder = None if until is None else await self._folder_of_newest_base()
        if until is None or folder is None:
            return
        async with self.archive.place.alone("feed"):
            await self.own()
            if await self.archive.tail() != tail:
                return
            await self.archive.mark_quiet(folder, Quiet(tail.number, until))
        self._marked_at = now

    async def _folder_of_newest_base(self) -> str | None:
        """Looked up again each hour, since another process may take base copies."""
        now = self._clock()
        if self._newest_base is None or abs(now - self._newest_base[1]) > HOUR:
            whole = [base.folder for base in await self.archive.bases() if base.is_whole]
            self._newest_base = (whole[-1], now) if whole else None
        return self._newest_base[0] if self._newest_base else None

    # -- Base copies ---------------------------------------------------------------------------

    async def take_base(
        self, progress: Progress = lambda written: None, *, adopting: bool = False
    ) -> Base:
        """Archive the feed up to now, and copy every item in its current state.

        If interrupted, the files it leaves are ignored, and the next run removes them. `adopting` an
        archive of another market makes it this one's. Raises Refused for such an archive otherwise.
        """
        archive = self.archive
        if not adopting:
            await self.own()  # before a lock leaves a trace in an archive that is not ours
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(archive.place.alone("bases"))
            await (adopt(archive.place, self._market) if adopting else self.own())
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
            self._newest_base = self._marked_at = None
            async with self._alone, archive.place.alone("feed"):
                if begins:
                    self._reached = None
                    self._tail = await archive.end_at(replace(start, position=snapshot.position))
                    self._has_written = True
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
        """Archive everything in a feed, under the lock.

        False if the next changes are missing, or cannot follow because their times go back.
        """
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
            turn = _turn(changes, await self._reached_at())
            pending += changes[:turn]
            self._note(changes[:turn])
            if turn is not None:
                await self._append(pending, at_end=True)
                return False
            if pending and (len(pending) >= MOST_CHANGES or not changes):
                pending = await self._append(pending, at_end=not changes)
            elif not changes:
                return True


def _turn(changes: Sequence[Change], reached: int) -> int | None:
    """The place of the first change that is dated clearly before the one before it; None if there is none."""
    for number, change in enumerate(changes):
        if change.at <= reached - CLEARLY_WRONG:
            return number
        reached = change.at
    return None


def _before_the_last_moment(changes: list[Change]) -> list[Change]:
    ready = len(changes)
    while ready and changes[ready - 1].at == changes[-1].at:
        ready -= 1
    return changes[:ready]
