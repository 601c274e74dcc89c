"""An erasure shuts out at once, survives being killed anywhere, and touches nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marinemarket.accounts.erasure import ErasureJob, begin_erasure, progress_of_erasures
from marinemarket.accounts.records import add_user, find_user, find_user_by_email
from marinemarket.accounts.staff import assign_role
from marinemarket.accounts.user import User, UserRole
from marinemarket.archive.post_restore import run
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.clock import iso
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import NotFound, Unavailable
from marinemarket.listings.records import add_listing
from marinemarket.messages.inquiry import mailbox_key
from marinemarket.parts.erasures import erasure_job
from marinemarket.store.items import Item
from marinemarket.store.schema import (
    ERASURES,
    LISTINGS,
    LOGIN_ATTEMPTS,
    MESSAGES,
    OUTBOX,
    REPORTS,
    THREADS,
    USERS,
    Table,
)
from marinemarket.store.store import Store
from marinemarket.store.writes import Put, Write
from tests.builders import OWNER, ManualClock, a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.store.paging import feed, scanned

pytestmark = pytest.mark.anyio

ADDRESS = "owner@example.com"
ANN = Actor(OWNER, ADDRESS, "192.0.2.7", "Ann's browser", "her session")


@pytest.fixture
def behind() -> int:
    return 0


class Killed(BaseException):
    """The process is no more."""


async def put(market: Market, table: Table, *items: Item) -> None:
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
    await market.trail.commit(entry, *(Put(table, item) for item in items))


async def finish(market: Market, clock: ManualClock) -> None:
    while await erasure_job(market).run_once():
        clock.now += 60_000


async def test_whoever_asks_is_shut_out_in_one_commit_and_the_worker_does_the_rest(
    market: Market, clock: ManualClock
) -> None:
    await add_listing(market.trail, ANN, a_listing())
    before = await market.store.head()
    await begin_erasure(market.trail, ANN, OWNER)
    changed = await feed(market.store, before)
    assert {change.table for change in changed} <= {
        "boat-users", "boat-claims", "boat-erasures", "boat-audit-logs",
    }  # fmt: skip
    user = await find_user(market.store, OWNER)
    assert user is not None
    assert user.is_being_erased
    assert not user.is_active
    assert await find_user_by_email(market.store, ADDRESS) is None
    with pytest.raises(NotFound):
        await assign_role(market.accounts, TESTS, user, UserRole.SUPPORT, [])
    head = await market.store.head()
    await begin_erasure(market.trail, ANN, OWNER)
    assert await market.store.head() == head
    [progress] = await progress_of_erasures(market.store)
    assert (progress.user_id, progress.pass_number, progress.removed) == (OWNER, 1, 0)
    await finish(market, clock)
    assert await find_user(market.store, OWNER) is None
    assert await scanned(market.store, LISTINGS) == []
    assert await scanned(market.store, ERASURES) == []


async def test_killed_after_any_commit_it_goes_on_and_leaves_nothing(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        listing = a_listing(name=f"boat {number}", title=f"Erased's own {number}")
        await add_listing(market.trail, ANN, listing)
    attempt = {"id": "a", "timestamp": "2025-06", "email": ADDRESS, "ipAddress": "192.0.2.7"}
    await put(market, LOGIN_ATTEMPTS, attempt)
    await begin_erasure(market.trail, ANN, OWNER)
    engine, left = market.store.engine, 0
    commit = type(engine).commit

    async def dying_commit(self: Store, *writes: Write) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        await commit(self, *writes)

    monkeypatch.setattr(type(engine), "commit", dying_commit)
    deaths = 0
    for _ in range(100):
        # No run lives for more than two commits.
        left = 2
        try:
            if not await erasure_job(market).run_once():
                break
        except Killed:
            deaths += 1
        clock.now += 60_000
    assert deaths > 3
    monkeypatch.undo()
    assert await scanned(market.store, ERASURES) == []
    assert await find_user(market.store, OWNER) is None
    await market.store.close()
    kept = b"".join(path.read_bytes() for path in market.settings.data.glob("market.sqlite3*"))
    for personal in (b'"owner@example.com"', b"192.0.2.7", b"Ann's browser", b"Erased's own"):
        assert personal not in kept


async def test_a_new_account_with_the_address_keeps_all_that_is_its_own(
    market: Market, clock: ManualClock
) -> None:
    await put(market, LOGIN_ATTEMPTS, _attempt("old", clock.now))
    await begin_erasure(market.trail, ANN, OWNER)
    clock.now += 1000
    new = await _registered(market, "again", ADDRESS)
    await put(market, LOGIN_ATTEMPTS, _attempt("new", clock.now))
    await finish(market, clock)
    assert await find_user_by_email(market.store, ADDRESS) == new
    assert [item["id"] for item in await scanned(market.store, LOGIN_ATTEMPTS)] == ["new"]


async def test_an_address_that_was_left_or_only_typed_may_be_anothers(
    market: Market, clock: ManualClock
) -> None:
    """Somebody moves from one address to another, which a second person takes, and types a third's."""
    left, victim = "left@example.com", "victim@example.com"
    earlier = replace(ANN, user_email=left).entry(Action.EMAIL_CHANGED, "user", OWNER, clock.now)
    user = await find_user(market.store, OWNER)
    assert user is not None
    typed = user.changed(email_verified=True, pending_email=victim)
    await market.trail.commit(earlier, Put(USERS, typed.to_wire()))
    await put(market, REPORTS, *(_report(email, clock.now) for email in (ADDRESS, left, victim)))
    await put(market, THREADS, *(_visitors_thread(email) for email in (ADDRESS, left, victim)))
    clock.now += 1000
    await _registered(market, "successor", left)
    await put(market, REPORTS, _report(left, clock.now))
    await put(market, LOGIN_ATTEMPTS, _attempt("successor's", clock.now, left))
    await begin_erasure(market.trail, ANN, OWNER)
    await finish(market, clock)
    reports = {(item["email"], item["createdAt"]) for item in await scanned(market.store, REPORTS)}
    assert {email for email, _ in reports} == {left, victim}
    assert len(reports) == 2
    assert [item["id"] for item in await scanned(market.store, LOGIN_ATTEMPTS)] == ["successor's"]
    kept = {item["buyer"] for item in await scanned(market.store, THREADS) if "buyer" in item}
    assert kept == {mailbox_key(victim)}


