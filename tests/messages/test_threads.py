"""An inquiry reaches its seller once, and a thread stays between its two sides."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.idempotency import IdempotencyKey
from marinemarket.accounts.records import MARKET_ID, market_account
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action, entries_by_resource
from marinemarket.clock import DAY, HOUR
from marinemarket.composition import PERSONAL_DATA
from marinemarket.errors import NotFound, Refused
from marinemarket.listings.lifecycle.editing import edit_listing
from marinemarket.listings.records import add_listing
from marinemarket.messages.held_messages import refuse_message, release_message
from marinemarket.messages.inbox import threads_of
from marinemarket.messages.inquiries import ask, ask_as_visitor, confirm
from marinemarket.messages.inquiry import MessageState, Side, ThreadState
from marinemarket.messages.records import (
    answer_time,
    held_messages,
    inquiries_of,
    messages_of,
    threads_of_seller,
)
from marinemarket.messages.replies import (
    Words,
    block_other,
    close_thread,
    note_read,
    own_thread,
    reopen,
    write_message,
)
from marinemarket.store.schema import MESSAGES, THREADS
from tests.accounts.members import CLIENT, a_person
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned

from .conftest import Harbour, by

pytestmark = pytest.mark.anyio

VISITOR = {"name": "Vic Tor", "email": "vic@example.com", "message": "When could I see her?"}
LINKS = "http://a.example http://b.example http://c.example http://d.example"


async def test_a_question_reaches_the_seller_by_email_without_any_address(harbour: Harbour) -> None:
    asked = await harbour.asked()
    assert asked.message.state is MessageState.SENT
    [letter] = await letters(harbour.market)
    assert (letter.template, letter.to) == ("inquiry", "sue@example.com")
    assert letter.values["text"] == "Is she still available?"
    assert "bob@example.com" not in json.dumps(letter.values)
    [(thread, side)] = (await threads_of(harbour.market.store, harbour.sue)).threads
    assert (thread.id, side, thread.unread_by(side)) == (asked.thread.id, Side.SELLER, 1)
    entry = (await entries_by_action(harbour.market.store, Action.INQUIRY_SENT)).entries[0]
    assert "available" not in json.dumps(entry.to_wire())


async def test_a_reply_reaches_the_buyer_and_read_messages_stay_read(harbour: Harbour) -> None:
    asked = await harbour.asked()
    thread, side = await own_thread(harbour.market.store, harbour.sue, asked.thread.id)
    thread = await note_read(harbour.desk, thread, side)
    assert thread.unread_by_seller == 0
    thread, _ = await write_message(harbour.desk, by(harbour.sue), thread, side, Words("She is."))
    assert (thread.unread_by_buyer, thread.unread_by_seller) == (1, 0)
    [letter] = await letters(harbour.market, "message")
    assert letter.to == "bob@example.com"
    assert "sue@example.com" not in json.dumps(letter.values)
    # Bob asks again from the boat's page: the conversation is the same.
    again = await harbour.asked("And her sails?")
    assert again.thread.id == asked.thread.id
    lines = [one.text for one in await messages_of(harbour.market.store, asked.thread.id)]
    assert lines == ["Is she still available?", "She is.", "And her sails?"]


async def test_questions_asked_at_once_are_all_kept_in_one_thread(harbour: Harbour) -> None:
    await asyncio.gather(*(harbour.asked(f"Question {number}") for number in range(6)))
    [thread] = (await threads_of_seller(harbour.market.store, harbour.sue.id)).threads
    assert thread.unread_by_seller == 6
    assert len(await messages_of(harbour.market.store, thread.id)) == 6
    assert len(await letters(harbour.market)) == 6


async def test_case_32_a_question_sent_twice_is_one(harbour: Harbour) -> None:
    def once() -> IdempotencyKey:
        return IdempotencyKey.of(harbour.bob.id, "ask", "1", {})

    await asyncio.gather(*(harbour.asked(once=once()) for _ in range(5)))
    [thread] = (await threads_of_seller(harbour.market.store, harbour.sue.id)).threads
    await harbour.asked(once=once())
    assert len(await messages_of(harbour.market.store, thread.id)) == 1
    assert len(await letters(harbour.market)) == 1


async def test_a_visitors_question_waits_until_they_use_the_link(harbour: Harbour) -> None:
    desk, store = harbour.desk, harbour.market.store
    asked = await ask_as_visitor(desk, CLIENT, harbour.boat, VISITOR)
    assert asked.message.state is MessageState.WAITING
    [letter] = await letters(harbour.market)
    assert (letter.template, letter.to) == ("confirm-inquiry", "vic@example.com")
    # It contains nothing that was typed: strangers could have us send their words to others.
    assert "Vic" not in json.dumps(letter.values)
    assert "see her" not in json.dumps(letter.values)
    assert (await threads_of(store, harbour.sue)).threads == []
    assert (await inquiries_of(store, harbour.boat.id)).threads == []
    with pytest.raises(NotFound):
        await own_thread(store, harbour.sue, asked.thread.id)

    link = letter.values["link"].removeprefix("/messages/")
    thread = await desk.thread_of_visitor(link)
    opened = await asyncio.gather(*(confirm(desk, CLIENT, thread) for _ in range(4)))
    assert {one.state for one in opened} == {ThreadState.OPEN}
    told = await letters(harbour.market, "inquiry")
    assert [(one.to, one.values["text"]) for one in told] == [
        ("sue@example.com", "When could I see her?")
    ]
    [(thread, side)] = (await threads_of(store, harbour.sue)).threads
    await write_message(desk, by(harbour.sue), thread, side, Words("On Sunday."))
    [answer] = await letters(harbour.market, "message")
    assert (answer.to, answer.values["link"]) == ("vic@example.com", letter.values["link"])


async def test_an_unconfirmed_message_is_deleted_after_a_day(
    harbour: Harbour, clock: ManualClock
) -> None:
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    link = harbour.desk.visitors_page(asked.thread).removeprefix("/messages/")
    clock.now += 24 * HOUR + 1000
    with pytest.raises(NotFound):
        await harbour.desk.thread_of_visitor(link)
    while await harbour.market.store.sweep():
        pass
    assert await scanned(harbour.market.store, THREADS) == []
    assert await scanned(harbour.market.store, MESSAGES) == []


async def test_a_confirmed_thread_stays(harbour: Harbour, clock: ManualClock) -> None:
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    await confirm(harbour.desk, CLIENT, asked.thread)
    clock.now += 400 * DAY
    assert len(await messages_of(harbour.market.store, asked.thread.id)) == 1
    assert (await harbour.thread(asked.thread.id)).state is ThreadState.OPEN


async def test_a_stranger_cannot_flood_a_mailbox_with_links(harbour: Harbour) -> None:
    for _ in range(3):
        await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    with pytest.raises(Refused, match="several emails"):
        await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    assert len(await letters(harbour.market)) == 3


async def test_a_visitor_who_opens_an_account_finds_their_conversations(harbour: Harbour) -> None:
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    await confirm(harbour.desk, CLIENT, asked.thread)
    vic = await a_person(harbour.market, name="vic")
    thread, side = await own_thread(harbour.market.store, vic, asked.thread.id)
    assert side is Side.BUYER
    unconfirmed = vic.changed(email_verified=False)
    with pytest.raises(NotFound):
        await own_thread(harbour.market.store, unconfirmed, thread.id)


async def test_nobody_asks_about_their_own_boat_or_one_without_a_seller(harbour: Harbour) -> None:
    payload = {"message": "Is she nice?"}
    with pytest.raises(Refused, match="your own"):
        await ask(harbour.desk, by(harbour.sue), harbour.sue, harbour.boat, payload)
    await market_account(harbour.market.trail, TESTS, name="Market")
    imported = a_listing(name="imported", ownerId=MARKET_ID)
    await add_listing(harbour.market.trail, TESTS, imported)
    with pytest.raises(Refused, match="imported"):
        await ask(harbour.desk, by(harbour.bob), harbour.bob, imported, payload)


async def test_a_boat_that_was_withdrawn_meanwhile_is_not_asked_about(harbour: Harbour) -> None:
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    version = [harbour.boat.updated_at]
    await edit_listing(
        harbour.market.trail, by(harbour.sue), harbour.boat.id, {"status": "inactive"}, version
    )
    with pytest.raises(Refused, match="no longer offered"):
        await harbour.asked()
    with pytest.raises(Refused, match="no longer offered"):
        await confirm(harbour.desk, CLIENT, asked.thread)


async def test_a_closed_thread_takes_nothing_until_its_closer_opens_it(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    closed = await close_thread(harbour.desk, by(harbour.sue), thread, Side.SELLER)
    with pytest.raises(Refused, match="closed"):
        await harbour.asked("Hello?")
    with pytest.raises(Refused, match="other side"):
        await reopen(harbour.desk, by(harbour.bob), closed, Side.BUYER)
    await reopen(harbour.desk, by(harbour.sue), closed, Side.SELLER)
    assert (await harbour.asked("Hello?")).message.state is MessageState.SENT


async def test_a_blocked_buyer_cannot_write_to_the_seller_about_any_boat(harbour: Harbour) -> None:
    other = a_listing(name="other", ownerId=harbour.sue.id)
    await add_listing(harbour.market.trail, TESTS, other)
    thread = (await harbour.asked()).thread
    blocked = await block_other(harbour.desk, by(harbour.sue), thread, Side.SELLER)
    with pytest.raises(Refused, match="no messages from you"):
        await ask(harbour.desk, by(harbour.bob), harbour.bob, other, {"message": "And this?"})
    await reopen(harbour.desk, by(harbour.sue), blocked, Side.SELLER)
    await ask(harbour.desk, by(harbour.bob), harbour.bob, other, {"message": "And this?"})


async def test_a_held_message_is_not_delivered_before_it_is_released(harbour: Harbour) -> None:
    store = harbour.market.store
    asked = await harbour.asked(f"Look: {LINKS}")
    assert asked.message.state is MessageState.HELD
    assert (await threads_of(store, harbour.sue)).threads == []
    assert await letters(harbour.market) == []
    [held], _ = await held_messages(store)
    await release_message(harbour.desk, TESTS, held.thread_id, held.sent_at)
    with pytest.raises(Refused):
        await refuse_message(harbour.desk, TESTS, held.thread_id, held.sent_at)
    assert await held_messages(store) == ([], None)
    assert [one.template for one in await letters(harbour.market)] == ["inquiry"]
    [(thread, side)] = (await threads_of(store, harbour.sue)).threads
    assert thread.unread_by(side) == 1


async def test_a_refused_message_stays_with_its_writer(harbour: Harbour) -> None:
    asked = await harbour.asked(f"Look: {LINKS}")
    await refuse_message(harbour.desk, TESTS, asked.thread.id, asked.message.sent_at)
    assert (await threads_of(harbour.market.store, harbour.sue)).threads == []
    [message] = await messages_of(harbour.market.store, asked.thread.id)
    assert message.state is MessageState.REFUSED
    assert message.is_seen_by(Side.BUYER)
    assert not message.is_seen_by(Side.SELLER)


async def test_the_same_long_text_to_many_sellers_is_held_from_the_fifth_on(
    harbour: Harbour,
) -> None:
    text = (
        "My company buys boats like yours each month, whatever their state, for any price you name."
    )
    states = []
    for number in range(6):
        seller = await a_person(harbour.market, name=f"seller{number}")
        boat = a_listing(name=f"boat{number}", ownerId=seller.id)
        await add_listing(harbour.market.trail, TESTS, boat)
        asked = await ask(harbour.desk, by(harbour.bob), harbour.bob, boat, {"message": text})
        states.append(asked.message.state.value)
    assert states == ["sent"] * 4 + ["held"] * 2


async def test_answer_time_is_the_median_of_first_answers(
    harbour: Harbour, clock: ManualClock
) -> None:
    store = harbour.market.store
    for number, minutes in enumerate((30, 600, 45)):
        assert await answer_time(store, harbour.sue.id) is None
        boat = a_listing(name=f"boat{number}", ownerId=harbour.sue.id)
        await add_listing(harbour.market.trail, TESTS, boat)
        payload = {"message": "Is she still available?"}
        thread = (await ask(harbour.desk, by(harbour.bob), harbour.bob, boat, payload)).thread
        clock.now += minutes * 60_000
        for answer in ("Yes.", "Do come and see her."):
            thread, _ = await write_message(
                harbour.desk, by(harbour.sue), thread, Side.SELLER, Words(answer)
            )
            clock.now += HOUR
    assert await answer_time(store, harbour.sue.id) == 45


async def test_the_dashboard_counts_inquiries_over_time(
    harbour: Harbour, clock: ManualClock
) -> None:
    await harbour.asked()
    clock.now += DAY
    visit = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    await confirm(harbour.desk, CLIENT, visit.thread)
    found = (await inquiries_of(harbour.market.store, harbour.boat.id)).threads
    assert [thread.buyer_name for thread in found] == ["Vic Tor", "Bob"]


async def test_an_erased_buyer_leaves_messages_without_a_name(harbour: Harbour) -> None:
    thread = (await harbour.asked("Is she dry below?")).thread
    await erase(harbour.market.trail, TESTS, harbour.bob.id, PERSONAL_DATA)
    left = await harbour.thread(thread.id)
    assert (left.buyer, left.buyer_name, left.state) == (None, None, ThreadState.CLOSED)
    seen, side = await own_thread(harbour.market.store, harbour.sue, thread.id)
    assert [one.text for one in await messages_of(harbour.market.store, seen.id)] == [
        "Is she dry below?"
    ]
    with pytest.raises(Refused, match="left"):
        await write_message(harbour.desk, by(harbour.sue), seen, side, Words("She is."))
    # Once the other side is erased as well, the messages are deleted.
    await erase(harbour.market.trail, TESTS, harbour.sue.id, PERSONAL_DATA)
    assert await scanned(harbour.market.store, THREADS) == []
    assert await scanned(harbour.market.store, MESSAGES) == []


async def test_an_erasure_finds_what_was_asked_as_a_visitor(harbour: Harbour) -> None:
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    await confirm(harbour.desk, CLIENT, asked.thread)
    vic = await a_person(harbour.market, name="vic")
    await erase(harbour.market.trail, TESTS, vic.id, PERSONAL_DATA)
    left = await harbour.thread(asked.thread.id)
    assert (left.buyer, left.buyer_email, left.buyer_name, left.ticket) == (None,) * 4


async def test_an_export_has_both_sides_messages_but_not_the_other_sides_address(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked()).thread
    await write_message(harbour.desk, by(harbour.sue), thread, Side.SELLER, Words("She is."))
    exported: dict[str, Any] = await export_person(
        harbour.market.accounts, by(harbour.bob), harbour.bob, PERSONAL_DATA
    )
    [talk] = exported["conversations"]
    assert [one["text"] for one in talk["messages"]] == ["Is she still available?", "She is."]
    assert "sue@example.com" not in json.dumps(exported["conversations"])


async def test_every_change_of_a_thread_leaves_an_entry(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    await write_message(harbour.desk, by(harbour.sue), thread, Side.SELLER, Words("She is."))
    await close_thread(harbour.desk, by(harbour.sue), await harbour.thread(thread.id), Side.SELLER)
    entries = (await entries_by_resource(harbour.market.store, "thread")).entries
    assert {entry.action for entry in entries} == {
        Action.INQUIRY_SENT,
        Action.MESSAGE_SENT,
        Action.THREAD_CLOSED,
    }
