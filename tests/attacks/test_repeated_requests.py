"""The same request sent twice creates one thing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.listings.records import owned_by
from tests.accounts.members import a_person
from tests.builders import ManualClock, wire_listing
from tests.web.conftest import Client

from .clients import API, bearer

pytestmark = pytest.mark.anyio

PAYLOAD: dict[str, Any] = {
    name: wire_listing()[name]
    for name in ("title", "description", "price", "location", "boatDetails")
}


async def test_case_32_a_request_sent_twice_makes_one_listing(
    market: Market, client: Client, clock: ManualClock
) -> None:
    ann = await a_person(market)
    headers = await bearer(client, ann) | {"Idempotency-Key": "a form's own key"}
    answers = await asyncio.gather(
        *(client.post(f"{API}/listings", json=PAYLOAD, headers=headers) for _ in range(8))
    )
    answers.append(await client.post(f"{API}/listings", json=PAYLOAD, headers=headers))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    [listing] = (await owned_by(market.store, ann.id)).listings
    assert answers[0].headers["location"] == f"{API}/listings/{listing.id}"
    assert len((await entries_by_action(market.store, Action.LISTING_CREATED)).entries) == 1

    other = await client.post(f"{API}/listings", json=PAYLOAD | {"price": 500}, headers=headers)
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    clock.now += 86_400_000
    assert (await client.post(f"{API}/listings", json=PAYLOAD, headers=headers)).status_code == 201
    assert len((await owned_by(market.store, ann.id)).listings) == 2


async def test_case_32_a_key_is_its_askers_alone(market: Market, client: Client) -> None:
    ids = set()
    for name in ("ann", "eve"):
        headers = await bearer(client, await a_person(market, name=name))
        headers |= {"Idempotency-Key": "1"}
        ids.add((await client.post(f"{API}/listings", json=PAYLOAD, headers=headers)).json()["id"])
    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x7f"])
async def test_a_key_that_is_none_is_refused(market: Market, client: Client, key: str) -> None:
    headers = await bearer(client, await a_person(market)) | {"Idempotency-Key": key}
    answer = await client.post(f"{API}/listings", json=PAYLOAD, headers=headers)
    assert answer.status_code == 422


async def test_a_new_listing_is_a_draft_that_only_its_owner_sees(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    headers = await bearer(client, ann)
    made = await client.post(f"{API}/listings", json=PAYLOAD, headers=headers)
    assert made.json()["status"] == "inactive"
    assert made.json()["moderation"] == {"state": "pending"}
    address = made.headers["location"]
    assert (await client.get(address)).status_code == 404
    assert (await client.get(address, headers=headers)).json() == made.json() | {"views": 0}
    mine = (await client.get(f"{API}/me/listings", headers=headers)).json()["results"]
    assert [one["id"] for one in mine] == [made.json()["id"]]


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        ({}, {"title", "price", "location", "boatDetails"}),
        ({"ownerId": "x", "views": 3}, {"ownerId", "views"}),
        ({"price": 0.001}, {"price"}),
        ({"price": -1, "title": "x"}, {"price", "title"}),
        ({"price": 10**18}, {"price"}),
        ({"status": "active", "description": None}, {"description"}),
    ],
)
async def test_case_34_every_broken_rule_of_a_new_listing_is_named(
    market: Market, client: Client, payload: dict[str, Any], fields: set[str]
) -> None:
    headers = await bearer(client, await a_person(market))
    answer = await client.post(
        f"{API}/listings", json=(PAYLOAD | payload) if payload else {}, headers=headers
    )
    assert answer.status_code == 422, answer.text
    assert fields <= {error["field"] for error in answer.json()["errors"]}
    assert (await entries_by_action(market.store, Action.LISTING_CREATED)).entries == []
