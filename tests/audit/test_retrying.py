"""Losing a race: the reason that stands on a write, and trying again within bounds."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import REGISTRY

from marinemarket.audit.operational import Operational
from marinemarket.audit.trail import LONGEST_PAUSE, MOST_ATTEMPTS, SHORTEST_PAUSE, Trail
from marinemarket.composition import Market
from marinemarket.errors import (
    Busy,
    Conflict,
    Contended,
    FeedLost,
    Invalid,
    MarketError,
    NotFound,
    Refused,
    Unavailable,
)
from marinemarket.store.items import Item
from marinemarket.store.schema import CLAIMS
from marinemarket.store.writes import Absent, Check, Delete, Equals, Exists, Put, Update, Write
from tests.audit.test_trail import an_entry
from tests.builders import ManualClock
from tests.store.paging import feed

pytestmark = pytest.mark.anyio

TAKEN = Refused("the berth is taken")


class Naps:
    """A sleep that takes no time, and records how long it should have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
async def taken(market: Market) -> Market:
    """A market with one berth, owned by Ann."""
    await market.trail.commit(an_entry(), Put(CLAIMS, {"claim": "berth", "owner": "Ann"}))
    return market


async def _told(market: Market, *writes: Write) -> MarketError:
    """The error of a commit that loses; checks that it wrote nothing."""
    before = await feed(market.store)
    with pytest.raises(MarketError) as caught:
        await market.trail.commit(an_entry(), *writes)
    assert await feed(market.store) == before
    return caught.value


# -- Reasons -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        Put(CLAIMS, {"claim": "berth"}, when=Absent(), otherwise=TAKEN),
        Update(CLAIMS, ("berth",), set={"n": 1}, when=Equals(owner="Bob"), otherwise=TAKEN),
        Update(CLAIMS, ("other",), set={"n": 1}, otherwise=TAKEN),
        Delete(CLAIMS, ("berth",), when=Equals(owner="Bob"), otherwise=TAKEN),
        Check(CLAIMS, ("berth",), when=Absent(), otherwise=TAKEN),
    ],
    ids=lambda write: type(write).__name__,
)
async def test_the_reason_on_a_write_is_raised_when_its_condition_does_not_hold(
    taken: Market, write: Write
) -> None:
    assert await _told(taken, Put(CLAIMS, {"claim": "before"}), write) is TAKEN
    operational = taken.trail.commit_operational(Operational.CHALLENGE, write)
    with pytest.raises(Refused, match="the berth is taken"):
        await operational


async def test_a_reason_may_be_made_of_the_item_as_it_stands(taken: Market) -> None:
    seen: list[Item | None] = []

    def whose(item: Item | None) -> MarketError:
        seen.append(item)
        return Refused(f"it is {item['owner']}'s") if item else NotFound("berth", "other")

    mine = Equals(owner="Bob")
    lost = await _told(taken, Check(CLAIMS, ("berth",), when=mine, otherwise=whose))
    assert (type(lost), str(lost)) == (Refused, "it is Ann's")
    gone = await _told(taken, Check(CLAIMS, ("other",), when=mine, otherwise=whose))
    assert (type(gone), str(gone)) == (NotFound, "there is no berth other")
    assert seen == [{"claim": "berth", "owner": "Ann"}, None]


async def test_of_two_writes_that_lose_the_first_one_tells_why(taken: Market) -> None:
    first = Check(CLAIMS, ("berth",), when=Absent(), otherwise=Refused("the first"))
    second = Check(CLAIMS, ("other",), when=Exists(), otherwise=Refused("the second"))
    assert str(await _told(taken, first, second)) == "the first"
    assert str(await _told(taken, second, first)) == "the second"


async def test_a_write_without_a_reason_tells_that_of_its_commit_or_is_a_conflict(
    taken: Market,
) -> None:
    silent = Put(CLAIMS, {"claim": "berth"}, when=Absent())
    assert type(await _told(taken, silent)) is Conflict
    told = Put(CLAIMS, {"claim": "berth"}, when=Absent(), otherwise=TAKEN)
    for write, reason in ((silent, "all of it"), (told, "the berth is taken")):
        with pytest.raises(Refused, match=reason):
            await taken.trail.commit(an_entry(), write, otherwise=Refused("all of it"))


async def test_an_entry_that_is_there_already_is_a_conflict_and_no_reason_of_a_write(
    taken: Market,
) -> None:
    entry = an_entry()
    await taken.trail.commit(entry)
    with pytest.raises(Conflict):
        await taken.trail.commit(
            entry, Put(CLAIMS, {"claim": "other"}, when=Absent(), otherwise=TAKEN)
        )


async def test_a_reason_that_is_told_twice_remembers_the_last_time_alone(taken: Market) -> None:
    write = Put(CLAIMS, {"claim": "berth"}, when=Absent(), otherwise=TAKEN)
    lengths = set()
    for _ in range(3):
        lost = await _told(taken, write)
        lengths.add(len(traceback.extract_tb(lost.__traceback__)))
    assert len(lengths) == 1


