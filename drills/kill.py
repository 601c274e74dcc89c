"""Writers are killed in mid-work, again and again, on one market.

Every acknowledged commit must be there exactly once, none in part, the file intact, and the index equal
to the store once it has caught up. Each round checks what it added, and the total counts; the last one
compares the whole market too.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from marinemarket.accounts.records import add_user
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from marinemarket.search.index_follower import reach
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS, LISTINGS
from marinemarket.store.store import Change, Position
from tests.builders import a_user
from tests.store.paging import feed, replayed, state

from .writer import ACTOR, WRITERS, word_of, write_until_killed

A_MINUTE = 60
MOST_AWAITED = 100
"""The kill comes before this many commits were acknowledged."""

# Processes are forked from one that has imported the market's code: a start takes milliseconds.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([write_until_killed.__module__])

_ID_IN = {LISTINGS.name: "id", CLAIMS.name: "claim", AUDIT_LOGS.name: "resourceId"}
"""The attribute with the advert's id in each table's items."""


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    settings = Settings(data=folder / "data")
    async with open_market(settings) as market:
        await add_user(market.trail, ACTOR, a_user())
        known = _Known(await market.store.head(), _counts(settings.database))
    for number, chance in enumerate(rounds, start=1):
        acknowledged = await asyncio.to_thread(_write_and_kill, settings.data, number, chance)
        _check_intact(settings.database)
        async with open_market(settings) as market:
            added = await _check_added(market, known, acknowledged)
            await reach(market.store, market.engine)
            await _check_search(market, number, added, known)
            if number == len(rounds):
                await _check_whole(market, known)
        yield f"{len(acknowledged)} acknowledged, {len(added)} there, {len(known.ids)} in all"


@dataclass(slots=True)
class _Known:
    """The state after the rounds so far: the feed's position, the rows, and the adverts."""

    position: Position
    rows: dict[str, int]
    ids: set[str] = field(default_factory=set)


def _write_and_kill(data: Path, number: int, chance: random.Random) -> list[str]:
    """Let writers run until they acknowledged some commits, then kill them; returns all their ids."""
    log = data / f"acknowledged-{number}"
    enough, longer = chance.randrange(MOST_AWAITED), chance.uniform(0, 0.02)
    writers = _PROCESSES.Process(target=write_until_killed, args=(data, log, number))
    writers.start()
    try:
        deadline = time.monotonic() + A_MINUTE
        while len(_acknowledged(log)) < enough:
            assert writers.is_alive(), "the writers ended by themselves"
            assert time.monotonic() < deadline, "the writers are stuck"
            time.sleep(0.002)
        time.sleep(longer)
    finally:
        writers.kill()
        writers.join()
    assert writers.exitcode == -signal.SIGKILL, "the writers ended by themselves"
    return _acknowledged(log)


def _acknowledged(log: Path) -> list[str]:
    lines = log.read_text().splitlines(keepends=True) if log.exists() else []
    return [line.strip() for line in lines if line.endswith("\n")]


def _check_intact(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def _check_added(market: Market, known: _Known, acknowledged: list[str]) -> set[str]:
    """Check that a round's commits are complete, once in the feed and in the tables; the adverts' ids."""
    changes = await feed(market.store, known.position)
    added = Counter(map(_advert_in, changes))
    ids = {id for _, id in added}
    assert set(added.values()) <= {1}, "the feed tells something twice"
    assert added.keys() == {(table, id) for table in _ID_IN for id in ids}, "a commit came by half"
    assert len(acknowledged) == len(set(acknowledged))
    assert set(acknowledged) <= ids, "an acknowledged commit is lost"
    # Beyond what was logged, each writer can have made only the commit it was about to log.
    assert len(ids) <= len(acknowledged) + WRITERS
    assert not ids & known.ids
    for change in changes:
        table = next(
            table for table in (LISTINGS, CLAIMS, AUDIT_LOGS) if table.name == change.table
        )
        assert await market.store.get(table, *change.key) == change.new
    known.rows = {table: count + len(ids) for table, count in known.rows.items()}
    assert _counts(market.settings.database) == known.rows
    known.ids |= ids
    if changes:
        known.position = changes[-1].position
    return ids


def _advert_in(change: Change) -> tuple[str, str]:
    assert change.old is None, "what was there was changed"
    assert change.new is not None, "what was there is gone"
    return change.table, change.new[_ID_IN[change.table]]


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for table in _ID_IN
        }


async def _check_search(market: Market, number: int, added: set[str], known: _Known) -> None:
    assert await _found(market, word_of(number)) == Counter(added)
    hits, _ = await look_up(market.engine.index, Search(limit=1), market.clock())
    assert hits.total == len(known.ids)


async def _found(market: Market, query: str | None) -> Counter[str]:
    """Every hit of a search, page by page."""
    found: Counter[str] = Counter()
    after: str | None = None
    while True:
        search = Search(query=query, limit=100, after=after)
        hits, _ = await look_up(market.engine.index, search, market.clock())
        found.update(hits.ids)
        after = hits.next
        if after is None:
            return found


async def _check_whole(market: Market, known: _Known) -> None:
    assert replayed(await feed(market.store)) == await state(market.store)
    assert await _found(market, None) == Counter(known.ids)
