"""Cases 17, 18, 19, 29, 32 and 37 for inquiries and conversations, and their rate limit."""

from __future__ import annotations

import asyncio
import html
import re
from typing import Any

import pytest

from marinemarket.accounts.user import User
from marinemarket.composition import Market
from marinemarket.messages.records import find_thread, messages_of, threads_of_seller
from marinemarket.store.schema import MESSAGES, THREADS
from tests.accounts.members import a_person
from tests.builders import ManualClock, a_listing
from tests.emails import letters
from tests.store.paging import scanned
from tests.web.conftest import Client, offer
from tests.web.visitors import signed_in

from .clients import API
from .conftest import Reached

pytestmark = pytest.mark.anyio

BOAT = a_listing()
ASK = f"{API}/listings/{BOAT.id}/inquiries"
PAGE = f"/boats/{BOAT.id}/inquiry"
PAYLOAD = {"name": "Vic Tor", "email": "vic@example.com", "message": "When could I see her?"}
INQUIRIES = f"{API}/me/inquiries"


@pytest.fixture
def market_settings(market_settings: Any) -> Any:
    return market_settings.model_copy(update={"limit_inquiries": "off"})


async def _people(market: Market) -> tuple[User, User]:
    await offer(market, BOAT)
    return await a_person(market, name="bob"), await a_person(market, name="eve")


