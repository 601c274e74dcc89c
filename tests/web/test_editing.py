"""Owners edit and delete listings over HTTP; every edit names its version."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.secrets import handle_of
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.listings.lifecycle.editing import SEEN_BY_OWNER
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import find_listing
from marinemarket.store.schema import SESSIONS, USERS
from marinemarket.store.writes import Update
from marinemarket.wire import encode
from tests.builders import NOW, OWNER, ManualClock, a_listing, a_session, a_user, uuid_of
from tests.conftest import TESTS

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

BOAT = a_listing(
    images=["https://boats.example/1.jpg"],
    source={"name": "csv", "fingerprint": "f"},
    sellerKind="private",
)
ADDRESS = f"/api/v1/listings/{BOAT.id}"
STANDING = {"If-Match": f'"{NOW}"'}


async def _stands(market: Market) -> Listing:
    listing = await find_listing(market.store, BOAT.id)
    assert listing is not None
    return listing


async def test_an_edit_changes_what_it_says_and_nothing_else(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await offer(market, BOAT)
    clock.now += 5000
    payload = {"title": "Oceanis, as good as new", "boatDetails": {"cabins": 3}}
    owner = await signed_in(market)
    answer = await client.patch(ADDRESS, json=payload, headers=owner | STANDING)
    assert answer.status_code == 200, answer.text
    new = await _stands(market)
    assert answer.headers["etag"] == f'"{NOW + 5000}"'
    details = BOAT.boat_details.changed(cabins=3)
    assert new == BOAT.changed(
        title="Oceanis, as good as new",
        boat_details=details,
        confirmed_at=NOW + 5000,
        updated_at=NOW + 5000,
    )
    assert answer.json()["title"] == new.title
    [entry] = (await entries_by_action(market.store, Action.LISTING_UPDATED)).entries
    assert (entry.user_id, entry.session_id) == (
        OWNER,
        handle_of(a_session(name="Owner").session_id),
    )
    assert set(entry.details["changes"]) == {"title", "boatDetails.cabins", "confirmedAt"}


async def test_an_edit_without_a_version_is_428_and_without_a_session_401(
    market: Market, client: Client
) -> None:
    await offer(market, BOAT)
    owner = await signed_in(market)
    for ask in (client.patch, client.delete):
        body: dict[str, Any] = {"json": {"price": 500}} if ask == client.patch else {}
        assert (await ask(ADDRESS, headers=owner, **body)).status_code == 428
        answer = await ask(ADDRESS, headers=STANDING, **body)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert await _stands(market) == BOAT


@pytest.mark.parametrize(
    "match", [f'W/"{NOW - 1}"', f'"{NOW - 1}"', f"{NOW}", "", "x", '"' + "9" * 40 + '"']
)
async def test_an_edit_of_another_version_is_412_and_shows_the_one_that_stands(
    market: Market, client: Client, match: str
) -> None:
    await offer(market, BOAT)
    headers = {**await signed_in(market), "If-Match": match}
    for ask in (client.patch, client.delete):
        body: dict[str, Any] = {"json": {"price": 500}} if ask == client.patch else {}
        answer = await ask(ADDRESS, headers=headers, **body)
        assert answer.status_code == 412
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["etag"] == f'"{NOW}"'
        current = answer.json()["current"]
        assert current["price"] == BOAT.price
        assert not {"locationState", "publicity", "source"} & current.keys()
    assert await _stands(market) == BOAT


@pytest.mark.parametrize(
    "match", [f'"{NOW}"', f'W/"{NOW}"', "*", f'"1", "{NOW}"', f'W/"1" , "{NOW}"']
)
async def test_an_edit_of_the_version_that_stands_or_of_any_is_made(
    market: Market, client: Client, match: str
) -> None:
    await offer(market, BOAT)
    headers = {**await signed_in(market), "If-Match": match}
    assert (await client.patch(ADDRESS, json={"price": 500}, headers=headers)).status_code == 200
    assert (await _stands(market)).price == 500


async def test_of_many_edits_of_one_version_one_wins(market: Market, client: Client) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market) | STANDING
    answers = await asyncio.gather(
        *(client.patch(ADDRESS, json={"price": 1000 + n}, headers=headers) for n in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    [winner] = [answer.json()["price"] for answer in answers if answer.status_code == 200]
    assert (await _stands(market)).price == winner
    assert {a.json()["current"]["price"] for a in answers if a.status_code == 412} == {winner}


async def test_of_many_edits_of_any_version_every_one_is_made(
    market: Market, client: Client
) -> None:
    await offer(market, BOAT)
    headers = {**await signed_in(market), "If-Match": "*"}
    answers = await asyncio.gather(
        *(client.patch(ADDRESS, json={"price": 1000 + n}, headers=headers) for n in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    asked = [step.price or 0 for step in (await _stands(market)).price_history]
    assert sorted(asked) == [*range(1000, 1010), BOAT.price]


async def test_a_listing_is_edited_by_its_owner_alone(market: Market, client: Client) -> None:
    await offer(market, BOAT)
    ann = a_user(name="ann")
    await add_user(market.trail, TESTS, ann)
    headers = {**await signed_in(market, ann), "If-Match": "*"}
    nothing = f"/api/v1/listings/{uuid_of('nothing')}"
    for address in (ADDRESS, nothing, "/api/v1/listings/" + "x" * 300):
        answer = await client.patch(address, json={"price": 500}, headers=headers)
        assert answer.status_code == 404
        assert (await client.delete(address, headers=headers)).status_code == 404
    assert await _stands(market) == BOAT


NOT_THE_OWNERS = {
    "id": uuid_of("x"), "listingId": uuid_of("x"), "ownerId": uuid_of("x"), "moderation": {"state": "approved"},
    "updatedAt": 0, "createdAt": 0, "views": 9, "source": {"name": "demo"}, "priceHistory": [1],
    "images": ["/x"], "thumbnails": ["/x"], "originalPrice": 1, "sellerKind": "broker",
}  # fmt: skip


async def test_what_is_not_the_owners_to_say_is_named_with_every_other_broken_rule(
    market: Market, client: Client
) -> None:
    await offer(market, BOAT)
    payload = NOT_THE_OWNERS | {
        "role": "admin",
        "publicity": "public",
        "title": "x",
        "price": 1.5,
        "location": None,
        "boatDetails": {"year": 1899, "sails": 3, "masts": None, "type": None},
    }
    expected = {
        **dict.fromkeys(NOT_THE_OWNERS, "cannot be changed here"),
        "role": "is not a field here",
        "publicity": "is not a field here",
        "title": "must be at least 5 characters",
        "price": "must be a whole number",
        "location": "is required",
        "boatDetails.year": "must be from 1900 to 2027",
        "boatDetails.sails": "is not a field here",
        "boatDetails.masts": "is not a field here",
        "boatDetails.type": "is required",
    }
    headers = await signed_in(market) | STANDING
    # Twenty are told at a time, and these are more.
    for fields in (
        payload.keys() - NOT_THE_OWNERS.keys(),
        payload.keys() - {"role", "boatDetails"},
    ):
        sent = {name: payload[name] for name in fields}
        answer = await client.patch(ADDRESS, json=sent, headers=headers)
        assert answer.status_code == 422
        assert {error["field"]: error["message"] for error in answer.json()["errors"]} == {
            field: message for field, message in expected.items() if field.split(".")[0] in fields
        }
    assert await _stands(market) == BOAT


async def test_what_is_empty_may_be_said_to_be_empty(market: Market, client: Client) -> None:
    boat = a_listing()
    await offer(market, boat)
    headers = await signed_in(market) | STANDING
    address = f"/api/v1/listings/{boat.id}"
    sent: dict[str, Any] = {
        "title": "Ready for the season",
        "images": [],
        "thumbnails": [],
        "originalPrice": None,
    }
    answer = await client.patch(address, json=sent, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (200, "Ready for the season")
    headers |= {"If-Match": "*"}
    for name, value in (("images", ["/x"]), ("ownerId", None), ("moderation", {}), ("views", 9)):
        answer = await client.patch(address, json={name: value}, headers=headers)
        assert [error["field"] for error in answer.json()["errors"]] == [name]


async def test_a_new_listing_may_come_with_empty_lists_of_what_is_not_the_owners_to_say(
    market: Market, client: Client
) -> None:
    headers = await signed_in(market)
    wire = json.loads(encode(BOAT.to_wire()))
    boat = {name: wire[name] for name in ("title", "price", "location", "boatDetails")}
    empty: dict[str, Any] = {
        "images": [],
        "videos": [],
        "thumbnails": [],
        "photos": [],
        "priceHistory": [],
        "views": None,
    }
    answer = await client.post("/api/v1/listings", json=boat | empty, headers=headers)
    assert answer.status_code == 201, answer.text
    for name, value in (("images", ["/x"]), ("photos", [{}]), ("pictures", []), ("views", 0)):
        answer = await client.post("/api/v1/listings", json=boat | {name: value}, headers=headers)
        assert [e["field"] for e in answer.json()["errors"]] == [name]


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'"x"', b"{bad", b'{"price": NaN}', b"[" * 99_999]
)
async def test_a_body_that_is_no_edit_is_refused(
    market: Market, client: Client, body: bytes
) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market) | STANDING | {"content-type": "application/json"}
    answer = await client.patch(ADDRESS, content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert await _stands(market) == BOAT


async def test_a_merge_patch_may_name_its_kind(market: Market, client: Client) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market) | STANDING
    headers["content-type"] = "application/merge-patch+json"
    answer = await client.patch(ADDRESS, content=json.dumps({"price": 500}), headers=headers)
    assert (answer.status_code, (await _stands(market)).price) == (200, 500)


async def test_saying_what_holds_already_is_no_change(market: Market, client: Client) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market) | STANDING
    head = await market.store.head()
    for text in ({}, {"price": BOAT.price}, {"boatDetails": {"length": 40.0, "beam": None}}):
        answer = await client.patch(ADDRESS, json=text, headers=headers)
        assert (answer.status_code, answer.headers["etag"]) == (200, f'"{NOW}"')
    assert await market.store.head() == head


async def test_a_deleted_listing_is_gone_and_who_did_it_is_known(
    market: Market, client: Client
) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market) | STANDING
    assert (await client.delete(ADDRESS, headers=headers)).status_code == 204
    assert await find_listing(market.store, BOAT.id) is None
    assert (await client.get(ADDRESS)).status_code == 404
    assert (await client.delete(ADDRESS, headers=headers)).status_code == 404
    [entry] = (await entries_by_action(market.store, Action.LISTING_DELETED)).entries
    assert (entry.user_id, entry.resource_id) == (OWNER, BOAT.id)


async def test_owners_see_their_listing_when_nobody_else_does(
    market: Market, client: Client
) -> None:
    await offer(market, BOAT.changed(status="inactive"))
    owner = await signed_in(market)
    assert (await client.get(ADDRESS)).status_code == 404
    seen = await client.get(ADDRESS, headers=owner)
    assert (seen.status_code, seen.headers["etag"]) == (200, f'"{NOW}"')
    assert seen.headers["cache-control"] == "private, no-cache"
    assert set(seen.json()) <= set(SEEN_BY_OWNER)


@pytest.mark.parametrize("end", ["expired", "ended", "all ended", "suspended", "other", "basic"])
async def test_a_session_that_does_not_hold_is_none(
    market: Market, client: Client, clock: ManualClock, end: str
) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market) | STANDING
    session = a_session(name="Owner")
    writes = {
        "ended": Update(SESSIONS, (session.session_id,), set={"isActive": False}),
        "all ended": Update(USERS, (OWNER,), set={"sessionsValidAfter": session.issued_at}),
        "suspended": Update(USERS, (OWNER,), set={"status": "suspended"}),
    }
    if end in writes:
        await market.store.commit(writes[end])
    if end == "expired":
        clock.now += 86_400_000
    if end == "other":
        headers["Authorization"] += "x"
    if end == "basic":
        headers["Authorization"] = headers["Authorization"].replace("Bearer", "Basic")
    answer = await client.patch(ADDRESS, json={"price": 500}, headers=headers)
    assert answer.status_code == 401
    assert await _stands(market) == BOAT


async def test_the_hash_that_is_stored_opens_nothing(market: Market, client: Client) -> None:
    await offer(market, BOAT)
    await signed_in(market)
    headers = {"Authorization": f"Bearer {a_session(name='Owner').session_id}"} | STANDING
    assert (await client.delete(ADDRESS, headers=headers)).status_code == 401
