"""What a hostile request costs, and how much is answered to it.

Each shape is sent to each kind of route of the whole application, as a server would hand it over, on a
market with one listing. It reports the CPU time of the process, the least of three, and the status and
size of the answer; whatever takes over 50 ms is marked.

    .venv/bin/python -m benchmarks.hostile_requests [PART OF A NAME]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Litestar

from marinemarket.accounts.records import add_user
from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.listings.records import add_listing
from marinemarket.search.index_follower import reach
from marinemarket.web.app import create_app
from tests.builders import NOW, a_listing, a_user
from tests.conftest import TESTS
from tests.web.visitors import signed_in

SIZE = 980_000
LIMIT_MS = 50.0
ROUNDS = 3

ID = a_listing().id
API = "/api/v1"


class Sent(NamedTuple):
    name: str
    method: str
    target: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""


def many(item: bytes) -> bytes:
    return b",".join([item] * (SIZE // (len(item) + 1)))


def keyed(count: int) -> bytes:
    return b",".join(b'"k%06d":1' % number for number in range(count))


def up_to(count: int, item: bytes) -> bytes:
    return b",".join([item] * count)


_LONG = 19_000  # of one text, just below what is taken
_WIDE = 15  # so many of them are below what is taken in all
_SLOW = ("<a" * (_LONG // 2)).encode()
_MARKS = ("a" + "\u0301\u0316" * (_LONG // 2 - 1)).encode()
_LIGATURES = ("\ufdfa" * _LONG).encode()

# What may stand for the value of some field, and so behind `{"field": …}`.
VALUES: dict[str, bytes] = {
    "wrong items": b"[" + many(b"1") + b"]",
    "wrong items, just allowed": b"[" + up_to(3990, b"1") + b"]",
    "wrong objects, just allowed": b"[" + up_to(1990, b'{"x":1}') + b"]",
    "empty objects": b"[" + many(b"{}") + b"]",
    "empty texts": b"[" + many(b'""') + b"]",
    "nested lists": b"[" * 490_000 + b"]" * 490_000,
    "nested objects": b'{"a":' * 160_000 + b"1" + b"}" * 160_000,
    "deep lists in a list": b"[" + up_to(540, b"[" * 900 + b"]" * 900) + b"]",
    "nested, just allowed": b"[" * 29 + b"]" * 29,
    "unknown keys": b"{" + keyed(80_000) + b"}",
    "unknown keys, just allowed": b"{" + keyed(200) + b"}",
    "objects of keys": b"[" + up_to(15, b"{" + keyed(200) + b"}") + b"]",
    "one key again": b"{" + many(b'"a":1') + b"}",
    "a long key": b'{"' + b"k" * SIZE + b'":1}',
    "a long text": b'"' + b"a" * SIZE + b'"',
    "a long text of marks": b'"' + ("\u0301\u0316" * (SIZE // 4)).encode() + b'"',
    "a long text of escapes": b'"' + b"\\u0301\\u0316" * (SIZE // 12) + b'"',
    "a long text of quotes": b'"' + b'\\"' * (SIZE // 2) + b'"',
    "texts to clean": b"[" + up_to(_WIDE, b'"' + _SLOW + b'"') + b"]",
    "texts of marks": b"[" + up_to(_WIDE, b'"' + _MARKS + b'"') + b"]",
    "a text to clean": b'"' + _SLOW + b'"',
    "a text of marks": b'"' + _MARKS + b'"',
    "a text of ligatures": b'"' + _LIGATURES + b'"',
    "half characters": b"[" + up_to(3990, b'"\\ud800"') + b"]",
    "a huge number": b"9" * SIZE,
    "a huge fraction": b"0." + b"9" * SIZE,
    "huge numbers": b"[" + up_to(3900, b"9" * 250) + b"]",
    "no numbers": b"[" + many(b"NaN") + b"]",
    "runs of digits": b"[" + many(b"9" * 99) + b"]",
    "a huge exponent": b"1e999999999999",
}

# Whole bodies, for any route that takes one.
BODIES: dict[str, bytes] = {
    "no JSON": b"\xff" * SIZE,
    "white space": b" " * SIZE + b"{}",
    "quotes": b'"' * SIZE,
    "backslashes": b"\\" * SIZE,
    "colons": b":" * SIZE,
    **{
        name: VALUES[name]
        for name in ("wrong items", "unknown keys", "one key again", "a long key")
    },
}

FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", f"{API}/search"): (
        "condition", "features", "boatType", "manufacturer", "query", "location", "priceRange", "after",
    ),
    ("POST", f"{API}/listings"): (
        "title", "description", "features", "boatDetails", "location", "images", "price", "status",
    ),
    ("PATCH", f"{API}/listings/{ID}"): ("title", "features", "boatDetails", "location"),
    ("PATCH", f"{API}/me"): ("name", "phone", "location", "consents"),
    ("POST", f"{API}/me/saved-searches"): ("name", "filters"),
    ("POST", f"{API}/auth/login"): ("email", "password"),
    ("POST", f"{API}/auth/register"): ("email", "name", "password"),
    ("POST", f"{API}/auth/passkeys/login"): ("credential",),
    ("POST", f"{API}/listings/{ID}/reports"): ("reason", "words", "email"),
    ("POST", f"{API}/listings/{ID}/inquiries"): ("message", "name", "email"),
    ("PUT", f"{API}/listings/{ID}/images/order"): ("order",),
    ("PUT", f"{API}/me/watchlist/{ID}"): ("note",),
}  # fmt: skip

_NESTED: dict[str, tuple[str, ...]] = {
    "boatDetails": ("type", "manufacturer", "hin", "engines", "engine"),
    "location": ("country", "state", "near", "polygon", "city", "coordinates"),
    "filters": ("condition", "query", "location"),
}

TEXT_FIELDS = (
    b"title", b"description", b"message", b"name", b"words", b"note", b"location", b"phone",
    b"manufacturer", b"model", b"type", b"city", b"country", b"price", b"length", b"features",
)  # fmt: skip
"""Names of texts in the forms."""
FORMS: dict[str, bytes] = {
    "many fields": b"&".join(b"f%d=1" % number for number in range(90_000)),
    "fields, just allowed": b"&".join(b"f%d=1" % number for number in range(999)),
    "one field again": b"&".join([b"feature=a"] * 98_000),
    "one field again, just allowed": b"&".join([b"feature=a"] * 999),
    "ampersands": b"&" * SIZE,
    "a long field": b"title=" + b"a" * SIZE,
    "a long field, just allowed": b"title=" + b"<a" * 149_000,
    "marks, just allowed": b"description=" + b"%CC%81%CC%96" * 24_000,
    "escapes, just allowed": b"title=" + b"%41a" * 74_000,
    "no text": b"title=" + b"\xff" * 290_000,
    "slow fields": b"&".join(name + b"=" + b"%3Ca" * 3_600 for name in TEXT_FIELDS),
    "marked fields": b"&".join(name + b"=" + b"%CC%81%CC%96" * 1_500 for name in TEXT_FIELDS),
    "boats": b"&".join([b"boat=" + ID.encode()] * 990) + b"&do=withdraw",
}
FORM_PATHS = (
    "/account/sign-in", "/account/register", "/account/profile", "/account/boats/many", "/account/searches",
    "/account/boats/prices", "/account/password", f"/boats/{ID}/inquiry", f"/boats/{ID}/report",
    f"/sell/{ID}/draft", f"/sell/{ID}", f"/sell/{ID}/photos", f"/watchlist/{ID}/note", "/account/boats/import",
)  # fmt: skip


def requests(owner: bytes) -> Iterator[Sent]:
    json = [(b"content-type", b"application/json"), (b"authorization", owner)]
    named = [*json, (b"if-match", b"*"), (b"idempotency-key", b"one")]
    for (method, target), fields in FIELDS.items():
        for shape, body in BODIES.items():
            yield Sent(f"{shape} as {method} {target}", method, target, named, body)
        for field in fields:
            for shape, value in VALUES.items():
                name = f"{shape} in {field} of {method} {target}"
                body = b'{"%s":%s}' % (field.encode(), value)
                yield Sent(name, method, target, named, body)
                for inner in _NESTED.get(field, ()):
                    name = f"{shape} in {field}.{inner} of {method} {target}"
                    body = b'{"%s":{"%s":%s}}' % (field.encode(), inner.encode(), value)
                    yield Sent(name, method, target, named, body)
    yield from forms(owner)
    yield from heads(owner)


def forms(owner: bytes) -> Iterator[Sent]:
    known = (b"authorization", owner)
    encoded = [(b"content-type", b"application/x-www-form-urlencoded"), known]
    parted = [(b"content-type", b"multipart/form-data; boundary=x"), known]
    for path in FORM_PATHS:
        for shape, body in FORMS.items():
            yield Sent(f"form of {shape} to {path}", "POST", path, encoded, body)
        for shape, body in parts().items():
            yield Sent(f"parts, {shape}, to {path}", "POST", path, parted, body)


def parts() -> dict[str, bytes]:
    def part(name: bytes, content: bytes, more: bytes = b"") -> bytes:
        begin = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (name, more)
        return begin + content + b"\r\n"

    end = b"--x--\r\n"
    return {
        "many": part(b"f", b"1") * (SIZE // 60) + end,
        "just allowed": part(b"f", b"1") * 990 + end,
        "files, just allowed": part(b"f", b"1", b'; filename="f"') * 990 + end,
        "a long one": part(b"title", b"<a" * (SIZE // 2 - 100)) + end,
        "line ends": part(b"title", b"\r\n" * (SIZE // 2 - 100)) + end,
        "nearly ends": part(b"title", b"\r\n--" * (SIZE // 4 - 100)) + end,
        "long headers": (b"--x\r\n" + b"a: b\r\n" * (SIZE // 6)),
    }


QUERIES: dict[str, bytes] = {
    "unknown parameters": b"&".join(b"p%d=1" % number for number in range(7000)),
    "unknown parameters, just allowed": b"&".join(b"p%d=1" % number for number in range(299)),
    "values of one": b"&".join([b"condition=x"] * 5000),
    "values of one, just allowed": b"&".join([b"condition=x"] * 299),
    "makers": b"&".join(b"maker=Zz%dqxy" % number for number in range(299)),
    "types": b"&".join([b"type=trawlxr"] * 299),
    "a long word": b"q=" + b"a" * 19_000,
    "a long text to clean": b"q=" + b"%3Ca" * 4_800,
    "a long text of marks": b"q=" + b"%CC%81%CC%96" * 1600,
    "ranges again": b"&".join([b"price_min=1"] * 299),
    "wrong everything": b"&".join(
        b"%s=x" % name
        for name in (b"price_min", b"price_max", b"year_min", b"near", b"radius", b"box", b"sort")
        * 40
    ),
    "corners": b"polygon=" + b"1,1+" * 4_900,
    "a long cursor": b"after=" + b"A" * 15_900,
    "words": b"q=" + b"a+" * 240,
    "a place": b"near=" + b"z" * 19_000,
}
QUERY_PATHS = (f"{API}/listings", "/boats", "/boats.atom", f"{API}/suggestions", "/", "/nowhere",
               f"{API}/me/listings", "/compare", f"/boats/{ID}/x")  # fmt: skip

HEADERS: dict[str, list[tuple[bytes, bytes]]] = {
    "many": [(b"h%d" % number, b"1") for number in range(6000)],
    "just allowed": [(b"h%d" % number, b"1" * 500) for number in range(98)],
    "agent": [(b"user-agent", b"<a" * 30_000)],
    "agent, just allowed": [(b"user-agent", b"<a" * 7_990)],
    "cookies": [(b"cookie", b"a=1;" * 15_000)],
    "cookies, just allowed": [(b"cookie", b"a=%41;" * 2_600)],
    "escaped cookies": [(b"cookie", b'a="' + b'\\"' * 7_900 + b'"')],
    "escaped cookies, just allowed": [(b"cookie", b'a="' + b'\\"' * 100 + b"a" * 15_000 + b'"')],
    "tags": [(b"if-none-match", b'"1",' * 15_000)],
    "tags, just allowed": [(b"if-none-match", b'"1",' * 3_990), (b"if-match", b'"1",' * 3_990)],
    "accept": [(b"accept", b"a/b;q=0.1," * 1_440), (b"accept-language", b"de;q=0.1," * 1_590)],
    "bearer": [(b"authorization", b"Bearer " + b"a" * 15_000)],
    "forwarded": [(b"x-forwarded-for", b"1.1.1.1," * 1_990)],
    "range": [(b"range", b"bytes=" + b"0-1," * 3_900)],
    "kind": [(b"content-type", b"application/json" + b";a=b" * 3_900)],
}
HEADER_PATHS = (
    f"{API}/listings",
    "/boats",
    "/nowhere",
    f"{API}/me",
    f"{API}/listings/{ID}",
    "/account",
)


def heads(owner: bytes) -> Iterator[Sent]:
    known = [(b"authorization", owner)]
    for path in QUERY_PATHS:
        for shape, query in QUERIES.items():
            yield Sent(f"query of {shape} to {path}", "GET", f"{path}?{query.decode()}", known)
    for path in HEADER_PATHS:
        for shape, headers in HEADERS.items():
            yield Sent(f"headers, {shape}, to {path}", "GET", path, headers)
    for shape, path in (("long", "/" + "a" * 60_000), ("of slashes", "/" * 60_000)):
        yield Sent(f"path {shape}", "GET", path, [])
    yield Sent("patch with many tags", "PATCH", f"{API}/listings/{ID}",
               [*known, (b"if-match", b'"1",' * 3_990), (b"content-type", b"application/json")], b"{}")  # fmt: skip


async def answer(app: Litestar, sent: Sent) -> tuple[int, int]:
    """The status of the answer, and the size of its body in bytes."""
    path, _, query = sent.target.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": sent.method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "client": ("203.0.113.7", 4711), "server": ("market", 80),
        "headers": [(b"host", b"market"), *sent.headers, (b"content-length", b"%d" % len(sent.body))],
    }  # fmt: skip
    status, size, is_sent = 0, 0, False

    async def receive() -> dict[str, Any]:
        nonlocal is_sent
        if is_sent:
            await asyncio.sleep(3600)
        is_sent = True
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, size
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            size += len(message.get("body", b""))

    await app(scope, receive, send)  # type: ignore[arg-type]  # as a bare dict
    return status, size


async def measure(part: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        limits = {
            f"limit_{name}": "off" for name in ("search", "auth", "writes", "inquiries", "reports")
        }
        settings = Settings(data=Path(folder), **limits)
        async with open_market(settings, clock=lambda: NOW) as market:
            await add_user(market.trail, TESTS, a_user())
            owner = (await signed_in(market))["Authorization"].encode()
            await add_listing(market.trail, TESTS, a_listing())
            await reach(market.store, market.engine)
        app = create_app(settings, clock=lambda: NOW)
        async with app.lifespan():
            above = asked = largest = 0
            statuses: Counter[int] = Counter()
            slowest: list[tuple[float, str]] = []
            for sent in requests(owner):
                if part not in sent.name:
                    continue
                milliseconds, status, size = await timed(app, sent)
                statuses[status] += 1
                asked, largest = asked + 1, max(largest, size if status >= 400 else 0)
                slowest = sorted([*slowest, (milliseconds, f"{status} {sent.name}")])[-10:]
                if milliseconds > LIMIT_MS or part:
                    above += milliseconds > LIMIT_MS
                    print(
                        f"{milliseconds:8.1f} ms {status} {size:8} bytes  {sent.name}", flush=True
                    )
            print(
                f"{asked} requests, {above} above {LIMIT_MS:.0f} ms; largest refusal {largest} bytes"
            )
            print(f"statuses: {dict(sorted(statuses.items()))}")
            for milliseconds, name in reversed(slowest):
                print(f"{milliseconds:8.1f} ms {name}")


async def timed(app: Litestar, sent: Sent) -> tuple[float, int, int]:
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        status, size = await answer(app, sent)
        taken.append((time.process_time() - begun) * 1000)
        if taken[-1] < LIMIT_MS / 2:
            break
    return min(taken), status, size


if __name__ == "__main__":
    asyncio.run(measure(" ".join(sys.argv[1:])))
