"""Hostile text in any field, and foreign ids in any address: no page breaks or runs it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from litestar.handlers import HTTPRouteHandler

from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from marinemarket.web.app import create_app
from tests.attacks.clients import staff
from tests.builders import a_listing, uuid_of
from tests.web.conftest import Reached, offer

pytestmark = pytest.mark.anyio

WORDS = (
    "</script><script>alert(1)</script>",
    "a\x00b \u202egnp.exe\u202c \U0001f6a4",
    "x" * 10_001,
    "1e999",
    "-0.001",
)
_FIELDS = tuple(
    re.findall(
        r"\S+",
        """
        title description price year length unit hin email name message password new_password note q
        place sent_at decision words reason version of_version to caption boat state began website
        search token code pick.title mine.title was.title feature more_features next box polygon
        """,
    )
)
_LAST = ("deletion", "sale", "withdrawal", "end")
"""What these do away with, the others need."""
_PARAMETER = re.compile(r"\{[^}]*\}")


def _pages(app: Any, method: str) -> list[str]:
    """The addresses of all pages but those that end the session, or say that they are not ready."""
    found = {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and method in handler.http_methods
    }
    others = (
        "/api/", "/static", "/openapi", "/health", "/sitemap",
        "/account/sign-out", "/account/sessions/end",
    )  # fmt: skip
    pages = [path for path in found if not path.startswith(others)]
    return sorted(pages, key=lambda path: (path.endswith(_LAST), path))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_page_breaks_by_what_is_typed_or_whose_id_it_is(
    market: Market, reached: Reached, method: str
) -> None:
    user, chief = await staff(market, UserRole.SUPER_ADMIN)
    own, others = a_listing(ownerId=user.id), a_listing(name="others")
    await offer(market, own, others)
    broken = []
    async with reached(limit_auth="off", limit_media="off", limit_inquiries="off") as client:

        async def ask(address: str, text: str) -> None:
            found = dict.fromkeys(_FIELDS, text if method == "POST" else text[:60])
            how: dict[str, Any] = {"data" if method == "POST" else "params": found}
            answer = await client.request(method, address, headers=chief, **how)
            if answer.status_code >= 500 or "<script>alert" in answer.text:
                broken.append((answer.status_code, address[:80], text[:20]))

        for path in _pages(create_app(market.settings), method):
            for text in WORDS:
                await ask(_PARAMETER.sub(own.id, path), text)
            if path != _PARAMETER.sub("", path):
                for id in (others.id, uuid_of("none"), quote(WORDS[0]), quote(WORDS[1])):
                    await ask(_PARAMETER.sub(id, path), "1")
        assert (await client.get("/admin", headers=chief)).status_code == 200
    assert broken == []
