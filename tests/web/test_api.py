"""The API from a client's point of view."""

from __future__ import annotations

import json

import pytest

from marinemarket.accounts.user import UserStatus
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.listings.listing import ModerationState
from marinemarket.store.schema import USERS
from marinemarket.store.writes import Update
from tests.builders import NOW, OWNER, a_listing
from tests.conftest import TESTS

from .conftest import Client, offer

pytestmark = pytest.mark.anyio


async def test_a_search_answers_results_total_and_next(market: Market, client: Client) -> None:
    await offer(
        market,
        *(a_listing(name=f"boat {n}", createdAt=NOW + n, updatedAt=NOW + n) for n in range(3)),
    )
    answer = await client.post("/api/v1/search", json={"limit": 2})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (len(body["results"]), body["total"]) == (2, 3)
    rest = (await client.post("/api/v1/search", json={"limit": 2, "after": body["next"]})).json()
    assert (len(rest["results"]), rest["total"], rest["next"]) == (1, 3, None)


async def test_a_listing_is_shown_in_the_wires_shape(market: Market, client: Client) -> None:
    boat = a_listing(boat={"length": "x"} | {"length": 32.81, "beam": 11.5}, features=["Teak deck"])
    await offer(market, boat)
    answer = await client.get(f"/api/v1/listings/{boat.id}")
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{NOW}"'
    assert '"length":32.81' in answer.text
    assert answer.json() == {
        "listingId": boat.id,
        "id": boat.id,
        "ownerId": OWNER,
        "title": "2010 Beneteau Oceanis 40",
        "description": "Well kept, and sailed every summer.",
        "priceOnRequest": False,
        "price": 12_000_000,
        "priceHistory": [],
        "location": {"country": "US", "state": "FL", "city": "Stuart"},
        "boatDetails": {
            "type": "sailboat",
            "manufacturer": "Beneteau",
            "model": "Oceanis 40",
            "year": 2010,
            "length": 32.81,
            "beam": 11.5,
            "engines": [],
        },
        "features": ["Teak deck"],
        "images": [],
        "videos": [],
        "thumbnails": [],
        "photos": [],
        "status": "active",
        "underOffer": False,
        "moderation": {"state": "approved"},
        "createdAt": NOW,
        "updatedAt": NOW,
    }


async def test_a_listing_that_one_has_already_is_not_sent_again(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing())
    address = f"/api/v1/listings/{a_listing().id}"
    answer = await client.get(address, headers={"If-None-Match": f'"{NOW}"'})
    assert (answer.status_code, answer.content) == (304, b"")
    for known in (f'W/"{NOW}"', f'"1", "{NOW}"', "*"):
        answer = await client.get(address, headers={"If-None-Match": known})
        assert answer.status_code == 304, known
    assert (await client.get(address, headers={"If-None-Match": '"1"'})).status_code == 200


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "inactive"},
        {"status": "sold"},
        {"moderation": {"state": "pending"}},
        {"moderation": {"state": "rejected", "reason": "stolen"}},
    ],
)
async def test_what_is_not_public_is_not_there(
    market: Market, client: Client, hidden: dict[str, object]
) -> None:
    boat = a_listing(**hidden)
    await offer(market, boat)
    assert (await client.get(f"/api/v1/listings/{boat.id}")).status_code == 404
    # A page that was public once says that it is gone, and nothing of its seller's.
    was_public = boat.moderation.state is ModerationState.APPROVED
    answer = await client.get(f"/boats/{boat.id}/x")
    assert answer.status_code == (410 if was_public else 404)
    assert boat.title not in answer.text
    assert (await client.get("/api/v1/listings")).json()["total"] == 0


async def test_a_suspended_sellers_boat_is_gone_at_once(market: Market, client: Client) -> None:
    boat = a_listing()
    await offer(market, boat)
    assert (await client.get(f"/api/v1/listings/{boat.id}")).status_code == 200
    entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", OWNER, market.clock())
    suspended = Update(USERS, (OWNER,), set={"status": UserStatus.SUSPENDED.value})
    await market.trail.commit(entry, suspended)
    assert (await client.get(f"/api/v1/listings/{boat.id}")).status_code == 404


