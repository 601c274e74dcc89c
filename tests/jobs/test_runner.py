"""Jobs: each step once, whatever is killed; owners take turns; what ends a job before it is done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast
from uuid import uuid4

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.archive.post_restore import run as put_right
from marinemarket.audit.actions import Action
from marinemarket.audit.trail import Trail
from marinemarket.clock import DAY
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Away, NotFound, Refused
from marinemarket.jobs.job import MOST_UNFINISHED, Job, JobState, Why, new_job
from marinemarket.jobs.records import cancel, enqueue, find_job, jobs_of, moved, own_job, queue_of
from marinemarket.jobs.runner import AT_ONCE, MOST_FAILURES, Runner
from marinemarket.store.schema import CLAIMS, JOBS
from marinemarket.store.store import Store
from marinemarket.store.writes import Put, Write
from tests.builders import NOW, OWNER, ManualClock, uuid_of
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """What ends a process in the middle: nothing may catch it."""


class DyingStore:
    """A store whose process dies at one of its commits, just before it or just after."""

    def __init__(self, store: Store, *, at: int, is_done: bool) -> None:
        self._store, self._left, self._is_done = store, at, is_done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, *writes: Write) -> None:
        self._left -= 1
        if self._left < 0 and not self._is_done:
            raise Killed
        await self._store.commit(*writes)
        if self._left < 0:
            raise Killed


class Counting:
    """A kind of job that counts how often each of its pieces was done, without a condition of its own."""

    def __init__(self, trail: Trail) -> None:
        self.trail = trail
        self.order: list[str] = []

    async def step(self, job: Job) -> None:
        piece = f"{job.id}:{job.done}"
        counted = Put(CLAIMS, {"claim": f"{uuid4()}", "piece": piece})
        now = self.trail.clock()
        entry = job.on_behalf.entry(Action.LISTING_UPDATED, "listing", piece, now)
        await asyncio.sleep(0)
        await self.trail.commit(entry, counted, moved(job, job.advanced(now, by=1)))
        self.order.append(job.id)

    @property
    def runner(self) -> Runner:
        return Runner(self.trail, {"counting": self.step})


def counting_on(market: Market, store: Store | None = None) -> Counting:
    days = market.settings.audit_retention_days
    return Counting(Trail(store or market.store, retention_days=days, clock=market.clock))


def a_job(name: str, *, total: int = 3, owner: str | None = OWNER, kind: str = "counting") -> Job:
    actor = replace(TESTS, user_id=owner or "system:tests")
    return new_job(kind, actor, NOW, id=uuid_of(name), owner_id=owner, total=total)


async def times(market: Market, job: Job) -> list[int]:
    counted = [item.get("piece") for item in (await market.store.scan(CLAIMS)).items]
    return [counted.count(f"{job.id}:{n}") for n in range(job.total)]


async def stands(market: Market, job: Job) -> Job:
    found = await find_job(market.store, job.id)
    assert found is not None
    return found


async def drain(runner: Runner) -> None:
    while await runner.run_once():
        pass


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
async def test_killed_at_any_commit_and_run_again_each_piece_is_done_once(
    market: Market, is_done: bool
) -> None:
    for at in range(7):
        first, second = a_job(f"{at}-1"), a_job(f"{at}-2", total=2)
        for job in (first, second):
            await enqueue(market.trail, job)
        dying = cast(Store, DyingStore(market.store, at=at, is_done=is_done))
        with pytest.raises(Killed):
            await counting_on(market, dying).runner.run_once()
        after = counting_on(market)
        # Two workers at once, as when one takes over while the other is still ending.
        await asyncio.gather(drain(after.runner), drain(counting_on(market).runner))
        assert (await times(market, first), await times(market, second)) == ([1, 1, 1], [1, 1])
        assert (await stands(market, first)).state is JobState.DONE
        assert (await stands(market, second)).state is JobState.DONE
        assert not (await queue_of(market.store, OWNER)).jobs


async def test_owners_take_turns_and_one_owners_jobs_go_in_order(
    market: Market, clock: ManualClock
) -> None:
    large, next_one = a_job("large", total=3 * AT_ONCE), a_job("next", total=1)
    small = a_job("small", owner=uuid_of("somebody"))
    for job in (large, next_one, small):
        clock.now += 1
        assert (await enqueue(market.trail, job)).state is JobState.QUEUED
    counting = counting_on(market)
    clock.now += 1
    await counting.runner.run_once()
    # The clock is put back for a moment, and ahead: somebody waits, and nobody for ever.
    clock.now -= 40 * DAY
    await drain(counting.runner)
    assert [*dict.fromkeys(counting.order)] == [large.id, small.id, next_one.id]
    assert counting.order[AT_ONCE] == small.id or counting.order[2 * AT_ONCE] == small.id
    # The same again starts nothing.
    assert (await enqueue(market.trail, large)).state is JobState.DONE
    await drain(counting.runner)
    assert await times(market, large) == [1] * large.total
    jobs, _more = await jobs_of(market.store, OWNER)
    assert {job.id for job in jobs} == {large.id, next_one.id}
    with pytest.raises(NotFound):
        await own_job(market.store, OWNER, small.id)


async def test_a_cancelled_job_ends_where_it_is_and_a_queue_has_an_end(market: Market) -> None:
    job, counting = a_job("job", total=9), counting_on(market)
    await enqueue(market.trail, job)
    await counting.runner.run_queue(OWNER, most=4)
    with pytest.raises(NotFound):
        await cancel(market.trail, TESTS, uuid_of("somebody"), job.id)
    ended = await cancel(market.trail, TESTS, OWNER, job.id)
    assert (ended.state, ended.done) == (JobState.CANCELLED, 4)
    assert await cancel(market.trail, TESTS, OWNER, job.id) == ended
    await drain(counting.runner)
    assert await times(market, job) == [1] * 4 + [0] * 5
    for n in range(MOST_UNFINISHED):
        await enqueue(market.trail, a_job(f"many {n}"))
    with pytest.raises(Refused, match="unfinished"):
        await enqueue(market.trail, a_job("one more"))


async def test_a_step_that_fails_ends_its_job_and_holds_up_no_other(market: Market) -> None:
    counting, tries = counting_on(market), 0

    async def fail(job: Job) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Away("the store is away")
        raise KeyError("a fault of ours")

    runner = Runner(market.trail, {"counting": counting.step, "failing": fail})
    bad, good = a_job("bad", kind="failing"), a_job("good")
    for job in (bad, good):
        await enqueue(market.trail, job)
    with pytest.raises(Away):
        await runner.run_once()
    await drain(runner)
    assert tries == 1 + MOST_FAILURES
    failed = await stands(market, bad)
    assert (failed.state, failed.why) == (JobState.FAILED, Why.ERROR)
    assert await times(market, good) == [1, 1, 1]


async def test_jobs_end_with_their_owner_and_with_a_restore_but_the_markets_own_go_on(
    market: Market,
) -> None:
    counting, ours = counting_on(market), a_job("ours", owner=None)
    his = a_job("his")
    for job in (his, ours):
        await enqueue(market.trail, job)
    await counting.runner.run_queue(OWNER, most=1)
    done = await put_right(market.trail, PERSONAL_DATA, (), lambda _name, _count: None)
    assert done["jobsStopped"] == 1
    stopped = await stands(market, his)
    assert (stopped.state, stopped.why, stopped.done) == (JobState.CANCELLED, Why.RESTORED, 1)
    later = a_job("later")
    await enqueue(market.trail, later)
    await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    await drain(counting.runner)
    assert (await times(market, his), await times(market, later)) == ([1, 0, 0], [0, 0, 0])
    assert await times(market, ours) == [1, 1, 1]
    left = (await market.store.scan(JOBS)).items
    assert [item["id"] for item in left] == [ours.id]
    assert "ttl" in left[0]
