"""Case 5, and rate limits in general: exact across processes, by address, on every answer."""

from __future__ import annotations

import logging
import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.config.rate_limit import Limit
from marinemarket.web.security.rate_limit_store import RateLimitStore
from marinemarket.web.security.rate_limits import network_of
from tests.builders import NOW, ManualClock, a_listing, uuid_of
from tests.web.conftest import offer
from tests.web.visitors import signed_in

from .conftest import Reached

pytestmark = pytest.mark.anyio

KEY = b"somebody"
_barrier: Any = None


async def test_case_5_one_password_sprayed_over_many_accounts_is_stopped(reached: Reached) -> None:
    async with reached(limit_auth="10/minute") as client:
        statuses = []
        for number in range(13):
            tried = {"email": f"captain{number}@boats.example", "password": "Anchors aweigh 1"}
            answer = await client.post("/api/v1/auth/login", json=tried)
            statuses.append(answer.status_code)
        assert statuses == [401] * 10 + [429] * 3
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["ratelimit-policy"] == '"auth";q=10;w=60'
        assert answer.headers["ratelimit"].startswith('"auth";r=0;t=')
    # Counted in a file: another process of the same market would not let them in either.
    async with reached(limit_auth="10/minute") as client:
        assert (await client.post("/api/v1/auth/login", json=tried)).status_code == 429
    async with reached(peer="203.0.113.8", limit_auth="10/minute") as client:
        assert (await client.post("/api/v1/auth/login", json=tried)).status_code == 401


async def test_searches_are_limited_on_api_and_page_together_and_say_how_many_are_left(
    market: Market, reached: Reached, clock: ManualClock
) -> None:
    await offer(market)
    async with reached(limit_search="3/minute") as client:
        first = await client.get("/api/v1/listings")
        assert first.headers["ratelimit"] == '"search";r=2;t=60'
        assert (await client.post("/api/v1/search", json={})).status_code == 200
        assert (await client.get("/boats")).status_code == 200
        page = await client.get("/boats")
        assert (page.status_code, page.headers["cache-control"]) == (429, "private, no-store")
        assert "Too many requests" in page.text
        clock.now += int(page.headers["retry-after"]) * 1000
        assert (await client.get("/boats")).status_code == 200
        assert "ratelimit" not in (await client.get("/health/live")).headers


async def test_writes_are_counted_by_user_wherever_they_come_from(
    market: Market, reached: Reached
) -> None:
    await offer(market, a_listing())
    owner, address = await signed_in(market), f"/api/v1/listings/{uuid_of('nothing')}"
    for peer, status in (("203.0.113.1", 428), ("203.0.113.2", 428), ("203.0.113.3", 429)):
        async with reached(peer=peer, limit_writes="2/minute") as client:
            assert (await client.delete(address, headers=owner)).status_code == status
            stranger = await client.delete(address)
            assert stranger.status_code == 401, "who is not signed in is counted by address"


async def test_nothing_in_the_file_tells_an_address(market: Market, reached: Reached) -> None:
    async with reached(peer="203.0.113.77", limit_search="300/minute") as client:
        await client.get("/api/v1/listings")
    files = list(market.settings.data.glob("limits.sqlite3*"))
    assert files
    assert not any(b"203.0.113" in file.read_bytes() for file in files)
    with sqlite3.connect(market.settings.counters) as connection:
        assert connection.execute("SELECT count(*) FROM counters").fetchone() == (1,)
    connection.close()


async def test_a_damaged_file_lets_everybody_in_and_is_told_once(
    market: Market, reached: Reached, caplog: pytest.LogCaptureFixture
) -> None:
    await offer(market)
    market.settings.counters.write_bytes(b"this is no database" * 1000)
    async with reached(limit_search="1/minute") as client:
        for _ in range(3):
            assert (await client.get("/api/v1/listings")).status_code == 200
    lines = [record for record in caplog.records if "limits are not counted" in record.message]
    assert [record.levelno for record in lines] == [logging.WARNING]


def test_a_locked_file_lets_everybody_in(tmp_path: Path) -> None:
    counters = RateLimitStore(tmp_path / "limits", clock=lambda: NOW)
    assert counters.take(KEY, Limit(1, 60)) is not None
    with sqlite3.connect(tmp_path / "limits", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert counters.take(KEY, Limit(1, 60)) is None
    other.close()
    counters.close()


def test_one_client_is_an_ipv4_address_or_a_64_of_ipv6() -> None:
    assert network_of("2001:db8:1:2::a") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:2::a") != network_of("2001:db8:1:3::a")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")


