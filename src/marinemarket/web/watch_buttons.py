"""Heart buttons that add boats to the watchlist, signed in or not.

Before sign-in, the browser keeps the boats in a cookie of ids. Only pressing a heart sets it;
signing in moves the boats to the account. One form per page serves all hearts: each is a submit
button with its own address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from litestar.datastructures import Cookie

from ..clock import YEAR_SECONDS
from ..composition import Market
from ..config.settings import Settings
from ..errors import Forbidden
from ..i18n.texts import gettext as _
from ..watchlist.records import claimed_by
from ..watchlist.tracking import watch_several
from ..watchlist.watched import MOST_BEFORE_SIGNING_IN, ids_among
from .query_string import address
from .security.access import AnyRequest, form_token_of, visitor_of
from .security.cookies import kept_cookie, kept_name

_NAME = "watching"
_LONGEST_COOKIE = 4000

FOR_ONE_READER = {"Cache-Control": "private, no-cache"}
"""For pages that differ by reader: shared caches must not store them. (The browser may keep them
for the back button, which `no-store` would prevent.)
"""


@dataclass(frozen=True, slots=True)
class WatchButtons:
    """What the hearts of a page need. `token` is empty before sign-in; `here` is the page to return
    to.
    """

    token: str
    here: str
    watched: frozenset[str]


async def watch_buttons(request: AnyRequest, market: Market) -> WatchButtons:
    """The hearts of the page that answers this request."""
    here = address(request.url.path, list(request.query_params.multi_items()))
    visitor = await visitor_of(request, market)
    if visitor is None:
        return WatchButtons("", here, frozenset(remembered(request, market)))
    watched = frozenset(await claimed_by(market.store, visitor.user.id) or ())
    return WatchButtons(form_token_of(request, market), here, watched)


def remembered(request: AnyRequest, market: Market) -> list[str]:
    """The boat ids saved in the browser before sign-in, newest last."""
    text = request.cookies.get(kept_name(market.settings, _NAME), "")[:_LONGEST_COOKIE]
    return ids_among(text.split("."), MOST_BEFORE_SIGNING_IN)


def remembering(settings: Settings, ids: Iterable[str]) -> Cookie:
    """The cookie that saves these boats in the browser, or is removed if there are none."""
    message = ".".join(ids)
    return kept_cookie(settings, _NAME, message, YEAR_SECONDS if message else 0)


async def merge_watchlist_cookie(request: AnyRequest, market: Market, user_id: str) -> list[Cookie]:
    """Move the boats saved in the browser to the user's watchlist; returns the cookies to set."""
    ids = remembered(request, market)
    if not ids:
        return []
    await watch_several(market.trail, market.listings, user_id, ids)
    return [remembering(market.settings, [])]


def demand_our_page(request: AnyRequest) -> None:
    """Check where the form of a signed-out visitor was.

    Before sign-in there is no secret to bind a token to, and the only thing written is the
    visitor's own cookie. So the browser must state the origin: other sites are refused everywhere,
    and here a missing origin is too. Raises Forbidden.
    """
    if not {"sec-fetch-site", "origin"} & request.headers.keys():
        raise Forbidden(_("Please use the heart on the boat's own page."))
