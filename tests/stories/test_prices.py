"""Money: asking prices over a year, and what buyers who watch them are told."""

from __future__ import annotations

import pytest

from .market import StoryMarket

pytestmark = pytest.mark.anyio


async def test_a_boats_year(market: StoryMarket) -> None:
    """Ann asks too much in January. She lowers the price in March, raises it in May after new sails,
    lowers it again in July, and sells in autumn. Ben, who watched from the start, can follow all of
    it; Rita, who comes in July, sees the four prices with their dates, and no more.
    """
    ann, ben, rita = await market.member("Ann"), await market.member("Ben"), market.visitor("Rita")
    boat = await ann.lists(price=100_000)
    await ben.watches(boat)
    for days, price in ((60, 94_000), (60, 97_000), (61, 89_000)):
        for _ in range(days // 30):
            await market.passes(days=30)
            await ann.confirms_if_asked()
        await ann.reprices(boat, price)
    watched = (await ben.watchlist())[boat.id]
    assert (watched["price"], watched["currentPrice"]) == (100_000_00, 89_000_00)
    shown = await rita.advert(boat)
    assert [step["price"] for step in shown["priceHistory"]] == [
        100_000_00,
        94_000_00,
        97_000_00,
        89_000_00,
    ]
    page = await rita.reads(f"/boats/{boat.id}")
    for asked in ("$100,000", "$94,000", "$97,000", "$89,000"):
        assert asked in page
    assert await rita.finds(priceDropped=True) == [boat.title]

    await market.passes(days=20)
    await ann.sells(boat, 85_000)
    assert not await rita.sees(boat)
    assert await rita.finds() == []
    assert (await ben.watchlist())[boat.id]["became"] == "sold"
    page = await ben.reads("/watchlist")
    assert "Sold" in page
    assert "85,000" not in page  # what was paid is the seller's own affair


@pytest.mark.on_both_engines
async def test_a_price_that_goes_down_and_up_again_is_told_as_it_is(market: StoryMarket) -> None:
    """Ann lowers her price by mistake, and corrects it within the hour. Ben, who reads daily, was told
    of the boat before: no letter offers him a price that nobody asks any more.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("All boats", "daily")
    boat = await ann.lists(price=90_000)
    await market.passes(days=2)
    [letter] = ben.mailbox.about(boat.title)
    assert letter.mentions("$90,000")
    ben.mailbox.new()
    await ann.reprices(boat, 70_000)
    await ann.reprices(boat, 90_000)
    await market.passes(days=3)
    assert not any(letter.mentions("$70,000") for letter in ben.mailbox.new())
    await ann.reprices(boat, 85_000)
    await market.passes(days=2)
    [letter] = ben.mailbox.new()
    assert letter.mentions("$85,000")


async def test_a_price_on_request_is_named_nowhere_and_a_boat_under_offer_can_be_asked_about(
    market: StoryMarket,
) -> None:
    """Ann tells her price on request. It is on no page, in no feed and in no search with a bound; Ben,
    who was told of the boat before, gets no email when she names a price again, and one when that
    falls. Then she accepts an offer: Rita still finds the boat, unless she hides those, and can write.
    """
    ann, ben, rita = await market.member("Ann"), await market.member("Ben"), market.visitor("Rita")
    boat = await ann.lists("Quiet Oceanis", price=91_000)
    other = await ann.lists("Loud Oceanis", price=95_000)
    await ben.saves_search("All boats", "daily")
    await ben.watches(boat)
    await ann.edits(boat, priceOnRequest=True)
    await market.passes(days=2)
    assert ben.mailbox.about(boat.title) == []
    for address in (
        f"/boats/{boat.id}", "/boats?q=quiet", "/boats.atom?q=quiet", f"/compare?boat={boat.id}&boat={other.id}",
        "/",
    ):  # fmt: skip
        page = await rita.reads(address)
        assert "91,000" not in page, address
        assert "91000" not in page, address
        assert "Price on request" in page, address
    assert "price" not in await rita.advert(boat)
    assert await rita.finds(priceRange={"min": 0}) == [other.title]
    for sort in ("price", "-price"):
        assert await rita.finds(sort=sort) == [other.title, boat.title]
    watched = (await ben.watchlist())[boat.id]
    assert (watched["price"], "currentPrice" in watched) == (91_000_00, False)

    done = await ann.changes_prices([boat, other], "-10")
    assert "1 updated" in done.words
    await market.passes(days=2)
    ben.mailbox.new()
    await ann.edits(boat, price=50_000)
    await market.passes(days=2)
    assert ben.mailbox.new() == []
    assert await rita.finds(priceDropped=True) == [other.title]
    await ann.reprices(boat, 49_000)
    await market.passes(days=2)
    [email] = ben.mailbox.new()
    assert email.mentions("Price lowered: was $50,000, now $49,000")

    await ann.does_to_many([boat], "Under offer")
    assert (await rita.advert(boat))["underOffer"] is True
    assert "Under offer since" in await rita.reads(f"/boats/{boat.id}")
    assert "Under offer" in await rita.reads("/boats?q=quiet")
    assert await rita.finds(hideUnderOffer=True) == [other.title]
    await ben.asks(boat, "Should the sale fall through, I am here.")
    await ann.sells(boat)
    await ann.puts_back(boat)
    assert (await ann.advert(boat))["underOffer"] is False