BROKEN_BODIES = {
    "a price below zero": ({"priceRange": {"min": -1}}, "priceRange.min"),
    "a price with cents of cents": ({"priceRange": {"max": 0.5}}, "priceRange.max"),
    "a price as text": ({"priceRange": {"min": "1"}}, "priceRange.min"),
    "a price that is true": ({"priceRange": {"min": True}}, "priceRange.min"),
    "bounds the wrong way round": ({"yearRange": {"min": 2010, "max": 2000}}, "yearRange.max"),
    "an unknown type": ({"boatType": ["sailboat", "teapot"]}, "boatType.1"),
    "an unknown field": ({"owner": "me"}, "owner"),
    "an unknown country": ({"location": {"country": "Atlantis"}}, "location.country"),
    "a page too large": ({"limit": 101}, "limit"),
    "a page of none": ({"limit": 0}, "limit"),
    "an unknown order": ({"sort": "paid"}, "sort"),
    "a radius, which is not searched yet": ({"location": {"radius": 5}}, "location.radius"),
    "a made-up cursor": ({"after": "made-up"}, "after"),
    "a query without end": ({"query": "x" * 501}, "query"),
    "a latitude off the globe": (
        {"location": {"coordinates": {"lat": 91, "lon": 0}}},
        "location.coordinates.lat",
    ),
}


@pytest.mark.parametrize("name", BROKEN_BODIES)
async def test_a_broken_rule_is_a_problem_document_that_names_the_field(
    market: Market, client: Client, name: str
) -> None:
    await offer(market)
    body, field = BROKEN_BODIES[name]
    answer = await client.post("/api/v1/search", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert (document["status"], document["type"]) == (422, "about:blank")
    assert [error["field"] for error in document["errors"]] == [field]


async def test_all_broken_rules_come_back_at_once(client: Client) -> None:
    body = {"priceRange": {"min": -1}, "boatType": ["teapot"], "limit": 1000, "foo": 1}
    errors = (await client.post("/api/v1/search", json=body)).json()["errors"]
    assert {error["field"] for error in errors} == {"priceRange.min", "boatType.0", "limit", "foo"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{bad", 400),
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b"[" * 100_000, 400),
        (b'{"lengthRange": {"min": NaN}}', 422),
        (b'{"lengthRange": {"min": 1e999}}', 422),
        (b'{"query": "\\ud800"}', 422),
        (b'{"query": "\xff"}', 400),
        (b'{"query": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
async def test_a_body_that_is_no_search_is_refused(
    client: Client, body: bytes, status: int
) -> None:
    answer = await client.post(
        "/api/v1/search", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "words", ["(a+)+", "%", "_", '"', "[", "]]", "a AND b", "title:x", "*", "\\", "'; --", "\u202e"]
)
async def test_signs_in_a_query_have_no_power(market: Market, client: Client, words: str) -> None:
    await offer(market, a_listing())
    answer = await client.post("/api/v1/search", json={"query": words})
    assert answer.status_code == 200
    assert isinstance(answer.json()["total"], int)


async def test_a_cursor_opens_only_the_search_that_it_came_from(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing(name="one"), a_listing(name="two"))
    after = (await client.post("/api/v1/search", json={"limit": 1})).json()["next"]
    assert (
        await client.post("/api/v1/search", json={"limit": 1, "after": after})
    ).status_code == 200
    other = await client.post("/api/v1/search", json={"limit": 1, "after": after, "sort": "price"})
    assert other.status_code == 422
    changed = ("A" if after[0] != "A" else "B") + after[1:]
    assert (
        await client.post("/api/v1/search", json={"limit": 1, "after": changed})
    ).status_code == 422


async def test_pages_neither_double_nor_skip_boats_when_others_come_and_go(
    market: Market, client: Client
) -> None:
    await offer(market, *(a_listing(name=f"boat {n}", price=100_000 + n) for n in range(20)))
    first = (await client.get("/api/v1/listings?sort=price&limit=8")).json()
    await offer(market, *(a_listing(name=f"new {n}", price=100_000 + n) for n in range(5)))
    seen, after = [result["id"] for result in first["results"]], first["next"]
    while after:
        page = (await client.get(f"/api/v1/listings?sort=price&limit=8&after={after}")).json()
        seen += [result["id"] for result in page["results"]]
        after = page["next"]
    assert len(seen) == len(set(seen))
    assert {a_listing(name=f"boat {n}").id for n in range(20)} <= set(seen)


async def test_an_address_with_broken_fields_names_them_as_they_stood(client: Client) -> None:
    answer = await client.get("/api/v1/listings?price_min=abc&foo=1&limit=500&type=teapot&q=a&q=b")
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"price_min", "foo", "limit", "type", "q"}


async def test_an_unknown_address_and_method_are_problem_documents_on_the_api(
    client: Client,
) -> None:
    missing = await client.get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["status"]) == (404, 404)
    assert (await client.delete("/api/v1/search")).status_code == 405
    for address in ("/api", "/api/v1", "/api/v1/openapi", "/api/v1/openapi/swagger", "/health"):
        answer = await client.get(address)
        assert answer.status_code == 404, address
        assert answer.headers["content-type"] == "application/problem+json", address


async def test_the_api_documents_itself(client: Client) -> None:
    document = json.loads((await client.get("/api/v1/openapi.json")).text)
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/search", "/api/v1/listings", "/api/v1/listings/{listing_id}"} <= set(
        document["paths"]
    )
    search = document["components"]["schemas"]["Search"]["properties"]
    assert {"priceRange", "boatType", "location", "sort", "after"} <= set(search)
    names = [p["name"] for p in document["paths"]["/api/v1/listings"]["get"]["parameters"]]
    assert {"q", "price_min", "type", "after"} <= set(names)


