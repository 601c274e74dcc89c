"""How fast is search, compared with OpenSearch and PostgreSQL with PostGIS on the same boats?

    .venv/bin/python -m benchmarks.search --boats 200000 \\
        [--opensearch http://127.0.0.1:9200] [--postgres "host=… dbname=…"]

A run asks every engine each query in turn, repeatedly, and reports median wall time, the slowest, and
the CPU time of our own process (all there is for `columns`, only the client's part for the others). An
engine that takes over half a second is asked three times. The other servers must be started by hand;
without them, only ours is measured. PostgreSQL needs psycopg, which is not among our requirements.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from marinemarket.clock import now_ms
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from marinemarket.search.index import SearchEngine
from marinemarket.search.opensearch.connection import opensearch_at
from marinemarket.search.query_builder import build_query
from marinemarket.search.query_parser import parse

from .corpus import WORDS, boats
from .queries import QUESTIONS

ROUNDS = 15
SECRET = "k" * 40
Ask = Callable[[str], Awaitable[int]]


async def main(options: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        asks: dict[str, Ask] = {}
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        columns = ColumnsEngine(folder, secret_key=SECRET)
        await _build("columns", columns, options.boats)
        size = _megabytes(folder)
        asks["columns"] = _asking(columns)
        if options.opensearch:
            peer = await stack.enter_async_context(_opensearch(options.opensearch))
            await _build("opensearch", peer, options.boats)
            asks["opensearch"] = _asking(peer)
        if options.postgres:
            asks["postgres"] = await _postgres(options.postgres, options.boats, columns)
        await _compare(asks)
        await _together(columns)
        await _odd_questions(columns)
        print(f"columns: {size} MB on disk")
        reading = [sys.executable, "-m", "benchmarks.search.reader_memory", str(folder)]
        await asyncio.to_thread(subprocess.run, reading, check=True)


@asynccontextmanager
async def _opensearch(address: str) -> AsyncIterator[SearchEngine]:
    engine = opensearch_at(address, name="benchmark", secret_key=SECRET)
    try:
        yield engine
    finally:
        await engine.client.indices.delete(index="benchmark-*")
        await engine.close()


async def _build(name: str, engine: SearchEngine, count: int) -> None:
    spent, began = 0.0, time.perf_counter()
    async with engine.rebuilding() as writer:
        for number, boat in enumerate(boats(count)):
            before = time.perf_counter()
            await writer.put(boat.document)
            spent += time.perf_counter() - before
            if number % 20_000 == 0:
                print(f"\r{name}: {number:,} boats", end="", flush=True)
        before = time.perf_counter()
        await writer.save("benchmark:1")
        spent += time.perf_counter() - before
    whole = time.perf_counter() - began
    print(
        f"\r{name}: {count:,} boats indexed in {spent:.0f} s, and generated in {whole - spent:.0f} s"
    )


def _asking(engine: SearchEngine) -> Ask:
    async def ask(question: str) -> int:
        return (await look_up(engine.index, QUESTIONS[question], now_ms()))[0].total

    return ask


async def _postgres(address: str, count: int, columns: ColumnsEngine) -> Ask:
    from .postgres import Postgres

    peer = Postgres(address)
    print(f"postgres: indexed in {peer.build(boats(count)):.0f} s, {peer.megabytes()} MB")

    async def ask(question: str) -> int:
        search = QUESTIONS[question]
        wanted = build_query(
            search, parse(search.query or "", await columns.index.vocabulary(())), now_ms()
        )
        return peer.search(wanted, search.query or "")

    return ask


async def _compare(asks: dict[str, Ask]) -> None:
    print(f"\n{'milliseconds at the median':28}" + "".join(f"{name:>36}" for name in asks))
    for question in QUESTIONS:
        wall: dict[str, list[float]] = {name: [] for name in asks}
        cpu: dict[str, list[float]] = {name: [] for name in asks}
        totals = {name: await ask(question) for name, ask in asks.items()}
        for number in range(ROUNDS):
            for name, ask in asks.items():
                if name == "postgres" and number >= 3 and statistics.median(wall[name]) > 0.5:
                    continue
                began, used = time.perf_counter(), time.process_time()
                await ask(question)
                wall[name].append(time.perf_counter() - began)
                cpu[name].append(time.process_time() - used)
        print(
            f"{question:28}" + "".join(_cell(wall[name], cpu[name], totals[name]) for name in asks)
        )


def _cell(wall: list[float], cpu: list[float], total: int) -> str:
    middle, last = statistics.median(wall) * 1000, max(wall) * 1000
    return f"{middle:8.1f} ≤{last:6.0f} cpu{statistics.median(cpu) * 1000:6.1f} {total:>9,}"


async def _together(engine: ColumnsEngine) -> None:
    """Two clients in one process take turns: what counts is the number of answers."""
    ask = _asking(engine)
    began = time.perf_counter()

    async def client() -> None:
        for _ in range(5):
            for question in QUESTIONS:
                await ask(question)

    await asyncio.gather(client(), client())
    count = 10 * len(QUESTIONS)
    print(f"\ncolumns: {count / (time.perf_counter() - began):.0f} queries a second, two clients")


ODD = (
    "a " * 32, "zzzzzzzz " * 32, "bayilner " * 20, "x" * 500, "refitted " * 32, '"' * 500, "under " * 80,
    "near " * 100, "benetau cruisr sprot expres clasic famly oceaan fsher " * 4, "1-" * 250, "in fl " * 80,
    " ".join(WORDS[:32]), " ".join(WORDS[-32:]),
)  # fmt: skip


async def _odd_questions(engine: ColumnsEngine) -> None:
    """Unusual queries must not cost much more than others: CPU time, best of five, per median query."""
    usual = statistics.median([await _least_cpu(engine, q) for q in QUESTIONS.values()])
    for text in ODD:
        search = _shortened(text)
        print(
            f"  {await _least_cpu(engine, search) / usual:5.1f} times the median query: {text[:40]!r}"
        )


def _shortened(text: str) -> Search:
    return Search(query=text[:500])


async def _least_cpu(engine: ColumnsEngine, search: Search) -> float:
    spent = []
    for _ in range(5):
        began = time.process_time()
        await look_up(engine.index, search, now_ms())
        spent.append(time.process_time() - began)
    return min(spent)


def _megabytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*")) // 1_000_000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boats", type=int, default=200_000)
    parser.add_argument("--opensearch")
    parser.add_argument("--postgres")
    asyncio.run(main(parser.parse_args()))
