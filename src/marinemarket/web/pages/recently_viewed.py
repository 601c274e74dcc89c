"""Recently viewed boats as cards. Only the browser remembers which; it sends their ids here."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from ...search.finder import visible_listings
from ...watchlist.watched import ids_among
from ..dependencies import CurrentMarket
from ..security.access import AnyRequest
from ..security.rate_limits import limited
from .card import Card

MOST_SEEN = 12


@dataclass(frozen=True, slots=True)
class SeenPart:
    """All that ``_recently_viewed.html`` uses: the cards of boats that are still offered, as they were asked for."""

    cards: list[Card]


@get("/boats/seen", include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_seen(request: AnyRequest, market: CurrentMarket) -> Template:
    """A part of a page, for the script that puts it there."""
    text = (value for name, value in request.query_params.multi_items() if name == "boat")
    listings = await visible_listings(market.listings, ids_among(text, MOST_SEEN))
    now = market.clock()
    part = SeenPart([Card.of(listing, now) for listing in listings])
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return Template("_recently_viewed.html", context={"part": part}, headers=headers)