async def test_ready_only_once_the_index_has_what_stood_in_the_feed_at_start(
    market: Market, client: Client
) -> None:
    assert (await client.get("/health/live")).status_code == 200
    catching_up = await client.get("/health/ready")
    assert (catching_up.status_code, catching_up.json()) == (503, {"status": "catching up"})
    unmade = await client.get("/api/v1/listings")
    assert (unmade.status_code, unmade.headers["retry-after"]) == (503, "1")
    await offer(market)
    assert (await client.get("/health/ready")).status_code == 200


@pytest.mark.parametrize("field", ["price_min", "length_max", "radius"])
async def test_a_figure_beyond_all_measure_is_refused_or_left_out(
    market: Market, client: Client, field: str
) -> None:
    await offer(market)
    assert (await client.get(f"/api/v1/listings?{field}=1e999999999")).status_code == 422
    assert (await client.get(f"/boats?{field}=-1e999999999")).status_code == 200


async def test_suggestions_are_a_list_that_may_be_kept_for_a_minute(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing())
    answer = await client.get("/api/v1/suggestions?q=benet")
    assert answer.json() == [{"kind": "maker", "label": "Beneteau", "query": "Beneteau"}]
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert (await client.get("/api/v1/suggestions")).json() == []


async def test_similar_boats_of_one_that_is_public(market: Market, client: Client) -> None:
    boat, sister = a_listing(), a_listing(name="sister")
    await offer(market, boat, sister, a_listing(name="hidden", status="inactive"))
    answer = await client.get(f"/api/v1/listings/{boat.id}/similar")
    assert [one["id"] for one in answer.json()["results"]] == [sister.id]
    hidden = a_listing(name="hidden").id
    for id in (hidden, "nonsense"):
        assert (await client.get(f"/api/v1/listings/{id}/similar")).status_code == 404
