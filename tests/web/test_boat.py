"""The page of a boat: what each visitor and each program sees."""

from __future__ import annotations

import re

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.listings.listing import Listing
from marinemarket.store.schema import USERS
from marinemarket.store.writes import Update
from tests.builders import NOW, OWNER, a_listing, a_user, uuid_of
from tests.conftest import TESTS

from .conftest import Client, data_of, offer
from .test_visibility import PHOTO, a_moderator
from .visitors import signed_in

pytestmark = pytest.mark.anyio

DAY = 86_400_000


def page_of(boat: Listing) -> str:
    return f"/boats/{boat.id}/{boat.slug}"


async def test_facts_stand_in_groups_and_the_hull_number_is_not_whole(
    market: Market, client: Client
) -> None:
    boat = a_listing(
        boat={
            "loa": 42, "airDraft": 55.5, "displacement": 19_000, "hin": "ABC12345D404", "cabins": 2,
            "heads": 0, "fuel": "diesel", "hullMaterial": "fiberglass",
        },
        confirmedAt=NOW - 3 * DAY,
        createdAt=NOW - 40 * DAY,
        updatedAt=NOW,
    )  # fmt: skip
    await offer(market, boat)
    page = (await client.get(page_of(boat))).text
    assert re.findall(r"<h3>([^<]+)</h3>", page)[:4] == [
        "Boat", "Hull and size", "Engine", "Accommodations",
    ]  # fmt: skip
    for text in ("55 ft 6 in (16.92 m)", "19,000 lb (8,618 kg)", "ABC•••••D404", "$3,000 per foot",
                 "Availability confirmed 3 days ago", "40 days on the market", "<dd>0</dd>"):  # fmt: skip
        assert text in page
    assert "12345" not in page
    metric = (await client.get(f"{page_of(boat)}?unit=m")).text
    for text in ("16.92 m (55 ft 6 in)", "8,618 kg (19,000 lb)", "$9,843 per meter"):
        assert text in metric


async def test_pictures_link_to_the_large_file_and_the_first_comes_at_once(
    market: Market, client: Client
) -> None:
    video = f"/media/videos/{'c' * 32}.mp4"
    photos = [PHOTO, PHOTO | {"id": "b" * 32, "caption": None}]
    boat = a_listing(photos=photos, videos=[video, "https://films.example/1"])
    await offer(market, boat)
    page = (await client.get(page_of(boat))).text
    first, second = re.findall(r'<img src="/media/photos/[^>]+>', page)
    assert 'fetchpriority="high"' in first
    assert "lazy" not in first
    assert 'loading="lazy"' in second
    for image in (first, second):
        assert 'width="1600" height="1067"' in image
    assert 'alt="Under way"' in first
    assert f'alt="{boat.title}, picture 2"' in second
    assert f'href="/media/photos/{"b" * 32}/1600.jpg"' in page
    assert f"/media/photos/{'a' * 32}/600x400.webp 600w" in page
    assert f'<video src="{video}" controls preload="none"' in page
    assert '<video src="https' not in page


async def test_the_price_so_far_is_a_line_with_words_and_a_list(
    market: Market, client: Client
) -> None:
    history = [(13_000_000, 30), (14_000_000, 20), (12_000_000, 3)]
    steps = [{"price": price, "at": NOW - days * DAY} for price, days in history]
    boat = a_listing(priceHistory=steps)
    await offer(market, boat)
    page = (await client.get(page_of(boat))).text
    assert "First asking price $130,000, now $120,000. Lowest $120,000, highest $140,000." in page
    assert re.findall(r"<small>([^<]+)</small>", page) == ["$20,000 less", "$10,000 more"]
    [line] = re.findall(r'points="([^"]+)"', page)
    corners = [tuple(map(float, corner.split(","))) for corner in line.split()]
    assert [x for x, _ in corners] == sorted(x for x, _ in corners)
    assert {y for _, y in corners} == {8, 44, 80}


async def test_a_sellers_card_leads_to_all_they_offer_and_tells_no_more(
    market: Market, client: Client
) -> None:
    broker = a_user(
        name="broker", seller_kind="broker", trade_name="Blue Water Yachts", phone="+13055550100"
    )
    await add_user(market.trail, TESTS, broker)
    boats = [a_listing(name=f"b{n}", ownerId=broker.id, title=f"Boat {n}") for n in range(2)]
    await offer(
        market,
        *boats,
        a_listing(name="hidden", ownerId=broker.id, status="inactive", title="Hidden"),
    )
    page = (await client.get(page_of(boats[0]))).text
    for found in ("Blue Water Yachts", "Broker", "Member since 2025", "2 boats for sale"):
        assert found in page
    offered = await client.get(f"/sellers/{broker.id}")
    for text in (page, offered.text):
        for secret in (broker.email, "+13055550100", broker.name):
            assert secret not in text.replace("Broker", "")
    assert "Boat 0" in offered.text
    assert "Boat 1" in offered.text
    assert "Hidden" not in offered.text


async def test_who_offers_nothing_has_no_page(market: Market, client: Client) -> None:
    await offer(market, a_listing(status="inactive"))
    for id in (OWNER, uuid_of("nobody"), "x" * 100, "%00"):
        assert (await client.get(f"/sellers/{id}")).status_code in (400, 404)


