"""Whether a message reaches its reader is asked when it is written, released, sent and answered."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import find_user
from marinemarket.accounts.user import User, UserStatus
from marinemarket.accounts.user_changes import UserChange
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.clock import DAY, HOUR
from marinemarket.composition import PERSONAL_DATA
from marinemarket.errors import Refused
from marinemarket.listings.records import add_listing
from marinemarket.messages.ban_warnings import BanFollower, warn_of
from marinemarket.messages.held_messages import KeptBack, release_message
from marinemarket.messages.inquiries import SentInquiry, ask, ask_as_visitor, confirm
from marinemarket.messages.inquiry import MessageState, Side, Thread
from marinemarket.messages.records import find_message, held_messages, messages_of
from marinemarket.messages.relay import Mail, Outcome, relay
from marinemarket.messages.replies import Words, block_other, close_thread, reopen, write_message
from marinemarket.store.schema import OUTBOX
from tests.accounts.members import CLIENT, a_person
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned

from .conftest import Harbour, by

pytestmark = pytest.mark.anyio

VISITOR = {"name": "Bob Again", "email": "bob@example.com", "message": "When could I see her?"}
LINKS = "http://a.example http://b.example http://c.example http://d.example"


async def stand(harbour: Harbour, user: User, status: UserStatus) -> None:
    """What a moderator decides about an account."""
    known = await find_user(harbour.market.store, user.id)
    assert known is not None
    now = harbour.market.clock()
    change = UserChange.of(known, now, ends_sessions=True, status=status)
    entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", user.id, now)
    await harbour.market.trail.commit(entry, change.write())


async def says(harbour: Harbour, thread: Thread, side: Side, text: str = "Hello?") -> MessageState:
    who = harbour.bob if side is Side.BUYER else harbour.sue
    _, message = await write_message(harbour.desk, by(who), thread, side, Words(text))
    return message.state


async def released(harbour: Harbour, asked: SentInquiry) -> MessageState:
    sent_at = asked.message.sent_at
    await release_message(harbour.desk, TESTS, asked.thread.id, sent_at)
    message = await find_message(harbour.market.store, asked.thread.id, sent_at)
    assert message is not None
    return message.state


async def sent_to(harbour: Harbour) -> list[str]:
    """To whom the market has sent emails by now, in files of its folder."""
    while await harbour.market.delivery().run_once():
        pass
    folder = harbour.market.settings.emails_folder
    found = []
    for path in sorted(folder.glob("*.eml")):
        lines = path.read_text().splitlines()
        found += [line.removeprefix("To: ") for line in lines if line.startswith("To: ")]
    return found


# -- Released ----------------------------------------------------------------------------------


async def test_a_held_message_never_reaches_somebody_who_has_blocked_its_sender_since(
    harbour: Harbour,
) -> None:
    store = harbour.market.store
    thread = (await harbour.asked()).thread
    held = await harbour.asked(f"Look: {LINKS}")
    await block_other(harbour.desk, by(harbour.sue), thread, Side.SELLER)
    before = len(await letters(harbour.market))
    assert await released(harbour, held) is MessageState.UNDELIVERED
    assert len(await letters(harbour.market)) == before
    assert await held_messages(store) == ([], None)
    seen = [one for one in await messages_of(store, thread.id) if one.is_seen_by(Side.SELLER)]
    assert [one.text for one in seen] == ["Is she still available?"]
    last = (await messages_of(store, thread.id))[-1]
    assert last.is_seen_by(Side.BUYER)
    [entry] = (await entries_by_action(store, Action.MESSAGE_MODERATED)).entries
    assert (entry.details["decision"], entry.details["because"]) == ("undelivered", "blocked")


async def test_what_the_writer_does_later_takes_a_held_message_not_back(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    held = await harbour.asked(f"Sold elsewhere: {LINKS}")
    await close_thread(harbour.desk, by(harbour.bob), thread, Side.BUYER)
    assert await released(harbour, held) is MessageState.SENT


async def test_a_held_message_waits_while_an_account_is_banned_and_goes_on_afterwards(
    harbour: Harbour,
) -> None:
    held = await harbour.asked(f"Look: {LINKS}")
    for whom in (harbour.bob, harbour.sue):
        for status in (UserStatus.BANNED, UserStatus.SUSPENDED):
            await stand(harbour, whom, status)
            with pytest.raises(KeptBack):
                await released(harbour, held)
        await stand(harbour, whom, UserStatus.ACTIVE)
    assert await released(harbour, held) is MessageState.SENT


async def test_held_messages_to_and_from_somebody_who_leaves_are_in_no_queue_any_more(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked()).thread
    to_sue = await harbour.asked(f"Look: {LINKS}")
    _, from_sue = await write_message(
        harbour.desk, by(harbour.sue), thread, Side.SELLER, Words(f"Look here: {LINKS}")
    )
    assert from_sue.state is MessageState.HELD
    await erase(harbour.market.trail, TESTS, harbour.sue.id, PERSONAL_DATA)
    assert await held_messages(harbour.market.store) == ([], None)
    states = [one.state for one in await messages_of(harbour.market.store, thread.id)]
    assert states == [MessageState.SENT, MessageState.UNDELIVERED]
    with pytest.raises(Refused, match="no longer held"):
        await released(harbour, to_sue)
    texts = [one.values["text"] for one in await letters(harbour.market, "inquiry")]
    assert texts == []


# -- Written -----------------------------------------------------------------------------------


async def test_nobody_writes_to_a_banned_member_or_from_a_banned_account(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    await stand(harbour, harbour.sue, UserStatus.BANNED)
    with pytest.raises(Refused, match="banned"):
        await says(harbour, thread, Side.BUYER)
    with pytest.raises(Refused, match="not active"):
        await says(harbour, thread, Side.SELLER)
    await stand(harbour, harbour.sue, UserStatus.SUSPENDED)
    with pytest.raises(Refused, match="suspended"):
        await says(harbour, thread, Side.BUYER)
    await stand(harbour, harbour.sue, UserStatus.ACTIVE)
    assert await says(harbour, thread, Side.BUYER) is MessageState.SENT


async def test_a_ban_and_a_block_count_for_a_person_with_and_without_their_account(
    harbour: Harbour,
) -> None:
    other = a_listing(name="other", ownerId=harbour.sue.id)
    await add_listing(harbour.market.trail, TESTS, other)
    as_guest = await ask_as_visitor(harbour.desk, CLIENT, other, VISITOR)
    guest = await confirm(harbour.desk, CLIENT, as_guest.thread)
    # Banned as a member, Bob goes on by the link in his emails.
    await stand(harbour, harbour.bob, UserStatus.BANNED)
    with pytest.raises(Refused, match="not active"):
        await says(harbour, guest, Side.BUYER)
    waiting = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, VISITOR)
    with pytest.raises(Refused, match="not active"):
        await confirm(harbour.desk, CLIENT, waiting.thread)
    await stand(harbour, harbour.bob, UserStatus.ACTIVE)
    # Blocked as a guest, he goes on as a member; and the other way round.
    blocked = await block_other(harbour.desk, by(harbour.sue), guest, Side.SELLER)
    with pytest.raises(Refused, match="no messages from you"):
        await harbour.asked()
    with pytest.raises(Refused, match="no messages from you"):
        await confirm(harbour.desk, CLIENT, waiting.thread)
    await reopen(harbour.desk, by(harbour.sue), blocked, Side.SELLER)
    thread = (await harbour.asked()).thread
    await block_other(harbour.desk, by(harbour.sue), thread, Side.SELLER)
    with pytest.raises(Refused, match="no messages from you"):
        await says(harbour, await harbour.thread(guest.id), Side.BUYER)
    # Who blocks somebody is told so in their other conversations, and can lift it there.
    with pytest.raises(Refused, match="you have blocked"):
        await says(harbour, await harbour.thread(guest.id), Side.SELLER)
    await reopen(harbour.desk, by(harbour.sue), guest, Side.SELLER)
    assert await says(harbour, await harbour.thread(guest.id), Side.SELLER) is MessageState.SENT


async def test_an_address_of_an_account_that_was_never_used_is_no_bar(harbour: Harbour) -> None:
    await a_person(
        harbour.market,
        name="vic",
        status=UserStatus.PENDING_VERIFICATION,
        email_verified=False,
    )
    visitor = VISITOR | {"email": "vic@example.com"}
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, visitor)
    assert (await confirm(harbour.desk, CLIENT, asked.thread)).reached_at is not None


# -- Sent --------------------------------------------------------------------------------------


async def test_an_email_is_not_sent_to_somebody_who_blocked_its_writer_while_it_waited(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked()).thread
    await says(harbour, thread, Side.SELLER, "She is.")
    await block_other(harbour.desk, by(harbour.sue), thread, Side.SELLER)
    # Bob still gets what she wrote before.
    assert await sent_to(harbour) == ["bob@example.com"]
    dropped = [one for one in await scanned(harbour.market.store, OUTBOX) if "withheldAt" in one]
    assert [(one["template"], "sealed" in one) for one in dropped] == [("inquiry", False)]
    assert "blocked" in dropped[0]["why"]


async def test_an_email_waits_while_an_account_is_banned_and_goes_out_afterwards(
    harbour: Harbour, clock: ManualClock
) -> None:
    await harbour.asked()
    await stand(harbour, harbour.sue, UserStatus.SUSPENDED)
    assert await sent_to(harbour) == []
    await stand(harbour, harbour.sue, UserStatus.ACTIVE)
    await stand(harbour, harbour.bob, UserStatus.BANNED)
    clock.now += 5 * HOUR
    assert await sent_to(harbour) == []
    await stand(harbour, harbour.bob, UserStatus.ACTIVE)
    clock.now += 5 * HOUR
    assert await sent_to(harbour) == ["sue@example.com"]


async def test_an_email_that_a_ban_holds_back_is_dropped_after_two_days_and_no_failure(
    harbour: Harbour, clock: ManualClock
) -> None:
    await harbour.asked()
    await stand(harbour, harbour.bob, UserStatus.BANNED)
    for _ in range(20):
        assert await sent_to(harbour) == []
        clock.now += 5 * HOUR
    [letter] = await scanned(harbour.market.store, OUTBOX)
    assert "withheldAt" in letter
    assert not {"failed", "waiting", "sealed"} & letter.keys()


async def test_an_email_follows_its_reader_to_a_new_address(harbour: Harbour) -> None:
    await harbour.asked()
    now = harbour.market.clock()
    change = UserChange.of(harbour.sue, now, email="sue@elsewhere.example")
    entry = TESTS.entry(Action.EMAIL_CHANGED, "user", harbour.sue.id, now)
    await harbour.market.trail.commit(entry, change.write())
    assert await sent_to(harbour) == ["sue@elsewhere.example"]


async def test_a_message_to_an_address_that_does_not_work_is_on_the_site_alone(
    harbour: Harbour,
) -> None:
    now = harbour.market.clock()
    change = UserChange.of(harbour.sue, now, email_bounced_at="2026-01-01T00:00:00.000Z")
    entry = TESTS.entry(Action.EMAIL_BOUNCED, "user", harbour.sue.id, now)
    await harbour.market.trail.commit(entry, change.write())
    asked = await harbour.asked()
    assert asked.thread.unread_by_seller == 1
    assert await letters(harbour.market) == []


# -- Answered by email -------------------------------------------------------------------------


async def reply(harbour: Harbour, thread: Thread, side: Side, who: User, id: str) -> Outcome:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = who.email, "x@y.z", f"<{id}@mail.example>"
    mail.set_content(f"Saturday suits me, {id}.")
    mailed = Mail(harbour.address(thread, side), who.email, bytes(mail))
    return await relay(harbour.desk, mailed)


async def test_an_emailed_reply_to_or_from_a_banned_member_comes_back_with_the_reason(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked()).thread
    await stand(harbour, harbour.sue, UserStatus.BANNED)
    assert await reply(harbour, thread, Side.BUYER, harbour.bob, "one") is Outcome.HELD_BACK
    assert await reply(harbour, thread, Side.SELLER, harbour.sue, "two") is Outcome.HELD_BACK
    told = {one.to: one.values for one in await letters(harbour.market, "mail-not-passed-on")}
    assert told["bob@example.com"]["why"] == "the market has banned the other person"
    assert told["bob@example.com"]["text"] == "Saturday suits me, one."
    assert told["sue@example.com"]["why"] == "the account is not active"
    # The notice itself is sent; the question that waits for Sue is not.
    assert sorted(await sent_to(harbour)) == ["bob@example.com", "sue@example.com"]
    # Delivered again, nothing more is said.
    assert await reply(harbour, thread, Side.SELLER, harbour.sue, "two") is Outcome.DROPPED
    assert len(await messages_of(harbour.market.store, thread.id)) == 1


# -- Warned ------------------------------------------------------------------------------------


async def test_whoever_wrote_with_a_member_is_warned_once_when_the_market_bans_them(
    harbour: Harbour, clock: ManualClock
) -> None:
    other = a_listing(name="other", ownerId=harbour.sue.id)
    await add_listing(harbour.market.trail, TESTS, other)
    await harbour.asked()
    await ask(harbour.desk, by(harbour.bob), harbour.bob, other, {"message": "And this one?"})
    carl = await a_person(harbour.market, name="carl")
    done = await ask(harbour.desk, by(carl), carl, harbour.boat, {"message": "Hello?"})
    await close_thread(harbour.desk, by(carl), done.thread, Side.BUYER)
    visitor = VISITOR | {"email": "vic@example.com"}
    guest = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, visitor)
    await confirm(harbour.desk, CLIENT, guest.thread)

    follower = BanFollower(harbour.desk, harbour.market.settings.data)
    await follower.begin()
    for status in (UserStatus.SUSPENDED, UserStatus.BANNED, UserStatus.ACTIVE, UserStatus.BANNED):
        await stand(harbour, harbour.sue, status)
    position = await follower.position()
    assert position is not None
    await follower.apply(position, await harbour.market.store.changes(position, limit=100))
    await warn_of(harbour.desk, harbour.sue.id)
    told = await letters(harbour.market, "member-banned")
    assert sorted(one.to for one in told) == ["bob@example.com", "vic@example.com"]
    assert {one.values["other"] for one in told} == {"Sue"}
    assert "bob@example.com" in await sent_to(harbour)


async def test_nobody_is_warned_of_somebody_who_has_left_or_of_an_old_conversation(
    harbour: Harbour, clock: ManualClock
) -> None:
    await harbour.asked()
    await stand(harbour, harbour.sue, UserStatus.SUSPENDED)
    await warn_of(harbour.desk, harbour.sue.id)
    await stand(harbour, harbour.sue, UserStatus.BANNED)
    clock.now += 91 * DAY
    await warn_of(harbour.desk, harbour.sue.id)
    await erase(harbour.market.trail, TESTS, harbour.sue.id, PERSONAL_DATA)
    await warn_of(harbour.desk, harbour.sue.id)
    assert await letters(harbour.market, "member-banned") == []
