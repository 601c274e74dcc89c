"""Who asks, as far as a request shows it: the browser, and the device that is known again."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from tests.accounts.members import PASSWORD, a_person

from .conftest import Client

pytestmark = pytest.mark.anyio

API = "/api/v1"


@pytest.mark.parametrize(
    ("sent", "recorded"),
    [
        ("Harbor Browser/7.1", "Harbor Browser/7.1"),
        ("  spaced  ", "spaced"),
        ("", "none given"),
        ("x" * 1001, "x" * 1000),
    ],
    ids=["plain", "spaced", "empty", "long"],
)
async def test_a_session_records_which_browser_signed_in(
    market: Market, client: Client, sent: str, recorded: str
) -> None:
    ann = await a_person(market)
    payload = {"email": ann.email, "password": PASSWORD}
    await client.post(f"{API}/auth/login", json=payload, headers={"User-Agent": sent})
    [session] = (await client.get(f"{API}/me/sessions")).json()["results"]
    assert session["userAgent"] == recorded


@pytest.mark.parametrize(
    ("length", "is_known"), [(0, False), (19, False), (20, True), (200, True), (201, False)]
)
async def test_a_device_name_of_another_length_than_ours_is_replaced(
    market: Market, client: Client, length: int, is_known: bool
) -> None:
    ann = await a_person(market)
    client.cookies.set("device", "d" * length, domain="testserver.local")
    payload = {"email": ann.email, "password": PASSWORD}
    answer = await client.post(f"{API}/auth/login", json=payload)
    assert answer.status_code == 200
    assert ("device" in answer.cookies) is not is_known