async def test_a_sold_boat_is_gone_with_others_like_her_and_without_her_owner(
    market: Market, client: Client
) -> None:
    sold = a_listing(name="sold", title="Call 555 0100 now", status="sold",
                     description="Mine", sale={"at": NOW, "price": 11_111_111})  # fmt: skip
    withdrawn = a_listing(name="withdrawn", title="Taken back", status="inactive")
    await offer(market, sold, withdrawn, a_listing(name="other", title="Her sister"))
    for boat, text in ((sold, "has been sold"), (withdrawn, "no longer for sale")):
        for address in (page_of(boat), f"/boats/{boat.id}", f"/boats/{boat.id}/other"):
            answer = await client.get(address)
            assert answer.status_code == 410
            assert text in answer.text
            assert "Her sister" in answer.text
            for secret in (boat.title, boat.slug, "Owner", "111,111", "Mine"):
                assert secret not in answer.text


async def test_owner_and_staff_are_told_why_not_all_see_the_advert(
    market: Market, client: Client
) -> None:
    boat = a_listing(moderation={"state": "rejected", "reason": "Please show the hull number."})
    await offer(market, boat)
    moderator, bystander = a_moderator(), a_user(name="bystander")
    for user in (moderator, bystander):
        await add_user(market.trail, TESTS, user)
    own = await client.get(page_of(boat), headers=await signed_in(market))
    assert "submit it again" in own.text
    assert "Please show the hull number." in own.text
    assert f'href="/sell/{boat.id}"' in own.text
    assert own.headers["cache-control"] == "private, no-store"
    assert "ld+json" not in own.text
    assert 'content="noindex"' in own.text
    staff = await client.get(page_of(boat), headers=await signed_in(market, moderator))
    assert "Moderation: rejected" in staff.text
    assert f"/sell/{boat.id}" not in staff.text
    for headers in ({}, await signed_in(market, bystander)):
        assert (await client.get(page_of(boat), headers=headers)).status_code == 404


async def test_the_owner_of_a_public_boat_sees_what_buyers_see(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing())
    own = await client.get(page_of(a_listing()), headers=await signed_in(market))
    assert "how buyers see your advert" in own.text
    assert "how buyers see your advert" not in (await client.get(page_of(a_listing()))).text


async def test_programs_read_the_boat_her_offer_and_the_way_to_her(
    market: Market, client: Client
) -> None:
    boat = a_listing(photos=[PHOTO], images=[f"/media/photos/{PHOTO['id']}/1600.jpg"])
    await offer(market, boat)
    page = (await client.get(page_of(boat))).text
    thing, way = data_of(page)
    site = market.settings.public_url
    assert thing["@type"] == ["Product", "Vehicle"]
    assert thing["image"] == [f"{site}/media/photos/{PHOTO['id']}/1600.jpg"]
    assert thing["offers"]["price"] == "120000.00"
    assert thing["offers"]["priceCurrency"] == "USD"
    assert thing["offers"]["seller"] == {"@type": "Person", "name": "Owner"}
    assert [step["name"] for step in way["itemListElement"]] == [
        "Boats", "Sailboats", "Beneteau", boat.title,
    ]  # fmt: skip
    assert way["itemListElement"][-1]["item"] == site + page_of(boat)
    for meta in (f'og:image" content="{site}/media/photos/{PHOTO["id"]}/1600.jpg"',
                 'og:image:width" content="1600"', 'og:image:height" content="1067"',
                 'twitter:card" content="summary_large_image"'):  # fmt: skip
        assert meta in page


async def test_programs_get_the_drawing_of_a_boat_without_photos(
    market: Market, client: Client
) -> None:
    site = market.settings.public_url
    drawn = ("/pictures/sailboat/7-0.svg", "/pictures/sailboat/7-1.svg")
    plain, own = a_listing(name="plain"), a_listing(name="own", images=list(drawn))
    for boat, expected in ((plain, ["/pictures/sailboat/outline.svg"]), (own, [*drawn])):
        await offer(market, boat)
        page = (await client.get(page_of(boat))).text
        assert data_of(page)[0]["image"] == [site + address for address in expected]
        assert f'og:image" content="{site}{expected[0]}"' in page
        assert 'og:image:type" content="image/svg+xml"' in page
        assert "og:image:width" not in page
        assert (await client.get(expected[0])).status_code == 200


async def test_a_code_on_paper_leads_to_the_page_and_says_nothing_of_the_boat(
    client: Client,
) -> None:
    answer = await client.get(f"/codes/{uuid_of('any')}.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.text.startswith("<svg")
    for name in ("x.svg", f"{uuid_of('any')}.png", "..%2f..svg"):
        assert (await client.get(f"/codes/{name}")).status_code == 404


async def test_a_boat_whose_owner_was_banned_is_missing_and_not_gone(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing())
    entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", OWNER, market.clock())
    await market.trail.commit(entry, Update(USERS, (OWNER,), set={"status": "banned"}))
    assert (await client.get(page_of(a_listing()))).status_code == 404


async def test_a_page_tells_of_an_engine_and_its_hours_once(market: Market, client: Client) -> None:
    named = {"engine": "Diesel, in good order", "engines": [{"make": "Yanmar", "hours": 900}]}
    alone = {"engine": "Diesel, in good order", "hours": 700}
    boats = [a_listing(name="named", boat=named), a_listing(name="alone", boat=alone)]
    await offer(market, *boats)
    told = []
    for boat in boats:
        page = (await client.get(page_of(boat))).text
        [group] = re.findall(r"<h3[^>]*>Engine</h3>(.*?)</dl>", page, re.DOTALL)
        told.append(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", group))
    assert told == [
        [("Engine", "Yanmar, 900 h")],
        [("Engine", "Diesel, in good order"), ("Engine hours", "700")],
    ]
