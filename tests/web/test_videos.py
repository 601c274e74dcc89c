"""Videos of an advert: uploaded as files, served in ranges, and deleted."""

from __future__ import annotations

import pytest

from marinemarket.clock import DAY
from marinemarket.composition import Market
from marinemarket.listings.media.cleanup import sweep_media
from marinemarket.listings.records import find_listing
from marinemarket.store.schema import MEDIA
from tests.builders import ManualClock, a_listing
from tests.media.video_files import PICTURE, TOLD, a_film, a_fragmented_film, a_webm
from tests.web.conftest import Client, Reached, offer
from tests.web.visitors import signed_in

pytestmark = pytest.mark.anyio

BOAT = a_listing()
VIDEOS = f"/sell/{BOAT.id}/videos"


@pytest.fixture
async def headers(market: Market) -> dict[str, str]:
    await offer(market, BOAT)
    return await signed_in(market)


async def _videos(market: Market) -> tuple[str, ...]:
    listing = await find_listing(market.store, BOAT.id)
    assert listing is not None
    return listing.videos


async def _send(client: Client, headers: dict[str, str], content: bytes) -> int:
    sent = {"video": ("../../film.exe", content)}
    answer = await client.post(VIDEOS, files=sent, headers=headers, follow_redirects=False)
    return answer.status_code


async def test_a_video_is_served_in_the_parts_that_a_player_asks_for(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    assert await _send(client, headers, a_film()) == 303
    [address] = await _videos(market)
    whole = await client.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["accept-ranges"] == "bytes"
    assert (len(whole.content), b"+27.1978" in whole.content) == (len(a_film()), False)
    size = len(whole.content)
    for asked, wanted in (
        ("bytes=0-3", (0, 4)),
        ("bytes=10-", (10, size)),
        ("bytes=-7", (size - 7, size)),
        (f"bytes=5-{size * 2}", (5, size)),
    ):
        part = await client.get(address, headers={"Range": asked})
        first, end = wanted
        assert (part.status_code, part.content) == (206, whole.content[first:end])
        assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
    beyond = await client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for odd in ("bytes=5-2", "lines=1-2", "bytes=0-1,4-5"):
        assert (await client.get(address, headers={"Range": odd})).status_code == 200


async def test_three_videos_at_most_and_each_is_one(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    for content in (a_film(), a_film(b"qt  "), a_webm()):
        assert await _send(client, headers, content) == 303
    assert [address.rpartition(".")[2] for address in await _videos(market)] == [
        "mp4", "mov", "webm",
    ]  # fmt: skip
    assert await _send(client, headers, a_film()) == 409
    for _ in range(3):
        id = (await _videos(market))[0].rpartition("/")[2].partition(".")[0]
        await client.post(f"{VIDEOS}/{id}/removal", headers=headers)
    assert await _videos(market) == ()
    assert await _send(client, headers, b"<html>") == 415
    assert await _send(client, headers, a_film()[:-60]) == 422


async def test_a_video_over_the_limit_is_refused(
    market: Market, reached: Reached, headers: dict[str, str]
) -> None:
    async with reached(video_megabytes=1) as client:
        for beyond, text in ((1_100_000, "at most 1 MB"), (3_000_000, "")):
            sent = {"video": ("a.mp4", a_film() + bytes(beyond))}
            answer = await client.post(VIDEOS, files=sent, headers=headers)
            assert (answer.status_code, text in answer.text) == (413, True)
    assert await _videos(market) == ()


async def test_a_video_that_an_edit_drops_is_let_go_and_no_edit_names_one(
    market: Market, client: Client, headers: dict[str, str], clock: ManualClock
) -> None:
    await _send(client, headers, a_film())
    [address] = await _videos(market)
    boat, versioned = f"/api/v1/listings/{BOAT.id}", headers | {"If-Match": "*"}
    assert (await client.patch(boat, json={"videos": []}, headers=versioned)).status_code == 200
    again = await client.patch(boat, json={"videos": [address]}, headers=versioned)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "videos")
    clock.now += 35 * DAY
    assert (
        await sweep_media(
            market.trail,
            market.studio,
            keep_days=35,
            is_evidence=market.earlier_adverts().is_evidence,
        )
        == 1
    )
    assert (await client.get(address)).status_code == 404
    assert (await market.store.scan(MEDIA)).items == []


async def test_whoever_uploads_hevc_is_told_that_it_does_not_play_everywhere(
    client: Client, headers: dict[str, str]
) -> None:
    for codec, is_told in ((b"hvc1", True), (b"avc1", False)):
        sent = {"video": ("a.mp4", a_film(codec=codec))}
        answer = await client.post(VIDEOS, files=sent, headers=headers, follow_redirects=False)
        page = await client.get(answer.headers["location"], headers=headers)
        assert ("many browsers play only the sound" in page.text) is is_told


@pytest.mark.parametrize(
    "content", [a_film(), a_film(b"qt  "), a_film(None), a_fragmented_film(), a_webm()]
)
async def test_a_video_that_is_downloaded_tells_nothing_but_picture_and_sound(
    market: Market, client: Client, headers: dict[str, str], content: bytes
) -> None:
    assert await _send(client, headers, content) == 303
    [address] = await _videos(market)
    served = (await client.get(address)).content
    assert len(served) == len(content)
    assert [told for told in TOLD if told in served] == []
    for sample in PICTURE:
        assert served.count(sample) == content.count(sample) > 0
