"""Restoring: the market as it stood at a moment, loaded into an empty store and verified."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from ..clock import iso
from ..errors import FieldError, Invalid, StorageFull, Unavailable
from ..store.items import canonical
from ..store.schema import TABLES
from ..store.store import Loading
from .archive import NO_BASE, Archive, Timeline
from .base_copies import Base
from .scratch import scratch_folder
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

    Every item comes back as it stood, expired ones included. The store is begun only once all that it
    needs has been read. Raises Invalid for a moment that the archive does not cover, Damaged if a file
    has changed since it was written, StorageFull if there is no room for it.
    """
    line, base, moment = await _source(archive, moment)
    with (
        _foreseeing(),
        scratch_folder() as scratch,
        closing(State(scratch / "state.sqlite3")) as state,
    ):
        await load_base(archive, base, state, lambda read: progress("Reading the base", read))
        progress("Replaying changes", 0)
        replayed = await replay(archive, line, state, after=base.manifest.after, moment=moment)
        await target.begin()
        await _load(state, target, progress)
        await _compare(state, target)
        return Restored(moment, state.count(), base.folder, replayed)


async def _source(archive: Archive, moment: int | None) -> tuple[Timeline, Base, int]:
    lines = await archive.lines()
    if not lines:
        raise Invalid([FieldError("--from", f"contains {NO_BASE}")])
    wanted = lines[-1].end if moment is None else moment
    for line in reversed(lines):
        if base := line.base_for(wanted):
            return line, base, wanted
    raise Invalid([FieldError("--at", _outside(lines, wanted))])


def _outside(lines: list[Timeline], wanted: int) -> str:
    windows = ", ".join(f"{iso(line.start)} to {iso(line.end)}" for line in lines)
    until = max(line.end for line in lines)
    if wanted > until:
        return (
            f"{iso(wanted)} is later than this archive goes, which has: {windows}. To get further, let "
            "the market's worker run, or run `marinemarket backup --to` with this archive; without "
            "--at, the latest archived moment is restored"
        )
    return f"{iso(wanted)} is not in the archive, which has: {windows}"


@contextmanager
def _foreseeing() -> Iterator[None]:
    """Translates failures of the disk that holds temporary files into the market's errors."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            raise _full() from error
        raise Unavailable(f"the archive cannot be unpacked: {error}") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        raise Unavailable(f"the archive cannot be unpacked: {error}") from error


def _full() -> StorageFull:
    return StorageFull(
        f"the disk of {tempfile.gettempdir()} is full; TMPDIR may name another folder for temporary files"
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