async def test_a_reason_without_a_condition_is_a_mistake_and_refused(taken: Market) -> None:
    lost = await _told(taken, Put(CLAIMS, {"claim": "other"}, otherwise=TAKEN))
    assert isinstance(lost, Invalid)
    assert lost.errors[0].field == "otherwise"


# -- Trying again ------------------------------------------------------------------------------


def _losing(
    times: int, error: Callable[[], Exception]
) -> tuple[list[int], Callable[[], Awaitable[str]]]:
    """The numbers of the attempts that were made, and an attempt that loses so many times."""
    made: list[int] = []

    async def attempt() -> str:
        made.append(len(made) + 1)
        if len(made) <= times:
            raise error()
        return "done"

    return made, attempt


def _conflict() -> Exception:
    return Conflict("boat-claims", ("berth",), None)


def _contended() -> Exception:
    return Contended("others are writing")


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def trail(market: Market, clock: ManualClock, naps: Naps) -> Trail:
    """A trail whose random numbers are always the largest, and whose pauses take no time."""
    return Trail(market.store, retention_days=1, clock=clock, chance=lambda: 1.0, sleep=naps)


@pytest.mark.parametrize("error", [_conflict, _contended])
async def test_who_was_merely_slower_tries_again_and_waits_longer_each_time(
    trail: Trail, naps: Naps, error: Callable[[], Exception]
) -> None:
    made, attempt = _losing(8, error)
    assert await trail.retrying(attempt) == "done"
    assert made == [*range(1, 10)]
    assert naps.seconds == [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.25, 0.25]
    assert (naps.seconds[0], naps.seconds[-1]) == (SHORTEST_PAUSE, LONGEST_PAUSE)


async def test_chance_shortens_every_pause_so_that_losers_do_not_meet_again(
    market: Market, naps: Naps
) -> None:
    chances = iter([0.0, 0.5, 0.25])
    trail = Trail(market.store, retention_days=1, chance=lambda: next(chances), sleep=naps)
    _, attempt = _losing(3, _conflict)
    await trail.retrying(attempt)
    assert naps.seconds == [0.0, 0.005, 0.005]


@pytest.mark.parametrize("most", [1, 3, MOST_ATTEMPTS])
async def test_who_loses_too_often_is_told_to_come_back_later(
    trail: Trail, naps: Naps, most: int
) -> None:
    made, attempt = _losing(1000, _conflict)
    with pytest.raises(Unavailable, match="please try again") as caught:
        await trail.retrying(attempt, most=most)
    assert type(caught.value) is Busy
    assert (caught.value.status, caught.value.retry_after) == (503, 1)
    assert (len(made), len(naps.seconds)) == (most, most - 1)


async def test_a_change_is_tried_twenty_times_unless_more_or_fewer_are_asked_for(
    trail: Trail,
) -> None:
    made, attempt = _losing(1000, _conflict)
    with pytest.raises(Unavailable):
        await trail.retrying(attempt)
    assert len(made) == 20


async def test_a_change_within_a_change_that_is_given_up_is_not_tried_again(trail: Trail) -> None:
    made, attempt = _losing(1000, _conflict)
    with pytest.raises(Unavailable):
        await trail.retrying(lambda: trail.retrying(attempt, most=3))
    assert len(made) == 3


@pytest.mark.parametrize(
    "error", [Refused("no"), Unavailable("away"), FeedLost("lost"), ValueError("a bug")]
)
async def test_any_other_answer_ends_the_attempts(trail: Trail, error: Exception) -> None:
    made, attempt = _losing(1000, lambda: error)
    with pytest.raises(type(error)) as caught:
        await trail.retrying(attempt)
    assert caught.value is error
    assert made == [1]


async def test_commits_races_lost_and_changes_given_up_are_counted(
    taken: Market, trail: Trail
) -> None:
    async def attempt() -> None:
        await trail.commit(an_entry(), Put(CLAIMS, {"claim": "berth"}, when=Absent()))

    before = _counted()
    await trail.commit(an_entry(), Put(CLAIMS, {"claim": "other"}, when=Absent()))
    with pytest.raises(Unavailable):
        await trail.retrying(attempt, most=3)
    after = _counted()
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 3, 1]


def _counted() -> list[float]:
    """How many commits were acknowledged, how many lost, and how many changes were given up."""
    names = ("commits", "conflicts", "changes_given_up")
    return [REGISTRY.get_sample_value(f"marinemarket_{name}_total") or 0 for name in names]


async def test_a_change_that_lost_is_made_upon_what_the_winner_left(taken: Market) -> None:
    """The first attempt is overtaken between its read and its commit."""
    read: list[str] = []

    async def attempt() -> str:
        owner = (await taken.store.get(CLAIMS, "berth") or {})["owner"]
        read.append(owner)
        if len(read) == 1:
            await taken.trail.commit(an_entry(), Put(CLAIMS, {"claim": "berth", "owner": "Bob"}))
        handing_on = Put(CLAIMS, {"claim": "berth", "owner": "Eve"}, when=Equals(owner=owner))
        await taken.trail.commit(an_entry(), handing_on)
        return str(owner)

    assert await taken.trail.retrying(attempt) == "Bob"
    assert read == ["Ann", "Bob"]
