"""Saved searches over the API, on pages without JavaScript, and by the link in an alert."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from marinemarket.accounts.user import User
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.composition import Market
from marinemarket.saved_searches.editing import token_of
from marinemarket.saved_searches.records import searches_of
from marinemarket.saved_searches.saved_search import MOST_SEARCHES, Frequency
from marinemarket.search.filters import Search
from marinemarket.web.query_string import page_pairs, page_search
from tests.accounts.members import PASSWORD, a_person
from tests.builders import a_listing
from tests.search import fleet

from .conftest import Client, offer, without_our_script
from .visitors import signed_in

pytestmark = pytest.mark.anyio

SEARCHES = "/api/v1/me/saved-searches"
WISH = {
    "name": "Oceanis in Florida",
    "frequency": "weekly",
    "filters": {
        "query": "oceanis",
        "priceRange": {"max": 20_000_000},
        "lengthRange": {"min": 32.5},
        "location": {"country": "US", "state": "FL"},
        "boatType": ["sailboat"],
    },
}


# -- The API -------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [0, 1, "yes", "true"])
async def test_price_dropped_is_true_or_false_and_nothing_like_it(
    market: Market, client: Client, given: object
) -> None:
    headers = await signed_in(market)
    wish = {"name": "Bargains", "filters": {"priceDropped": given}}
    refused = await client.post(SEARCHES, json=wish, headers=headers)
    assert [one["field"] for one in refused.json()["errors"]] == ["filters.priceDropped"]
    found = await client.post("/api/v1/search", json=wish["filters"])
    assert [one["field"] for one in found.json()["errors"]] == ["priceDropped"]


async def test_a_search_is_saved_listed_changed_and_deleted(market: Market, client: Client) -> None:
    headers = await signed_in(market)
    made = await client.post(SEARCHES, json=WISH, headers=headers)
    assert made.status_code == 201
    search = made.json()
    assert made.headers["location"] == f"{SEARCHES}/{search['id']}"
    assert {name: search[name] for name in WISH} == WISH
    assert not {"unsubscribeHash", "userId"} & search.keys()
    later = await client.post(SEARCHES, json={"name": "All boats"}, headers=headers)
    assert (later.json()["frequency"], later.json()["filters"]) == ("daily", {})
    listed = (await client.get(SEARCHES, headers=headers)).json()["results"]
    assert [one["name"] for one in listed] == ["All boats", WISH["name"]]

    address = f"{SEARCHES}/{search['id']}"
    payload = {"frequency": "at-once", "filters": {"boatType": ["trawler"]}}
    changed = await client.patch(address, json=payload, headers=headers)
    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in payload} == payload
    assert changed.json()["name"] == WISH["name"]

    assert (await client.delete(address, headers=headers)).status_code == 204
    for gone in (
        await client.delete(address, headers=headers),
        await client.patch(address, json={}, headers=headers),
    ):
        assert gone.status_code == 404
    listed = (await client.get(SEARCHES, headers=headers)).json()["results"]
    assert [one["name"] for one in listed] == ["All boats"]
    for action, count in (("CREATED", 2), ("UPDATED", 1), ("DELETED", 1)):
        page = await entries_by_action(market.store, Action(f"SAVED_SEARCH_{action}"))
        assert len(page.entries) == count
        assert "oceanis" not in str(page.entries)


async def test_what_is_wrong_is_named_with_its_field(market: Market, client: Client) -> None:
    headers = await signed_in(market)
    payload = {
        "name": "",
        "frequency": "hourly",
        "filters": {"priceRange": {"min": 5, "max": 4}, "colour": "red"},
    }
    answer = await client.post(SEARCHES, json=payload, headers=headers)
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"name", "frequency", "filters.priceRange.max", "filters.colour"}
    made = (await client.post(SEARCHES, json=WISH, headers=headers)).json()
    answer = await client.patch(
        f"{SEARCHES}/{made['id']}", json={"frequency": None, "userId": "x"}, headers=headers
    )
    assert {error["field"] for error in answer.json()["errors"]} == {"frequency", "userId"}


async def test_a_request_sent_twice_saves_one_search(market: Market, client: Client) -> None:
    headers = await signed_in(market) | {"Idempotency-Key": "one"}
    first = await client.post(SEARCHES, json=WISH, headers=headers)
    again = await client.post(SEARCHES, json=WISH, headers=headers)
    assert first.json() == again.json()
    other = await client.post(SEARCHES, json=WISH | {"name": "Other"}, headers=headers)
    assert other.status_code == 422
    assert len((await client.get(SEARCHES, headers=headers)).json()["results"]) == 1


async def test_the_fifty_first_is_refused_until_one_is_deleted(
    market: Market, client: Client
) -> None:
    headers = await signed_in(market)
    made = [await client.post(SEARCHES, json=WISH, headers=headers) for _ in range(MOST_SEARCHES)]
    refused = await client.post(SEARCHES, json=WISH, headers=headers)
    assert refused.status_code == 409
    assert "50 saved searches" in refused.json()["detail"]
    await client.delete(f"{SEARCHES}/{made[7].json()['id']}", headers=headers)
    assert (await client.post(SEARCHES, json=WISH, headers=headers)).status_code == 201


async def test_nobody_sees_or_touches_anothers_searches(market: Market, client: Client) -> None:
    made = (await client.post(SEARCHES, json=WISH, headers=await signed_in(market))).json()
    ann = await a_person(market)
    headers = await signed_in(market, ann)
    assert (await client.get(SEARCHES, headers=headers)).json() == {"results": []}
    address = f"{SEARCHES}/{made['id']}"
    assert (await client.patch(address, json={}, headers=headers)).status_code == 404
    assert (await client.delete(address, headers=headers)).status_code == 404
    assert (await client.get(SEARCHES)).status_code == 401


# -- Pages ---------------------------------------------------------------------------------------


async def _enter(client: Client) -> User:
    payload = {"email": "ann@example.com", "password": PASSWORD}
    answer = await client.post("/api/v1/auth/login", json=payload)
    assert answer.status_code == 200
    user: User = answer.json()
    return user


def _fields(page: str) -> dict[str, str]:
    """The hidden fields of the last form with a token."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


