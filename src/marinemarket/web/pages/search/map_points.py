"""The boats of a search as points on the map."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from ....composition import Market
from ....i18n.numbers import compact_money
from ....i18n.texts import gettext as _
from ....listings.listing import Listing, Money
from ....listings.pricing import price_text, units_of
from ....search.filters import Box, Search
from ....search.finder import count_boats, pick_boats
from ....search.parsed_query import ParsedQuery
from ...api.listings import json
from ...dependencies import CurrentMarket
from ...presentation.units import Unit, unit_of
from ...query_string import page_search
from ...security.access import AnyRequest
from ...security.rate_limits import limited
from ..card import Card

PATH = "/boats/points"
MOST_POINTS = 100
_WITHIN = "within"
_EVERYWHERE = Box.parse({"south": -90, "west": -180, "north": 90, "east": 180})


@get(PATH, include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_points(request: AnyRequest, market: CurrentMarket) -> Response[bytes]:
    """Up to 100 boats of a page's search; `within` is the piece of the map that is looked at.

    ``{"total", "unplaced", "boats": [{"id", "title", "price", "label", "lat", "lon", …}]}``: `total`
    match and lie there, `unplaced` match and say nowhere where they lie.
    """
    asked = list(request.query_params.multi_items())
    search, _wrong = page_search(asked)
    seen = [("box", value) for name, value in asked if name == _WITHIN]
    looked_at = page_search(seen[-1:])[0].location.box
    here = search.location.changed(box=search.location.box or looked_at or _EVERYWHERE)
    wanted = search.changed(location=here, limit=MOST_POINTS, after=None)
    boats, total, query = await pick_boats(
        market.listings, market.engine.index, wanted, market.clock
    )
    now, unit = market.clock(), unit_of(asked)
    document = {
        "total": total,
        "unplaced": await _unplaced(market, search, query),
        "boats": [_point(boat, now, unit) for boat in boats if boat.location.coordinates],
    }
    return json(document, headers={"Cache-Control": "private, max-age=30"})


async def _unplaced(market: Market, search: Search, query: ParsedQuery) -> int:
    """How many boats a search would find, were they to say where they lie."""
    index, now = market.engine.index, market.clock()
    anywhere = search.location.changed(box=None, polygon=None)
    everywhere = anywhere.changed(box=_EVERYWHERE)
    counts = [
        await count_boats(index, search.changed(location=where, after=None), now, known=query)
        for where in (anywhere, everywhere)
    ]
    return max(0, counts[0] - counts[1])


def _point(boat: Listing, now: int, unit: Unit) -> dict[str, Any]:
    card = Card.of(boat, now, unit)
    where = boat.location.coordinates
    return {
        "id": boat.id,
        "title": card.title,
        "price": card.price,
        **({} if boat.price is None else {"cents": boat.price}),
        "label": _short(boat.asked),
        "facts": card.facts,
        "place": card.place,
        "picture": card.picture,
        "address": card.address,
        **({"lat": where.lat, "lon": where.lon} if where else {}),
    }


def _short(asked: Money | None) -> str:
    """A price for a marker: ``$950``, ``€45k``, ``$1.2M``; that it is on request if it is."""
    if asked is None:
        return _("On request")
    whole = round(units_of(asked))
    if whole < 10_000:
        return price_text(asked)
    return compact_money(whole, asked.currency)
