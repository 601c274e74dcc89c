"""The advert editor without JavaScript, its script's requests, and an advert's life cycle."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.listings.draft_records import drafts_of, find_draft
from marinemarket.listings.lifecycle.availability_check import token_of
from marinemarket.listings.listing import ModerationState, Status
from marinemarket.web.security.cookies import session_name
from tests.builders import NOW, OWNER, ManualClock, a_user, uuid_of
from tests.listings.sellers import TYPED, another_seller, drafted, judged, published, stands

from .conftest import Client
from .visitors import signed_in

pytestmark = pytest.mark.anyio

FORM: dict[str, Any] = {name: text for name, text in TYPED.items() if name != "features"} | {
    "feature": ["Radar", "Autopilot"]
}


async def _begun(client: Client, headers: dict[str, str]) -> str:
    """The address of a new draft's form."""
    answer = await client.post("/sell", headers=headers, follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


async def _shown(client: Client, headers: dict[str, str], address: str) -> str:
    answer = await client.get(address, headers=headers)
    assert answer.status_code == 200, address
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.text


async def test_a_visitor_is_told_what_it_takes_and_where_to_begin(client: Client) -> None:
    page = (await client.get("/sell")).text
    assert "It is free" in page
    assert 'href="/account/sign-in?next=/sell"' in page
    answer = await client.get("/sell/anything", follow_redirects=False)
    assert answer.headers["location"] == "/account/sign-in?next=%2Fsell%2Fanything"


async def test_from_the_first_word_to_a_published_advert(market: Market, client: Client) -> None:
    me = await signed_in(market)
    address = await _begun(client, me)
    assert await _begun(client, me) == address  # pressed twice, begun once
    sent = _hidden(await _shown(client, me, address)) | {"title": "My boat", "year": "soon"}
    answer = await client.post(address, data=sent, headers=me, follow_redirects=False)
    assert answer.headers["location"] == f"{address}?done=saved"
    page = await _shown(client, me, address)
    assert 'value="soon"' in page
    assert "My boat" in await _shown(client, me, "/sell")
    assert "My boat" in await _shown(client, me, "/account/boats")

    answer = await client.post(
        f"{address}/publication", data=_hidden(page) | {"title": "My boat", "year": "1899", "hin": "XX"},
        headers=me, follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 422
    for words in (
        "Must be from 1900 to 2027.", "Must have 12 characters", "Enter the length.", "Describe the boat",
        "Enter the town", "Enter your asking price.", "Choose the type of boat.", "Choose the country.",
        "Choose the condition.",
    ):  # fmt: skip
        assert words in answer.text

    filled = _hidden(answer.text) | FORM
    preview = await client.post(f"{address}?then=preview", data=filled, headers=me)
    assert "1998 Catalina 34, one owner" in preview.text
    assert "Only you can see this page" in preview.text

    filled = _hidden(await _shown(client, me, address)) | FORM
    for _ in range(2):  # case 32
        answer = await client.post(
            f"{address}/publication", data=filled, headers=me, follow_redirects=False
        )
        assert answer.headers["location"] == f"{address}/publication"
    assert "before it is published" in await _shown(client, me, f"{address}/publication")
    listing = await stands(market, address.removeprefix("/sell/"))
    assert listing.features == ("Radar", "Autopilot", "New sails 2022")
    assert (listing.status, listing.is_offered) == (Status.ACTIVE, False)
    assert not (await drafts_of(market.store, OWNER)).drafts
    assert "In review before publication" in await _shown(client, me, "/account/boats")


async def test_the_script_saves_as_one_goes_and_is_told_what_is_missing(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    address = await _begun(client, me)
    sent = _hidden(await _shown(client, me, address)) | {"title": "My boat"}
    first = await client.post(f"{address}/draft", data=sent, headers=me)
    assert first.status_code == 200
    stands = first.json()
    assert 0 < stands["percent"] < 50
    assert {"address": "#price", "words": "Enter your asking price."} in stands["must"]
    assert any(one["address"] == f"{address}/photos" for one in stands["should"])
    late = await client.post(f"{address}/draft", data=sent | {"title": "Hers"}, headers=me)
    assert (late.status_code, str(late.json()["version"])) == (412, stands["version"])
    long = sent | {"version": stands["version"], "description": "x" * 12_001}
    refused = await client.post(f"{address}/draft", data=long, headers=me)
    assert (refused.status_code, [*refused.json()["wrong"]]) == (422, ["description"])


async def test_two_windows_of_one_draft_are_shown_side_by_side(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    address = await _begun(client, me)
    opened = _hidden(await _shown(client, me, address))
    one = opened | {"title": "The first", "model": "34"}
    other = opened | {"title": "<b>The second", "model": "34"}
    await client.post(address, data=one, headers=me)
    answer = await client.post(address, data=other, headers=me)
    assert answer.status_code == 412
    assert "The first" in answer.text
    assert "&lt;b&gt;The second" in answer.text
    choice = _hidden(answer.text) | {"pick.title": "mine"}
    await client.post(f"{address}/choices", data=choice, headers=me)
    draft = await find_draft(market.store, address.removeprefix("/sell/"))
    assert draft is not None
    assert draft.values == {"title": "<b>The second", "model": "34"}


async def test_case_31_two_editors_see_both_versions_and_nothing_is_lost(
    market: Market, client: Client, clock: ManualClock
) -> None:
    me = await signed_in(market)
    listing = await published(market)
    address = f"/sell/{listing.id}"
    opened = _hidden(await _shown(client, me, address))
    payload = {name.removeprefix("was."): text for name, text in opened.items()} | FORM
    clock.now += 1000
    one = payload | opened | {"price": "45000"}
    await client.post(f"{address}/changes", data=one, headers=me)
    assert (await stands(market, listing.id)).price == 4_500_000
    other = payload | opened | {"price": "47000", "heads": "1"}
    answer = await client.post(f"{address}/changes", data=other, headers=me)
    assert answer.status_code == 412
    assert "Choose between two versions" in answer.text
    # What one alone changed is chosen already; what both did is asked.
    assert re.search(r'name="pick.heads" value="mine" required checked', answer.text)
    assert not re.search(r'name="pick.price" value="\w+" required checked', answer.text)
    choice = _hidden(answer.text) | {"pick.heads": "mine", "pick.price": "theirs"}
    done = await client.post(
        f"{address}/choices?then=apply", data=choice, headers=me, follow_redirects=False
    )
    assert done.headers["location"] == "/account/boats?done=changed"
    new = await stands(market, listing.id)
    assert (new.price, new.boat_details.heads) == (4_500_000, 1)


async def test_changes_can_be_dropped_and_a_refused_advert_sent_again(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    listing = await judged(market, (await published(market)).id, ModerationState.REJECTED)
    address = f"/sell/{listing.id}"
    page = await _shown(client, me, address)
    assert "Reason: No photos" in page
    sent = FORM | _hidden(page) | {"title": "A boat with photos"}
    await client.post(address, data=sent, headers=me)
    assert "unpublished changes" in await _shown(client, me, "/account/boats")
    await client.post(f"{address}/draft/end", headers=me)
    assert await find_draft(market.store, listing.id) is None
    assert await stands(market, listing.id) == listing
    await client.post(f"{address}/changes", data=sent, headers=me)
    new = await stands(market, listing.id)
    assert (new.title, new.moderation.state) == ("A boat with photos", ModerationState.PENDING)


async def test_down_and_back_and_sold_and_deleted_by_pages(market: Market, client: Client) -> None:
    me = await signed_in(market)
    listing = await judged(market, (await published(market)).id)
    address = f"/sell/{listing.id}"
    for step in ("withdrawal", "sale", "deletion"):
        assert listing.title in await _shown(client, me, f"{address}/{step}")
    await client.post(f"{address}/withdrawal", headers=me)
    assert (await stands(market, listing.id)).status is Status.INACTIVE
    back = await client.post(f"{address}/publication", headers=me)
    assert "Your advert is live" in back.text
    for price in ("0", "-1", "0.001", "lots", "9" * 19):
        refused = await client.post(f"{address}/sale", data={"price": price}, headers=me)
        assert refused.status_code == 422, price
    await client.post(f"{address}/sale", data={"price": "$40,000"}, headers=me)
    sold = await stands(market, listing.id)
    assert sold.sale is not None
    assert (sold.status, sold.sale.price) == (Status.SOLD, 4_000_000)
    await client.post(f"{address}/deletion", headers=me)
    assert (await client.get(address, headers=me)).status_code == 404


async def test_a_letters_link_confirms_without_signing_in(
    market: Market, client: Client, clock: ManualClock
) -> None:
    listing = await judged(market, (await published(market)).id)
    clock.now += 1000
    address = f"/still-for-sale/{listing.id}?token={token_of(market.secret_key, listing.id, NOW)}"
    page = await client.get(address)
    assert (page.status_code, page.headers["referrer-policy"]) == (200, "same-origin")
    assert "Is this boat still for sale?" in page.text
    assert (await stands(market, listing.id)).confirmed_at == NOW
    for _ in range(2):
        assert "Thank you" in (await client.post(address)).text
    assert (await stands(market, listing.id)).confirmed_at == NOW + 1000
    assert (await client.post(address + "0")).status_code == 404
    assert (await client.get(f"/still-for-sale/{listing.id}")).status_code == 404


# -- Hostile -------------------------------------------------------------------------------------


async def test_case_18_nobody_opens_or_changes_anothers_advert(
    market: Market, client: Client
) -> None:
    draft, listing = await drafted(market), await published(market)
    await another_seller(market)
    her = await signed_in(market, a_user(name="eve"))
    for id in (draft, listing.id, "x" * 300, uuid_of("nothing")):
        for path in ("", "/preview", "/sale", "/withdrawal", "/deletion", "/publication"):
            assert (await client.get(f"/sell/{id}{path}", headers=her)).status_code == 404, path
        for path in (
            "", "/draft", "/choices", "/publication", "/changes", "/sale", "/withdrawal", "/deletion", "/draft/end",
        ):  # fmt: skip
            answer = await client.post(f"/sell/{id}{path}", data={"version": ""}, headers=her)
            assert answer.status_code == 404, path
    assert await stands(market, listing.id) == listing


async def test_case_17_a_form_says_nothing_that_is_not_in_it(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    address = await _begun(client, me)
    more = {
        "ownerId": uuid_of("eve"),
        "moderation": "approved",
        "status": "sold",
        "views": "9",
        "id": "x",
    }
    sent = _hidden(await _shown(client, me, address)) | FORM | more
    await client.post(f"{address}/publication", data=sent, headers=me)
    listing = await stands(market, address.removeprefix("/sell/"))
    assert (listing.owner_id, listing.status, listing.views) == (OWNER, Status.ACTIVE, None)
    assert listing.moderation.state is ModerationState.PENDING


@pytest.mark.parametrize("text", ["%00", "%E2%80%AE", "%ED%A0%80", "%0D%0ABcc:+eve@example.com"])
async def test_cases_29_and_37_odd_signs_are_neutralised_or_refused(
    market: Market, client: Client, text: str
) -> None:
    me = await signed_in(market)
    address = await _begun(client, me)
    body = f"version={_hidden(await _shown(client, me, address))['version']}&title=A+boat{text}+of+mine"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(address, content=body, headers=me | kind)
    assert answer.status_code in (200, 400, 422), answer.status_code
    await client.post(
        f"{address}/publication", data=_hidden(await _shown(client, me, address)) | FORM | {"title": "A boat"},
        headers=me,
    )  # fmt: skip
    title = (await stands(market, address.removeprefix("/sell/"))).title
    assert title.isprintable()


async def test_case_19_a_form_without_its_token_is_refused(market: Market, client: Client) -> None:
    id = await drafted(market)
    secret = (await signed_in(market))["Authorization"].removeprefix("Bearer ")
    client.cookies.set(session_name(market.settings), secret)
    for path in ("/sell", f"/sell/{id}", f"/sell/{id}/publication", f"/sell/{id}/draft"):
        answer = await client.post(path, data=FORM | {"version": ""})
        assert answer.status_code == 403, path


# -- The API -------------------------------------------------------------------------------------


async def test_the_api_publishes_takes_down_and_sells_under_if_match(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    listing = await judged(market, (await published(market)).id)
    address = f"/api/v1/listings/{listing.id}"
    assert (await client.delete(f"{address}/publication", headers=me)).status_code == 428
    old = {"If-Match": '"1"'}
    late = await client.delete(f"{address}/publication", headers=me | old)
    assert (late.status_code, late.json()["current"]["status"]) == (412, "active")
    now = {"If-Match": f'"{listing.updated_at}"'}
    down = await client.delete(f"{address}/publication", headers=me | now)
    assert (down.status_code, down.json()["status"]) == (200, "inactive")
    back = await client.post(
        f"{address}/publication", headers=me | {"If-Match": down.headers["etag"]}
    )
    assert (back.json()["status"], back.json()["moderation"]) == ("active", {"state": "approved"})
    any_version = me | {"If-Match": "*"}
    for body in ({"price": 99}, {"price": "1"}, {"status": "sold"}):
        refused = await client.post(f"{address}/sale", json=body, headers=any_version)
        assert refused.status_code == 422, body
    sold = await client.post(f"{address}/sale", json={"price": 4_000_000}, headers=any_version)
    assert (sold.json()["status"], sold.json()["sale"]["price"]) == ("sold", 4_000_000)


async def test_the_api_says_what_the_public_must_still_be_told(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    place, boat = {"country": "DE"}, {"type": "launch"}
    payload = {"title": "A boat", "price": 100_000, "location": place, "boatDetails": boat}
    made = await client.post("/api/v1/listings", json=payload, headers=me)
    answer = await client.post(
        f"/api/v1/listings/{made.json()['id']}/publication",
        headers=me | {"If-Match": made.headers["etag"]},
    )
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {
        "description", "location.city", "boatDetails.year", "boatDetails.length", "boatDetails.condition",
    }  # fmt: skip


async def test_a_price_on_request_is_ticked_kept_and_taken_back_and_an_offer_marked(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    address = await _begun(client, me)
    page = await _shown(client, me, address)
    filled = _hidden(page) | FORM | {"price_on_request": "yes", "price": "nobody knows"}
    answer = await client.post(f"{address}/publication", data=filled, headers=me)
    assert answer.status_code == 200
    id = address.rpartition("/")[2]
    boat = await stands(market, id)
    assert (boat.price_on_request, boat.price) == (True, None)
    form = await _shown(client, me, address)
    assert re.search(r'name="price_on_request" value="yes" checked', form)
    assert "Enter your asking price." not in form
    changed = _hidden(form) | FORM | {"price": ""}
    refused = await client.post(f"{address}/changes", data=changed, headers=me)
    assert refused.status_code == 422
    assert "Enter your asking price." in refused.text
    changed = _hidden(refused.text) | FORM | {"price": "48,500"}
    answer = await client.post(f"{address}/changes", data=changed, headers=me)
    boat = await stands(market, id)
    assert (boat.price_on_request, boat.price) == (False, 4_850_000)
    for button, is_under_offer in (("offer", True), ("offer/end", False)):
        answer = await client.post(f"{address}/{button}", headers=me)
        assert answer.status_code == 200
        assert (await stands(market, id)).under_offer is is_under_offer
