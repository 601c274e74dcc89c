"""Photos of an advert, over the API and on their page."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.listings.draft import Draft
from marinemarket.listings.draft_records import find_draft, keep_draft
from marinemarket.listings.photo import MOST_PHOTOS
from marinemarket.listings.records import find_listing
from tests.attacks.clients import form_token
from tests.builders import NOW, OWNER, a_listing, uuid_of
from tests.media.picture_files import a_photo, opened
from tests.web.conftest import Client, offer
from tests.web.visitors import signed_in

pytestmark = pytest.mark.anyio

BOAT = a_listing()
IMAGES = f"/api/v1/listings/{BOAT.id}/images"
PAGE = f"/sell/{BOAT.id}/photos"

Files = list[tuple[str, tuple[str, bytes]]]


def files(*seeds: int) -> Files:
    return [("images", (f"{seed}.jpg", a_photo(seed, (300, 200)))) for seed in seeds]


async def _with_photos(client: Client, headers: dict[str, str], count: int) -> list[str]:
    answer = await client.post(IMAGES, files=files(*range(count)), headers=headers)
    assert answer.status_code == 201, answer.text
    return [photo["id"] for photo in answer.json()["photos"]]


@pytest.fixture
async def headers(market: Market) -> dict[str, str]:
    await offer(market, BOAT)
    return await signed_in(market)


async def test_photos_are_taken_in_and_served_in_every_size(
    client: Client, headers: dict[str, str]
) -> None:
    answer = await client.post(IMAGES, files=files(1, 2), headers=headers)
    document = answer.json()
    assert (answer.status_code, len(document["photos"])) == (201, 2)
    assert answer.headers["etag"] == f'"{document["updatedAt"]}"'
    public = (await client.get(f"/api/v1/listings/{BOAT.id}")).json()
    assert public["images"] == document["images"]
    for address, size in ((public["images"][0], (300, 200)), (public["thumbnails"][0], (300, 300))):
        shown = await client.get(address)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "content-encoding" not in shown.headers
        assert opened(shown.content).size == size
        tag = {"If-None-Match": shown.headers["etag"]}
        assert (await client.get(address, headers=tag)).status_code == 304
    webp = await client.get(public["images"][0].replace(".jpg", ".webp"))
    assert webp.headers["content-type"] == "image/webp"


async def test_order_captions_and_removal(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    first, second, third = await _with_photos(client, headers, 3)
    order = {"order": [third, first, second]}
    headers |= {"If-Match": "*"}
    answer = await client.put(f"{IMAGES}/order", json=order, headers=headers)
    assert [photo["id"] for photo in answer.json()["photos"]] == [third, first, second]
    payload = {"caption": "  The helm  "}
    answer = await client.patch(f"{IMAGES}/{first}", json=payload, headers=headers)
    assert answer.json()["photos"][1]["caption"] == "The helm"
    assert (await client.delete(f"{IMAGES}/{third}", headers=headers)).status_code == 204
    assert (await client.delete(f"{IMAGES}/{third}", headers=headers)).status_code == 404
    listing = await find_listing(market.store, BOAT.id)
    assert listing is not None
    assert [photo.id for photo in listing.photos] == [first, second]
    assert [first in listing.images[0], len(listing.images)] == [True, 2]
    answer = await client.patch(f"{IMAGES}/{first}", json={"caption": None}, headers=headers)
    assert "caption" not in answer.json()["photos"][0]


async def test_what_changes_the_photos_that_are_there_names_the_version_that_it_saw(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    [first, second] = await _with_photos(client, headers, 2)
    shown = await client.get(f"/api/v1/listings/{BOAT.id}", headers=headers)
    seen = {"If-Match": shown.headers["etag"]}
    changes: list[tuple[str, str, dict[str, Any] | None]] = [
        ("PUT", f"{IMAGES}/order", {"order": [second, first]}),
        ("PATCH", f"{IMAGES}/{first}", {"caption": "The helm"}),
        ("DELETE", f"{IMAGES}/{first}", None),
    ]
    for method, path, body in changes:
        answer = await client.request(method, path, json=body, headers=headers)
        assert answer.status_code == 428, path
        old = headers | {"If-Match": '"1"'}
        answer = await client.request(method, path, json=body, headers=old)
        assert answer.status_code == 412, path
        assert answer.headers["etag"] == shown.headers["etag"]
        assert [photo["id"] for photo in answer.json()["current"]["photos"]] == [first, second]
    answer = await client.put(changes[0][1], json=changes[0][2], headers=headers | seen)
    assert answer.status_code == 200
    late = await client.delete(f"{IMAGES}/{first}", headers=headers | seen)
    assert late.status_code == 412, "the order has changed since"
    next_one = headers | {"If-Match": late.headers["etag"]}
    assert late.headers["etag"] == answer.headers["etag"]
    assert (await client.delete(f"{IMAGES}/{first}", headers=next_one)).status_code == 204


async def test_photos_added_at_once_are_all_added_and_one_that_names_a_version_is_held_to_it(
    client: Client, headers: dict[str, str]
) -> None:
    answers = await asyncio.gather(
        *(client.post(IMAGES, files=files(seed), headers=headers) for seed in range(4))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert max(len(answer.json()["photos"]) for answer in answers) == 4
    old = await client.post(IMAGES, files=files(9), headers=headers | {"If-Match": '"1"'})
    assert (old.status_code, len(old.json()["current"]["photos"])) == (412, 4)
    now = headers | {"If-Match": old.headers["etag"]}
    assert (await client.post(IMAGES, files=files(9), headers=now)).status_code == 201


@pytest.mark.parametrize(
    "order", [[], ["first"], ["first", "first"], ["first", "second", "f" * 32]]
)
async def test_an_order_that_names_others_than_there_are_is_refused(
    client: Client, headers: dict[str, str], order: list[str]
) -> None:
    first, second = await _with_photos(client, headers, 2)
    named = [{"first": first, "second": second}.get(one, one) for one in order]
    headers |= {"If-Match": "*"}
    answer = await client.put(f"{IMAGES}/order", json={"order": named}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "order")


async def test_of_several_photos_all_are_taken_or_none(
    market: Market, client: Client, headers: dict[str, str]
) -> None:
    sent: Files = [*files(1), ("images", ("notes.jpg", b"no picture at all"))]
    assert (await client.post(IMAGES, files=sent, headers=headers)).status_code == 415
    assert (await client.post(IMAGES, headers=headers)).status_code == 422
    assert await find_listing(market.store, BOAT.id) == BOAT


async def test_the_same_photo_sent_again_is_added_once(
    client: Client, headers: dict[str, str]
) -> None:
    key = headers | {"Idempotency-Key": "from the dock"}
    for _ in range(2):
        answer = await client.post(IMAGES, files=files(1), headers=key)
        assert (answer.status_code, len(answer.json()["photos"])) == (201, 1)
    other = await client.post(IMAGES, files=files(2), headers=key)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_no_more_than_twenty_photos(client: Client, headers: dict[str, str]) -> None:
    await _with_photos(client, headers, MOST_PHOTOS - 1)
    answer = await client.post(IMAGES, files=files(50, 51), headers=headers)
    assert (answer.status_code, "at most 20 photos" in answer.json()["detail"]) == (409, True)
    page = await client.post(
        PAGE, files=files(50, 51), headers=headers, data={"csrf_token": "by secret"}
    )
    assert "1 photo uploaded." in page.text
    assert "51.jpg</strong>: An advert shows at most 20 photos: remove one first." in page.text
    assert "reached the limit of 20 photos" in page.text


async def test_a_draft_has_photos_as_well(market: Market, client: Client) -> None:
    id = uuid_of("draft")
    values = {"title": "An unfinished boat"}
    draft = Draft(id=id, owner_id=OWNER, values=values, base={}, created_at=NOW, updated_at=NOW)
    await keep_draft(market.trail, None, draft)
    headers = await signed_in(market)
    answer = await client.post(f"/api/v1/listings/{id}/images", files=files(1), headers=headers)
    assert (answer.status_code, answer.json()["values"]) == (201, values)
    kept = await find_draft(market.store, id)
    assert kept is not None
    assert len(kept.photos) == 1
    assert "An unfinished boat" in (await client.get(f"/sell/{id}/photos", headers=headers)).text


async def test_a_body_over_the_limit_is_refused_before_it_is_read(
    client: Client, headers: dict[str, str]
) -> None:
    payload = headers | {
        "Content-Length": "100000001",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    answer = await client.post(IMAGES, content=b"--x", headers=payload)
    assert answer.status_code == 413


async def test_the_page_works_by_forms_alone(client: Client, headers: dict[str, str]) -> None:
    cookie = {"Cookie": f"session={headers['Authorization'].removeprefix('Bearer ')}"}
    client.headers.update(cookie)
    assert "No photos yet" in (await client.get(PAGE)).text
    token = {"csrf_token": await form_token(client, PAGE)}
    broken = ("images", ("chart.pdf", b"%PDF-1.7"))
    answer = await client.post(PAGE, files=[*files(1, 2), broken], data=token)
    assert answer.status_code == 415
    assert "2 photos uploaded." in answer.text
    message = "<strong>chart.pdf</strong>: This is a PDF: save the picture in it as a JPEG, and send that."
    assert message in answer.text
    first, second = _photos(answer.text)

    async def send(photo: str, what: str, **fields: str) -> Any:
        return await client.post(
            f"{PAGE}/{photo}/{what}", data=token | fields, follow_redirects=False
        )

    moved = await send(second, "place", to="first")
    assert (moved.status_code, moved.headers["location"]) == (303, f"{PAGE}#photo-{second}")
    assert _photos((await client.get(PAGE)).text) == [second, first]
    await send(second, "place", to="later")
    await send(second, "caption", caption='The deck, 5" below')
    page = (await client.get(PAGE)).text
    assert _photos(page) == [first, second]
    assert 'value="The deck, 5&#34; below"' in page
    long = await send(second, "caption", caption="x" * 201)
    assert (long.status_code, "must be at most 200 characters" in long.text) == (422, True)
    await send(first, "removal")
    assert _photos((await client.get(PAGE)).text) == [second]
    nothing = await client.post(PAGE, files={"images": ("", b"")}, data=token)
    assert (nothing.status_code, "Send at least one file" in nothing.text) == (422, True)


def _photos(page: str) -> list[str]:
    return re.findall(r'data-photo="([0-9a-f]{32})"', page)


async def test_cards_show_the_first_photo_with_its_size_and_its_colour(
    client: Client, headers: dict[str, str]
) -> None:
    [photo] = await _with_photos(client, headers, 1)
    page = (await client.get("/boats")).text
    assert f'srcset="/media/photos/{photo}/600x400.webp"' in page
    assert f'src="/media/photos/{photo}/600x400.jpg" alt="" width="600" height="400"' in page
    assert re.search(r'<path fill="#[0-9a-f]{6}"', page)
