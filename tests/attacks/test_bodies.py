"""Cases 33, 36, 37 and 38: hostile request bodies."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.listings.records import find_listing
from tests.builders import NOW, a_listing
from tests.web.conftest import Client, offer
from tests.web.visitors import signed_in

from .conftest import Reached

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}


async def _search(client: Client, body: bytes, **headers: str) -> Any:
    return await client.post("/api/v1/search", content=body, headers=JSON | headers)


@pytest.mark.parametrize(
    "figure", ["NaN", "Infinity", "-Infinity", "1e999", "-1E+999", "9" * 5000, "9" * 320 + ".5"]
)
async def test_case_33_what_is_no_number_is_refused_by_name_and_nothing_is_written(
    market: Market, client: Client, figure: str
) -> None:
    searched = await _search(client, b'{"lengthRange": {"min": %s}}' % figure.encode())
    assert searched.status_code == 422
    assert [e["field"] for e in searched.json()["errors"]] == ["lengthRange.min"]
    await offer(market, a_listing())
    headers = await signed_in(market) | JSON | {"If-Match": f'"{NOW}"'}
    body = b'{"boatDetails": {"length": %s}}' % figure.encode()
    answer = await client.patch(f"/api/v1/listings/{a_listing().id}", content=body, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["boatDetails.length"]
    assert await find_listing(market.store, a_listing().id) == a_listing()


async def test_case_33_a_body_that_is_one_such_number_names_the_body(client: Client) -> None:
    answer = await _search(client, b"NaN")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")


@pytest.mark.parametrize("opened", [b"[", b'{"a":'])
async def test_case_36_a_body_nested_beyond_reason_is_refused_in_little_memory(
    client: Client, opened: bytes
) -> None:
    await _search(client, b"[]")
    tracemalloc.start()
    answer = await _search(client, opened * 100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, answer.json()["detail"]) == (400, "the body is nested too deep")
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"limit": 1, "limit": 2}', "limit"),
        (b'{"priceRange": {"min": 1, "max": 5, "min": 2}}', "min"),
        (b'{"boatType": [{"x": 1, "x": 1}]}', "x"),
        (b'{"l": 1, "\\u006c": 2}', "l"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "?"),
    ],
)
async def test_case_36_a_name_that_stands_twice_is_refused_and_named(
    client: Client, body: bytes, name: str
) -> None:
    answer = await _search(client, body)
    assert answer.status_code == 400
    assert answer.json()["detail"] == f"the name {name} stands twice in one object"


async def test_case_37_half_characters_are_refused_and_named(client: Client) -> None:
    for body, field in (
        (b'{"query": "a\\uD800"}', "query"),
        (b'{"boatType": ["sailboat", "\\udfff"]}', "boatType.1"),
        (b'{"location": {"\\ud800": 1}}', "location"),
    ):
        answer = await _search(client, body)
        assert answer.status_code == 422, body
        assert [e["field"] for e in answer.json()["errors"]] == [field]
    assert (await _search(client, b'{"query": "\xff\xfe"}')).status_code == 400
    whole = await _search(client, b'{"query": "\\ud83d\\ude00"}')
    assert whole.status_code in (200, 503), "a pair is a character"


async def test_case_37_what_nobody_sees_is_taken_out_of_what_is_written(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing())
    headers = await signed_in(market) | {"If-Match": f'"{NOW}"'}
    title = "Oc\u0000ea\u202enis \u2066for sale\u2069"
    address = f"/api/v1/listings/{a_listing().id}"
    answer = await client.patch(address, json={"title": title}, headers=headers)
    assert (answer.status_code, answer.json().get("title")) == (200, "Oceanis for sale")
    assert (await client.get("/boats?q=%00")).status_code == 200
    assert (await client.get("/api/v1/listings/a%00b")).status_code == 404


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/jsonx"])
async def test_what_does_not_say_that_it_is_json_is_not_read_as_json(
    client: Client, kind: str
) -> None:
    answer = await _search(client, b"{}", **{"Content-Type": kind})
    assert answer.status_code == 415


async def test_other_kinds_of_json_are_read(market: Market, client: Client) -> None:
    await offer(market)
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/x+json"):
        answer = await _search(client, b"{}", **{"Content-Type": kind})
        assert answer.status_code == 200, kind


async def test_an_empty_body_is_told_what_it_must_be(client: Client) -> None:
    answer = await _search(client, b"")
    assert answer.json()["errors"] == [{"field": "body", "message": "must be a JSON object"}]


async def test_case_38_a_body_that_unfolds_is_refused_folded(client: Client) -> None:
    for coding in ("gzip", "deflate", "br", "identity, gzip"):
        body = gzip.compress(b"{}" + b" " * 10_000_000)
        assert (await _search(client, body, **{"Content-Encoding": coding})).status_code == 415


async def test_case_38_a_body_without_end_is_not_read_to_its_end(reached: Reached) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 100_000
            yield b" " * 100_000

    async with reached() as client:
        answer = await client.post("/api/v1/search", content=endless(), headers=JSON)
        assert (answer.status_code, answer.headers["connection"]) == (413, "close")
        assert sent < 2_000_000
        unread = await client.get("/health/live", headers={"Transfer-Encoding": "chunked"})
        assert (unread.status_code, unread.headers["connection"]) == (200, "close")
