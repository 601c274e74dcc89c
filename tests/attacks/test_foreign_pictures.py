"""No visitor's browser is ever sent to another host for a picture, whatever is stored or imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.listings.records import find_listing
from marinemarket.store.schema import LISTINGS
from marinemarket.store.writes import Update
from tests.builders import ManualClock, a_listing
from tests.listings.samples import Desk, own_row, table
from tests.web.conftest import Client, offer
from tests.web.visitors import signed_in

pytestmark = pytest.mark.anyio

BOAT = a_listing()
ELSEWHERE = ["https://pictures.example/1.jpg", "//pictures.example/2.jpg", "/account/sign-out"]
OWN = f"/media/photos/{'a' * 32}/1600.jpg"
PAGES = (
    f"/api/v1/listings/{BOAT.id}",
    f"/boats/{BOAT.id}",
    f"/boats/{BOAT.id}/report",
    f"/sell/{BOAT.id}/photos",
    f"/sell/{BOAT.id}",
    "/api/v1/listings",
    "/api/v1/me/listings",
    "/account/boats",
    "/boats",
    "/boats.atom",
    "/",
)


async def _as_an_earlier_version_stored_it(market: Market) -> None:
    await offer(market, BOAT)
    foreign = {"images": [*ELSEWHERE, OWN], "thumbnails": ELSEWHERE, "videos": ["/account/x"]}
    await market.store.commit(Update(LISTINGS, (BOAT.id,), set=foreign))


async def test_an_advert_stored_with_addresses_elsewhere_shows_none_of_them(
    market: Market, client: Client
) -> None:
    await _as_an_earlier_version_stored_it(market)
    headers = await signed_in(market)
    seen = 0
    for address in PAGES:
        for who in ({}, headers):
            shown = await client.get(address, headers=who, follow_redirects=True)
            seen += BOAT.title in shown.text
            assert "pictures.example" not in shown.text, address
            assert "/account/x" not in shown.text, address
    assert seen > len(PAGES), "the boat itself must be shown"
    document = (await client.get(f"/api/v1/listings/{BOAT.id}")).json()
    assert (document["images"], document["thumbnails"], document["videos"]) == ([OWN], [], [])


async def test_the_owner_of_such_an_advert_can_still_edit_it(
    market: Market, client: Client
) -> None:
    await _as_an_earlier_version_stored_it(market)
    headers = await signed_in(market) | {"If-Match": "*"}
    answer = await client.patch(
        f"/api/v1/listings/{BOAT.id}", json={"price": 9_000_000}, headers=headers
    )
    assert (answer.status_code, answer.json()["images"]) == (200, [OWN])


async def test_no_page_may_load_a_picture_from_another_host(client: Client) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["img-src"] == "'self' data: blob:"
    assert rules["media-src"] == "'self'"


@pytest.mark.parametrize(
    "video",
    [
        "/account/sign-out",
        "https://films.example/1",
        "//films.example/1",
        f"/media/videos/{'c' * 32}.mp4",
    ],
)
async def test_a_video_that_the_site_does_not_hold_is_refused(
    market: Market, client: Client, video: str
) -> None:
    await offer(market, BOAT)
    headers = await signed_in(market)
    versioned = headers | {"If-Match": "*"}
    boat = f"/api/v1/listings/{BOAT.id}"
    changed = await client.patch(boat, json={"videos": [video]}, headers=versioned)
    new: dict[str, Any] = {
        "title": "A second boat",
        "price": 100_000,
        "location": {"country": "US", "state": "FL"},
        "boatDetails": {"type": "sailboat"},
    }
    created = await client.post("/api/v1/listings", json=new | {"videos": [video]}, headers=headers)
    for answer in (changed, created):
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["videos"]
    assert await find_listing(market.store, BOAT.id) == BOAT
    assert (await client.patch(boat, json={"videos": []}, headers=versioned)).status_code == 200
    empty = await client.post("/api/v1/listings", json=new | {"videos": []}, headers=headers)
    assert empty.status_code == 201, empty.text


async def test_an_import_leaves_out_what_other_hosts_serve(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    desk = Desk(market, tmp_path)
    rows = [own_row(images=" | ".join([*ELSEWHERE, OWN]), videos="https://films.example/1 | /x")]
    report = await desk.take(table(rows), "csv")
    assert (report.created, report.media_elsewhere) == (1, 5)
    [boat] = await desk.listings()
    assert (boat.images, boat.videos) == ((OWN,), ())
    clock.now += 1000
    assert (await desk.take(table(rows), "csv")).unchanged == 1
