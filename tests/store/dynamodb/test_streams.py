"""The feed over streams that split, age, fall silent, drop old changes, and are replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marinemarket.errors import FeedLost
from marinemarket.store.dynamodb import streams as feed_of_streams
from marinemarket.store.dynamodb.streams import Streams
from marinemarket.store.store import Change, Position
from tests.builders import ManualClock
from tests.store.dynamodb.scripted_streams import ScriptedStreams

pytestmark = pytest.mark.anyio

HOUR = 60 * 60 * 1000
KEYS = "abcd"
LONGEST_GAP = 6

keys = st.sampled_from(KEYS)
Event = Callable[[ScriptedStreams], None]
events: st.SearchStrategy[Event] = st.one_of(
    keys.map(lambda key: lambda stream: stream.write(key)),
    keys.map(lambda key: lambda stream: stream.write(key)),
    keys.map(lambda key: lambda stream: stream.close(key, splitting=True)),
    keys.map(lambda key: lambda stream: stream.close(key, splitting=False)),
    st.just(lambda stream: stream.expire_iterators()),
    st.sampled_from([1, 4]).map(lambda hours: lambda stream: stream.pass_time(hours * HOUR)),
)
scripts = st.lists(events, max_size=40)


@pytest.fixture(autouse=True)
def _shards_listed_at_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_of_streams, "_LISTED_SECONDS", -1)


def _reader(stream: ScriptedStreams) -> Streams:
    return Streams(stream.connection(), stream.clock)


async def _followed(
    reader: Streams, after: Position | None, *, limit: int
) -> tuple[list[Change], Position | None]:
    """Every change after a position, however many empty answers come in between."""
    found: list[Change] = []
    silent = 0
    while silent <= LONGEST_GAP:
        changes = await reader.changes(after, limit=limit)
        silent = 0 if changes else silent + 1
        found += changes
        after = changes[-1].position if changes else after
    return found, after


def _each_in_order(changes: list[Change]) -> dict[Any, list[int]]:
    told: dict[Any, list[int]] = {}
    for change in changes:
        told.setdefault(change.key[0], []).append((change.new or {})["n"])
    return told


def _by_key(history: list[tuple[str, int]]) -> dict[Any, list[int]]:
    told: dict[Any, list[int]] = {}
    for key, value in history:
        told.setdefault(key, []).append(value)
    return told


@settings(max_examples=150)
@given(script=scripts, limit=st.integers(1, 7), gap=st.integers(0, LONGEST_GAP))
def test_who_keeps_up_is_told_each_keys_changes_in_order_and_none_missed(
    script: list[Event], limit: int, gap: int
) -> None:
    async def follow() -> None:
        stream = ScriptedStreams(ManualClock(), KEYS, gap=gap)
        reader, told, after = _reader(stream), [], None
        for event in script:
            event(stream)
            changes, after = await _followed(reader, after, limit=limit)
            told += changes
        assert _each_in_order(told) == _by_key(stream.history)

    asyncio.run(follow())


@settings(max_examples=150)
@given(before=scripts, after=scripts, limit=st.integers(1, 7), data=st.data())
def test_who_was_away_misses_nothing_or_is_told_that_the_feed_is_lost(
    before: list[Event], after: list[Event], limit: int, data: st.DataObject
) -> None:
    async def follow() -> None:
        stream = ScriptedStreams(ManualClock(), KEYS)
        reader = _reader(stream)
        told: list[Change] = []
        last: Position | None = None
        for event in before:
            event(stream)
            changes, last = await _followed(reader, last, limit=3)
            told += changes
        upto = data.draw(st.integers(0, len(told)))
        position = told[upto - 1].position if upto else None
        for event in after:
            event(stream)
        try:
            rest, _ = await _followed(_reader(stream), position, limit=limit)
        except FeedLost:
            assert stream.clock() - ManualClock()() > 22 * HOUR, (
                "lost within the day that a stream keeps"
            )
        else:
            assert _each_in_order(told[:upto] + rest) == _by_key(stream.history)

    asyncio.run(follow())


@settings(max_examples=100)
@given(script=st.lists(events, max_size=15), limit=st.integers(1, 7))
def test_a_position_has_passed_the_head_when_it_was_told_all_that_was_there(
    script: list[Event], limit: int
) -> None:
    async def follow() -> None:
        stream = ScriptedStreams(ManualClock(), KEYS)
        reader, position, seen = _reader(stream), None, 0
        for event in script:
            event(stream)
            if stream.clock() - ManualClock()() > 20 * HOUR:
                return
            head = await reader.head()
            changes = await reader.changes(position, limit=limit)
            position = changes[-1].position if changes else position
            seen += len(changes)
            if position is not None:
                assert reader.has_passed(position, head) == (seen == len(stream.history))

    asyncio.run(follow())


async def test_a_quiet_day_is_not_a_day_missed() -> None:
    stream = ScriptedStreams(ManualClock(), KEYS)
    reader = _reader(stream)
    stream.write("a")
    (first,) = await reader.changes(None, 10)
    for _ in range(12):
        stream.pass_time(4 * HOUR)
        assert await reader.changes(first.position, 10) == []
    stream.write("a")
    (second,) = await reader.changes(first.position, 10)
    assert second.old == first.new


async def test_what_was_dropped_unread_is_noticed_even_where_nothing_was_read_before() -> None:
    stream = ScriptedStreams(ManualClock(), KEYS)
    stream.write("a")
    (first,) = await _reader(stream).changes(None, 10)
    stream.close("a", splitting=False)
    stream.write("b")
    for _ in range(7):
        stream.pass_time(4 * HOUR)
    stream.write("c")
    with pytest.raises(FeedLost):
        await _reader(stream).changes(first.position, 10)


async def test_the_head_is_found_again_after_days_in_which_nobody_asked() -> None:
    stream = ScriptedStreams(ManualClock(), KEYS)
    reader = _reader(stream)
    stream.write("a")
    await reader.head()
    for _ in range(12):
        stream.pass_time(4 * HOUR)
    stream.write("b")
    assert await reader.changes(await reader.head(), 10) == []


async def test_a_stream_in_place_of_another_loses_the_feed_and_the_head_moves_on() -> None:
    stream = ScriptedStreams(ManualClock(), KEYS)
    reader = _reader(stream)
    stream.write("a")
    (first,) = await reader.changes(None, 10)
    old = await reader.head()
    stream.replace()
    stream.write("a")
    with pytest.raises(FeedLost):
        await reader.changes(first.position, 10)
    assert not reader.has_passed(old, await reader.head())
    assert not reader.has_passed(await reader.head(), old)
