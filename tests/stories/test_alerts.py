"""Readers who wait for a boat, and what their letters tell them."""

from __future__ import annotations

from typing import Any

import pytest

from .files import boat_file
from .market import StoryMarket
from .people import declined

pytestmark = pytest.mark.anyio

UNDER_100 = {"priceRange": {"max": 10_000_000}}


async def test_a_weekly_reader_hears_of_a_boat_once_and_again_when_it_is_cheaper(
    market: StoryMarket,
) -> None:
    """Ben waits for a boat under $100,000. Ann's comes; he hears of it within the week, then never
    again, until she lowers the price.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("Under 100", "weekly", **UNDER_100)
    ben.mailbox.new()
    boat = await ann.lists(price=95_000)
    await market.passes(days=8)
    [letter] = ben.mailbox.new()
    assert letter.mentions(boat.title)
    assert letter.mentions("$95,000")
    await market.passes(days=20)
    assert ben.mailbox.new() == []
    await ann.reprices(boat, 89_000)
    await market.passes(days=8)
    [letter] = ben.mailbox.new()
    assert letter.mentions("$89,000")


@pytest.mark.on_both_engines
async def test_a_reader_who_wants_to_know_at_once_is_not_drowned_and_misses_nothing(
    market: StoryMarket,
) -> None:
    """A broker takes over a yard and offers 24 boats in one morning. Ben hears of the first twenty at
    once, of the others in one letter the next day, and of each exactly once.
    """
    bo, ben = await market.member("Bo"), await market.member("Ben")
    await ben.saves_search("Everything", "at-once")
    ben.mailbox.new()
    mo = await market.moderator()
    await bo.sells_for_a_living()
    titles = [f"19{60 + n} Folkboat number {n}" for n in range(24)]
    await bo.imports(boat_file(titles))
    for case in (await mo.queue()).values():
        await mo.approves_case(case)
    assert len(ben.mailbox.letters) < 24
    await market.passes(days=2)
    letters = [letter for letter in ben.mailbox.new() if letter.mentions("Folkboat")]
    assert len(letters) == 21
    told = [title for letter in letters for title in titles if f"{title}\n" in letter.text]
    assert sorted(told) == sorted(titles)


async def test_letters_follow_a_reader_to_another_address_and_end_by_an_old_letters_link(
    market: StoryMarket,
) -> None:
    """Ben waits for boats, moves to another address, and reads there. A year later he is tired of it,
    and ends it by the link in the first letter that he finds, an old one.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("Under 100", "daily", **UNDER_100)
    await ann.lists("First Contessa 32")
    await market.passes(days=2)
    [old] = ben.mailbox.about("First Contessa")
    await ben.moves_to("ben@sea.example")
    await ann.lists("Second Contessa 32")
    await market.passes(days=2)
    [new] = ben.mailbox.about("Second Contessa")
    assert new.to == "ben@sea.example"
    await ben.sends(old.link("/unsubscribe/"))
    await ann.lists("Third Contessa 32")
    await market.passes(days=8)
    assert ben.mailbox.about("Third Contessa") == []


async def test_a_reader_who_is_shut_out_gets_no_letters_and_is_told_again_afterwards(
    market: StoryMarket,
) -> None:
    """Ben is suspended for two weeks over a complaint. He gets no letters meanwhile; what appears after
    he is back reaches him.
    """
    ada = await market.admin()
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("Under 100", "daily", **UNDER_100)
    await ada.suspends(ben)
    ben.mailbox.new()
    ben.signs_in_when_asked = False
    with declined(401):
        await ben.me()
    await ann.lists("Meanwhile Rival 34")
    await market.passes(days=14)
    assert ben.mailbox.new() == []
    await ada.lets_in_again(ben)
    await ann.lists("Afterwards Rival 34")
    await market.passes(days=2)
    assert len(ben.mailbox.about("Afterwards Rival")) == 1