async def test_what_the_other_side_never_got_goes_and_what_it_got_stays(
    market: Market, clock: ManualClock
) -> None:
    thread = {"sellerId": uuid_of("seller"), "lastAt": "2025", "version": 1, "state": "open"}
    reached = thread | {"id": "reached", "buyer": OWNER, "buyerName": "Ann", "reachedAt": "2025"}
    unread = thread | {"id": "unread", "buyer": OWNER, "buyerName": "Ann"}
    await put(market, THREADS, reached, unread)
    states = {"reached": ("sent", "held", "refused"), "unread": ("held",)}
    for id, known in states.items():
        for state in known:
            message = {"threadId": id, "sentAt": state, "by": "buyer", "state": state}
            held = {"held": "held"} if state == "held" else {}
            await put(market, MESSAGES, message | held | {"text": f"{state} words"})
    theirs = {"threadId": "reached", "sentAt": "x", "by": "seller", "state": "held", "text": "No"}
    await put(market, MESSAGES, theirs)
    await begin_erasure(market.trail, ANN, OWNER)
    await finish(market, clock)
    left = {item["text"] for item in await scanned(market.store, MESSAGES)}
    assert left == {"sent words", "No"}
    [kept] = await scanned(market.store, THREADS)
    assert (kept["id"], kept["state"]) == ("reached", "closed")
    assert "buyerName" not in kept


async def test_one_that_cannot_go_on_holds_up_nobody_else(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await _registered(market, "other", "other@example.com")
    await begin_erasure(market.trail, ANN, OWNER)
    await begin_erasure(market.trail, TESTS, other.id)
    advance = ErasureJob._advance

    async def failing(self: ErasureJob, head: Item, *rest: object) -> dict[str, int]:
        if head["userId"] == OWNER:
            raise Unavailable("the disk is away")
        return await advance(self, head)

    with monkeypatch.context() as patched:
        patched.setattr(ErasureJob, "_advance", failing)
        for _ in range(4):
            await erasure_job(market).run_once()
            clock.now += 5000
    [progress] = await progress_of_erasures(market.store)
    assert (progress.user_id, progress.why) == (OWNER, "the disk is away")
    assert await find_user(market.store, other.id) is None
    clock.now += 60_000
    await finish(market, clock)
    assert await progress_of_erasures(market.store) == []


async def test_a_restored_market_finishes_what_was_under_way(
    market: Market, clock: ManualClock
) -> None:
    await add_listing(market.trail, ANN, a_listing())
    await begin_erasure(market.trail, ANN, OWNER)
    await erasure_job(market).run_once()
    done = await run(market.trail, PERSONAL_DATA, [], lambda doing, count: None)
    assert done["erasedAgain"] == 1
    assert await find_user(market.store, OWNER) is None
    assert await scanned(market.store, OUTBOX) == []


async def _registered(market: Market, name: str, email: str) -> User:
    user = a_user(name=name, email=email)
    await add_user(market.trail, TESTS, user)
    return user


def _attempt(id: str, at: int, email: str = ADDRESS) -> Item:
    return {"id": id, "timestamp": iso(at), "email": email, "ipAddress": "192.0.2.7"}


def _report(email: str, at: int) -> Item:
    return {"id": f"{email} {at}", "email": email, "createdAt": at, "listingId": "l"}


def _visitors_thread(email: str) -> Item:
    who = {"buyer": mailbox_key(email), "buyerEmail": email, "buyerName": "Visitor"}
    times = {"lastAt": "2025", "createdAt": "2025", "reachedAt": "2025"}
    return {"id": email, "sellerId": uuid_of("seller"), "version": 1} | who | times
