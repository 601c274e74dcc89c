"""Brokers, who send files of boats month after month."""

from __future__ import annotations

from typing import Any

import pytest

from .files import boat_file
from .market import StoryMarket
from .members import Member
from .moderators import Moderator
from .people import Boat

pytestmark = pytest.mark.anyio

FLEET = ["Ada Folkboat", "Bea Folkboat", "Cora Folkboat", "Dora Folkboat"]


async def _a_broker(market: StoryMarket) -> tuple[Moderator, Member]:
    """A moderator, and a broker with four boats, approved."""
    mo, bo = await market.moderator(), await market.member("Bo")
    await bo.sells_for_a_living()
    await bo.imports(boat_file(FLEET))
    for case in (await mo.queue()).values():
        await mo.approves_case(case)
    return mo, bo


def _prices(boats: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {title: boat["price"] // 100 for title, boat in boats.items()}


@pytest.mark.market(review="all")
async def test_a_wrong_file_is_taken_back_the_same_evening(market: StoryMarket) -> None:
    """Bo sends the file of another yard, with his own boats at wrong prices. The page shows each boat;
    reloading it, or sending the form again, does nothing more. By then Ben has written about one of the
    new boats, and Bo has mended one price by hand. He takes the file back: prices are as before, new boats
    are gone, or down if they were public, and what he mended stays and is named.
    """
    mo, bo = await _a_broker(market)
    ben, rita = await market.member("Ben"), market.visitor("Rita")
    wrong = {"Ada Folkboat": 15_000, "Bea Folkboat": 15_000}
    file = boat_file([*FLEET, "Eva Folkboat", "Fay Folkboat"], dollars=wrong)
    form = await bo.opens("/account/boats/import")
    done = await bo.imports(file, page=form)
    assert "6 of 6 rows were imported" in done.words
    boats = await bo.own_boats()
    await mo.approves(_boat(boats, "Eva Folkboat"))
    await ben.asks(_boat(boats, "Eva Folkboat"), "Is she still for sale?")
    await bo.reprices(_boat(boats, "Bea Folkboat"), 19_500)
    await bo.reloads(done)
    assert (await bo.imports(file, page=form)).address == done.address
    assert _prices(await bo.own_boats())["Bea Folkboat"] == 19_500

    await market.passes(hours=5)
    back = await bo.submits(await bo.opens(done.address), "Take back")
    assert "3 taken back, 1 not updated" in back.words
    assert "it was changed since, and stays as it is" in back.words
    now = await bo.own_boats()
    assert _prices(now) == dict.fromkeys([*FLEET, "Eva Folkboat"], 20_000) | {
        "Bea Folkboat": 19_500
    }
    assert now["Eva Folkboat"]["status"] == "inactive"
    assert sorted(await rita.finds()) == FLEET
    assert "This was taken back" in (await bo.opens(done.address)).words
    await bo.reloads(back)
    assert await bo.own_boats() == now


async def test_a_brokers_month(market: StoryMarket) -> None:
    """Bo sends his file each week: the second time nothing has changed, then two prices have, then one
    boat is new. Each boat is one advert all along, with the prices that it had, and Ben, who waits for
    Folkboats under $20,000, hears of those that came within his reach, once.
    """
    mo, bo = await _a_broker(market)
    ben = await market.member("Ben")
    await ben.saves_search("Cheap", "daily", priceRange={"max": 1_990_000})
    ben.mailbox.new()
    before = await bo.own_boats()
    assert sorted(await ben.finds()) == FLEET

    await market.passes(days=7)
    await bo.imports(boat_file(FLEET))
    same = await bo.own_boats()
    assert {t: b["updatedAt"] for t, b in same.items()} == {
        t: b["updatedAt"] for t, b in before.items()
    }

    await market.passes(days=7)
    changed = {"Ada Folkboat": 18_000, "Bea Folkboat": 23_000}
    await bo.imports(boat_file(FLEET, dollars=changed))
    for case in (await mo.queue()).values():
        await mo.approves_case(case)
    await market.passes(days=7)
    await bo.imports(boat_file([*FLEET, "Eva Folkboat"], dollars=changed))
    for case in (await mo.queue()).values():
        await mo.approves_case(case)
    now = await bo.own_boats()
    assert {boat["id"] for boat in before.values()} < {boat["id"] for boat in now.values()}
    assert len(now) == 5
    assert _prices(now) == dict.fromkeys([*FLEET, "Eva Folkboat"], 20_000) | changed
    assert [step["price"] for step in now["Ada Folkboat"]["priceHistory"]] == [2_000_000, 1_800_000]
    await market.passes(days=7)
    [letter] = ben.mailbox.new()
    assert letter.mentions("Ada Folkboat")
    assert not letter.mentions("Bea Folkboat")


async def test_what_a_broker_did_by_hand_outlasts_the_same_file(market: StoryMarket) -> None:
    """Bo marks one boat as sold and withdraws another on the site, but his office program goes on
    sending both. The same file again puts neither back on the market.
    """
    _, bo = await _a_broker(market)
    rita, boats = market.visitor("Rita"), await bo.own_boats()
    await bo.sells(_boat(boats, "Ada Folkboat"), 19_000)
    await bo.withdraws(_boat(boats, "Bea Folkboat"))
    for _ in range(3):
        await market.passes(days=7)
        await bo.imports(boat_file(FLEET))
        assert sorted(await rita.finds()) == ["Cora Folkboat", "Dora Folkboat"]
    now = await bo.own_boats()
    assert now["Ada Folkboat"]["status"] == "sold"
    assert now["Bea Folkboat"]["status"] == "inactive"


async def test_a_boat_that_left_the_file_and_came_back_is_the_same_advert(
    market: StoryMarket,
) -> None:
    """One boat is missing from the file for a month, and Bo, who is asked about all of them, takes it
    down. Then it is in the file again, cheaper, and Bo relists it: it is the advert that it was, with its
    history.
    """
    mo, bo = await _a_broker(market)
    rita, before = market.visitor("Rita"), await bo.own_boats()
    rest = [title for title in FLEET if title != "Cora Folkboat"]
    cora = _boat(before, "Cora Folkboat")
    await bo.imports(boat_file(rest))
    await bo.withdraws(cora)
    await market.passes(days=28)
    await bo.imports(boat_file(FLEET, dollars={"Cora Folkboat": 17_500}))
    await bo.puts_back(cora)
    for case in (await mo.queue()).values():
        await mo.approves_case(case)
    assert await rita.sees(cora)
    now = await bo.own_boats()
    assert len(now) == 4
    history = [step["price"] for step in now["Cora Folkboat"]["priceHistory"]]
    assert history == [2_000_000, 1_750_000]


async def test_a_boat_that_moderators_hid_does_not_come_back_with_the_next_file(
    market: StoryMarket,
) -> None:
    """A moderator hides one of Bo's boats: its papers are missing. The weekly file, with another price
    for it, does not make it public; only a moderator does.
    """
    mo, bo = await _a_broker(market)
    rita, dora = market.visitor("Rita"), _boat(await bo.own_boats(), "Dora Folkboat")
    await mo.hides(dora, "Please send us her papers.")
    assert bo.mailbox.latest.mentions("Please send us her papers.")
    await market.passes(days=7)
    await bo.imports(boat_file(FLEET, dollars={"Dora Folkboat": 19_000}))
    await market.passes(hours=3)
    assert not await rita.sees(dora)
    await bo.withdraws(dora)
    await bo.puts_back(dora)
    assert not await rita.sees(dora)
    await mo.approves(dora)
    assert await rita.sees(dora)


async def test_a_fleet_is_repriced_and_confirmed_at_once_and_one_boat_goes_her_own_way(
    market: StoryMarket,
) -> None:
    """Sue sells three charter boats. For a boat show she lowers all prices by 5% and sets one by hand.
    Asked a month later, she ticks all and says that they are still for sale: nobody asks her for
    another month.
    """
    sue = await market.member("Sue")
    fleet = [await sue.lists(f"Charter boat {name}", price=20_000) for name in ("A", "B", "C")]
    done = await sue.changes_prices(fleet, "-5")
    assert "3" in done.words
    await sue.reprices(fleet[0], 21_000)
    assert sorted(_prices(await sue.own_boats()).values()) == [19_000, 19_000, 21_000]
    sue.mailbox.new()
    await market.passes(days=31)
    assert len([one for one in sue.mailbox.new() if "still for sale" in one.subject]) == 3
    await sue.does_to_many(fleet, "Still for sale")
    await market.passes(days=28)
    assert sue.mailbox.new() == []
    assert len(await market.visitor("Rita").finds()) == 3


async def test_a_broker_retires_and_sells_his_own_boat_as_anybody_does(
    market: StoryMarket,
) -> None:
    """Bo was a broker under a trade name. He retires, calls himself a private seller, and all that is
    shown of him says so.
    """
    _, bo = await _a_broker(market)
    await bo.call("PATCH", "/me", json={"tradeName": "Bo's Yard"})
    await market.passes(minutes=10)
    rita, ada = market.visitor("Rita"), _boat(await bo.own_boats(), "Ada Folkboat")
    assert "Bo's Yard" in await rita.reads(f"/boats/{ada.id}")
    assert await rita.finds(sellerKind=["broker"])
    await bo.call("PATCH", "/me", json={"sellerKind": "private", "tradeName": None})
    await market.passes(minutes=10)
    assert "Bo's Yard" not in await rita.reads(f"/boats/{ada.id}")
    assert sorted(await rita.finds(sellerKind=["private"])) == FLEET
    assert await rita.finds(sellerKind=["broker"]) == []


def _boat(boats: dict[str, dict[str, Any]], title: str) -> Boat:
    return Boat(boats[title]["id"], title)


@pytest.mark.on_both_engines
async def test_reloading_a_bulk_price_change_repeats_nothing(market: StoryMarket) -> None:
    """Bo lowers all his boats by 10%, and sets one back by hand. Reloading the page of the result
    changes nothing further.
    """
    bo = await market.member("Bo")
    boats = [await bo.lists(f"200{n} Bavaria 3{n}", price=10_000 + n * 1000) for n in range(3)]
    done = await bo.changes_prices(boats, "-10")
    assert "3" in done.words
    await bo.reprices(boats[0], 10_000)
    await bo.reloads(done)
    prices = [boat["price"] for _, boat in sorted((await bo.own_boats()).items())]
    assert prices == [10_000_00, 9_900_00, 10_800_00]
