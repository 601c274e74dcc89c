"""Restoring: the market as it stood at a moment, loaded into an empty store and verified."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..clock import iso
from ..errors import FieldError, Invalid, Unavailable
from ..store.items import canonical
from ..store.schema import TABLES
from ..store.store import Loading
from .archive import Archive, Timeline
from .base_copies import Base
from .state import State, Sum, load_base, replay

Progress = Callable[[str, int], None]
"""Called with the current step, and how many of its items or changes are done."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore loaded into the store. `moment` is in Unix milliseconds."""

    moment: int
    items: int
    base: str
    replayed: int


async def restore(
    archive: Archive,
    target: Loading,
    *,
    moment: int | None = None,
    progress: Progress = lambda doing, done: None,
) -> Restored:
    """Load the market of a moment, exact to the last bit; None means the last archived moment.

    Every item comes back as it stood, expired ones included. Raises Invalid for a moment that the
    archive does not cover, Damaged if a file has changed since it was written.
    """
    line, base, moment = await _source(archive, moment)
    with tempfile.TemporaryDirectory(prefix="marinemarket-") as scratch:
        state = State(Path(scratch) / "state.sqlite3")
        try:
            await load_base(archive, base, state, lambda read: progress("Reading the base", read))
            progress("Replaying changes", 0)
            replayed = await replay(archive, line, state, after=base.manifest.after, moment=moment)
            await _load(state, target, progress)
            await _compare(state, target)
            return Restored(moment, state.count(), base.folder, replayed)
        finally:
            state.close()


async def _source(archive: Archive, moment: int | None) -> tuple[Timeline, Base, int]:
    lines = await archive.lines()
    if not lines:
        raise Invalid([FieldError("--from", "contains no complete base copy")])
    wanted = lines[-1].end if moment is None else moment
    for line in reversed(lines):
        if base := line.base_for(wanted):
            return line, base, wanted
    windows = ", ".join(f"{iso(line.start)} to {iso(line.end)}" for line in lines)
    raise Invalid(
        [FieldError("--at", f"{iso(wanted)} is not in the archive, which has: {windows}")]
    )


async def _load(state: State, target: Loading, progress: Progress) -> None:
    loaded = 0
    for table in TABLES:
        async for items in state.items(table):
            await target.load(table, items)
            loaded += len(items)
            progress("Loading", loaded)


async def _compare(state: State, target: Loading) -> None:
    """Raises Unavailable if the store does not return exactly what the archive holds."""
    found = Sum()
    for table in TABLES:
        async for item in target.items(table):
            found.add(table.name, canonical(item))
    if found != (wanted := state.sum()):
        raise Unavailable(f"the store has {found}, the archive {wanted}; nothing was restored")
