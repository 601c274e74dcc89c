"""Sixty-four writers in eight processes compete for one listing, one account and one thread.

Each gets an answer: the change is made, or the market says why not, or asks to try again later. Each
version has one winner: what was acknowledged is there, once, with its audit entry, and nothing else.

`drill_dynamodb` does the same with half as many on DynamoDB, if TEST_DYNAMODB_URL gives an endpoint, as
`scripts/test-engines` does.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.store.dynamodb import connected
from tests.contention.checks import check
from tests.contention.writers import Answer, Fight, answers_in, fight, prepared, standing_clock
from tests.store.engines.dynamodb import DYNAMODB_LOCAL, REGION, make_tables

from . import Skipped

WRITERS, PROCESSES, TURNS = 64, 8, 3
FIVE_MINUTES = 300

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__])


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    for number, _ in enumerate(rounds, start=1):
        yield await _round(Settings(data=folder / str(number)), WRITERS, PROCESSES)


async def drill_dynamodb(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    if DYNAMODB_LOCAL is None:
        raise Skipped("TEST_DYNAMODB_URL is not set")
    for number, _ in enumerate(rounds, start=1):
        prefix = f"drill-{uuid.uuid4().hex[:12]}-"
        async with connected(prefix=prefix, endpoint=DYNAMODB_LOCAL, region=REGION) as connection:
            await make_tables(connection)
        settings = Settings(
            data=folder / str(number),
            store="dynamodb",
            table_prefix=prefix,
            aws_endpoint_url=DYNAMODB_LOCAL,
            aws_region=REGION,
            secret_key="a secret key of thirty-two letters",
        )
        yield await _round(settings, WRITERS // 2, PROCESSES // 2)


async def _round(settings: Settings, writers: int, processes: int) -> str:
    async with open_market(settings, clock=standing_clock) as market:
        what = await prepared(market, writers=writers, turns=TURNS)
        begun = await market.store.head()
        answers = await asyncio.to_thread(_fought, settings, what, processes)
        await check(market, what, answers, begun)
    outcomes = Counter(answer.error or "made" for answer in answers)
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())


def _fought(settings: Settings, what: Fight, processes: int) -> list[Answer]:
    """The answers of all writers; each process starts its share of them at once."""
    start = _FORKING.Barrier(processes)
    logs = [settings.data / f"answers-{number}" for number in range(processes)]
    fighting = [
        _FORKING.Process(
            target=_live, args=(settings, what, range(n, what.writers, processes), log, start)
        )
        for n, log in enumerate(logs)
    ]
    deadline = time.monotonic() + FIVE_MINUTES
    for process in fighting:
        process.start()
    try:
        for process in fighting:
            process.join(max(0.0, deadline - time.monotonic()))
            assert process.exitcode is not None, "a writer goes on without end"
            assert process.exitcode == 0, "a writer failed: its traceback stands above"
    finally:
        for process in fighting:
            process.kill()
            process.join()
    return [answer for log in logs for answer in answers_in(log)]


def _live(settings: Settings, what: Fight, numbers: range, log: Path, start: Barrier) -> None:
    """The body of a writer process."""
    logging.disable(logging.WARNING)  # the fresh index of a new market logs a warning
    asyncio.run(_open_and_fight(settings, what, numbers, log, start))


async def _open_and_fight(
    settings: Settings, what: Fight, numbers: range, log: Path, start: Barrier
) -> None:
    async with open_market(settings, clock=standing_clock) as market:
        await asyncio.to_thread(start.wait, FIVE_MINUTES)
        await fight(market, what, numbers, log)
