"""What a shared cache in front of the site would keep, and to whom it would show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from marinemarket.config.settings import Settings
from marinemarket.listings.records import replace_listing
from marinemarket.saved_searches.editing import token_of
from marinemarket.web.app import create_app
from marinemarket.web.assets import asset_address
from marinemarket.web.etags import tags_in
from tests.builders import a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.web.conftest import offer
from tests.web.visitors import signed_in

from .conftest import Reached
from .shared_cache import SharedCache, may_be_kept

pytestmark = pytest.mark.anyio

PUBLIC = a_listing(name="public")
HIDDEN = a_listing(name="hidden", title="The Unpublished Boat", moderation={"state": "pending"})
FILLED = {
    "listing_id": (PUBLIC.id, HIDDEN.id),
    "advert_id": (PUBLIC.id, HIDDEN.id),
    "slug": (PUBLIC.slug, "another-title"),
    "seller_id": (a_user().id,),
    "user_id": (a_user().id,),
    "boat_type": ("sailboat",),
    "file_path": ("site.css", "messages.js"),
}  # fmt: skip
NAMES = {
    "/pictures/": ("outline.svg", "11-0.svg"),
    "/codes/": (f"{PUBLIC.id}.svg", f"{HIDDEN.id}.svg"),
}
SECRETS = (a_user().email, HIDDEN.title, HIDDEN.slug)


def addresses() -> Iterator[str]:
    """Every address that answers GET, its parts filled with what is in the market, or with nothing."""
    for route in create_app(Settings()).routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                yield from _filled(route.path)


def _filled(path: str) -> Iterator[str]:
    part = re.search(r"\{(\w+):\w+\}", path)
    if part is None:
        yield path
        return
    named = next((names for start, names in NAMES.items() if path.startswith(start)), ("none",))
    for value in FILLED.get(part[1], named):
        yield from _filled(path[: part.start()] + value.lstrip("/") + path[part.end() :])


async def _people(market: Market) -> dict[str, dict[str, str]]:
    """The headers of nobody, of the boats' owner, and of staff, by cookie and by header."""
    staff = a_user(name="staff", role=UserRole.SUPER_ADMIN, mfa_enabled=True, mfa_secret="sealed")
    await add_user(market.trail, TESTS, staff)
    member = await signed_in(market)
    chief = await signed_in(market, staff)
    cookie = member["Authorization"].replace("Bearer ", "session=")
    return {"nobody": {}, "member": {"Cookie": cookie}, "api": member, "staff": chief}


async def test_no_shared_cache_shows_one_reader_what_another_was_shown(
    market: Market, reached: Reached
) -> None:
    await offer(market, PUBLIC, HIDDEN)
    people = await _people(market)
    kept = set()
    async with reached(metrics="all") as client:
        routes = {*addresses(), asset_address("site.css"), f"/boats/{HIDDEN.id}/{HIDDEN.slug}"}
        names = list(people)
        for first in range(len(names)):
            order = [*names[first:], *names[:first]]
            cache = SharedCache(client)
            for address in sorted(routes):
                for name in order:
                    answer, was_kept = await cache.get(address, people[name])
                    if was_kept:
                        kept.add(address)
                        direct = await client.get(address, headers=people[name])
                        assert answer.status_code == direct.status_code, (address, order)
                        assert answer.content == direct.content, (address, order)
                    if name == "nobody" and not address.startswith("/metrics"):
                        shown = f"{answer.headers} {answer.text}"
                        assert not [one for one in SECRETS if one in shown], (address, order)
    shared = {
        "/robots.txt",
        "/api/v1/suggestions",
        "/static/site.css",
        "/api/v1/openapi.json",
    }
    assert kept >= shared - {"/static/site.css"}, "the cache of this test works"


async def test_every_answer_says_who_may_keep_it(market: Market, reached: Reached) -> None:
    await offer(market, PUBLIC, HIDDEN)
    people = await _people(market)
    async with reached(metrics="all") as client:
        for address in sorted(addresses()):
            for name, headers in people.items():
                answer = await client.get(address, headers=headers)
                rule = answer.headers["cache-control"]
                if rule.startswith("public"):
                    assert re.fullmatch(r"public, (no-cache|max-age=\d+(, immutable)?)", rule)
                    assert answer.status_code in (200, 304), (address, name)
                    assert "set-cookie" not in answer.headers
                    assert "ratelimit" not in answer.headers
                else:
                    assert rule in ("private, no-store", "private, no-cache", "private, max-age=30")
                    assert {"cookie", "authorization"} <= {
                        one.strip().lower() for one in answer.headers["vary"].split(",")
                    }, (address, name)
                if answer.status_code not in (200, 206, 304):
                    assert rule == "private, no-store", (address, name)
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            for address in ("/api/v1/listings", "/api/v1/me", "/account/sign-in", "/nowhere"):
                answer = await client.request(method, address)
                assert answer.headers["cache-control"] == "private, no-store", (method, address)


