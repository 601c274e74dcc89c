"""Signing somebody in or out of a browser."""

from __future__ import annotations

from typing import Any

from ...accounts.sessions import Entered
from ...clock import from_iso
from ...composition import Market
from ..watch_buttons import taking_along
from .access import AnyRequest, device_cookies
from .cookies import session_cookie


def cookies_of(request: AnyRequest, market: Market, entered: Entered) -> list[Any]:
    """The cookies of somebody who has a new session from now on."""
    lasts = (from_iso(entered.session.expires_at) - from_iso(entered.session.issued_at)) // 1000
    return [
        session_cookie(market.settings, entered.secret, lasts),
        *device_cookies(request, market),
    ]


async def cookies_on_signing_in(request: AnyRequest, market: Market, entered: Entered) -> list[Any]:
    """As `cookies_of`, for somebody who came as a visitor: what they watch goes along with them."""
    along = await taking_along(request, market, entered.user.id)
    return [*cookies_of(request, market, entered), *along]
