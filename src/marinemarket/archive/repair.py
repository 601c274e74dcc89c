"""Repair: brings damaged items back as the archive and the market's own feed prove them to be.

Nothing older than that is ever brought back. An item whose newest image cannot be proved stays
damaged: it is refused wherever it is asked for, and named in the answer.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_hex

from ..audit.actions import Action
from ..audit.entry import Actor, AuditLog
from ..audit.trail import Trail
from ..clock import iso
from ..errors import Conflict
from ..store.item_versions import SHAPES
from ..store.items import Item, Key
from ..store.schema import BY_NAME, Table
from ..store.sqlite.examination import Examination, examine
from ..store.sqlite.rebuilding import copy_aside, head_of, rebuild, take_over
from ..store.sqlite.store import SqliteStore
from ..store.writes import IsDamaged, Put
from .archive import Archive
from .known_state import KnownState, Progress, known_state

ACTOR = Actor.system("repair")
Place = tuple[str, Key]


@dataclass(slots=True)
class Repaired:
    """What was found, and what became of it.

    `kept`: where the damaged file was copied to, if anything in it could not be brought back.
    """

    found: Examination
    repaired: list[Place] = field(default_factory=list)
    unrepaired: list[Place] = field(default_factory=list)
    is_rebuilt: bool = False
    kept: Path | None = None


async def repair(
    store: SqliteStore,
    trail_of: Callable[[SqliteStore], Trail],
    archive: Archive | None,
    *,
    dry_run: bool = False,
    progress: Progress = lambda doing, done: None,
) -> Repaired:
    """Find what is damaged and bring it back; the market may stay open.

    `trail_of` makes the trail of a store; `dry_run` only says what could be done. It can be
    interrupted, and run again. Raises Damaged for a damaged archive, and Contended if the file must be
    rebuilt and the market was changed meanwhile.
    """
    head = head_of(store.path)
    done = Repaired(await asyncio.to_thread(examine, store.path, progress))
    if done.found.is_sound:
        return done
    with tempfile.TemporaryDirectory(prefix="marinemarket-") as scratch:
        known = await known_state(archive, store.path, Path(scratch), progress)
        with closing(known.state):
            _plan(done, known)
            if dry_run:
                return done
            if done.found.must_be_rebuilt:
                await _rebuild(store.path, trail_of, known, done, head)
                return done
            trail = trail_of(store)
            done.repaired = [
                place for place in done.repaired if await _mend(trail, done, known, place)
            ]
            if done.found.feed:
                entry = _entry(trail, feed=len(done.found.feed))
                await trail.commit(entry)
                await store.cut_feed(max(done.found.feed))
    return done


def _plan(done: Repaired, known: KnownState) -> None:
    for place in done.found.damaged:
        can = _image(done, known, place) is not None
        (done.repaired if can else done.unrepaired).append(place)


def _image(done: Repaired, known: KnownState, place: Place) -> Item | None:
    """What a damaged item was: by its own text, if only its row is damaged, or as it is proved."""
    intact = done.found.intact.get(place)
    return intact if intact is not None else known.newest(BY_NAME[place[0]], place[1])


async def _mend(trail: Trail, done: Repaired, known: KnownState, place: Place) -> bool:
    """Write one item back, with its own audit entry; false if somebody else has done so."""
    table = BY_NAME[place[0]]
    image = _image(done, known, place)
    if image is None:
        return False
    entry = _entry(trail, table=table.name, key=_shown(place[1]))
    write = Put(table, SHAPES.read(table, image), when=IsDamaged())
    try:
        await trail.commit(entry, write)
    except Conflict:
        return False
    return True


def _entry(trail: Trail, **details: object) -> AuditLog:
    return ACTOR.entry(Action.DATA_REPAIRED, "store", "damage", trail.clock(), **details)


def _shown(key: Key) -> list[object]:
    """A key for the audit trail, which keeps no address of a person who may be erased."""
    return ["…" if "@" in str(part) else part for part in key]


async def _rebuild(
    path: Path,
    trail_of: Callable[[SqliteStore], Trail],
    known: KnownState,
    done: Repaired,
    head: tuple[object, ...],
) -> None:
    making, items = await asyncio.to_thread(
        rebuild, path, partial(_provable, known), is_whole=known.is_whole
    )
    new = SqliteStore(making, secret_key=token_hex(32))
    try:
        trail = trail_of(new)
        await trail.commit(_entry(trail, rebuilt=True, items=items, lost=len(done.unrepaired)))
        moment = iso(trail.clock()).replace(":", "")
    finally:
        await new.close()
    if done.unrepaired or not known.is_whole:
        done.kept = path.with_name(f"{path.name}.damaged-{moment}")
        await asyncio.to_thread(copy_aside, path, done.kept)
    await asyncio.to_thread(take_over, making, path, head)
    done.is_rebuilt = True


def _provable(known: KnownState, table: Table) -> Iterator[Item]:
    for item in known.state.all(table):
        if known.newest(table, table.key_of(item)) is not None:
            yield item