async def _asked(client: Client, headers: dict[str, str]) -> str:
    """The id of Bob's conversation."""
    answer = await client.post(ASK, json={"message": "Is she dry?"}, headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (201, "sent"), answer.text
    return str(answer.json()["id"])


async def test_case_32_a_message_that_is_sent_again_arrives_once(
    market: Market, client: Client, clock: ManualClock
) -> None:
    bob, _eve = await _people(market)
    headers = await signed_in(market, bob, lasts=7 * 86_400_000)
    id = await _asked(client, headers)
    path, key = f"{INQUIRIES}/{id}/messages", {"Idempotency-Key": "from the dock"}

    async def send(text: str, more: dict[str, str]) -> Any:
        return await client.post(path, json={"message": text}, headers=headers | more)

    answers = await asyncio.gather(*(send("On Sunday?", key) for _ in range(8)))
    answers.append(await send("On Sunday?", key))
    assert {answer.status_code for answer in answers} == {201}
    texts = [message["text"] for message in answers[-1].json()["messages"]]
    assert texts == ["Is she dry?", "On Sunday?"]
    assert len(await messages_of(market.store, id)) == 2
    other = await send("On Monday?", key)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert (await send("On Sunday?", {"Idempotency-Key": "x" * 256})).status_code == 422
    assert len((await send("On Sunday?", {})).json()["messages"]) == 3
    clock.now += 86_400_000
    assert len((await send("On Sunday?", key)).json()["messages"]) == 4


async def test_case_18_somebody_elses_conversation_is_not_there(
    market: Market, client: Client
) -> None:
    bob, eve = await _people(market)
    id = await _asked(client, await signed_in(market, bob))
    headers = await signed_in(market, eve)
    answers = [
        await client.get(f"{INQUIRIES}/{id}", headers=headers),
        await client.post(f"{INQUIRIES}/{id}/messages", json={"message": "Hi"}, headers=headers),
        await client.post(f"{INQUIRIES}/{id}/reading", headers=headers),
        await client.get(f"/account/messages/{id}", headers=headers),
        *[
            await client.post(
                f"/account/messages/{id}{end}", data={"message": "Hi"}, headers=headers
            )
            for end in ("", "/end", "/block", "/reopening")
        ],
        await client.get(f"/messages/{id}.{'0' * 64}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert (await client.get(INQUIRIES, headers=headers)).json()["results"] == []
    assert len(await messages_of(market.store, id)) == 1
    thread = await find_thread(market.store, id)
    assert thread is not None
    assert (thread.state.value, thread.unread_by_seller) == ("open", 1)


async def test_case_17_no_field_of_ours_is_taken_from_a_body(
    market: Market, client: Client
) -> None:
    bob, _ = await _people(market)
    headers = await signed_in(market, bob)
    for more in ({"state": "sent"}, {"sellerId": bob.id}, {"by": "seller"}, {"name": "Sue"}):
        answer = await client.post(ASK, json={"message": "Is she dry?"} | more, headers=headers)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [*more]
    assert await scanned(market.store, THREADS) == []


async def test_case_29_name_and_address_are_one_line_each(market: Market, client: Client) -> None:
    await _people(market)
    for field in ("name", "email"):
        for end in ("\r\nBcc: eve@example.com", "\n", "\x00", "\x0b"):
            answer = await client.post(ASK, json=PAYLOAD | {field: f"{PAYLOAD[field]}{end}x"})
            assert answer.status_code == 422
            assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert await letters(market) == []
    assert await scanned(market.store, THREADS) == []


async def test_case_37_what_cannot_be_shown_is_taken_out_or_refused(
    market: Market, client: Client
) -> None:
    bob, _ = await _people(market)
    headers = await signed_in(market, bob)
    text = "A\u202eB\u0000C <script>alert(1)</script>"
    answer = await client.post(ASK, json={"message": text}, headers=headers)
    [message] = await messages_of(market.store, answer.json()["id"])
    assert message.text == "ABC ‹script›alert(1)‹/script›"
    raw = b'{"message": "half \\ud800 of one"}'
    refused = await client.post(
        ASK, content=raw, headers=headers | {"Content-Type": "application/json"}
    )
    assert refused.status_code in (400, 422)
    assert len(await scanned(market.store, MESSAGES)) == 1


async def test_case_32_an_inquiry_sent_twice_is_one(market: Market, client: Client) -> None:
    await _people(market)
    headers = {"Idempotency-Key": "7"}
    first = await client.post(ASK, json=PAYLOAD, headers=headers)
    assert (first.status_code, first.json()["state"]) == (201, "waiting")
    assert (await client.post(ASK, json=PAYLOAD, headers=headers)).text == first.text
    assert len(await scanned(market.store, THREADS)) == 1
    assert len(await letters(market)) == 1
    other = await client.post(ASK, json=PAYLOAD | {"message": "Another"}, headers=headers)
    assert other.status_code == 422


async def test_an_address_with_an_account_is_answered_like_any_other(
    market: Market, client: Client
) -> None:
    await _people(market)
    answers = [
        await client.post(ASK, json=PAYLOAD | {"email": email})
        for email in ("bob@example.com", "nobody@example.com")
    ]
    seen = [{n: v for n, v in one.json().items() if n not in ("id",)} for one in answers]
    assert seen[0] == seen[1]
    assert {letter.template for letter in await letters(market)} == {"confirm-inquiry"}


async def test_five_inquiries_an_hour_reach_sellers_from_one_address(
    market: Market, reached: Reached, clock: ManualClock
) -> None:
    await _people(market)
    async with reached(limit_inquiries="5/hour") as client:
        for number in range(5):
            payload = PAYLOAD | {"email": f"vic{number}@example.com"}
            assert (await client.post(ASK, json=payload)).status_code == 201
        assert (await client.post(ASK, json=PAYLOAD)).status_code == 429
        assert (await client.post(PAGE, data=PAYLOAD)).status_code == 429
        clock.now += 2 * 60 * 60 * 1000
        assert (await client.post(ASK, json=PAYLOAD)).status_code == 201


async def test_a_boat_that_is_not_public_cannot_be_asked_about(
    market: Market, client: Client
) -> None:
    bob, _ = await _people(market)
    hidden = a_listing(name="hidden", status="inactive")
    await offer(market, hidden)
    address = f"{API}/listings/{hidden.id}/inquiries"
    headers = await signed_in(market, bob)
    assert (await client.post(address, json={"message": "Hi!"}, headers=headers)).status_code == 404
    assert (await client.get(f"/boats/{hidden.id}/inquiry")).status_code == 404


# -- The form ------------------------------------------------------------------------------------


async def _form(client: Client, address: str = PAGE) -> dict[str, str]:
    page = (await client.get(address)).text
    form = page[page.index('<form class="stack"') :]
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in hidden}


async def test_the_form_is_sent_and_says_what_happens_now(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await _people(market)
    form = await _form(client) | PAYLOAD | {"ask-survey": "yes"}
    clock.now += 10_000
    answer = await client.post(PAGE, data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}/sent")
    # Sent twice, by a double click: one question, one letter.
    assert (await client.post(PAGE, data=form, follow_redirects=False)).status_code == 303
    [letter] = await letters(market, "confirm-inquiry")
    page = (await client.get(f"{PAGE}/sent")).text
    assert "Check your email" in page
    assert "24 hours" in page

    link = letter.values["link"]
    shown = await client.get(link)
    assert "surveyed" in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert (await threads_of_seller(market.store, BOAT.owner_id)).threads == []
    token = (await _form(client, link))["csrf_token"]
    done = await client.post(
        f"{link}/confirmation", data={"csrf_token": token}, follow_redirects=False
    )
    assert done.headers["location"] == f"{link}?done=confirmed"
    [thread] = (await threads_of_seller(market.store, BOAT.owner_id)).threads
    assert thread.buyer_name == "Vic Tor"


async def test_case_19_a_form_that_is_not_ours_is_refused(market: Market, client: Client) -> None:
    await _people(market)
    form = await _form(client) | PAYLOAD
    for token in ("", "0" * 64):
        answer = await client.post(PAGE, data=form | {"csrf_token": token})
        assert answer.status_code == 403
    assert await letters(market) == []


async def test_programs_are_kept_out_and_people_lose_no_word(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await _people(market)
    form = await _form(client) | PAYLOAD
    too_quick = await client.post(PAGE, data=form)
    clock.now += 10_000
    lured = await client.post(PAGE, data=form | {"website": "http://x.example"})
    forged = await client.post(PAGE, data=form | {"began": "1.0"})
    for answer in (too_quick, lured, forged):
        assert answer.status_code == 409
        assert PAYLOAD["message"] in html.unescape(answer.text)
        assert PAYLOAD["email"] in answer.text
    assert await letters(market) == []
    clock.now += 10_000
    again = html.unescape(re.search(r'name="began" value="([^"]+)"', lured.text)[1])  # type: ignore[index]  # it is there, or the test fails
    clock.now += 10_000
    sent = await client.post(PAGE, data=form | {"began": again}, follow_redirects=False)
    assert sent.status_code == 303


async def test_a_writer_is_told_before_a_risky_message_goes_and_may_send_it(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await _people(market)
    risky = "I will pay by Western Union, more than the price; please refund the difference."
    form = await _form(client) | PAYLOAD | {"message": risky}
    clock.now += 10_000
    hinted = await client.post(PAGE, data=form)
    assert hinted.status_code == 200
    assert "Before you send it" in hinted.text
    assert risky in html.unescape(hinted.text)
    assert await letters(market) == []
    ignores = re.search(r'name="ignores" value="([^"]+)"', hinted.text)
    assert ignores is not None
    sent = await client.post(PAGE, data=form | {"ignores": ignores[1]}, follow_redirects=False)
    assert sent.status_code == 303


async def test_too_long_a_message_is_told_and_kept(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await _people(market)
    form = await _form(client) | PAYLOAD | {"message": "long " * 1000, "email": "none"}
    clock.now += 10_000
    answer = await client.post(PAGE, data=form)
    assert answer.status_code == 422
    assert "at most 4000 characters" in answer.text
    assert "Must be an email address" in answer.text
    assert "long " * 999 in answer.text


async def test_the_reader_is_warned_beside_the_message(market: Market, client: Client) -> None:
    bob, _ = await _people(market)
    headers = await signed_in(market, bob)
    payload = {
        "message": "Please send me the six digit code: the verification code I texted to you."
    }
    id = (await client.post(ASK, json=payload, headers=headers)).json()["id"]
    seller = await signed_in(market)
    page = (await client.get(f"/account/messages/{id}", headers=seller)).text
    assert "asks you for a code" in page
    own = (await client.get(f"/account/messages/{id}", headers=headers)).text
    assert "asks you for a code" not in own
    [message] = (await client.get(f"{INQUIRIES}/{id}", headers=seller)).json()["messages"]
    assert [one["id"] for one in message["warnings"]] == ["code"]


async def test_a_conversation_by_api_from_both_sides(market: Market, client: Client) -> None:
    bob, _ = await _people(market)
    seller, buyer = await signed_in(market), await signed_in(market, bob)
    id = await _asked(client, buyer)
    [row] = (await client.get(INQUIRIES, headers=seller)).json()["results"]
    assert (row["role"], row["with"], row["unread"]) == ("seller", "Bob", 1)
    assert "email" not in str(row)
    assert (await client.post(f"{INQUIRIES}/{id}/reading", headers=seller)).status_code == 204
    answered = await client.post(
        f"{INQUIRIES}/{id}/messages", json={"message": "She is."}, headers=seller
    )
    assert answered.status_code == 201
    whole = (await client.get(f"{INQUIRIES}/{id}", headers=buyer)).json()
    assert (whole["role"], whole["with"], whole["unread"]) == ("buyer", "Owner", 1)
    assert [one["text"] for one in whole["messages"]] == ["Is she dry?", "She is."]
