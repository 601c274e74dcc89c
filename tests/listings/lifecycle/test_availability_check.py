"""The availability check: sellers are asked once per date, again a week later, and then the boat is hidden."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.audit.records import entries_by_action
from marinemarket.clock import DAY
from marinemarket.composition import Market
from marinemarket.errors import NotFound, Refused
from marinemarket.listings.drafting.publication import publish_draft
from marinemarket.listings.lifecycle.availability_check import by_token, token_of
from marinemarket.listings.lifecycle.publication import confirm, mark_sold, withdraw
from marinemarket.listings.listing import Listing, Status
from marinemarket.listings.media.attachments import change_photos
from tests.builders import NOW, ManualClock
from tests.emails import letters

from ..drafting.test_drafts import PHOTO
from ..sellers import another_seller, drafted, judged, stands

pytestmark = pytest.mark.anyio

VISITOR = Actor("visitor", "visitor", "192.0.2.9", "Mozilla/5.0", "none")
ASKED, AGAIN, HIDDEN = "still-for-sale", "still-for-sale-again", "boat-hidden"


@pytest.fixture
def behind() -> int:
    """A lagging index has its own test: the check only finds a boat later."""
    return 0


@pytest.fixture
async def eve(market: Market) -> Actor:
    return await another_seller(market)


async def _offered(market: Market, eve: Actor) -> Listing:
    listing = await publish_draft(market.trail, eve, await drafted(market, eve))
    return await judged(market, listing.id)


async def _ask(market: Market) -> list[str]:
    """Run the check to its end; returns the templates of every email so far, oldest first."""
    while await market.availability_check().run_once():
        pass
    return [one.template for one in await letters(market)]


async def test_a_seller_is_asked_after_30_days_again_after_7_and_hidden_14_later(
    market: Market, clock: ManualClock, eve: Actor
) -> None:
    listing = await _offered(market, eve)
    clock.now = NOW + 30 * DAY - 1
    assert await _ask(market) == []
    clock.now = NOW + 30 * DAY
    assert await _ask(market) == [ASKED]
    assert await _ask(market) == [ASKED]
    [letter] = await letters(market)
    assert (letter.to, letter.values["title"]) == ("eve@example.com", listing.title)
    assert await stands(market, listing.id) == listing
    clock.now += 7 * DAY
    assert await _ask(market) == [ASKED, AGAIN]
    clock.now += 14 * DAY - 1
    assert await _ask(market) == [ASKED, AGAIN]
    assert (await stands(market, listing.id)).is_offered
    clock.now += 1
    assert await _ask(market) == [ASKED, AGAIN, HIDDEN]
    hidden = await stands(market, listing.id)
    assert hidden.status is Status.INACTIVE
    [entry] = (await entries_by_action(market.store, Action.LISTING_EXPIRED)).entries
    assert (entry.user_id, entry.resource_id) == ("system:asking-after", listing.id)
    clock.now += 400 * DAY
    assert await _ask(market) == []  # emails are kept for a month, and no other was sent


async def test_two_workers_at_once_ask_once(market: Market, clock: ManualClock, eve: Actor) -> None:
    await _offered(market, eve)
    clock.now = NOW + 30 * DAY
    await asyncio.gather(*(market.availability_check().run_once() for _ in range(4)))
    assert len(await letters(market)) == 1


async def test_nobody_is_asked_twice_for_one_date_whatever_happens_to_the_boat(
    market: Market, clock: ManualClock, eve: Actor
) -> None:
    """A moderator's decision rewrites the whole listing, and resets the availability step."""
    listing = await _offered(market, eve)
    clock.now = NOW + 30 * DAY
    await _ask(market)
    await judged(market, listing.id)
    assert await _ask(market) == [ASKED]
    clock.now += 7 * DAY
    assert await _ask(market) == [ASKED, AGAIN]


async def test_one_click_confirms_and_restarts_the_days(
    market: Market, clock: ManualClock, eve: Actor
) -> None:
    listing = await _offered(market, eve)
    clock.now = NOW + 30 * DAY
    await _ask(market)
    [letter] = await letters(market)
    found, of = await by_token(market.store, market.secret_key, listing.id, letter.token)
    assert (found.id, of) == (listing.id, NOW)
    new = await confirm(market.trail, VISITOR, listing.id, listing.owner_id, of)
    assert (new.confirmed_at, new.is_offered) == (clock.now, True)
    assert await confirm(market.trail, VISITOR, listing.id, listing.owner_id, of) == new
    clock.now += 30 * DAY - 1
    assert await _ask(market) == [ASKED]
    clock.now += 1
    await _ask(market)
    of_dates = [one.token.partition(".")[0] for one in await letters(market)]
    assert of_dates[-1] == str(new.confirmed_at)


async def test_an_owner_who_edits_the_advert_is_not_asked(
    market: Market, clock: ManualClock, eve: Actor
) -> None:
    listing = await _offered(market, eve)
    clock.now = NOW + 29 * DAY
    await change_photos(market.trail, eve, listing.id, lambda photos: (PHOTO,))
    clock.now = NOW + 31 * DAY
    assert await _ask(market) == []


async def test_the_link_puts_a_hidden_boat_back_but_not_what_its_owner_took_down(
    market: Market, clock: ManualClock, eve: Actor
) -> None:
    listing = await _offered(market, eve)
    for days in (30, 7, 14):
        clock.now += days * DAY
        await _ask(market)
    assert (await stands(market, listing.id)).status is Status.INACTIVE
    back = await confirm(market.trail, VISITOR, listing.id, listing.owner_id, NOW)
    assert back.is_offered
    down = await withdraw(market.trail, eve, listing.id)
    assert await confirm(market.trail, VISITOR, listing.id, listing.owner_id, NOW) == down
    clock.now += 1000
    sold = await mark_sold(market.trail, eve, listing.id, None)
    assert sold.confirmed_at is not None
    with pytest.raises(Refused):
        await confirm(market.trail, VISITOR, listing.id, listing.owner_id, sold.confirmed_at)


async def test_a_token_is_of_one_boat_and_date(market: Market, eve: Actor) -> None:
    listing = await _offered(market, eve)
    good = token_of(market.secret_key, listing.id, NOW)
    forged = [
        "", "0", f"{NOW}.", f"{NOW + 1}{good[13:]}", good + "0", token_of("another key", listing.id, NOW),
        token_of(market.secret_key, "other", NOW), "१.x", f"{'9' * 5000}.x",
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(NotFound):
            await by_token(market.store, market.secret_key, listing.id, token)
