"""Case 44: however much one member sends at once, only a share of it is received, and others are served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from marinemarket.accounts.records import add_user
from marinemarket.composition import Market
from marinemarket.web.security import upload_shares
from tests.builders import a_listing, a_user
from tests.conftest import TESTS
from tests.web.conftest import Client, Reached, offer
from tests.web.visitors import signed_in

pytestmark = pytest.mark.anyio

ANN = a_user(name="ann")
GREEDY, OTHER = a_listing(name="greedy"), a_listing(name="other", ownerId=ANN.id)
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
HEAD = b'--x\r\nContent-Disposition: form-data; name="images"; filename="a.jpg"\r\n\r\n'


class Senders:
    """Requests whose bodies arrive only when `go` is set; `asked` counts those that were read from."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.asked = 0
        self.go = asyncio.Event()

    async def _body(self) -> AsyncIterator[bytes]:
        self.asked += 1
        yield HEAD
        await self.go.wait()
        yield b"no picture\r\n--x--\r\n"

    def send(self, boat: str, headers: dict[str, str]) -> asyncio.Future[httpx.Response]:
        address = f"/api/v1/listings/{boat}/images"
        sending = self._client.post(address, content=self._body(), headers=headers | FORM)
        return asyncio.ensure_future(sending)

    async def until(self, asked: int) -> None:
        async with asyncio.timeout(60):
            while self.asked < asked:
                await asyncio.sleep(0.01)


async def test_of_one_member_four_forms_are_read_at_once_and_others_are_not_kept_waiting(
    market: Market, reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_shares, "PATIENCE_SECONDS", 600)
    await add_user(market.trail, TESTS, ANN)
    await offer(market, GREEDY, OTHER)
    greedy, ann = await signed_in(market), await signed_in(market, ANN)
    async with reached(limit_media="off") as client:
        senders = Senders(client)
        first = [senders.send(GREEDY.id, greedy) for _ in range(7)]
        await senders.until(4)
        second = senders.send(OTHER.id, ann)
        await senders.until(5)
        assert senders.asked == 5, "three of the greedy member's forms are not read yet"
        senders.go.set()
        answers = await asyncio.gather(*first, second)
        assert [answer.status_code for answer in answers] == [415] * 8
        assert senders.asked == 8


async def test_whoever_waits_too_long_is_asked_to_come_back(
    market: Market, reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_shares, "PATIENCE_SECONDS", 0.1)
    await offer(market, GREEDY)
    headers = await signed_in(market)
    async with reached(limit_media="off") as client:
        senders = Senders(client)
        first = [senders.send(GREEDY.id, headers) for _ in range(4)]
        await senders.until(4)
        late = await senders.send(GREEDY.id, headers)
        assert (late.status_code, "retry-after" in late.headers) == (429, True)
        senders.go.set()
        await asyncio.gather(*first)
        again = await senders.send(GREEDY.id, headers)
        assert again.status_code == 415, "every share was given back"


async def test_a_disk_without_room_for_a_form_answers_507(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await offer(market, GREEDY)
    headers = await signed_in(market)
    monkeypatch.setattr(upload_shares, "ROOM", 10**18)
    answer = await client.post(
        f"/api/v1/listings/{GREEDY.id}/images", files={"images": b"x"}, headers=headers
    )
    assert answer.status_code == 507