def test_a_window_admits_no_more_around_its_end_than_within(
    tmp_path: Path, clock: ManualClock
) -> None:
    counters, limit = RateLimitStore(tmp_path / "limits", clock=clock), Limit(10, 60)
    clock.now += 59_000  # tests begin at a full minute
    assert _admitted(counters, limit, 20) == 10
    clock.now += 2_000
    assert _admitted(counters, limit, 20) == 0
    clock.now += 30_000
    refused = counters.take(KEY, limit)
    assert refused is not None
    assert _admitted(counters, limit, 20) == 4  # one above, and what half a window has given back
    clock.now -= 3_600_000
    assert _admitted(counters, limit, 20) == 0, "a clock that goes back gives nothing away"
    clock.now += 120_000
    assert _admitted(counters, limit, 20) == 10, "and keeps nobody out until it is where it was"
    counters.close()


def test_whoever_waits_as_long_as_told_is_admitted(tmp_path: Path, clock: ManualClock) -> None:
    for most in (1, 3, 10):
        counters, limit = RateLimitStore(tmp_path / f"limits {most}", clock=clock), Limit(most, 60)
        for _ in range(5):
            _admitted(counters, limit, most * 2)
            refused = counters.take(KEY, limit)
            assert refused is not None
            assert not refused.is_admitted
            clock.now += refused.seconds * 1000
            admitted = counters.take(KEY, limit)
            assert admitted is not None
            assert admitted.is_admitted
        counters.close()


def test_what_is_over_is_swept(tmp_path: Path, clock: ManualClock) -> None:
    counters = RateLimitStore(tmp_path / "limits", clock=clock)
    for number in range(50):
        counters.take(b"%d" % number, Limit(10, 60))
    clock.now += 200_000
    counters.take(KEY, Limit(10, 60))
    counters.close()
    with sqlite3.connect(tmp_path / "limits") as connection:
        assert connection.execute("SELECT count(*) FROM counters").fetchone() == (1,)
    connection.close()


def test_processes_that_hammer_one_file_admit_exactly_the_limit(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    with spawning.Pool(4, _meet, [spawning.Barrier(4)]) as pool:
        admitted = pool.map(hammer, [tmp_path / "limits"] * 4, chunksize=1)
    assert sum(admitted) == 2000, "of 4,000 tries, of which no process makes more than 1,000"


def test_processes_that_open_one_file_at_once_all_count(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    with spawning.Pool(4, _meet, [spawning.Barrier(4)]) as pool:
        for number in range(40):  # without patience in opening, one round in four fails
            file = tmp_path / f"limits {number}"
            assert sum(pool.map(open_and_take, [file] * 4, chunksize=1)) == 3


def _meet(barrier: Any) -> None:
    global _barrier
    _barrier = barrier


def hammer(path: Path) -> int:
    _barrier.wait()  # all four are there, and each has one of the four rounds
    counters = RateLimitStore(path, clock=lambda: NOW, patience=60)
    admitted = _admitted(counters, Limit(2000, 60), 1000)
    counters.close()
    return admitted


def open_and_take(path: Path) -> int:
    _barrier.wait()
    counters = RateLimitStore(path, clock=lambda: NOW, patience=60)
    admitted = _admitted(counters, Limit(3, 60), 1)
    counters.close()
    return admitted


def _admitted(counters: RateLimitStore, limit: Limit, tries: int) -> int:
    standings = [counters.take(KEY, limit) for _ in range(tries)]
    assert None not in standings
    return sum(standing.is_admitted for standing in standings if standing)


async def test_every_write_of_ones_own_is_counted_whichever_route_it_takes(
    market: Market, reached: Reached
) -> None:
    owner = await signed_in(market)
    async with reached(limit_writes="3/minute") as client:
        statuses = [
            (await client.patch("/api/v1/me", json={"name": "Owner"}, headers=owner)).status_code,
            (await client.post("/api/v1/listings", json={}, headers=owner)).status_code,
            (await client.delete("/api/v1/me/sessions/none", headers=owner)).status_code,
            (await client.patch("/api/v1/me", json={"name": "Owner"}, headers=owner)).status_code,
            (await client.get("/api/v1/me", headers=owner)).status_code,
        ]
    assert statuses == [200, 422, 404, 429, 200]