async def test_a_search_is_saved_from_its_results_without_javascript(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await offer(market, a_listing())
    results = (await client.get("/boats?q=oceanis&price_max=200000&sort=price&limit=10")).text
    form = re.search(r'<form class="save-search".*?</form>', results, re.DOTALL)
    assert form is not None
    asked = _fields(form[0])
    assert asked == {"q": "oceanis", "price_max": "200000"}
    # A visitor signs in first, and comes back to the same search.
    sent_away = await client.get("/account/searches/new", params=asked, follow_redirects=False)
    assert sent_away.status_code == 303
    assert "price_max%3D200000" in sent_away.headers["location"]
    await _enter(client)
    page = (await client.get("/account/searches/new", params=asked)).text
    assert 'value="oceanis"' in page
    assert "<script" not in without_our_script(page)
    payload = _fields(page) | {"name": "My Oceanis", "frequency": "at-once"}
    saved = await client.post("/account/searches", data=payload, follow_redirects=False)
    assert saved.headers["location"] == "/account/searches?done=saved"
    [search] = await searches_of(market.store, ann.id)
    assert (search.name, search.frequency) == ("My Oceanis", Frequency.AT_ONCE)
    assert search.filters.price_range.max == 20_000_000
    assert search.filters.query == "oceanis"

    page = (await client.get("/account/searches?done=saved")).text
    assert "The search is saved." in page
    assert 'href="/boats?q=oceanis&amp;price_max=200000"' in page
    token = {"csrf_token": _fields(page)["csrf_token"]}
    address = f"/account/searches/{search.id}"
    wrong = await client.post(address, data=token | {"frequency": "hourly"})
    assert wrong.status_code == 422
    await client.post(address, data=token | {"frequency": "weekly"})
    [search] = await searches_of(market.store, ann.id)
    assert search.frequency is Frequency.WEEKLY
    assert (await client.post(f"{address}/end", data={})).status_code == 403
    await client.post(f"{address}/end", data=token)
    assert await searches_of(market.store, ann.id) == []


async def test_a_form_that_is_not_right_comes_back_as_it_was_sent(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    await _enter(client)
    page = (await client.get("/account/searches/new?q=oceanis")).text
    token = {"csrf_token": _fields(page)["csrf_token"]}
    for text in (
        {"name": "", "search": "q=oceanis", "frequency": "daily"},
        {"name": "Kept <b>", "search": "q=oceanis", "frequency": "hourly"},
        {"name": "Kept", "search": "q=oceanis&price_max=cheap", "frequency": "daily"},
        {"name": "Kept", "search": "q=oceanis&feature=" + "x" * 2100, "frequency": "daily"},
    ):
        answer = await client.post("/account/searches", data=token | text)
        assert answer.status_code == 422
        assert 'value="q=oceanis' in answer.text
        assert "<b>" not in answer.text
    assert await searches_of(market.store, ann.id) == []


def test_the_address_of_a_search_asks_the_same() -> None:
    chance = Random(11)
    for _ in range(300):
        text = fleet.filters(chance)
        del text["sort"]
        search = Search.parse(text)
        read, wrong = page_search(page_pairs(search))
        assert wrong == []
        assert read == search


# -- The link of a letter ------------------------------------------------------------------------


async def _saved(market: Market, client: Client, **overrides: Any) -> str:
    """The address that ends the letters of a search."""
    headers = await signed_in(market)
    made = (await client.post(SEARCHES, json=WISH | overrides, headers=headers)).json()
    token = token_of(market.secret_key, made["id"])
    return f"/unsubscribe/saved-search/{made['id']}?token={token}"


async def test_letters_end_by_their_link_without_signing_in(market: Market, client: Client) -> None:
    address = await _saved(market, client, name="Boats <i>")
    user = a_listing().owner_id
    page = await client.get(address)
    assert page.status_code == 200
    assert "Boats" in page.text
    assert "<i>" not in page.text
    assert "<script" not in without_our_script(page.text)
    [search] = await searches_of(market.store, user)
    assert search.frequency is Frequency.WEEKLY  # a look at it ends nothing
    form = re.search(r'action="(/unsubscribe[^"]+)" method="post"', page.text)
    assert form is not None
    for _ in range(2):
        done = await client.post(html.unescape(form[1]))
        assert done.status_code == 200
        assert "no more emails" in done.text
    [search] = await searches_of(market.store, user)
    assert search.frequency is Frequency.NEVER
    [entry] = (await entries_by_action(market.store, Action.SAVED_SEARCH_UPDATED)).entries
    assert (entry.user_id, entry.details["because"]) == ("visitor", "unsubscribed")


async def test_a_mail_programs_button_ends_them_by_one_post(market: Market, client: Client) -> None:
    address = await _saved(market, client)
    answer = await client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    [search] = await searches_of(market.store, a_listing().owner_id)
    assert search.frequency is Frequency.NEVER


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "ÿ", "a" * 5000])
async def test_another_token_ends_nothing(market: Market, client: Client, token: str) -> None:
    address = (await _saved(market, client)).partition("?")[0]
    for path in (
        address,
        "/unsubscribe/saved-search/none",
        "/unsubscribe/saved-search/" + "y" * 300,
    ):
        for ask in (client.get, client.post):
            answer = await ask(path, params={"token": token})
            assert answer.status_code == 404
            assert "does not belong to a saved search" in answer.text
    [search] = await searches_of(market.store, a_listing().owner_id)
    assert search.frequency is Frequency.WEEKLY
    assert search.filters.length_range.min == Decimal("32.5")
