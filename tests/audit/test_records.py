"""Reading audit entries: by user, by action, by kind of thing, within bounds, page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor, AuditLog
from marinemarket.audit.records import (
    AuditPage,
    entries_by_action,
    entries_by_resource,
    entries_by_user,
)
from marinemarket.composition import Market
from marinemarket.errors import Invalid
from tests.builders import NOW, ManualClock
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio

ANN = Actor("ann", "ann@example.com", "192.0.2.7", "Mozilla/5.0", "a session")
BOB = Actor("bob", "bob@example.com", "192.0.2.8", "Mozilla/5.0", "another")

Asking = Callable[..., Awaitable[AuditPage]]

QUESTIONS: list[tuple[Asking, Any]] = [
    (entries_by_user, "ann"),
    (entries_by_action, Action.LISTING_DELETED),
    (entries_by_resource, "listing"),
]


async def _tell(market: Market) -> list[AuditLog]:
    """Seven entries that match every query, and for each query one that does not."""
    told = [
        ANN.entry(Action.LISTING_DELETED, "listing", f"{n}", NOW + (n * 3) % 7, number=n)
        for n in range(7)
    ]
    others = [
        BOB.entry(Action.USER_LOGIN, "user", "bob", NOW + 3),
        BOB.entry(Action.LISTING_CREATED, "berth", "7", NOW + 3),
    ]
    for entry in [*told, *others]:
        await market.trail.commit(entry)
    await indexes_caught_up(market.store)
    return sorted(told, key=lambda entry: entry.timestamp, reverse=True)


@pytest.mark.parametrize(("ask", "about"), QUESTIONS)
async def test_entries_come_newest_first_page_by_page_as_they_were_told(
    market: Market, ask: Asking, about: Any
) -> None:
    told = await _tell(market)
    first = await ask(market.store, about, limit=3)
    second = await ask(market.store, about, limit=3, after=first.next)
    third = await ask(market.store, about, limit=3, after=second.next)
    assert [len(page.entries) for page in (first, second, third)] == [3, 3, 1]
    assert [*first.entries, *second.entries, *third.entries] == told
    assert third.next is None


@pytest.mark.parametrize(("ask", "about"), QUESTIONS)
@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"since": NOW + 2, "until": NOW + 4}, slice(2, 5)),
        ({"since": NOW + 5}, slice(0, 2)),
        ({"until": NOW}, slice(6, 7)),
        ({"since": NOW + 4, "until": NOW + 2}, slice(0, 0)),
    ],
)
async def test_bounds_are_included(
    market: Market, ask: Asking, about: Any, bounds: dict[str, int], found: slice
) -> None:
    told = await _tell(market)
    assert (await ask(market.store, about, **bounds)).entries == told[found]


@pytest.mark.parametrize(("ask", "about"), QUESTIONS)
async def test_a_cursor_opens_no_other_question(market: Market, ask: Asking, about: Any) -> None:
    await _tell(market)
    cursor = (await ask(market.store, about, limit=1)).next
    for other, subject in [(entries_by_user, "bob"), (entries_by_resource, "berth")]:
        with pytest.raises(Invalid, match="after"):
            await other(market.store, subject, after=cursor)
    with pytest.raises(Invalid, match="after"):
        await ask(market.store, about, since=NOW, after=cursor)


async def test_an_entry_whose_retention_is_over_is_not_told(
    market: Market, clock: ManualClock
) -> None:
    await _tell(market)
    clock.now += (market.settings.audit_retention_days + 1) * 86_400_000
    for ask, about in QUESTIONS:
        assert (await ask(market.store, about)).entries == []
