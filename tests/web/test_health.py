"""What health checks say while parts of the market are away."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from marinemarket.accounts.records import add_user
from marinemarket.audit.operational import Operational
from marinemarket.clock import HOUR, MINUTE, Clock
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.disk import take_lock
from marinemarket.mail.email import Email, outgoing
from marinemarket.parts import report
from marinemarket.parts.heartbeat import beat
from marinemarket.search.opensearch import circuit_breaker
from marinemarket.store.change_feed import follow
from tests.builders import ManualClock, a_listing, a_user
from tests.conftest import TESTS
from tests.search.faulty_server import FaultyServer

from .conftest import Client, Reached, offer, site_of

pytestmark = pytest.mark.anyio


async def _ready(client: httpx.AsyncClient | Client) -> tuple[int, dict[str, Any]]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()


async def _parts(reached: Reached) -> dict[str, Any]:
    async with reached(metrics="all") as client:
        document: dict[str, Any] = (await client.get("/health/parts")).json()
        return document


@asynccontextmanager
async def _asked(settings: Settings, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """A client in the loop of the site itself, which its client for OpenSearch needs."""
    with site_of(settings, clock) as site:
        async with site.lifespan():
            given = httpx.ASGITransport(site, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=given, base_url="http://market") as client:
                yield client


async def test_opensearch_that_goes_away_degrades_the_site_and_stops_no_page_but_search(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breaker, "STEADY_SECONDS", 0.0)
    async with AsyncExitStack() as stack:
        async with open_market(Settings(data=tmp_path), clock=clock) as market:
            head = await market.store.head()
        server = await stack.enter_async_context(FaultyServer())
        server.position = head
        settings = Settings(data=tmp_path, search="opensearch", opensearch_url=server.url)
        client = await stack.enter_async_context(_asked(settings, clock))
        server.mood = "503"
        assert await _ready(client) == (503, {"status": "catching up"})
        server.mood = "well"
        async with asyncio.timeout(60):
            while await _ready(client) != (200, {"status": "ready"}):
                await asyncio.sleep(0.05)
        for mood in ("503", "closed"):
            server.mood = mood
            if mood == "closed":
                await server.stop()
            for _ in range(5):
                assert await _ready(client) == (200, {"status": "degraded", "away": ["search"]})
        home = await client.get("/")
        assert home.status_code == 200
        assert "Search is not available at the moment" in home.text
        boats = await client.get("/boats?q=blue+sloop&price_max=50000")
        assert boats.status_code == 503
        assert int(boats.headers["retry-after"]) >= 1
        for words in (
            "Search is not available at the moment",
            "blue sloop",
            "/boats?q=blue+sloop&amp;price_max=50000",
        ):
            assert words in boats.text
        for path in ("/api/v1/listings", "/boats/points"):
            answer = await client.get(path)
            assert (answer.status_code, int(answer.headers["retry-after"]) >= 1) == (503, True), (
                path
            )
        for path in ("/health/live", "/account/sign-in", "/robots.txt"):
            assert (await client.get(path)).status_code == 200, path


async def test_only_the_store_takes_a_host_out_of_service(
    market_settings: Settings, clock: ManualClock
) -> None:
    async with open_market(market_settings, clock=clock) as market:
        await add_user(market.trail, TESTS, a_user())
        await offer(market, a_listing())
    async with _asked(market_settings, clock) as client:
        assert await _ready(client) == (200, {"status": "ready"})
    with closing(sqlite3.connect(market_settings.database)) as file:
        [[root]] = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'boat-listings'")
        [[size]] = file.execute("PRAGMA page_size")
    with market_settings.database.open("r+b") as damaged:
        damaged.seek((root - 1) * size)
        damaged.write(b"\xff" * size)
    async with _asked(market_settings, clock) as client:
        assert await _ready(client) == (503, {"status": "away", "away": ["store"]})
        assert (await client.get("/health/live")).status_code == 200


async def test_a_store_that_hangs_is_away_after_a_bounded_time(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SECONDS", 0.05)

    async def hanging(*_: object) -> None:
        await asyncio.sleep(3600)

    opened: Market = client.app.state.market
    with patch.object(opened.store, "get", hanging):
        assert await _ready(client) == (503, {"status": "away", "away": ["store"]})


@pytest.mark.parametrize("fault", ["absent", "damaged"])
async def test_an_index_of_columns_that_is_gone_degrades_too(
    market: Market, client: Client, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    await offer(market, a_listing())
    assert await _ready(client) == (200, {"status": "ready"})
    folder = market.settings.search_folder
    if fault == "absent":
        (folder / "current").unlink()
    else:
        [segment] = [file for file in folder.rglob("*") if file.name.startswith("s-")]
        content = bytearray(segment.read_bytes())
        content[-70] ^= 0xFF
        segment.write_bytes(content)
    async with _asked(market.settings, market.clock) as other:
        for _ in range(50):
            boats = await other.get("/boats?q=sloop")
            assert boats.status_code == 503
            assert "Search is not available at the moment" in boats.text
    assert len(caplog.records) == (fault == "damaged")
    assert await _ready(client) == (200, {"status": "degraded", "away": ["search"]})
    assert (await client.get(f"/api/v1/listings/{a_listing().id}")).status_code == 200


async def test_the_parts_are_for_whoever_reads_the_metrics(reached: Reached) -> None:
    for readers in ("none", "local"):
        async with reached(metrics=readers) as client:
            assert (await client.get("/health/parts")).status_code == 404
    async with reached(peer="127.0.0.1", metrics="local") as client:
        assert (await client.get("/health/parts")).status_code == 200
        forwarded = await client.get("/health/parts", headers={"X-Forwarded-For": "127.0.0.1"})
        assert forwarded.status_code == 404


async def test_each_part_tells_how_it_is(
    market: Market, clock: ManualClock, reached: Reached
) -> None:
    await offer(market, a_listing(name="one"))
    lock = take_lock(market.settings.worker_lock)
    beat(market.settings.heartbeat_place, clock())
    await market.own_archiver().take_base()
    clock.now += MINUTE // 2
    document = await _parts(reached)
    assert document["status"] == "ok"
    parts = document["parts"]
    assert parts["store"] == {"status": "ok", "engine": "sqlite"}
    assert parts["index"] == {
        "status": "ok", "engine": "columns", "changesBehind": 0, "secondsBehind": 0,
    }  # fmt: skip
    assert parts["worker"] == {
        "status": "ok", "alive": True, "lastHeartbeat": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    assert parts["mail"] == {
        "status": "ok",
        "waiting": 0,
        "oldestSeconds": None,
        "failing": 0,
        "failedToday": 0,
    }
    assert parts["archive"] == {
        "status": "ok", "archivedUntil": "2026-01-01T00:00:00.000Z", "secondsBehind": 0,
    }  # fmt: skip
    clock.now += HOUR
    quiet = (await _parts(reached))["parts"]["archive"]
    assert (quiet["status"], quiet["archivedUntil"]) == ("degraded", "2026-01-01T00:00:00.000Z")
    await follow(market.store.engine, market.own_archiver())
    quiet = (await _parts(reached))["parts"]["archive"]
    assert (quiet["status"], quiet["archivedUntil"]) == ("ok", "2026-01-01T01:00:29.999Z")
    clock.now -= HOUR

    letter = await outgoing(market.accounts.vault, Email("verify", "a@example.com"), clock())
    letter.item["why"] = "the server cannot be reached"
    await market.trail.commit_operational(Operational.LETTER, letter)
    clock.now += 2 * HOUR
    assert lock is not None
    lock.close()
    document = await _parts(reached)
    assert document["status"] == "degraded"
    parts = document["parts"]
    assert parts["worker"]["status"] == "away"
    assert (parts["worker"]["alive"], parts["worker"]["reason"]) == (False, "none runs")
    assert parts["mail"] == {
        "status": "degraded", "waiting": 1, "oldestSeconds": 7200, "failing": 1, "failedToday": 0,
        "reason": "the server cannot be reached",
    }  # fmt: skip
    assert parts["index"]["secondsBehind"] == 7200
    assert parts["index"]["changesBehind"] >= 1
    assert parts["archive"]["archivedUntil"] == "2026-01-01T00:00:29.999Z"
    assert parts["archive"]["status"] == "degraded"
