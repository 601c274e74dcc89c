"""Reports and decisions, over the API and on pages."""

from __future__ import annotations

import re

import pytest

from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import find_listing
from marinemarket.moderation.records import find_case, reports_of, waiting_cases
from marinemarket.store.change_feed import follow
from tests.accounts.members import a_person
from tests.attacks.clients import API, bearer, form_token, staff
from tests.builders import ManualClock, a_listing, uuid_of
from tests.emails import letters

from .conftest import Client, Reached, offer

pytestmark = pytest.mark.anyio

PICTURE = [f"/media/photos/{'a' * 32}/1600.jpg"]
SCRIPT = '<script>alert(1)</script>" onmouseover="x'


async def _waiting(market: Market, name: str = "boat", **overrides: object) -> Listing:
    """An advert that waits for a moderator."""
    boat = a_listing(name=name, **({"moderation": {"state": "pending"}} | overrides))
    await offer(market, boat)
    follower = market.case_follower()
    while await follow(market.store, follower):
        pass
    return boat


# -- Reports -----------------------------------------------------------------------------------


async def test_anybody_reports_by_the_api_and_nothing_of_it_is_public(
    market: Market, client: Client
) -> None:
    boat = a_listing()
    await offer(market, boat)
    path = f"{API}/listings/{boat.id}/reports"
    answer = await client.post(path, json={"reason": "copied", "words": "My own photos"})
    assert (answer.status_code, answer.json()) == (202, {"received": True})
    shown = (await client.get(f"{API}/listings/{boat.id}")).json()
    assert shown["moderation"] == {"state": "approved"}
    assert "report" not in str(shown)
    for text in ({}, {"reason": "boring"}, {"reason": "other"}, {"reason": "scam", "by": "me"}):
        assert (await client.post(path, json=text)).status_code == 422
    assert (
        await client.post(f"{API}/listings/x/reports", json={"reason": "scam"})
    ).status_code == 404
    assert [report.words for report in await reports_of(market.store, boat.id)] == ["My own photos"]


async def test_a_report_sent_twice_with_one_key_is_one(market: Market, reached: Reached) -> None:
    boat = a_listing()
    await offer(market, boat)
    path, text = f"{API}/listings/{boat.id}/reports", {"reason": "scam"}
    async with reached(limit_reports="off") as client:
        for _ in range(2):
            answer = await client.post(path, json=text, headers={"Idempotency-Key": "one"})
            assert answer.status_code == 202
        other = await client.post(path, json={"reason": "sold"}, headers={"Idempotency-Key": "one"})
        assert other.status_code == 422
    assert len(await reports_of(market.store, boat.id)) == 1


async def test_reports_from_one_address_are_limited_on_api_and_page_together(
    market: Market, reached: Reached
) -> None:
    boat = a_listing()
    await offer(market, boat)
    async with reached(limit_reports="2/hour") as client:
        for status in (202, 202, 429):
            answer = await client.post(f"{API}/listings/{boat.id}/reports", json={"reason": "scam"})
            assert answer.status_code == status
        page = await client.post(f"/boats/{boat.id}/report", data={"reason": "scam"})
        assert page.status_code == 429
        assert (await client.get(f"/boats/{boat.id}/report")).status_code == 200
    async with reached(peer="203.0.113.8", limit_reports="2/hour") as client:
        answer = await client.post(f"{API}/listings/{boat.id}/reports", json={"reason": "scam"})
        assert answer.status_code == 202


