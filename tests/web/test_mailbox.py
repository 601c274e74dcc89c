"""Saved emails are shown only to somebody who tries the market on their own machine."""

from __future__ import annotations

import re

import pytest

from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.mail.email import Email, outgoing
from tests.accounts.members import a_person
from tests.builders import OWNER
from tests.conftest import TESTS

from .conftest import Reached

pytestmark = pytest.mark.anyio


async def _write(market: Market) -> None:
    await a_person(market)
    letter = Email(
        "reset-password",
        "ann@example.com",
        OWNER,
        values={"name": "<b>Ann</b>", "link": "/account/reset/new?token=1.2"},
    )
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
    await market.trail.commit(entry, await outgoing(market.accounts.vault, letter, market.clock()))
    await market.delivery().run_once()


async def test_the_newest_letters_are_listed_and_their_links_lead_on(
    market: Market, reached: Reached
) -> None:
    await _write(market)
    async with reached(peer="127.0.0.1") as client:
        client.headers["Host"] = "127.0.0.1:8000"
        page = (await client.get("/mail")).text
        assert "ann@example.com" in page
        [path] = market.settings.emails_folder.iterdir()
        letter = await client.get(f"/mail/{path.stem}")
        assert '<a href="/account/reset/new?token=1.2">' in letter.text
        assert "<b>Ann" not in letter.text
        assert re.search(r"\d [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC", letter.text)
        assert letter.headers["x-robots-tag"] == "noindex"
        for other in ("0" * 36, "..%2Fsecret-key", "x"):
            assert (await client.get(f"/mail/{other}")).status_code == 404


@pytest.mark.parametrize(
    ("peer", "host", "settings"),
    [
        ("203.0.113.7", "127.0.0.1", {}),
        ("127.0.0.1", "evil.example", {}),
        ("127.0.0.1", "127.0.0.1", {"public_url": "https://boats.example"}),
        ("127.0.0.1", "127.0.0.1", {"smtp_url": "smtp://localhost"}),
    ],
)
async def test_nobody_else_sees_that_there_are_any(
    market: Market, reached: Reached, peer: str, host: str, settings: dict[str, str]
) -> None:
    await _write(market)
    async with reached(peer=peer, **settings) as client:
        answer = await client.get("/mail", headers={"Host": host})
        # Under a name that is not the market's, the way to the right one.
        assert answer.status_code == (308 if "public_url" in settings else 404)


async def test_a_proxy_on_this_machine_hands_nobody_on(reached: Reached) -> None:
    async with reached(peer="127.0.0.1") as client:
        handed_on = {"Host": "127.0.0.1", "X-Forwarded-For": "203.0.113.7"}
        answer = await client.get("/mail", headers=handed_on)
        assert answer.status_code == 404
