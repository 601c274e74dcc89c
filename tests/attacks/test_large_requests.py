"""Requests that hold more than anybody needs: they are counted, and refused in few words.

What is counted here is work: how many values are decoded or looked at, and how much is answered.
``python -m benchmarks.hostile_requests`` measures what it costs.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from litestar.exceptions import ClientException
from pydantic import AfterValidator, Field

from marinemarket.composition import Market
from marinemarket.errors import MOST_TOLD, FieldError, Invalid, TooLarge
from marinemarket.web.security.strict_forms import LARGEST_FORM, MOST_FIELDS, url_encoded_form
from marinemarket.web.security.strict_heads import MOST_HEADERS, MOST_PARAMETERS
from marinemarket.web.security.strict_json import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TEXTS,
    MOST_NAMES,
    MOST_NESTED,
    MOST_VALUES,
    strict_json,
)
from marinemarket.wire import Model
from tests.builders import NOW, a_listing
from tests.web.conftest import Client, offer
from tests.web.visitors import signed_in

pytestmark = pytest.mark.anyio

SMALL = 6_000
"""Bytes. The largest refusal names twenty fields."""
JSON = {"Content-Type": "application/json"}
ID = a_listing().id

_KEYS = b",".join(b'"k%06d":1' % number for number in range(80_000))
HOSTILE = {
    "wrong items": b'{"condition":[' + b",".join([b"1"] * 490_000) + b"]}",
    "unknown names": b"{" + _KEYS + b"}",
    "objects": b'{"features":[' + b",".join([b"{}"] * 300_000) + b"]}",
    "texts": b'{"boatType":[' + b",".join([b'""'] * 300_000) + b"]}",
    "one name again": b"{" + b",".join([b'"a":1'] * 160_000) + b"}",
    "a long name": b'{"' + b"n" * 980_000 + b'":1}',
    "a long text": b'{"query":"' + b"q" * 980_000 + b'"}',
    "marks": b'{"query":"' + b"\\u0301\\u0316" * 80_000 + b'"}',
    "a huge number": b'{"limit":' + b"9" * 980_000 + b"}",
    "no numbers": b'{"condition":[' + b",".join([b"NaN"] * 240_000) + b"]}",
    "quotes": b'"' * 980_000,
    "backslashes": b"\\" * 980_000,
    "wide and just allowed": b'{"location":{"polygon":[' + b",".join([b"1"] * 3_990) + b"]}}",
    "names, just allowed": b"{" + b",".join(b'"k%d":1' % n for n in range(MOST_NAMES)) + b"}",
}
ROUTES = [
    ("POST", "/api/v1/search"),
    ("POST", "/api/v1/auth/login"),
    ("POST", f"/api/v1/listings/{ID}/reports"),
    ("POST", f"/api/v1/listings/{ID}/inquiries"),
    ("POST", "/api/v1/listings"),
    ("PATCH", f"/api/v1/listings/{ID}"),
    ("PATCH", "/api/v1/me"),
    ("POST", "/api/v1/me/saved-searches"),
    ("PUT", f"/api/v1/me/watchlist/{ID}"),
    ("POST", "/api/v1/auth/passkeys/login"),
]


@pytest.mark.parametrize("shape", HOSTILE)
async def test_a_hostile_body_is_refused_in_few_words_on_every_kind_of_route(
    market: Market, client: Client, shape: str
) -> None:
    await offer(market, a_listing())
    headers = await signed_in(market) | JSON | {"If-Match": f'"{NOW}"'}
    for method, path in ROUTES:
        answer = await client.request(method, path, content=HOSTILE[shape], headers=headers)
        assert answer.status_code in (400, 422), path
        assert len(answer.content) < SMALL, path
        assert len(answer.json().get("errors", [])) <= MOST_TOLD, path


async def test_twenty_errors_are_told_and_the_others_counted(client: Client) -> None:
    body = {f"unknown{number}": 1 for number in range(150)}
    problem = (await client.post("/api/v1/search", json=body)).json()
    assert len(problem["errors"]) == 20
    assert problem["moreErrors"] == 130
    assert problem["errors"][0] == {"field": "unknown0", "message": "is not a field here"}
    assert problem["detail"].endswith("; and 130 more")
    few = (await client.post("/api/v1/search", json={"one": 1})).json()
    assert "moreErrors" not in few


async def test_a_list_that_is_too_long_is_one_error(client: Client) -> None:
    answer = await client.post("/api/v1/search", json={"condition": [1] * 3000})
    assert answer.json()["errors"] == [
        {"field": "condition", "message": "must have at most 10 entries"}
    ]


def test_the_entries_of_a_list_that_is_too_long_are_not_looked_at() -> None:
    looked_at: list[str] = []

    def note(text: str) -> str:
        looked_at.append(text)
        return text

    class Inner(Model):
        type: Annotated[tuple[Annotated[str, AfterValidator(note)], ...], Field(max_length=3)] = ()
        default: Annotated[dict[str, Annotated[str, AfterValidator(note)]], Field(max_length=3)] = (
            Field(default_factory=dict)
        )

    class Outer(Model):
        listed: Annotated[
            tuple[Annotated[str, AfterValidator(note)], ...], Field(max_length=3)
        ] = ()
        inner: Inner | None = None
        several: Annotated[tuple[Inner, ...], Field(max_length=3)] = ()

    three, four = ["a", "b", "c"], ["a", "b", "c", "d"]
    for wrong in (
        {"listed": four},
        {"inner": {"type": four}},
        {"inner": {"default": dict.fromkeys(four, "x")}},
        {"several": [{"type": four}]},
        {"several": [{"type": three}] * 4},
    ):
        with pytest.raises(Invalid, match="must have at most 3 entries"):
            Outer.parse(wrong)
        assert looked_at == [], wrong
    assert Outer.parse({"listed": three, "inner": {"type": three}}).listed == tuple(three)
    assert looked_at == three * 2


def test_what_holds_too_much_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_given: Any, **_named: Any) -> Any:
        raise AssertionError("was decoded")

    monkeypatch.setattr(json, "loads", never)
    for shape in (
        "wrong items",
        "unknown names",
        "objects",
        "texts",
        "one name again",
        "no numbers",
    ):
        with pytest.raises(Invalid, match="4,000 values"):
            strict_json(HOSTILE[shape])


@pytest.mark.parametrize(
    "filler", [b"1", b'""', b"[]", b"{}", b'"\\\\"', b'"\\""', b'",[{"', b"null"]
)
def test_exactly_as_many_values_are_taken_as_promised(filler: bytes) -> None:
    # The list is a value itself, and so is each empty one in it.
    each = 2 if filler in (b"[]", b"{}") else 1
    most = (MOST_VALUES - 1) // each
    assert len(strict_json(b"[" + b",".join([filler] * most) + b"]")) == most
    with pytest.raises(Invalid, match="4,000 values"):
        strict_json(b"[" + b",".join([filler] * (most + 2)) + b"]")


def test_bodies_are_nested_as_deep_as_promised_and_names_are_no_values() -> None:
    assert strict_json(b"[" * MOST_NESTED + b"]" * MOST_NESTED)
    for deep in (b"[" * (MOST_NESTED + 1), b'{"a":' * (MOST_NESTED + 1), b'["[",' * 40):
        with pytest.raises(RecursionError):
            strict_json(deep)
    assert strict_json(b'"' + b"[" * 900 + b'"') == "[" * 900, "brackets in a text nest nothing"
    assert (
        len(strict_json(b"{" + b",".join(b'"%d":1' % n for n in range(MOST_NAMES)) + b"}")) == 200
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (json.dumps({"a": "x" * (LONGEST_TEXT + 1)}), "a"),
        (json.dumps({"a": {"n" * (LONGEST_NAME + 1): 1}}), "a"),
        (json.dumps({"a": {f"n{number}": 1 for number in range(MOST_NAMES + 1)}}), "a"),
        (json.dumps(["x" * LONGEST_TEXT] * (LONGEST_TEXTS // LONGEST_TEXT + 1)), "body"),
        ('{"a": %s}' % ("9" * 400), "a"),
        ('{"a": 0.%s}' % ("9" * 400), "a"),
        ('{"a": 1e400}', "a"),
    ],
)
def test_too_much_of_one_thing_is_told_at_its_field(body: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        strict_json(body.encode())
    assert [error.field for error in refused.value.errors] == [field]
    assert len(str(refused.value)) < 200


def test_what_is_no_json_is_refused_wherever_it_stops_to_be_json() -> None:
    for body in (
        b"",
        b'"' * 100_000,
        b"\\" * 100_000,
        b'[\\"' + b"[" * 20,
        b'{"a',
        b"[1,]",
        b"}" * 9,
    ):
        with pytest.raises((ClientException, Invalid)):
            strict_json(body)


def test_an_error_with_many_fields_says_little() -> None:
    refused = Invalid([FieldError(f"field{number}", "is wrong") for number in range(5000)])
    assert len(str(refused)) < 1000
    assert refused.untold == 4980


# -- Forms -------------------------------------------------------------------------------------


def test_a_form_is_decoded_as_browsers_encode_it() -> None:
    form = url_encoded_form(b"a=%E6%B5%B7+%41%zz&b&=c&&d=1%262&d=%ff&e=\xc3\xa9&f=%")
    assert sorted(form.multi_items()) == [
        ("", "c"), ("a", "海 A%zz"), ("b", ""), ("d", "1&2"), ("d", "�"), ("e", "é"), ("f", "%"),
    ]  # fmt: skip
    assert [*url_encoded_form(b"").multi_items()] == []


def test_a_form_with_too_many_fields_or_bytes_is_not_decoded() -> None:
    assert len([*url_encoded_form(b"&".join([b"a=1"] * MOST_FIELDS)).multi_items()]) == MOST_FIELDS
    for body in (b"&" * MOST_FIELDS, b"a" * (LARGEST_FORM + 1)):
        with pytest.raises(TooLarge):
            url_encoded_form(body)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_a_hostile_form_is_refused_in_few_words(
    market: Market, client: Client, kind: str
) -> None:
    headers = await signed_in(market) | {"Content-Type": kind}
    field = b"feature=a&"
    if kind.startswith("multipart"):
        field = b'--x\r\nContent-Disposition: form-data; name="feature"\r\n\r\na\r\n'
    body = field * (980_000 // len(field))
    for path in ("/account/sign-in", "/account/profile", "/account/boats/many"):
        answer = await client.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 413), path
        assert len(answer.content) < 10_000


@pytest.mark.parametrize("kind", ["url-encoded", "multipart"])
async def test_a_long_text_in_the_editor_of_an_advert_comes_back_cut(
    market: Market, client: Client, kind: str
) -> None:
    await offer(market, a_listing())
    headers = await signed_in(market)
    fields = {"version": "", "title": "<" * 90_000, "description": "d" * 15_000}
    sent: dict[str, Any] = {"data": fields}
    if kind == "multipart":
        sent |= {"files": {"nothing": b""}}
    answer = await client.post(f"/sell/{ID}", headers=headers, **sent)
    assert answer.status_code == 422
    assert "d" * 15_000 in answer.text, "what a person may have written is there to be shortened"
    assert len(answer.content) < 600_000
    fields |= {"description": "d" * 220_000}
    answer = await client.post(f"/sell/{ID}", headers=headers, **sent)
    assert answer.status_code == 413
    if kind == "url-encoded":
        assert "d" * 220_000 in answer.text, "and so is what is too long for a form"
    assert len(answer.content) < (700_000 if kind == "url-encoded" else 10_000)


async def test_a_form_with_a_password_is_not_kept_in_memory(client: Client) -> None:
    from litestar._parsers import parse_url_encoded_form_data

    before = parse_url_encoded_form_data.cache_info().currsize
    body = {"email": "somebody@boats.example", "password": "Anchors aweigh 1"}
    assert (await client.post("/account/sign-in", data=body)).status_code in (401, 403, 422)
    assert parse_url_encoded_form_data.cache_info().currsize == before


# -- Heads -------------------------------------------------------------------------------------


async def test_parameters_by_the_thousand_are_refused_in_few_words(client: Client) -> None:
    for path in ("/api/v1/listings", "/boats", "/boats.atom", "/"):
        query = "&".join(f"p{number}=1" for number in range(MOST_PARAMETERS + 1))
        answer = await client.get(f"{path}?{query}")
        assert answer.status_code == 422, path
        assert len(answer.content) < 10_000
    unknown = await client.get("/api/v1/listings?" + "&".join(f"p{n}=1" for n in range(200)))
    assert (unknown.status_code, len(unknown.json()["errors"])) == (422, 20)
    assert unknown.json()["moreErrors"] == 180
    assert (await client.get("/api/v1/listings?q=" + "q" * 30_000)).status_code == 414


async def test_headers_by_the_hundred_and_very_long_ones_are_refused(client: Client) -> None:
    many = {f"X-Header-{number}": "1" for number in range(MOST_HEADERS + 1)}
    escaped = 'a="' + '\\"' * 3000 + '"'
    for headers in (
        many,
        {"Cookie": "a=1;" * 4200},
        {"Cookie": escaped},
        {"User-Agent": "<a" * 8001},
    ):
        for path in ("/api/v1/listings", "/boats"):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 431, path
            assert len(answer.content) < 10_000