async def test_the_page_reports_and_says_thanks(market: Market, client: Client) -> None:
    boat = a_listing(title=f"Boat {SCRIPT}")
    await offer(market, boat)
    path = f"/boats/{boat.id}/report"
    payload = {"csrf_token": await form_token(client, path), "reason": "other", "words": ""}
    page = await client.post(path, data=payload)
    assert page.status_code == 422
    assert "say in a few words what is wrong" in page.text
    assert re.search(r'value="other" required checked', page.text)
    assert "onmouseover=&#34;x" in page.text
    page = await client.post(path, data=payload | {"reason": ""})
    assert "Choose what is wrong" in page.text
    page = await client.post(path, data=payload | {"words": "Odd", "email": "x"})
    assert "must be an email address" in page.text.lower()
    long = "Odd.\r\n" * 500
    page = await client.post(path, data=payload | {"words": long})
    assert page.status_code == 422  # told, and shown again whole: nothing of it is cut
    assert page.text.count("Odd.") == 500
    done = await client.post(path, data=payload | {"words": "Odd"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}/thanks")
    thanks = await client.get(done.headers["location"])
    assert "Thank you" in thanks.text
    assert thanks.headers["cache-control"] == "private, no-store"
    assert len(await reports_of(market.store, boat.id)) == 1


async def test_a_report_needs_its_own_form(market: Market, client: Client) -> None:
    boat = a_listing()
    await offer(market, boat)
    for token in ("", "0" * 64):
        payload = {"csrf_token": token, "reason": "scam"}
        assert (await client.post(f"/boats/{boat.id}/report", data=payload)).status_code == 403
    assert await find_case(market.store, boat.id) is None
    assert (await client.get(f"/boats/{uuid_of('none')}/report")).status_code == 404


# -- The API of moderators ---------------------------------------------------------------------


async def test_the_queue_tells_what_waits_page_by_page(
    market: Market, client: Client, clock: ManualClock
) -> None:
    first = await _waiting(market, description="Call 772 555 0100", images=PICTURE)
    clock.now += 1000
    second = await _waiting(market, "second", images=PICTURE)
    _, headers = await staff(market, UserRole.MODERATOR)
    page = (await client.get(f"{API}/admin/moderation?limit=1", headers=headers)).json()
    [row] = page["results"]
    assert (row["listingId"], row["lane"], row["listing"]["title"]) == (
        first.id,
        "new",
        first.title,
    )
    assert row["flags"] == [
        {"rule": "phone", "found": "772 555 0100", "means": "A telephone number in the text"}
    ]
    assert row["seller"].keys() == {"id", "name", "kind", "memberSince"}
    assert "reporters" not in row
    further = f"{API}/admin/moderation?limit=1&after={page['next']}"
    page = (await client.get(further, headers=headers)).json()
    assert [row["listingId"] for row in page["results"]] == [second.id]
    lane = f"{API}/admin/moderation?lane="
    assert (await client.get(f"{lane}reported", headers=headers)).json()["results"] == []
    assert len((await client.get(f"{lane}new", headers=headers)).json()["results"]) == 2
    assert (await client.get(f"{lane}old", headers=headers)).status_code == 422


async def test_a_decision_names_the_version_it_is_of(market: Market, client: Client) -> None:
    boat = await _waiting(market)
    _, headers = await staff(market, UserRole.MODERATOR)
    path, tag = f"{API}/admin/listings/{boat.id}/moderation", {"If-Match": f'"{boat.updated_at}"'}
    payload = {"state": "rejected", "reason": "No photo.", "requestChanges": True}
    assert (await client.post(path, json=payload, headers=headers)).status_code == 428
    answer = await client.post(path, json=payload, headers=headers | tag)
    assert answer.status_code == 200
    moderation = {"state": "rejected", "reason": "Please change: No photo."}
    assert answer.json()["listing"]["moderation"] == moderation
    assert answer.json()["case"]["history"][-1]["event"] == "changes-wanted"
    late = await client.post(path, json={"state": "approved"}, headers=headers | tag)
    assert (late.status_code, late.json()["current"]["moderation"]) == (412, moderation)
    assert late.headers["etag"] == answer.headers["etag"]
    tag = {"If-Match": late.headers["etag"]}
    assert (await client.post(path, json=payload, headers=headers | tag)).status_code == 409
    answer = await client.post(path, json={"state": "approved"}, headers=headers | tag)
    assert answer.json()["listing"]["moderation"] == {"state": "approved"}
    none = f"{API}/admin/listings/none/moderation"
    assert (await client.post(none, json=payload, headers=headers | tag)).status_code == 404


async def test_owners_read_why_and_decide_nothing(market: Market, client: Client) -> None:
    ann = await a_person(market)
    boat = await _waiting(market, ownerId=ann.id)
    _, moderator = await staff(market, UserRole.MODERATOR)
    own = await bearer(client, ann)
    path, tag = f"{API}/admin/listings/{boat.id}/moderation", {"If-Match": "*"}
    answer = await client.post(path, json={"state": "approved"}, headers=own | tag)
    assert answer.status_code == 403
    payload = {"state": "rejected", "reason": "Not a boat."}
    await client.post(path, json=payload, headers=moderator | tag)
    seen = (await client.get(f"{API}/listings/{boat.id}", headers=own)).json()
    assert seen["moderation"] == payload
    body = {"moderation": {"state": "approved"}}
    patched = await client.patch(f"{API}/listings/{boat.id}", json=body, headers=own | tag)
    assert patched.status_code == 422
    assert (await client.get(f"{API}/listings/{boat.id}")).status_code == 404


# -- Their pages -------------------------------------------------------------------------------


async def test_a_moderator_reads_an_advert_and_decides_on_pages(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    boat = await _waiting(
        market, ownerId=ann.id, title=f"Boat {SCRIPT}", description="Call 772 555 0100\n\nDry."
    )
    other = await _waiting(market, "other", ownerId=ann.id)
    _, headers = await staff(market, UserRole.MODERATOR)
    path = f"/admin/moderation/{boat.id}"
    queue = await client.get("/admin/moderation", headers=headers)
    assert queue.headers["cache-control"] == "private, no-store"
    assert path in queue.text
    assert "A telephone number in the text: <q>772 555 0100</q>" in re.sub(r"\s+", " ", queue.text)
    page = (await client.get(path, headers=headers)).text
    assert "<script>alert" not in page
    assert "Please leave telephone numbers" in page  # what to ask for, ready to be sent
    assert f"/admin/moderation/{other.id}" in page
    payload = {"version": str(boat.updated_at), "waiting_since": str(clock.now)}
    for wrong, words in (
        ({"decision": "changes", "words": " "}, "Say what needs to change"),
        ({"decision": "reject", "reason": ""}, "Choose a reason or write your own"),
        ({"decision": "reject", "words": "a" * 901}, "at most 900 characters"),
        ({"decision": "burn"}, "Choose a decision"),
        ({}, "Choose a decision"),
    ):
        refused = await client.post(path, data=payload | wrong, headers=headers)
        assert refused.status_code == 422, wrong
        assert words in refused.text
    reject = payload | {
        "decision": "reject",
        "reason": "twice",
        "words": f"See the other. {SCRIPT}",
    }
    done = await client.post(path, data=reject, headers=headers, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/admin/moderation?done=reject")
    assert "turned down" in (await client.get(done.headers["location"], headers=headers)).text
    rejected = await find_listing(market.store, boat.id)
    assert rejected is not None
    assert rejected.moderation.reason is not None
    assert rejected.moderation.reason.startswith("The boat is offered here already. See the other.")
    [letter] = await letters(market, "advert-rejected")
    assert "<script>" not in letter.values["reason"]
    late = payload | {"decision": "approve", "market": "x", "request": "y"}
    again = await client.post(path, data=late, headers=headers)
    assert again.status_code == 412
    assert "reviewed by someone else" in again.text
    assert [case.listing_id for case in (await waiting_cases(market.store)).cases] == [other.id]


async def test_the_landing_page_leads_where_one_may_work(market: Market, client: Client) -> None:
    _, moderator = await staff(market, UserRole.MODERATOR)
    _, support = await staff(market, UserRole.SUPPORT)
    user = await bearer(client, await a_person(market))
    bare = await bearer(client, await a_person(market, name="new", role=UserRole.MODERATOR))
    assert "/admin/moderation" in (await client.get("/admin", headers=moderator)).text
    page = await client.get("/admin", headers=support)
    assert (page.status_code, "/admin/moderation" in page.text) == (200, False)
    assert (await client.get("/admin", headers=user)).status_code == 403
    assert "two-factor authentication" in (await client.get("/admin", headers=bare)).text
    assert "/admin" in (await client.get("/account", headers=moderator)).text
    assert 'href="/admin"' not in (await client.get("/account", headers=user)).text
    for path in ("/admin/moderation", f"/admin/moderation/{uuid_of('boat')}"):
        for headers in (user, support, bare):
            assert (await client.get(path, headers=headers)).status_code == 403
    assert (
        await client.get(f"/admin/moderation/{uuid_of('no')}", headers=moderator)
    ).status_code == 404
    odd = await client.get(
        "/admin/moderation?after=zzz&lane=x", headers=moderator, follow_redirects=False
    )
    assert (odd.status_code, odd.headers["location"]) == (303, "/admin/moderation")
