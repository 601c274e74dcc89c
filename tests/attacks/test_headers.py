"""Security headers on every kind of answer."""

from __future__ import annotations

import re

import pytest

from marinemarket.composition import Market
from tests.builders import a_listing
from tests.web.conftest import offer

from .conftest import Reached

pytestmark = pytest.mark.anyio

ALL = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PAGE = {
    "default-src 'none'", "style-src 'self'", "font-src 'self'", "img-src 'self' data: blob:", "media-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


async def test_every_answer_is_bound_and_only_tls_demands_tls(
    market: Market, reached: Reached
) -> None:
    await offer(market, a_listing())
    for url, demanded in (
        ("https://boats.example", "max-age=63072000; includeSubDomains"),
        ("http://127.0.0.1:8000", None),
    ):
        async with reached(public_url=url) as client:
            for address in ("/", "/boats", "/nowhere", "/api/v1/listings", "/api/v1/nothing",
                            "/static/site.css", "/static/none", "/pictures/trawler/12-2.svg"):  # fmt: skip
                headers = (await client.get(address)).headers
                assert ALL.items() <= headers.items(), address
                assert headers.get("strict-transport-security") == demanded, address
                assert "microphone=()" in headers["permissions-policy"]
                policy = set(headers["content-security-policy"].split("; "))
                scripts = {part for part in policy if part.startswith("script-src")}
                if headers["content-type"].startswith("text/html"):
                    assert policy - scripts == PAGE
                    assert len(scripts) == 1
                else:
                    assert "default-src 'none'" in policy
                    assert not scripts, address


async def test_what_went_wrong_is_not_kept(reached: Reached) -> None:
    async with reached() as client:
        for address in ("/nowhere", "/api/v1/listings?limit=0", "/api/v1/nothing", "/static/x"):
            assert (await client.get(address)).headers["cache-control"] == "private, no-store", (
                address
            )


async def test_a_templates_nonce_is_the_one_that_the_answer_allows(reached: Reached) -> None:
    nonces: set[str] = set()
    async with reached() as client:
        for _ in range(2):
            answer = await client.get("/boats")
            allowed = re.search(r"'nonce-([\w-]{22})'", answer.headers["content-security-policy"])
            assert allowed
            assert set(re.findall(r'nonce="([^"]*)"', answer.text)) == {allowed[1]}
            nonces.add(allowed[1])
    assert len(nonces) == 2
