"""Request ids, and logs that hold no secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.logs import REQUEST_ID, REQUESTS, formatter, masked

from .conftest import Reached

pytestmark = pytest.mark.anyio

MARK = "PLANTED-MARKER.0123456789_abcdef"

SECRETS = [
    f"Authorization: Bearer {MARK}",
    f"bearer {MARK}",
    f"{{'authorization': 'Bearer {MARK}'}}",
    f"[(b'cookie', b'session={MARK}; theme=dark')]",
    f"Cookie: __Host-session={MARK}; theme=dark",
    f"Set-Cookie: session={MARK}; Path=/",
    f"__Host-device={MARK}",
    f"GET /verify?token={MARK}&next=/",
    f"https://boats.example/reset?code={MARK}#top",
    f"csrf_token={MARK}",
    f"secret_key='{MARK}'",
    f'{{"password": "{MARK}"}}',
    f"{{'token': '{MARK}'}}",
    f"password={MARK}",
    f"smtp://mailer:{MARK}@mail.example:587",
    f"$argon2id$v=19$m=19456,t=2,p=1${MARK.replace('-', '+').replace('_', '/')}",
]


@pytest.fixture(params=["words", "json"])
def logged(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that is logged meanwhile, in each form."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(request.param))
    root, requests = logging.getLogger(), logging.getLogger(REQUESTS)
    root.addHandler(handler)
    before = requests.level
    requests.setLevel(logging.INFO)
    yield written
    requests.setLevel(before)
    root.removeHandler(handler)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_never_reaches_a_log(logged: io.StringIO, secret: str) -> None:
    log = logging.getLogger("marinemarket.test")
    log.warning("said %s", secret)
    log.warning("beside", extra={"seen": {"headers": secret}})
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("failed")
    text = logged.getvalue()
    assert text.count("[masked]") >= 2
    assert MARK[8:] not in text.replace("+", "-").replace("/", "_")


def test_what_is_no_secret_stays() -> None:
    for plain in ("status_code=500", "2 boats, code 7", "https://boats.example/boats?q=x", "token"):
        assert masked(plain) == plain


async def test_a_request_full_of_secrets_leaves_none_behind(
    logged: io.StringIO, reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **overrides: Any) -> None:
        raise RuntimeError(f"cannot read Bearer {MARK} of password={MARK}")

    monkeypatch.setattr("marinemarket.web.api.listings.find_boats", broken)
    async with reached() as client:
        answer = await client.get(
            f"/api/v1/listings?q=x&after={MARK}",
            headers={"Authorization": f"Bearer {MARK}", "Cookie": f"session={MARK}"},
        )
    assert answer.status_code == 500
    assert MARK not in answer.text
    text = logged.getvalue()
    assert "RuntimeError" in text, "the traceback is there"
    assert MARK not in text
    assert answer.headers["x-request-id"] in text
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


async def test_one_line_says_what_a_request_was_without_what_it_asked(reached: Reached) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    requests = logging.getLogger(REQUESTS)
    requests.addHandler(handler)
    requests.setLevel(logging.INFO)
    async with reached() as client:
        await client.get("/boats/some-boat?q=private")
        await client.get("/nowhere/private")
    requests.removeHandler(handler)
    requests.setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    seen = [(line["method"], line["route"], line["status"]) for line in lines]
    assert seen == [("GET", "/boats/{listing_id}", 404), ("GET", "none", 404)]
    assert set(lines[0]) == {
        "time", "level", "logger", "message", "method", "route", "status", "milliseconds", "requestId",
    }  # fmt: skip
    assert "private" not in written.getvalue()
    assert "203.0.113" not in written.getvalue()


async def test_an_id_is_taken_over_from_a_trusted_proxy_alone(reached: Reached) -> None:
    brought = {"X-Request-ID": "0123456789-abc"}
    async with reached(trusted_proxies="203.0.113.7") as client:
        assert (await client.get("/nowhere", headers=brought)).headers[
            "x-request-id"
        ] == "0123456789-abc"
        for odd in ("short", "x" * 65, "has spaces in it", "<script>alert</script>"):
            answer = await client.get("/nowhere", headers={"X-Request-ID": odd})
            assert len(answer.headers["x-request-id"]) == 32
    async with reached() as client:
        first, second = [await client.get("/nowhere", headers=brought) for _ in range(2)]
        assert first.headers["x-request-id"] != "0123456789-abc"
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert REQUEST_ID.get() is None


async def test_a_page_that_failed_shows_its_number(
    market: Market, reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marinemarket.web.pages.search.results.parse_query", None)
    async with reached() as client:
        answer = await client.get("/boats")
        assert answer.status_code == 500
        assert f"number: {answer.headers['x-request-id']}" in answer.text
        missing = await client.get("/nowhere")
        assert missing.headers["x-request-id"] not in missing.text
