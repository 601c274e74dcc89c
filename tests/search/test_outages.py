"""OpenSearch away in every way: told once, refused at once, and used again when it is back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from marinemarket.errors import Away, Unavailable
from marinemarket.search.index import IndexQuery
from marinemarket.search.opensearch import circuit_breaker, transport
from marinemarket.search.opensearch.circuit_breaker import (
    FAILURES,
    LONGEST_PAUSE,
    STEADY_SECONDS,
    CircuitBreaker,
    ServiceFailure,
)
from marinemarket.search.opensearch.connection import opensearch_at
from marinemarket.search.opensearch.engine import OpenSearchEngine

from .faulty_server import ALIAS, POSITION, FaultyServer

pytestmark = pytest.mark.anyio

SECRET = "k" * 40


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> CircuitBreaker:
    return CircuitBreaker("OpenSearch", lambda: "away", monotonic=seconds, chance=lambda: 1.0)


@contextmanager
def _away() -> Iterator[None]:
    with pytest.raises(Away):
        yield


def _fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with _away(), breaker.calling():
            raise ServiceFailure("refused")


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_after_a_few_failures_calls_are_refused_without_being_made(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    _fail(breaker, FAILURES)
    called = False
    with pytest.raises(Away) as refused, breaker.calling():
        called = True
    assert not called
    assert refused.value.retry_after == 1
    seconds.now += 1.1
    with breaker.calling():
        called = True
    assert called
    for _ in range(5):
        with breaker.calling():
            pass


def test_a_success_between_failures_keeps_it_closed(breaker: CircuitBreaker) -> None:
    for _ in range(5):
        _fail(breaker, FAILURES - 1)
        with breaker.calling():
            pass


def test_one_call_at_a_time_tries_and_its_cancellation_leaves_the_try_to_the_next(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    _fail(breaker, FAILURES)
    seconds.now += 1.1
    with pytest.raises(asyncio.CancelledError), breaker.calling():  # noqa: PT012 - in its midst
        with _away(), breaker.calling():
            raise AssertionError("a second try beside the first")
        raise asyncio.CancelledError
    with breaker.calling():
        pass


def test_pauses_grow_to_a_limit_and_begin_anew_after_the_outage(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    _fail(breaker, FAILURES)
    pauses = []
    for _ in range(7):
        with pytest.raises(Away) as refused, breaker.calling():
            pass
        pauses.append(refused.value.retry_after)
        seconds.now += refused.value.retry_after
        _fail(breaker)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    seconds.now += LONGEST_PAUSE
    with breaker.calling():
        pass
    assert not breaker.is_away
    _fail(breaker, FAILURES)
    with pytest.raises(Away) as refused, breaker.calling():
        pass
    assert refused.value.retry_after == 1


def test_an_answer_that_is_an_error_is_an_answer(breaker: CircuitBreaker) -> None:
    for _ in range(2 * FAILURES):
        with pytest.raises(KeyError), breaker.calling():
            raise KeyError("no such index")
    with breaker.calling():
        pass


def test_an_outage_has_one_line_and_its_end_another(
    breaker: CircuitBreaker, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    for outage in (1, 2):
        _fail(breaker, FAILURES)
        for _ in range(1000):
            _fail(breaker)
            seconds.now += 0.01
        seconds.now += LONGEST_PAUSE
        for _ in range(3):
            with breaker.calling():
                pass
        assert _told(caplog) == [
            "OpenSearch is away: refused", "OpenSearch is back after 40 seconds",
        ] * outage  # fmt: skip


def test_a_service_that_fails_every_other_time_is_one_outage(
    breaker: CircuitBreaker, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(1000):
        _fail(breaker)
        seconds.now += 0.1
        with breaker.calling():
            pass
    assert len(_told(caplog)) == 1
    seconds.now += STEADY_SECONDS
    with breaker.calling():
        pass
    assert len(_told(caplog)) == 2


# -- Over the wire -----------------------------------------------------------------------------


@pytest.fixture
async def server() -> AsyncIterator[FaultyServer]:
    async with FaultyServer() as server:
        yield server


@pytest.fixture
async def engine(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OpenSearchEngine]:
    monkeypatch.setattr(transport, "SEARCH_SECONDS", 0.3)
    monkeypatch.setattr(circuit_breaker, "SHORTEST_PAUSE", 0.05)
    monkeypatch.setattr(circuit_breaker, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(circuit_breaker, "STEADY_SECONDS", 0.0)
    engine = opensearch_at(server.url, name=ALIAS, secret_key=SECRET)
    yield engine
    await engine.close()


FAULTS = ["closed", "hang", "drop", "not-json", "429", "500", "502", "503", "504", "401", "403", "429,503"]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_the_fault_it_is_told_once_and_search_is_refused_at_once(
    server: FaultyServer, engine: OpenSearchEngine, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert await engine.index.position() == POSITION
    if fault == "closed":
        await server.stop()
    else:
        server.mood = fault
    for _ in range(FAILURES):
        with _away():
            await engine.index.search(IndexQuery(facets=False))
    asked = server.asked
    for _ in range(500):
        with _away():
            await engine.index.search(IndexQuery(facets=False))
        with _away():
            await engine.writer()
    assert server.asked <= asked + 3 * 20, "at most the tries that the pauses allow"
    lines = _told(caplog)
    assert len(lines) == 1, lines
    assert lines[0].startswith("OpenSearch is away: ")

    server.mood = "well"
    if fault == "closed":
        await server.start()
    async with asyncio.timeout(60):
        while True:
            try:
                assert (await engine.index.search(IndexQuery(facets=False))).total == 0
                break
            except Away:
                await asyncio.sleep(0.05)
    lines = _told(caplog)
    assert len(lines) == 2, lines
    assert lines[1].startswith("OpenSearch is back after ")


async def test_a_request_that_is_throttled_for_a_moment_is_sent_again(
    server: FaultyServer, engine: OpenSearchEngine, caplog: pytest.LogCaptureFixture
) -> None:
    server.mood = "well,429"
    for _ in range(4):
        assert await engine.index.position() == POSITION
    assert not _told(caplog)


async def test_no_index_is_no_outage(server: FaultyServer, engine: OpenSearchEngine) -> None:
    server.mood = "404"
    for _ in range(2 * FAILURES):
        with pytest.raises(Unavailable) as refused:
            await engine.index.search(IndexQuery())
        assert not isinstance(refused.value, Away)
        assert await engine.index.position() is None
