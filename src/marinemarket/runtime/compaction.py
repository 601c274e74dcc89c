"""Compaction: what was deleted leaves the files of the data folder, byte by byte.

The feed is cut where every follower and the archive have passed it, the index is built anew, and the
market's file is rewritten. Each step may be repeated, so it can be interrupted anywhere. The archive
is left alone: what it keeps, it keeps for as long as the market can be restored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from ..accounts.erasure import erasures_under_way
from ..composition import Market
from ..errors import Refused
from ..mail.mailbox import remove_unfinished
from ..search.index_follower import rebuild
from ..store.store import Position
from ..stores import compact_file

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did. Sizes are in bytes, of all files of the store and the index.

    `kept_back_by` names who has not read the feed to its end, so that a part of it stayed.
    """

    before: int
    after: int
    changes: int
    boats: int
    is_log_empty: bool
    kept_back_by: tuple[str, ...] = ()
    erasures: int = 0


async def compact(market: Market, progress: Progress = lambda step, done: None) -> Compacted:
    """Compact a market in files, open or not. Raises Refused for another engine."""
    if market.settings.store != "sqlite":
        raise Refused("DynamoDB removes what was deleted by itself: there is nothing to compact")
    before = await asyncio.to_thread(_size, market)
    late, changes = await _cut_feed(market, progress)
    boats = await rebuild(market.store, market.engine, lambda read: progress("boats", read))
    await asyncio.to_thread(remove_unfinished, market.settings.emails_folder)
    progress("the file", 0)
    is_log_empty = await compact_file(market.store.engine)
    after = await asyncio.to_thread(_size, market)
    under_way = len(await erasures_under_way(market.store))
    return Compacted(before, after, changes, boats, is_log_empty, late, under_way)


async def _cut_feed(market: Market, progress: Progress) -> tuple[tuple[str, ...], int]:
    """Drop what everybody has read; returns who is late, and how many changes went."""
    head = await market.store.head()
    places = {name: position async for name, position in _readers(market)}
    passed = [position for position in places.values() if position is not None]
    late = tuple(
        name
        for name, position in places.items()
        if position is None or not market.store.has_passed(position, head)
    )
    changes = 0
    if len(passed) == len(places):
        while dropped := await market.store.trim(market.clock() + 1, passed):
            changes += dropped
            progress("changes", changes)
    return late, changes


async def _readers(market: Market) -> AsyncIterator[tuple[str, Position | None]]:
    yield "the archive", await market.own_archiver().archived()
    yield "the index", await market.engine.index.position()
    yield "saved searches", await market.alert_follower().position()
    yield "moderation", await market.case_follower().position()
    yield "sellers' kinds", await market.seller_kind_follower().position()


def _size(market: Market) -> int:
    settings = market.settings
    files = [*settings.data.glob(f"{settings.database.name}*"), *_files(settings.search_folder)]
    return sum(file.stat().st_size for file in files if file.exists())


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