async def test_three_weeks_without_a_worker_end_in_one_true_letter(market: StoryMarket) -> None:
    """The worker is down for three weeks. Boats come, one is sold, one becomes cheaper. When it is
    back, Ben gets one letter, about what there is, at today's prices.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    mo = await market.moderator()
    await ben.saves_search("Under 100", "daily", **UNDER_100)
    ben.mailbox.new()
    boats = {name: await ann.drafts(f"{name} Najad 34", price=80_000) for name in ("Gone", "Kept")}
    for boat in boats.values():
        await ann.adds_photos(boat, 1)
    async with market.without_worker():
        for boat in boats.values():
            await ann.puts_back(boat)
            await mo.approves(boat)
        await market.passes(days=10)
        await ann.sells(boats["Gone"])
        await ann.reprices(boats["Kept"], 75_000)
        await market.passes(days=11)
        assert ben.mailbox.new() == []
    await market.passes(days=3)
    [letter] = ben.mailbox.new()
    assert letter.mentions("Kept Najad 34")
    assert letter.mentions("$75,000")
    assert not letter.mentions("$80,000")
    assert not letter.mentions("Gone Najad")


@pytest.mark.on_both_engines
async def test_a_new_host_neither_repeats_a_letter_nor_forgets_what_is_due(
    market: StoryMarket,
) -> None:
    """The market moves to a machine that has none of the followers' files. Ben was told of one boat;
    another waits for his next letter. He gets just that one.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    await ben.saves_search("Under 100", "daily", **UNDER_100)
    await ann.lists("Told Sigma 33")
    await market.passes(days=2)
    assert len(ben.mailbox.about("Told Sigma")) == 1
    await ann.lists("Waiting Sigma 33")
    await market.moves_to_another_host()
    await market.passes(days=2)
    assert len(ben.mailbox.about("Told Sigma")) == 1
    assert len(ben.mailbox.about("Waiting Sigma")) == 1
    await ann.lists("Later Sigma 33")
    await market.passes(days=2)
    assert len(ben.mailbox.about("Later Sigma")) == 1


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
async def test_a_boat_left_out_of_a_letter_comes_in_a_later_one(
    market: StoryMarket, frequency: str
) -> None:
    """Three boats appear for Ben, and none is fit for the first letter: one is withdrawn for a while,
    one becomes a little dearer, and for one Ben has changed his wish and back. He hears of all three.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    search = await ben.saves_search("Under 100", frequency, priceRange={"max": 10_000_000})
    await ann.lists("Told at once", price=70_000)
    await market.passes(hours=1)
    assert len(ben.mailbox.about("Told at once")) == 1
    ben.mailbox.new()
    away = await ann.lists("Withdrawn Contessa 32", price=80_000)
    dearer = await ann.lists("Dearer Rustler 36", price=90_000)
    await market.passes(hours=12)
    await ann.withdraws(away)
    await ann.reprices(dearer, 91_000)
    await market.passes(days=8)
    letters = ben.mailbox.new()
    assert any(letter.mentions(dearer.title) and letter.mentions("$91,000") for letter in letters)
    assert not any(letter.mentions(away.title) for letter in letters)
    await ann.puts_back(away)
    await market.passes(days=8)
    assert any(letter.mentions(away.title) for letter in ben.mailbox.new())

    widened = await ann.lists("Beyond Malo 40", price=95_000)
    await ben.changes_search(search, filters={"priceRange": {"max": 9_000_000}})
    await ben.changes_search(search, filters={"priceRange": {"max": 20_000_000}})
    await market.passes(days=8)
    assert any(letter.mentions(widened.title) for letter in ben.mailbox.new())
    await market.passes(days=20)
    assert ben.mailbox.new() == []


async def test_a_boat_that_is_deleted_and_listed_again_is_no_news_until_she_is_cheaper(
    market: StoryMarket,
) -> None:
    """Ann deletes her adverts each week and makes them anew, to stand on top of the list. Ben and Cleo
    hear of each boat once, also Cleo, who changes her wish meanwhile; and again when one is cheaper. The
    boat that Bob has bought from Ann is news, and so is one that was never told.
    """
    ann, bob, ben, cleo = [await market.member(name) for name in ("Ann", "Bob", "Ben", "Cleo")]
    await ben.saves_search("All boats", "at-once")
    wish = await cleo.saves_search("Under 100", "daily", priceRange={"max": 10_000_000})
    hulls: dict[str, Any] = {"Contessa 32": {"hin": "ABC12345D010"}, "Rustler 36": {}}
    boats = [await ann.lists(title, boat=boat) for title, boat in hulls.items()]
    secret = await ann.lists("Too dear", price=200_000)
    await market.passes(days=3)
    for reader in (ben, cleo):
        assert [len(reader.mailbox.about(title)) for title in hulls] == [1, 1]
        reader.mailbox.new()
    for boat in (*boats, secret):
        await ann.deletes(boat)
    await market.passes(days=4)
    boats = [await ann.lists(title, boat=boat) for title, boat in hulls.items()]
    await cleo.changes_search(wish, filters={"priceRange": {"max": 11_000_000}})
    await market.passes(days=4)
    assert (ben.mailbox.new(), cleo.mailbox.new()) == ([], [])

    await ann.reprices(boats[1], 85_000)
    await ann.lists("Too dear", price=95_000)
    await market.passes(days=3)
    [letter] = cleo.mailbox.new()
    assert letter.mentions("$85,000")
    assert letter.mentions("$95,000")
    await ann.sells(boats[0])
    mo = await market.moderator()
    await mo.approves(await bob.lists("Contessa 32", boat=hulls["Contessa 32"], price=120_000))
    await market.passes(days=1)
    assert len(ben.mailbox.about("Contessa 32, $120,000")) == 1
