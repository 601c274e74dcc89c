"""One action on many boats: what succeeds, what fails and why, and repeating it does nothing more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marinemarket.composition import Market
from marinemarket.errors import Invalid
from marinemarket.listings.listing import Listing, Status
from marinemarket.listings.records import add_listing
from marinemarket.seller_dashboard.bulk_actions import (
    MOST_BOATS,
    BulkAction,
    NewPrice,
    apply_to_many,
    by_percent,
    reprice,
)
from tests.builders import ManualClock, a_listing, uuid_of
from tests.conftest import TESTS
from tests.listings.sellers import SELLER, another_seller, stands

pytestmark = pytest.mark.anyio

DETAILS = {"condition": "Good"}


async def _boats(market: Market, *names: str, **overrides: object) -> list[Listing]:
    boats = [
        a_listing(name=name, boat=DETAILS, title=f"Boat {name}", **overrides) for name in names
    ]
    for boat in boats:
        await add_listing(market.trail, TESTS, boat)
    return boats


async def test_each_boat_has_its_outcome_and_a_repeated_request_does_nothing_more(
    market: Market, clock: ManualClock
) -> None:
    one, two = await _boats(market, "one", "two")
    await another_seller(market)
    [hers] = await _boats(market, "hers", ownerId=uuid_of("eve"))
    clock.now += 1000
    ids = [one.id, "nothing", hers.id, two.id, one.id]
    outcomes = await apply_to_many(market.trail, SELLER, ids, BulkAction.WITHDRAW)
    assert [(one.title, one.is_done) for one in outcomes] == [
        ("Boat one", True), ("", False), ("", False), ("Boat two", True),
    ]  # fmt: skip
    assert await stands(market, hers.id) == hers
    first = await stands(market, one.id)
    assert first.status is Status.INACTIVE
    clock.now += 1000
    assert await apply_to_many(market.trail, SELLER, ids, BulkAction.WITHDRAW) == outcomes
    assert await stands(market, one.id) == first
    [refused] = await apply_to_many(market.trail, SELLER, [one.id], BulkAction.STILL)
    assert "put it back first" in refused.why_not
    await apply_to_many(market.trail, SELLER, [one.id], BulkAction.PUT_BACK)
    assert (await stands(market, one.id)).is_offered
    await apply_to_many(market.trail, SELLER, [one.id], BulkAction.SOLD)
    sold = await stands(market, one.id)
    assert sold.status is Status.SOLD
    assert sold.sale is not None
    assert sold.sale.price is None


async def test_a_boat_that_lacks_something_stays_inactive_and_the_others_do_not(
    market: Market,
) -> None:
    whole, bare = await _boats(market, "whole", "bare", status="inactive", description=None)
    await _boats(market)
    outcomes = await apply_to_many(market.trail, SELLER, [whole.id, bare.id], BulkAction.PUT_BACK)
    assert [one.why_not for one in outcomes] == ["description is required"] * 2


async def test_still_for_sale_counts_once_an_hour(market: Market, clock: ManualClock) -> None:
    [boat] = await _boats(market, "one")
    clock.now += 1000
    await apply_to_many(market.trail, SELLER, [boat.id], BulkAction.STILL)
    first = await stands(market, boat.id)
    assert first.confirmed_at == clock.now
    clock.now += 1000
    await apply_to_many(market.trail, SELLER, [boat.id], BulkAction.STILL)
    assert await stands(market, boat.id) == first


async def test_prices_change_from_the_one_shown_to_the_one_confirmed(market: Market) -> None:
    one, two, changed = await _boats(market, "one", "two", "changed")
    await reprice(market.trail, SELLER, [NewPrice(changed.id, changed.price, 9_000_000)])
    agreed = [
        NewPrice(boat.id, boat.price, by_percent(boat.price, Decimal(-5)))
        for boat in (one, two, changed)
    ]
    for _ in range(2):
        outcomes = await reprice(market.trail, SELLER, agreed)
        assert [one.is_done for one in outcomes] == [True, True, False]
        assert "changed meanwhile" in outcomes[2].why_not
        assert (await stands(market, one.id)).price == 11_400_000
        assert (await stands(market, changed.id)).price == 9_000_000
    assert len((await stands(market, one.id)).price_history) == 2
    [outcome] = await reprice(market.trail, SELLER, [NewPrice(one.id, 11_400_000, 1)])
    assert "price" in outcome.why_not


async def test_no_more_than_so_many_at_a_time(market: Market) -> None:
    for ids in ([], ["boat"] * (MOST_BOATS + 1)):
        with pytest.raises(Invalid, match="tick at"):
            await apply_to_many(market.trail, SELLER, ids, BulkAction.SOLD)


def test_a_percent_ends_at_a_whole_dollar() -> None:
    assert by_percent(9_999_900, Decimal("-2.5")) == 9_749_900
    assert by_percent(100_050, Decimal(5)) == 105_100
