"""What every item is, as the archive and the feed in the market's own file prove together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ..store.items import Item, Key
from ..store.schema import Table
from ..store.sqlite.sound_feed import SoundChange, read_sound_feed
from ..store.store import Change
from .archive import Archive
from .state import State, load_base, replay

Progress = Callable[[str, int], None]
AT_ONCE = 500


@dataclass(slots=True)
class KnownState:
    """The newest provable image of each item.

    `is_whole`: every change is known, so an item that is not in `state` does not exist. Otherwise only
    the images of the items in `fresh` are known to be the newest.
    """

    state: State
    is_whole: bool = False
    fresh: set[tuple[str, Key]] = field(default_factory=set)

    def newest(self, table: Table, key: Key) -> Item | None:
        """The newest image of an item; None where it is not proved, or the item is gone."""
        if self.is_whole or (table.name, key) in self.fresh:
            return self.state.get(table, key)
        return None


async def known_state(
    archive: Archive | None, path: Path, scratch: Path, progress: Progress
) -> KnownState:
    """Everything that an archive and the feed in a file prove. Raises Damaged for a damaged archive."""
    known = KnownState(State(scratch / "known.sqlite3"))
    position = None if archive is None else await _replay_archive(archive, known.state, progress)
    feed = await asyncio.to_thread(read_sound_feed, path, position)
    # The images from before a damaged change may be older than that change.
    known.is_whole = feed.is_whole
    for start in range(0, len(feed.changes), AT_ONCE):
        some = feed.changes[start : start + AT_ONCE]
        await asyncio.to_thread(known.state.apply, map(_change, some))
        progress("Replaying the feed", start + len(some))
    known.fresh = {(one.table, one.key) for one in feed.changes if one.number > feed.last_damaged}
    return known


async def _replay_archive(archive: Archive, state: State, progress: Progress) -> str | None:
    """Bring the state up to where the archive ends; returns that position, None for an empty archive."""
    lines = await archive.lines()
    if not lines:
        return None
    line = lines[-1]
    base = line.bases[0]  # later ones may leave out what was damaged when they were taken
    await load_base(archive, base, state, lambda read: progress("Reading the base", read))
    progress("Replaying changes", 0)
    await replay(archive, line, state, after=base.manifest.after)
    return (await archive.tail()).position


def _change(one: SoundChange) -> Change:
    return Change("", one.table, one.key, None, one.new, 0)
