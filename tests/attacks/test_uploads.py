"""Cases 18 and 23 to 28: disguised files, and other people's pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import marinemarket
from marinemarket.accounts.records import add_user
from marinemarket.composition import Market
from marinemarket.listings.records import find_listing
from marinemarket.media.image_process import ImageProcess
from marinemarket.store.schema import MEDIA
from tests.builders import a_listing, a_user
from tests.conftest import TESTS
from tests.media.picture_files import a_file, a_photo, a_scene, opened
from tests.web.conftest import Client, offer
from tests.web.visitors import signed_in

pytestmark = pytest.mark.anyio

BOAT = a_listing()
IMAGES = f"/api/v1/listings/{BOAT.id}/images"
SIZES = ("150x150", "300x300", "600x400", "1600")


@pytest.fixture
async def headers(market: Market) -> dict[str, str]:
    await offer(market, BOAT)
    return await signed_in(market)


async def _send(
    client: Client, headers: dict[str, str], content: bytes, name: str = "boat.jpg"
) -> tuple[int, list[dict[str, str]]]:
    answer = await client.post(IMAGES, files={"images": (name, content)}, headers=headers)
    return answer.status_code, answer.json().get("photos", [])


async def _files(client: Client, photo: str) -> list[tuple[str, bytes]]:
    found = []
    for address in (
        f"/media/photos/{photo}/{size}.{kind}" for size in SIZES for kind in ("jpg", "webp")
    ):
        shown = await client.get(address)
        assert shown.status_code == 200, address
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        found.append((shown.headers["content-type"], shown.content))
    return found


def _kept(market: Market) -> list[str]:
    place = Path(market.settings.blobs_place)
    files = (path for path in place.rglob("*") if path.is_file())
    return sorted(path.relative_to(place).as_posix() for path in files)


async def test_case_18_nobody_touches_the_photos_of_somebody_else(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    _, [photo] = await _send(client, headers, a_photo())
    other = a_user(name="other")
    await add_user(market.trail, TESTS, other)
    before = await find_listing(market.store, BOAT.id)
    for theirs in (await signed_in(market, other), {}):
        wanted = 404 if theirs else 401
        theirs |= {"If-Match": "*"}
        one = f"{IMAGES}/{photo['id']}"
        answers = [
            await client.post(IMAGES, files={"images": ("x.jpg", a_photo(2))}, headers=theirs),
            await client.put(f"{IMAGES}/order", json={"order": [photo["id"]]}, headers=theirs),
            await client.patch(one, json={"caption": "mine"}, headers=theirs),
            await client.delete(one, headers=theirs),
        ]
        assert [answer.status_code for answer in answers] == [wanted] * 4
        page = f"/sell/{BOAT.id}/photos"
        pages = [
            await client.get(page, headers=theirs, follow_redirects=False),
            await client.post(
                f"{page}/{photo['id']}/removal", headers=theirs, follow_redirects=False
            ),
        ]
        assert {answer.status_code for answer in pages} == ({404} if wanted == 404 else {303})
    assert await find_listing(market.store, BOAT.id) == before


def _huge_png() -> bytes:
    """The head of 50,000 × 50,000 pixels, and what unfolds to a megabyte of them."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_case_23_pixels_are_counted_before_any_is_decoded(
    market: Market, client: Client, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(ImageProcess, "develop", fail)
    wide = a_file(Image.new("1", (10_001, 7_000)), "PNG")
    for content in (_huge_png(), wide):
        answer = await client.post(IMAGES, files={"images": ("a.png", content)}, headers=headers)
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["field"], "70 megapixels" in error["message"]) == ("image", True)
    assert await find_listing(market.store, BOAT.id) == BOAT
    assert _kept(market) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("boat.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("boat.jpg", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("boat.jpg", b"<html><script>alert(1)</script></html>"),
        ("boat.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        ("boat.png", a_file(a_scene(size=(60, 40)), "TIFF")),
        ("boat.png", a_file(a_scene(size=(60, 40)), "BMP")),
    ],
)
async def test_case_24_svg_and_whatever_else_is_no_photo_is_refused(
    market: Market, client: Client, headers: dict[str, str], name: str, content: bytes
) -> None:
    assert (await _send(client, headers, content, name))[0] == 415
    assert await find_listing(market.store, BOAT.id) == BOAT
    assert _kept(market) == []


