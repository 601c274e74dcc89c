"""Without scripts: a form that was refused comes back with its words, also through the sign-in."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from marinemarket.accounts.sessions import end_all_sessions
from marinemarket.accounts.user import UserStatus
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.listings.draft_records import drafts_of, find_draft
from marinemarket.store.schema import USERS
from marinemarket.store.writes import Update
from tests.accounts.members import PASSWORD, a_person, with_second_factor
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

WORDS = {"title": "Ann's <ketch>", "description": "Kept well.\nNew sails.", "year": "about 1998"}


def _form(page: str, action: str) -> dict[str, Any]:
    """The fields of the form with this action, as a browser would send them."""
    [form] = re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    found = re.findall(r'<input [^>]*name="([\w.-]+)" value="([^"]*)"', form)
    found += re.findall(r'<input [^>]*name="([\w.-]+)" type="\w+" value="([^"]*)"', form)
    found += re.findall(r'<textarea [^>]*name="([\w.-]+)"[^>]*>\n?([^<]*)</textarea>', form)
    return {name: html.unescape(value) for name, value in found}


async def _browse(client: Client, address: str) -> str:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


async def _sign_in(client: Client, email: str, page: str = "") -> httpx.Response:
    page = page or await _browse(client, "/account/sign-in")
    sent = _form(page, "/account/sign-in") | {"email": email, "password": PASSWORD}
    return await client.post("/account/sign-in", data=sent, follow_redirects=False)


async def test_a_lost_session_takes_no_word_of_an_advert(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    _, authenticator, _ = await with_second_factor(market, ann)
    clock.now += 60_000
    answer = await _sign_in(client, ann.email)
    codes = _form(answer.text, "/account/sign-in/code")
    code = {"code": authenticator.at(clock.now // 1000)}
    await client.post("/account/sign-in/code", data=codes | code)
    begun = await client.post(
        "/sell", data=_form(await _browse(client, "/sell"), "/sell"), follow_redirects=False
    )
    address = begun.headers["location"]
    sent = _form(await _browse(client, address), address) | WORDS | {"kept": "receipt12345"}
    client.cookies.delete("session")

    refused = await client.post(address, data=sent, follow_redirects=False)
    assert refused.status_code == 401
    assert "Kept well.\nNew sails." in refused.text, "to be copied by whoever cannot sign in"
    wrong = _form(refused.text, "/account/sign-in") | {"email": ann.email, "password": "forgotten"}
    again = await client.post("/account/sign-in", data=wrong)
    assert again.status_code == 401
    clock.now += 60_000
    step = await _sign_in(client, ann.email, again.text)
    mistyped = _form(step.text, "/account/sign-in/code") | {"code": "000000"}
    step = await client.post("/account/sign-in/code", data=mistyped)
    code = {"code": authenticator.at(clock.now // 1000)}
    shown = await client.post(
        "/account/sign-in/code", data=_form(step.text, "/account/sign-in/code") | code
    )
    assert (shown.status_code, "session" in shown.cookies) == (200, True)
    assert "Check and send again" in shown.text
    kept = _form(shown.text, address)
    assert WORDS.items() <= kept.items()
    draft = await find_draft(market.store, address.rpartition("/")[2])
    assert draft is not None
    assert draft.values == {}, "nothing is sent by itself"

    taken = await client.post(address, data=kept, follow_redirects=False)
    assert (taken.status_code, taken.headers["location"]) == (303, f"{address}?done=saved")
    assert taken.cookies["received"] == "receipt12345", "what the browser kept may be forgotten"
    page = await _browse(client, address)
    assert "Ann&#39;s &lt;ketch&gt;" in page
    assert "about 1998" in page


async def test_a_session_of_another_tab_gives_the_form_its_token_and_changes_nothing(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await _sign_in(client, ann.email)
    sell = _form(await _browse(client, "/sell"), "/sell")
    address = (await client.post("/sell", data=sell, follow_redirects=False)).headers["location"]
    sent = _form(await _browse(client, address), address) | WORDS
    client.cookies.delete("session")
    token = (await client.get("/account/form-token")).json()
    assert token["isSignedIn"] is False
    await _sign_in(client, ann.email)

    refused = await client.post(address, data=sent, follow_redirects=False)
    assert refused.status_code == 403
    assert f"You are signed in as {ann.name}." in refused.text
    kept = _form(refused.text, address)
    assert WORDS.items() <= kept.items()
    fresh = (await client.get("/account/form-token")).json()
    assert (fresh["token"], fresh["isSignedIn"]) == (kept["csrf_token"], True)
    assert fresh["whose"] != token["whose"]
    assert f'data-keep="{fresh["whose"]}.' in await _browse(client, address)
    draft = await find_draft(market.store, address.rpartition("/")[2])
    assert draft is not None
    assert draft.values == {}
    taken = await client.post(address, data=kept, follow_redirects=False)
    assert taken.status_code == 303


async def test_what_was_written_for_a_deleted_draft_becomes_a_new_one(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await _sign_in(client, ann.email)
    sell = _form(await _browse(client, "/sell"), "/sell")
    address = (await client.post("/sell", data=sell, follow_redirects=False)).headers["location"]
    sent = _form(await _browse(client, address), address) | WORDS
    away = _form(await _browse(client, f"{address}/deletion"), f"{address}/deletion")
    await client.post(f"{address}/deletion", data=away)
    silent = await client.post(f"{address}/draft", data=sent)
    assert silent.status_code == 404
    refused = await client.post(address, data=sent)
    assert refused.status_code == 404
    assert "Kept well.\nNew sails." in refused.text
    new = _form(refused.text, "/sell")
    answer = await client.post("/sell", data=new, follow_redirects=False)
    assert answer.status_code == 303
    [draft] = (await drafts_of(market.store, ann.id)).drafts
    assert WORDS.items() <= draft.values.items()


async def test_a_visitor_whose_cookies_are_gone_can_send_a_report_all_the_same(
    market: Market, client: Client
) -> None:
    listing = a_listing()
    await offer(market, listing)
    address = f"/boats/{listing.id}/report"
    sent = _form(await _browse(client, address), address)
    client.cookies.clear()
    sent |= {"reason": "scam", "words": "The same photos\nas elsewhere.", "email": "v@example.com"}
    refused = await client.post(address, data=sent)
    assert refused.status_code == 403
    assert "<li>Reason: I think it is a fraud</li>" in refused.text, "what is sent along is shown"
    taken = await client.post(address, data=_form(refused.text, address), follow_redirects=False)
    assert (taken.status_code, taken.headers["location"]) == (303, f"{address}/thanks")


async def test_a_question_of_a_lost_session_is_not_sent_as_a_visitors(
    market: Market, client: Client
) -> None:
    listing = a_listing()
    await offer(market, listing)
    ann = await a_person(market)
    await _sign_in(client, ann.email)
    address = f"/boats/{listing.id}/inquiry"
    sent = _form(await _browse(client, address), address) | {"message": "Is she dry?"}
    assert "email" not in sent
    await end_all_sessions(market.accounts, TESTS, ann)
    signing_in = await client.post(address, data=sent)
    assert signing_in.status_code == 401
    # Meanwhile signed in again in another tab: the sign-in form is old, and the words are not.
    session = (await _sign_in(client, ann.email)).cookies["session"]
    client.cookies.set("session", session, domain="testserver.local")
    old = _form(signing_in.text, "/account/sign-in") | {"email": ann.email, "password": PASSWORD}
    shown = await client.post("/account/sign-in", data=old)
    assert shown.status_code == 200
    assert _form(shown.text, address)["message"] == "Is she dry?"
    # A passkey signs in by a script, which then asks for the page with the words.
    token = (await client.get("/account/form-token")).json()["token"]
    carried = {"unsent": old["unsent"], "csrf_token": token}
    after_passkey = await client.post("/account/sign-in/unsent", data=carried)
    assert _form(after_passkey.text, address)["message"] == "Is she dry?"
    assert "no-store" in after_passkey.headers["cache-control"]
    forged = await client.post(
        "/account/sign-in/unsent", data={"unsent": "forged", "csrf_token": token}
    )
    assert "What you wrote" not in forged.text


async def test_another_account_is_not_given_the_words_and_cannot_send_them(
    market: Market, client: Client
) -> None:
    listing = a_listing()
    await offer(market, listing)
    ann = await a_person(market)
    ben = await a_person(market, name="ben")
    await _sign_in(client, ann.email)
    address = f"/boats/{listing.id}/inquiry"
    sent = _form(await _browse(client, address), address) | {"message": "Between us: 40,000"}
    await end_all_sessions(market.accounts, TESTS, ann)
    signing_in = await client.post(address, data=sent)
    assert "Between us" in signing_in.text, "whoever has it open reads it anyhow"

    # Ben signs in on the page that carries Ann's words.
    as_ben = _form(signing_in.text, "/account/sign-in") | {
        "email": ben.email,
        "password": PASSWORD,
    }
    entered = await client.post("/account/sign-in", data=as_ben)
    assert "written under another account" in entered.text
    assert "Between us" not in entered.text
    # He sends the form that Ann had open, the old sign-in form, and what a passkey would.
    for path, form in (
        (address, sent),
        ("/account/sign-in", as_ben),
        ("/account/sign-in/unsent", as_ben),
    ):
        refused = await client.post(path, data=form)
        assert refused.status_code == 403, path
        assert f"You are signed in as {ben.name}." in refused.text
        assert "Between us" not in refused.text, path
    token = (await client.get("/account/form-token")).json()["token"]
    after_passkey = await client.post(
        "/account/sign-in/unsent", data=as_ben | {"csrf_token": token}
    )
    assert "Between us" not in after_passkey.text


async def test_words_come_along_while_a_new_password_is_asked_for(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await _sign_in(client, ann.email)
    begun = await client.post(
        "/sell", data=_form(await _browse(client, "/sell"), "/sell"), follow_redirects=False
    )
    address = begun.headers["location"]
    chosen = {"condition": "Good", "feature": "Radar", "unit": "m"}
    sent = _form(await _browse(client, address), address) | WORDS | chosen
    client.cookies.delete("session")
    signing_in = await client.post(address, data=sent)
    carried = _form(signing_in.text, "/account/reset/unsent")
    asking = await client.post("/account/reset/unsent", data=carried)
    assert "Kept well.\nNew sails." in asking.text
    asked = _form(asking.text, "/account/reset") | {"email": ann.email}
    told = await client.post("/account/reset", data=asked)
    assert "Check your email" in told.text
    back = await client.post(
        "/account/sign-in/unsent", data=_form(told.text, "/account/sign-in/unsent")
    )
    # A step that was old, or one too many, would show them as well.
    for path in ("/account/reset/unsent", "/account/sign-in/unsent", "/account/sign-in/code"):
        old = await client.post(path, data={"unsent": carried["unsent"], "csrf_token": "old"})
        assert old.status_code == 403
        assert WORDS.items() <= _form(old.text, address).items(), path
    shown = await _sign_in(client, ann.email, back.text)
    assert WORDS.items() <= _form(shown.text, address).items()
    for choice in (
        "Condition: Good: normal wear, everything works",
        "Selected equipment: Radar",
        "Feet or meters: Meters and kilograms",
    ):
        assert f"<li>{choice}</li>" in shown.text, "as the form calls it"


async def test_whoever_is_suspended_can_still_copy_their_words(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await _sign_in(client, ann.email)
    begun = await client.post(
        "/sell", data=_form(await _browse(client, "/sell"), "/sell"), follow_redirects=False
    )
    address = begun.headers["location"]
    page = await _browse(client, address)
    [name] = re.findall(r'data-keep="(\w+)\.', page)
    sent = _form(page, address) | WORDS
    suspended = Update(USERS, (ann.id,), set={"status": UserStatus.SUSPENDED.value})
    await market.trail.commit(
        TESTS.entry(Action.USER_STATUS_CHANGED, "user", ann.id, market.clock()), suspended
    )
    signing_in = await client.post(address, data=sent)
    refused = await _sign_in(client, ann.email, signing_in.text)
    assert refused.status_code == 403
    assert "Kept well.\nNew sails." in refused.text
    # After the tab was closed, only the browser knows them: its script shows them.
    later = await _sign_in(client, ann.email)
    assert f'data-kept-of="{name}"' in later.text
    wrong = _form(later.text, "/account/sign-in") | {"email": ann.email, "password": "guessed 1234"}
    stranger = await client.post("/account/sign-in", data=wrong)
    assert "data-kept-of" not in stranger.text, "only who knows the password is told whose"


async def test_where_one_was_is_where_signing_in_leads_to_and_never_to_another_site(
    market: Market, client: Client
) -> None:
    await signed_in(market)
    for referer, following in (
        ("http://testserver.local/boats/7?from=map", "%2Fboats%2F7%3Ffrom%3Dmap"),
        ("https://elsewhere.example/boats", "%2Faccount"),
        ("http://testserver.local//elsewhere.example/", "%2Faccount"),
        ("http://[", "%2Faccount"),
    ):
        answer = await client.post(
            "/sell/7/draft/end", headers={"Referer": referer}, follow_redirects=False
        )
        assert answer.headers["location"] == f"/account/sign-in?next={following}"
    answer = await client.post("/account/profile", follow_redirects=False)
    assert answer.headers["location"] == "/account/sign-in?next=%2Faccount"


async def test_who_signs_in_in_a_second_tab_goes_where_they_wanted(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    first, second, third = [
        await _browse(client, f"/account/sign-in?next=/{page}")
        for page in ("boats", "sell", "mail")
    ]
    assert (await _sign_in(client, ann.email, first)).status_code == 303
    again = await _sign_in(client, ann.email.upper(), second)
    assert (again.status_code, again.headers["location"]) == (303, "/sell")
    other = await _sign_in(client, "bob@example.com", third)
    assert other.status_code == 403
    assert f"you have signed in as {html.escape(ann.name)}" in other.text


async def test_who_keeps_no_cookies_is_told_that_they_are_needed(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    page = await _browse(client, "/account/sign-in")
    client.cookies.clear()
    answer = await _sign_in(client, ann.email, page)
    assert answer.status_code == 403
    assert "Please allow cookies for this site" in answer.text
