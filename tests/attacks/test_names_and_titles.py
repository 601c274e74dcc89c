"""Case 46: names and titles that nobody can read, or that pass for the market's; case 47: disguised adverts."""

from __future__ import annotations

import pytest

from marinemarket.accounts.records import find_user
from marinemarket.accounts.user_changes import UserChange
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.listings.records import find_listing
from marinemarket.moderation.rules import Evidence, flags_of
from tests.accounts.members import PASSWORD, a_person
from tests.accounts.test_names import INVISIBLE, OURS, STAFF
from tests.builders import NOW, a_listing
from tests.conftest import TESTS
from tests.messages.test_screening import ABROAD, DRESSES
from tests.web.conftest import Client, offer

from .clients import API, bearer
from .test_inquiries import ASK, BOAT
from .test_inquiries import PAYLOAD as INQUIRY
from .test_repeated_requests import PAYLOAD as ADVERT

pytestmark = pytest.mark.anyio

TITLES = [
    "\u200b" * 6, "\u3164" * 6, "\u00ad" * 6, "A\u200b\u200b\u200b\u200b", "AB\u2800\u2800\u2800", "!!!!!",
    "12345", "\ufe0f" * 5, "\U000e0041" * 8,
]  # fmt: skip
UNFIT = [*INVISIBLE, *OURS, *STAFF]
TURNED = "\u202e"
"""Turns what follows backwards. Adverts and visitors' names lose it, and are read as they stand."""
AROUND = Evidence(now=NOW, seller_since=0)


@pytest.fixture
def market_settings(market_settings: object) -> object:
    off = {"limit_inquiries": "off", "limit_auth": "off", "limit_writes": "off"}
    return market_settings.model_copy(update=off)  # type: ignore[attr-defined]  # Settings


async def test_case_46_nobody_registers_or_changes_to_an_unfit_name(
    market: Market, client: Client
) -> None:
    headers = await bearer(client, await a_person(market))
    new = {"email": "bob@example.com", "password": PASSWORD, "terms": True}
    taken = []
    for name in UNFIT:
        for answer in (
            await client.post(f"{API}/auth/register", json=new | {"name": name}),
            await client.patch(f"{API}/me", json={"name": name}, headers=headers),
            await client.patch(f"{API}/me", json={"tradeName": name}, headers=headers),
        ):
            told = {error["field"] for error in answer.json().get("errors", ())}
            if answer.status_code != 422 or not told & {"name", "tradeName"}:
                taken.append((ascii(name), answer.status_code))
    assert taken == []


async def test_case_46_no_visitor_asks_under_an_unfit_name(market: Market, client: Client) -> None:
    await offer(market, BOAT)
    answers = [
        await client.post(ASK, json=INQUIRY | {"name": name})
        for name in UNFIT
        if TURNED not in name
    ]
    assert {answer.status_code for answer in answers} == {422}
    empty = await client.post(ASK, json=INQUIRY | {"message": "\u200b\u200b\u200b"})
    assert empty.status_code == 422
    assert (await client.post(ASK, json=INQUIRY)).status_code == 201


async def test_whoever_has_such_a_name_already_keeps_it_and_all_else_can_change(
    market: Market, client: Client
) -> None:
    ann = await a_person(market)
    change = UserChange.of(ann, NOW, name="Support")
    await market.trail.commit(TESTS.entry(Action.USER_UPDATED, "user", ann.id, NOW), change.write())
    headers = await bearer(client, ann)
    answer = await client.patch(
        f"{API}/me", json={"name": "Support", "location": "Stuart, FL"}, headers=headers
    )
    assert (answer.status_code, answer.json()["location"]) == (200, "Stuart, FL")
    assert (
        await client.patch(f"{API}/me", json={"name": "Admin"}, headers=headers)
    ).status_code == 422
    stands = await find_user(market.store, ann.id)
    assert stands is not None
    assert stands.name == "Support"


@pytest.mark.parametrize("title", TITLES, ids=ascii)
async def test_case_46_no_advert_has_a_title_that_nobody_can_read(
    market: Market, client: Client, title: str
) -> None:
    headers = await bearer(client, await a_person(market))
    created = await client.post(f"{API}/listings", json=ADVERT | {"title": title}, headers=headers)
    assert created.status_code == 422
    assert [error["field"] for error in created.json()["errors"]] == ["title"]
    boat = (await client.post(f"{API}/listings", json=ADVERT, headers=headers)).json()
    address, any_version = f"{API}/listings/{boat['id']}", {"If-Match": "*"}
    edited = await client.patch(address, json={"title": title}, headers=headers | any_version)
    assert edited.status_code == 422
    stands = await find_listing(market.store, boat["id"])
    assert stands is not None
    assert stands.title == ADVERT["title"]


@pytest.mark.parametrize("title", ["J/105 2001", "470er, 1985", "Яхта «Волна»", "帆船ヨット中古"])
async def test_short_and_foreign_titles_are_titles(
    market: Market, client: Client, title: str
) -> None:
    headers = await bearer(client, await a_person(market))
    created = await client.post(f"{API}/listings", json=ADVERT | {"title": title}, headers=headers)
    assert created.status_code == 201


@pytest.mark.parametrize(
    "dress", [dress for dress in DRESSES if TURNED not in DRESSES[dress]("a b")]
)
@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("payment", "Payment by Western Union."),
        ("scam-phrase", "I am currently deployed, so my shipper will collect the papers."),
        ("forbidden", "The HIN was removed."),
        ("elsewhere", "I am on WhatsApp all day"),
    ],
)
def test_case_47_an_advert_says_what_its_reader_reads(rule: str, text: str, dress: str) -> None:
    advert = a_listing(description=DRESSES[dress](text))
    assert rule in {flag.rule for flag in flags_of(advert, AROUND)}


@pytest.mark.parametrize("text", [text for text in ABROAD if "WhatsApp" not in text])
def test_an_advert_in_another_language_is_not_flagged_for_its_words(text: str) -> None:
    flags = {flag.rule for flag in flags_of(a_listing(description=text), AROUND)}
    assert flags <= {"no-pictures"}
