"""Hearts: on each boat a button that puts it on the watchlist, signed in or not.

Before signing in, the browser remembers the boats in a cookie of ids, and nothing but ids. It is
set by pressing a heart, and by nothing else; signing in takes the boats along to the account.

One form of a page is all that its hearts need: each is a button of it that says its own address.
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
from ..watchlist.tracking import watch_too
from ..watchlist.watched import MOST_BEFORE_SIGNING_IN, ids_among
from .query_string import address
from .security.access import AnyRequest, form_token_of, visitor_of
from .security.cookies import kept_cookie, kept_name

_NAME = "watching"
_LONGEST_COOKIE = 4000

FOR_ONE_READER = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
"""For pages that look different to each reader: nobody else keeps them. (They may come back whole
when one goes back to them, which `no-store` would forbid.)"""


@dataclass(frozen=True, slots=True)
class WatchButtons:
    """What hearts are drawn by. `token` is empty before signing in; `here` is where one comes back."""

    token: str
    here: str
    watched: frozenset[str]


async def watch_buttons(request: AnyRequest, market: Market) -> WatchButtons:
    """The hearts of a page that answers this request."""
    here = address(request.url.path, list(request.query_params.multi_items()))
    visitor = await visitor_of(request, market)
    if visitor is None:
        return WatchButtons("", here, frozenset(remembered(request, market)))
    watched = frozenset(await claimed_by(market.store, visitor.user.id) or ())
    return WatchButtons(form_token_of(request, market), here, watched)


def remembered(request: AnyRequest, market: Market) -> list[str]:
    """The ids that the browser remembers from before signing in, the newest last."""
    text = request.cookies.get(kept_name(market.settings, _NAME), "")[:_LONGEST_COOKIE]
    return ids_among(text.split("."), MOST_BEFORE_SIGNING_IN)


def remembering(settings: Settings, ids: Iterable[str]) -> Cookie:
    """The cookie that makes the browser remember these boats, or forget it all where there are none."""
    message = ".".join(ids)
    return kept_cookie(settings, _NAME, message, YEAR_SECONDS if message else 0)


async def taking_along(request: AnyRequest, market: Market, user_id: str) -> list[Cookie]:
    """Put what the browser remembers on the watchlist of whoever signs in; the cookies to answer."""
    ids = remembered(request, market)
    if not ids:
        return []
    await watch_too(market.trail, market.listings, user_id, ids)
    return [remembering(market.settings, [])]


def demand_our_page(request: AnyRequest) -> None:
    """Before signing in there is no secret that a form's token could be bound to, and what is written
    is a cookie of the asker's own. So the browser itself must say where the form was: that it was
    on another site is refused everywhere, and here also that it says nothing. Raises Forbidden.
    """
    if not {"sec-fetch-site", "origin"} & request.headers.keys():
        raise Forbidden(_("Please use the heart on the boat's own page."))
