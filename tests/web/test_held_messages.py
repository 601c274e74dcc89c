"""Held messages: moderators read, release or block them on a page."""

from __future__ import annotations

import pytest

from marinemarket.accounts.user import User, UserRole
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.messages.inbox import threads_of
from marinemarket.messages.inquiries import SentInquiry, ask
from marinemarket.messages.inquiry import MessageState
from marinemarket.messages.records import held_messages, messages_of
from tests.accounts.members import a_person
from tests.attacks.clients import bearer, staff
from tests.builders import a_listing, uuid_of
from tests.emails import letters

from .conftest import Client, offer

pytestmark = pytest.mark.anyio

PATH = "/admin/messages"
LINKS = "http://a.example http://b.example http://c.example http://d.example"


async def _held(
    market: Market, text: str = LINKS, *, name: str = "bob"
) -> tuple[User, SentInquiry]:
    """Somebody asks a seller with too many links: the seller, and what was asked."""
    bob, sue = await a_person(market, name=name), await a_person(market, name=f"sue-{name}")
    boat = a_listing(name=f"boat-{name}", ownerId=sue.id)
    await offer(market, boat)
    by = Actor(bob.id, bob.email, "192.0.2.7", "Mozilla/5.0", "a session")
    asked = await ask(market.messaging(), by, bob, boat, {"message": text})
    assert asked.message.state is MessageState.HELD
    return sue, asked


def _judged(asked: SentInquiry, decision: str) -> dict[str, str]:
    return {"sent_at": asked.message.sent_at, "decision": decision}


async def test_a_held_message_is_read_with_its_reason_and_passed_on(
    market: Market, client: Client
) -> None:
    sue, asked = await _held(market, f"Tom & Co: {LINKS}")
    _, headers = await staff(market, UserRole.MODERATOR)
    assert PATH in (await client.get("/admin", headers=headers)).text
    page = await client.get(PATH, headers=headers)
    assert page.headers["cache-control"] == "private, no-store"
    assert "Tom &amp; Co: http://a.example" in page.text
    assert "many links" in page.text.lower()
    assert f"/admin/moderation/{asked.thread.listing_id}" in page.text
    assert await letters(market, "inquiry") == []
    action = f"{PATH}/{asked.thread.id}"
    text = _judged(asked, "release")
    done = await client.post(action, data=text, headers=headers, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"{PATH}?done=release")
    page = await client.get(done.headers["location"], headers=headers)
    assert "The message has been released and will be delivered." in page.text
    assert "No held messages." in page.text
    assert [one.to for one in await letters(market, "inquiry")] == [sue.email]
    assert len((await threads_of(market.store, sue)).threads) == 1
    [entry] = (await entries_by_action(market.store, Action.MESSAGE_MODERATED)).entries
    assert entry.user_id != sue.id


async def test_a_message_that_is_not_passed_on_reaches_nobody_and_is_decided_once(
    market: Market, client: Client
) -> None:
    sue, asked = await _held(market)
    _, other = await _held(market, name="eve")
    _, headers = await staff(market, UserRole.MODERATOR)
    action = f"{PATH}/{asked.thread.id}"
    done = await client.post(action, data=_judged(asked, "refuse"), headers=headers)
    assert "The message has been blocked. Its sender can see that." in done.text
    late = await client.post(action, data=_judged(asked, "release"), headers=headers)
    assert late.status_code == 409
    assert "already been reviewed" in late.text
    assert other.thread.id in late.text  # the others are still there to be read
    [message] = await messages_of(market.store, asked.thread.id)
    assert message.state is MessageState.REFUSED
    assert (await threads_of(market.store, sue)).threads == []
    [waiting], _ = await held_messages(market.store)
    assert waiting.thread_id == other.thread.id


async def test_what_is_no_held_message_is_not_found(market: Market, client: Client) -> None:
    _, asked = await _held(market)
    _, headers = await staff(market, UserRole.MODERATOR)
    right = _judged(asked, "release")
    for thread, text in (
        (uuid_of("none"), right),
        ("x" * 3000, right),
        ("%00", right),
        (asked.thread.id, right | {"sent_at": "2020-01-01T00:00:00.000Z"}),
        (asked.thread.id, right | {"sent_at": "a" * 3000}),
        (asked.thread.id, right | {"sent_at": ""}),
        (asked.thread.id, right | {"decision": "burn"}),
        (asked.thread.id, {}),
    ):
        answer = await client.post(f"{PATH}/{thread}", data=text, headers=headers)
        assert answer.status_code == 404, (thread, text)
    odd = await client.get(f"{PATH}?after=zzz", headers=headers, follow_redirects=False)
    assert (odd.status_code, odd.headers["location"]) == (303, PATH)
    assert len((await held_messages(market.store))[0]) == 1


async def test_moderators_alone_read_held_messages(market: Market, client: Client) -> None:
    _, asked = await _held(market)
    ann = await bearer(client, await a_person(market))
    _, support = await staff(market, UserRole.SUPPORT)
    action = f"{PATH}/{asked.thread.id}"
    for headers in (ann, support):
        assert (await client.get(PATH, headers=headers)).status_code == 403
        answer = await client.post(action, data=_judged(asked, "release"), headers=headers)
        assert answer.status_code == 403
    for asking in (
        client.get(PATH, follow_redirects=False),
        client.post(action, follow_redirects=False),
    ):
        assert (await asking).headers["location"].startswith("/account/sign-in")
    assert len((await held_messages(market.store))[0]) == 1