async def test_case_25_a_page_behind_a_picture_is_gone(
    client: Client, headers: dict[str, str]
) -> None:
    page = b"<html><script>alert(document.domain)</script></html>"
    polyglot = a_file(a_scene(), comment=page) + page
    _, [photo] = await _send(client, headers, polyglot, "boat.html")
    for kind, content in await _files(client, photo["id"]):
        assert kind in ("image/jpeg", "image/webp")
        assert b"<script" not in content


async def test_case_26_where_a_photo_was_taken_is_in_none_of_its_files(
    client: Client, headers: dict[str, str]
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secretmaker"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (27.0, 11.0, 52.0), "W", (80.0, 15.0, 10.0)
    content = a_file(a_scene(), exif=exif, xmp=b"<x:xmpmeta>Secretmaker</x:xmpmeta>")
    assert content.count(b"Secretmaker") == 2
    _, [photo] = await _send(client, headers, content)
    for _, made in await _files(client, photo["id"]):
        assert b"Secretmaker" not in made
        assert b"Exif" not in made
        assert not opened(made).getexif().get_ifd(0x8825)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/cron.d/x", "a%00b.jpg", "..\\..\\x.jpg", "x" * 500 + ".jpg"]
)
async def test_case_27_what_a_file_is_called_names_nothing_here(
    market: Market, client: Client, headers: dict[str, str], name: str
) -> None:
    status, [photo] = await _send(client, headers, a_photo(size=(60, 40)), name)
    assert status == 201
    kept = _kept(market)
    id = photo["id"]
    assert kept == sorted(f"photos/{id[:2]}/{id}/{s}.{k}" for s in SIZES for k in ("jpg", "webp"))


@pytest.mark.parametrize(
    "path",
    [
        "/media/photos/..%2f..%2f..%2fsecret-key/1600.jpg",
        "/media/photos/{id}/..%2f..%2f..%2f..%2fsecret-key",
        "/media/photos/{id}/1600.jpg%00",
        "/media/photos/{id}/1600.svg",
        "/media/photos/{id}/1601.jpg",
        "/media/photos/{ID}/1600.jpg",
        "/media/photos/%2e%2e/1600.jpg",
        "/media/photos/" + "0" * 32 + "/1600.jpg",
        "/media/videos/..%2fsecret-key.mp4",
        "/media/videos/" + "0" * 32 + ".mp4",
    ],
)
async def test_case_27_an_address_leads_to_photos_and_nowhere_else(
    client: Client, headers: dict[str, str], path: str
) -> None:
    _, [photo] = await _send(client, headers, a_photo(size=(60, 40)))
    address = path.replace("{id}", photo["id"]).replace("{ID}", photo["id"].upper() + "A")
    assert (await client.get(address)).status_code == 404


async def test_case_28_no_picture_is_fetched_from_an_address_that_somebody_names(
    client: Client, headers: dict[str, str]
) -> None:
    """There is no such thing here: pictures are sent, and `images` is the market's to say."""
    for address in ("http://169.254.169.254/latest/meta-data", "http://[::1]/x.jpg"):
        versioned = headers | {"If-Match": "*"}
        payload = {"images": [address]}
        answer = await client.patch(f"/api/v1/listings/{BOAT.id}", json=payload, headers=versioned)
        assert answer.status_code == 422
        answer = await client.post(IMAGES, data={"images": address}, headers=headers)
        assert answer.status_code == 422
        answer = await client.post(IMAGES, json={"url": address}, headers=headers)
        assert answer.status_code == 422


def _modules() -> Iterator[Path]:
    source = Path(marinemarket.__file__).parent
    for folder in ("media", "listings", "web"):
        yield from (source / folder).rglob("*.py")


def test_case_28_nothing_that_handles_pictures_can_ask_another_host() -> None:
    clients = ("import httpx", "import aiohttp", "urllib.request", "import requests", "http.client")
    asking = [path.name for path in _modules() if any(name in path.read_text() for name in clients)]
    assert asking == []


async def test_a_photo_that_was_refused_leaves_no_entry(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    await _send(client, headers, a_photo()[:2000])
    assert (await market.store.scan(MEDIA)).items == []