async def test_a_title_that_changes_back_never_leads_in_a_circle(
    market: Market, reached: Reached
) -> None:
    first = PUBLIC
    second = first.changed(title="Another name altogether", updated_at=first.updated_at + 1)
    third = second.changed(title=first.title, updated_at=first.updated_at + 2)
    await offer(market, first)
    async with reached() as client:
        cache = SharedCache(client)
        for before, now in ((first, second), (second, third)):
            await replace_listing(market.trail, TESTS, before, now)
            address = f"/boats/{first.id}/{before.slug}"
            moved, _ = await cache.get(address, {})
            assert (moved.status_code, may_be_kept(moved)) == (302, False)
            assert moved.headers["location"] == f"/boats/{first.id}/{now.slug}"
            there, _ = await cache.get(moved.headers["location"], {})
            assert there.status_code == 200


async def test_a_stranger_learns_no_title_from_the_owners_redirect(
    market: Market, reached: Reached
) -> None:
    await offer(market, HIDDEN)
    people = await _people(market)
    async with reached() as client:
        cache = SharedCache(client)
        address = f"/boats/{HIDDEN.id}"
        own, _ = await cache.get(address, people["member"])
        assert (own.status_code, HIDDEN.slug in own.headers["location"]) == (302, True)
        strangers, was_kept = await cache.get(address, {})
        assert (strangers.status_code, was_kept) == (404, False)


@pytest.mark.parametrize(
    "form", ["{}", "W/{}", "{},", '"0" , {}', '"0", W/{}', "gzip", "br", "gzip2", "old", "older", "*", "lines"]
)  # fmt: skip
async def test_a_tag_that_a_compressing_proxy_has_changed_is_still_ours(
    market: Market, reached: Reached, form: str
) -> None:
    await offer(market, PUBLIC)
    people = await _people(market)
    address = f"/api/v1/listings/{PUBLIC.id}"
    async with reached() as client:
        for name in ("nobody", "member", "api", "staff"):
            tag = (await client.get(address, headers=people[name])).headers["etag"]
            for header, value in _sent(form, tag):
                headers = [*people[name].items(), *((header, one) for one in value)]
                answer = await client.get(address, headers=headers)
                assert (answer.status_code, answer.content) == (304, b""), (name, value)
                assert answer.headers["etag"] == tag
                assert answer.headers["cache-control"] == "private, no-cache"
        stale = await client.get(address, headers={"If-None-Match": 'W/"1", "2-gzip", W/5, x'})
        assert stale.status_code == 200
        for feed in ("/boats.atom",):
            tag = (await client.get(feed)).headers["etag"]
            for header, value in _sent(form, tag):
                answer = await client.get(feed, headers=[(header, one) for one in value])
                assert answer.status_code == 304, value

        for _, value in _sent(form, f'"{PUBLIC.updated_at}"'):
            headers = [*people["api"].items(), *(("If-Match", one) for one in value)]
            edited = await client.patch(
                address, json={"title": "Renamed once more"}, headers=headers
            )
            assert edited.status_code == 200, value
        for old in (
            f'W/"{PUBLIC.updated_at}"',
            f'"{PUBLIC.updated_at}-gzip"',
            "nonsense",
            '"x"',
            'W/"',
        ):
            headers = [*people["api"].items(), ("If-Match", old)]
            late = await client.patch(address, json={"title": "And again"}, headers=headers)
            assert late.status_code == 412, old


def _sent(form: str, tag: str) -> Iterator[tuple[str, list[str]]]:
    bare = tag.strip('"')
    values = {
        "gzip": [f'"{bare}-gzip"'],
        "gzip2": [f'W/"{bare}--gzip"'],
        "br": [f'W/"{bare}-br"'],
        "old": [f'"{bare};gzip"'],
        "older": [f"{tag};gzip"],
        "lines": ['"0"', f"W/{tag}"],
    }
    yield "If-None-Match", values.get(form, [form.format(tag)])


async def test_a_long_header_of_nothing_is_read_quickly(market: Market, reached: Reached) -> None:
    """It took seconds for each if the reading began anew at every space."""
    await offer(market, PUBLIC)
    async with reached() as client:
        for nothing in (
            " " * 15_000 + "x",
            '"' * 15_000,
            'W/"' * 5_000,
            '"a ' * 5_000,
            '"a"' + " " * 15_000 + "x",
        ):
            for _ in range(20):
                answer = await client.get(
                    f"/api/v1/listings/{PUBLIC.id}", headers={"If-None-Match": nothing}
                )
                assert answer.status_code in (200, 431)
                assert len([*tags_in(nothing)]) <= 1


