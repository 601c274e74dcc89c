"""The trail: no change without its entry, and no entry without its change."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.records import MARKET_ID, add_user, market_account
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor, AuditLog
from marinemarket.audit.trail import Trail, difference, entry_item
from marinemarket.composition import Market
from marinemarket.errors import Conflict, Invalid, Refused, TooLarge
from marinemarket.listings.records import add_listing, replace_listing
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, CLAIMS
from marinemarket.store.store import Change, Query
from marinemarket.store.writes import Absent, Put, Write
from tests.builders import NOW, OWNER, ManualClock, a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.store.paging import answers, feed, scanned
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio

DAY = 24 * 60 * 60 * 1000


def an_entry(*, action: Action = Action.ADMIN_ACCESS, at: int = NOW, **details: Any) -> AuditLog:
    return TESTS.entry(action, "berth", "7", at, **details)


def _claim(name: str) -> Put:
    return Put(CLAIMS, {"claim": name}, when=Absent())


async def _entries(market: Market) -> list[Item]:
    return await scanned(market.store, AUDIT_LOGS)


def _of(changes: list[Change]) -> list[str]:
    return [change.table for change in changes]


async def test_a_change_and_its_entry_are_one_commit(market: Market) -> None:
    head = await market.store.head()
    entry = an_entry(berth="7")
    await market.trail.commit(entry, _claim("berth:7"))
    assert _of(await feed(market.store, head)) == ["boat-claims", "boat-audit-logs"]
    stored = await market.store.get(AUDIT_LOGS, entry.id, "2026-01-01T00:00:00.000Z")
    assert stored is not None
    assert (stored["userId"], stored["action"], stored["resource"], stored["resourceId"]) == (
        "system:tests",
        "ADMIN_ACCESS",
        "berth",
        "7",
    )
    assert stored["details"] == {"berth": "7"}


async def test_a_change_that_loses_leaves_no_entry(market: Market) -> None:
    await market.trail.commit(an_entry(), _claim("berth:7"))
    before = await _entries(market)
    with pytest.raises(Conflict) as caught:
        await market.trail.commit(an_entry(), _claim("berth:8"), _claim("berth:7"))
    assert (caught.value.table, caught.value.key) == ("boat-claims", ("berth:7",))
    assert await _entries(market) == before
    assert await market.store.get(CLAIMS, "berth:8") is None


async def test_an_entry_is_never_overwritten_and_its_change_fails_with_it(market: Market) -> None:
    entry = an_entry(first=True)
    await market.trail.commit(entry, _claim("berth:7"))
    before = await _entries(market)
    with pytest.raises(Conflict) as caught:
        await market.trail.commit(entry, _claim("berth:8"))
    assert (caught.value.table, caught.value.key[0]) == ("boat-audit-logs", entry.id)
    assert await market.store.get(CLAIMS, "berth:8") is None
    assert await _entries(market) == before


async def test_an_entry_that_cannot_be_kept_stops_its_change(market: Market) -> None:
    unfit: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"share": 0.5}, Invalid),
        ({"text": "x" * 500_000}, TooLarge),
    ]
    for details, error in unfit:
        with pytest.raises(error):
            await market.trail.commit(an_entry(**details), _claim("berth:7"))
        assert await market.store.get(CLAIMS, "berth:7") is None


async def test_ninety_nine_writes_and_an_entry_are_one_commit(market: Market) -> None:
    writes: list[Write] = [_claim(f"berth:{number}") for number in range(100)]
    with pytest.raises(TooLarge):
        await market.trail.commit(an_entry(), *writes)
    assert await market.store.get(CLAIMS, "berth:0") is None
    await market.trail.commit(an_entry(), *writes[:99])
    assert await market.store.get(CLAIMS, "berth:98") is not None


async def test_an_entry_may_stand_alone(market: Market) -> None:
    head = await market.store.head()
    await market.trail.commit(an_entry(action=Action.ADMIN_ACCESS_DENIED))
    assert _of(await feed(market.store, head)) == ["boat-audit-logs"]


async def test_every_change_of_users_and_listings_has_its_entry(
    market: Market, clock: ManualClock
) -> None:
    head = await market.store.head()
    boat = a_listing()
    await add_user(market.trail, TESTS, a_user(name="ann"))
    await market_account(market.trail, TESTS, name="The market")
    await add_listing(market.trail, TESTS, boat)
    await replace_listing(market.trail, TESTS, boat, boat.changed(updated_at=NOW + 1, price=500))
    written = [change.new or {} for change in await feed(market.store, head)]
    told = [(item["action"], item["resourceId"]) for item in written if "action" in item]
    assert told == [
        ("USER_CREATED", uuid_of("ann")),
        ("USER_CREATED", MARKET_ID),
        ("LISTING_CREATED", boat.id),
        ("LISTING_UPDATED", boat.id),
    ]


async def test_changes_that_fail_leave_no_entry(market: Market) -> None:
    boat = a_listing()
    await add_listing(market.trail, TESTS, boat)
    before = await _entries(market)
    with pytest.raises(Invalid):
        await add_user(market.trail, TESTS, a_user(name="again", email="owner@example.com"))
    stranger = a_listing(name="other", ownerId=uuid_of("nobody"))
    with pytest.raises(Refused):
        await add_listing(market.trail, TESTS, stranger)
    with pytest.raises(Conflict):
        await add_listing(market.trail, TESTS, boat)
    stale = boat.changed(updated_at=NOW + 5)
    with pytest.raises(Conflict):
        await replace_listing(market.trail, TESTS, stale, boat.changed(updated_at=NOW + 6))
    assert await _entries(market) == before


async def test_an_entry_ends_with_its_retention(market: Market, clock: ManualClock) -> None:
    trail = Trail(market.store, retention_days=30, clock=clock)
    entry = an_entry()
    await trail.commit(entry)
    clock.now += 30 * DAY - 1
    assert await market.store.get(AUDIT_LOGS, entry.id, entry.timestamp) is not None
    clock.now += 1
    assert await market.store.get(AUDIT_LOGS, entry.id, entry.timestamp) is None


def test_the_end_of_an_entry_is_in_seconds() -> None:
    assert entry_item(an_entry(), 60)["ttl"] == NOW // 1000 + 60


async def test_entries_are_found_by_who_by_what_and_by_which(market: Market) -> None:
    ann = Actor("ann", "ann@example.com", "192.0.2.7", "a browser", "a session")
    for number, actor in enumerate((ann, TESTS, ann)):
        entry = actor.entry(Action.LISTING_DELETED, "listing", f"{number}", NOW + number)
        await market.trail.commit(entry)
    await indexes_caught_up(market.store)
    for index, value, found in (
        ("user-index", "ann", ["2", "0"]),
        ("action-index", "LISTING_DELETED", ["2", "1", "0"]),
        ("resource-index", "listing", ["2", "1", "0"]),
    ):
        query = Query(AUDIT_LOGS, value, AUDIT_LOGS.index(index), newest_first=True, limit=2)
        assert [item["resourceId"] for item in await answers(market.store, query)] == found


async def test_an_update_tells_what_was_and_what_is(market: Market) -> None:
    boat = a_listing(boat={"cabins": 2})
    await add_listing(market.trail, TESTS, boat)
    details = boat.boat_details.changed(cabins=3, heads=1)
    new = boat.changed(updated_at=NOW + 1, price=500, boat_details=details)
    await replace_listing(market.trail, TESTS, boat, new)
    (told,) = [item for item in await _entries(market) if item["action"] == "LISTING_UPDATED"]
    assert told["details"]["changes"] == {
        "boatDetails.cabins": {"old": 2, "new": 3},
        "boatDetails.heads": {"old": None, "new": 1},
        "price": {"old": 12_000_000, "new": 500},
    }
    assert told["userId"] != OWNER


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({}, {}, {}),
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": {"old": 1, "new": 2}}),
        ({"a": 1}, {}, {"a": {"old": 1, "new": None}}),
        ({}, {"a": 1}, {"a": {"old": None, "new": 1}}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 2}}, {"a.b": {"old": 1, "new": 3}}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": {"old": {"b": 1}, "new": 2}}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": {"old": [1], "new": [1, 2]}}),
        ({"a": [1]}, {"a": (1,)}, {}),
        ({"a": True}, {"a": 1}, {"a": {"old": True, "new": 1}}),
    ],
    ids=repr,
)
def test_a_difference_names_every_value_that_changed(old: Item, new: Item, told: Item) -> None:
    assert difference(old, new) == told
