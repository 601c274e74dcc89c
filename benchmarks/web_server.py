"""Uvicorn compared with Granian, one process each, in turn.

Both serve the same application on the same demonstration market. It reports the CPU seconds of the
server's processes for a number of requests, and the ratio of each pair, since the machine's speed
drifts; not wall time, since the client shares the machine.

    .venv/bin/pip install granian && .venv/bin/python benchmarks/web_server.py
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROUNDS = 5
REQUESTS = 600
AT_ONCE = 8
PATHS = ("/boats?q=beneteau&sort=price", "/api/v1/listings?limit=20&type=sailboat", "/health/live")

APPLICATION = """
from marinemarket.config.settings import load
from marinemarket.web.app import create_app
app = create_app(load())
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        (Path(folder) / "served.py").write_text(APPLICATION)
        environment = os.environ | {
            "MARINEMARKET_DATA": str(data),
            "MARINEMARKET_LIMIT_SEARCH": "off",
            "PYTHONPATH": folder,
        }
        asyncio.run(_fill(data))
        for path in PATHS:
            seconds: dict[str, list[float]] = {"uvicorn": [], "granian": []}
            for _ in range(ROUNDS):
                for server, spent in seconds.items():
                    spent.append(_measure(server, path, environment))
            ratios = [u / g for u, g in zip(seconds["uvicorn"], seconds["granian"], strict=True)]
            medians = ", ".join(
                f"{server} {1000 * statistics.median(spent) / REQUESTS:.2f} ms CPU a request"
                for server, spent in seconds.items()
            )
            print(
                f"{path}: {medians}; Uvicorn / Granian {statistics.median(ratios):.2f}", flush=True
            )


async def _fill(data: Path) -> None:
    from marinemarket.composition import open_market
    from marinemarket.config.settings import Settings
    from marinemarket.demo.seeder import fill
    from marinemarket.search.index_follower import reach

    async with open_market(Settings(data=data)) as market:
        await fill(market, lambda done: None)
        await reach(market.store, market.engine)


def _measure(server: str, path: str, environment: dict[str, str]) -> float:
    port = _free_port()
    options = {
        "uvicorn": [
            *("uvicorn", "served:app", "--port", str(port), "--http", "h11"),
            *("--log-level", "error", "--no-access-log"),
        ],
        "granian": ["granian", "--interface", "asgi", "--port", str(port), "--no-log", "served:app"],
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", *options[server]], env=environment)
    try:
        asyncio.run(_ask(port, path, 50))
        before = _cpu_seconds(process.pid)
        asyncio.run(_ask(port, path, REQUESTS))
        return _cpu_seconds(process.pid) - before
    finally:
        process.terminate()
        process.wait()


async def _ask(port: int, path: str, count: int) -> None:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60
    ) as client:
        deadline = time.monotonic() + 60
        while True:
            try:
                (await client.get("/health/live")).raise_for_status()
                break
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.1)
        for _ in range(count // AT_ONCE):
            for answer in await asyncio.gather(*(client.get(path) for _ in range(AT_ONCE))):
                answer.raise_for_status()


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process and its running children."""
    ticks = 0
    for candidate in Path("/proc").iterdir():
        if candidate.name.isdigit() and _belongs(candidate, pid):
            fields = (candidate / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _belongs(process: Path, pid: int) -> bool:
    try:
        parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return False
    return process.name == str(pid) or parent == str(pid)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