BOX = {
    "none": {},
    "foreign": {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    "null": {"Origin": "null"},
    "own": {"Origin": "http://market"},
}


@pytest.mark.parametrize("origin", BOX)
@pytest.mark.parametrize("who", ["nobody", "member", "staff"])
async def test_the_token_alone_ends_the_alerts(
    market: Market, reached: Reached, origin: str, who: str
) -> None:
    """RFC 8058: no cookie, no form of ours, and from whatever page the mail program shows."""
    people = await _people(market)
    wish = {"name": "Sloops", "frequency": "daily", "filters": {"query": "sloop"}}
    async with reached() as client:
        saved = (
            await client.post("/api/v1/me/saved-searches", json=wish, headers=people["api"])
        ).json()
        address = f"/unsubscribe/saved-search/{saved['id']}"
        headers = {**BOX[origin], **(people["member"] if who == "member" else people[who])}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        one_click: dict[str, Any] = {
            "content": "List-Unsubscribe=One-Click",
            "headers": headers | kind,
        }
        for wrong in ("", "?token=", "?token=wrong"):
            assert (await client.post(f"{address}{wrong}", **one_click)).status_code == 404
        token = token_of(market.secret_key, saved["id"])
        done = await client.post(f"{address}?token={token}", **one_click)
        assert done.status_code == 200
        listed = (await client.get("/api/v1/me/saved-searches", headers=people["api"])).json()
        assert [one["frequency"] for one in listed["results"]] == ["never"]
        parts = {"List-Unsubscribe": (None, "One-Click")}
        again = await client.post(f"{address}?token={token}", files=parts, headers=headers)
        assert again.status_code == 200


async def test_a_foreign_page_still_cannot_write_in_a_readers_name(
    market: Market, reached: Reached
) -> None:
    people = await _people(market)
    async with reached() as client:
        for headers in (BOX["foreign"], BOX["null"]):
            answer = await client.post(
                "/account/sessions/end", headers={**people["member"], **headers}
            )
            assert answer.status_code == 403


ELSEWHERE = [
    "www.boats.example", "203.0.113.9", "203.0.113.9:8000", "[2001:db8::1]:8000", "WWW.boats.example:443",
    "evil.example", "localhost",
]  # fmt: skip


@pytest.mark.parametrize("host", ELSEWHERE)
async def test_another_host_name_leads_to_the_public_address(reached: Reached, host: str) -> None:
    site = "https://boats.example"
    async with reached(public_url=site) as client:
        for method, asked, there in (
            ("GET", "/", "/"),
            ("GET", "/boats?q=blue+sloop&price_max=5", "/boats?q=blue+sloop&price_max=5"),
            ("HEAD", "/boats", "/boats"),
            ("GET", "/api/v1/listings?q=%C3%A9", "/api/v1/listings?q=%C3%A9"),
            ("POST", "/api/v1/search", "/api/v1/search"),
            ("GET", "/nowhere", "/nowhere"),
            ("GET", "//evil.example/%0d%0ax", "/evil.example/%0d%0ax"),
            ("GET", "/%2f%2fevil.example/x", "/%2f%2fevil.example/x"),
            ("GET", "/boats/" + uuid_of("x"), "/boats/" + uuid_of("x")),
        ):
            answer = await client.request(method, _url(asked), headers={"Host": host})
            assert answer.status_code == 308, (method, asked)
            assert answer.headers["location"] == f"{site}{there}"
            assert answer.headers["cache-control"] == "private, no-store"
        for exempt in ("/health/live", "/health/ready", "/api/v1/health/live", "/metrics"):
            answer = await client.get(exempt, headers={"Host": host})
            assert answer.status_code != 308, exempt


def _url(path: str) -> httpx.URL:
    return httpx.URL(scheme="http", host="market", raw_path=path.encode())


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("boats.example", {}),
        ("BOATS.EXAMPLE:8443", {}),
        ("web:8000", {}),
        ("web", {"X-Forwarded-Proto": "https"}),
        ("127.0.0.1:8000", {"X-Forwarded-For": "203.0.113.1"}),
    ],
    ids=["own", "own with a port", "internal", "internal by a proxy", "a proxy's own address"],
)
async def test_what_may_be_the_own_name_is_answered(
    reached: Reached, host: str, headers: dict[str, str]
) -> None:
    """A web server in front that passes its own name for ours would otherwise never stop."""
    async with reached(public_url="https://boats.example") as client:
        answer = await client.get("/account/sign-in", headers={"Host": host, **headers})
        assert answer.status_code == 200


async def test_a_market_without_a_public_address_answers_under_any_name(reached: Reached) -> None:
    async with reached() as client:
        for host in ELSEWHERE:
            answer = await client.get("/account/sign-in", headers={"Host": host})
            assert answer.status_code == 200, host
