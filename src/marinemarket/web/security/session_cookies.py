"""Signs a browser in or out."""

from __future__ import annotations

from typing import Any

from litestar import Response

from ...accounts.sessions import Entered
from ...clock import from_iso
from ...composition import Market
from ..watch_buttons import merge_watchlist_cookie
from .access import AnyRequest, device_cookies
from .cookies import no_session_cookie, session_cookie


def cookies_of(request: AnyRequest, market: Market, entered: Entered) -> list[Any]:
    """The cookies that start a new session."""
    lasts = (from_iso(entered.session.expires_at) - from_iso(entered.session.last_activity)) // 1000
    return [
        session_cookie(market.settings, entered.secret, lasts),
        *device_cookies(request, market),
    ]


async def cookies_on_signing_in(request: AnyRequest, market: Market, entered: Entered) -> list[Any]:
    """Like `cookies_of`, for a visitor who signs in: the boats they saved move to their account."""
    along = await merge_watchlist_cookie(request, market, entered.user.id)
    return [*cookies_of(request, market, entered), *along]


_TO_FORGET = '"cache", "storage"'


def sign_browser_out(answer: Response[Any], market: Market) -> Response[Any]:
    """The answer that ends a browser's session: without its cookie, and without what pages kept there."""
    answer.cookies = [no_session_cookie(market.settings)]
    answer.headers["Clear-Site-Data"] = _TO_FORGET
    return answer
