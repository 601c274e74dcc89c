"""The front page."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from ...composition import Market
from ...errors import Unavailable
from ...i18n.numbers import whole
from ...listings.vocabulary.boat_types import BOAT_TYPES, BoatType
from ...search.facets import Count
from ...search.filters import Search
from ...search.finder import find_boats
from ..dependencies import CurrentMarket
from ..presentation.formatting import boats
from ..presentation.labels import type_plural
from ..security.access import AnyRequest
from ..watch_buttons import FOR_ONE_READER, WatchButtons, watch_buttons
from .card import Card

# What most people look for, in the order of a harbour: sails, open boats, cabins, ships.
_BROWSED = (
    "sailboat", "catamaran", "center-console", "bowrider", "pontoon", "fishing-boat",
    "express-cruiser", "flybridge", "motor-yacht", "trawler", "inflatable", "classic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypeTile:
    """A way in by type."""

    name: str
    label: str
    count: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """All that ``home.html`` uses. `total` is None while the index is being made."""

    total: str | None
    tiles: list[TypeTile]
    newest: list[Card]
    hearts: WatchButtons
    types: tuple[BoatType, ...] = BOAT_TYPES


@get("/", include_in_schema=False, open_to_all=True)
async def show_home(request: AnyRequest, market: CurrentMarket) -> Template:
    hearts = await watch_buttons(request, market)
    try:
        page = await _home(market, hearts)
    except Unavailable:
        page = HomePage(total=None, tiles=[], newest=[], hearts=hearts)
    return Template("home.html", context={"page": page}, headers=FOR_ONE_READER)


async def _home(market: Market, hearts: WatchButtons) -> HomePage:
    index = market.engine.index
    newest = await find_boats(market.listings, index, Search(limit=8), market.clock)
    counts = {one.value: one.count for one in newest.facets["type"] if isinstance(one, Count)}
    tiles = [
        TypeTile(name, type_plural(name), whole(counts[name]))
        for name in _BROWSED
        if name in counts
    ]
    now = market.clock()
    return HomePage(
        total=boats(newest.total),
        tiles=tiles,
        newest=[Card.of(listing, now) for listing in newest.listings],
        hearts=hearts,
    )
