"""The front page."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from ...assembly import Market
from ...errors import Unavailable
from ...listings.boat_types import BOAT_TYPES, BoatType
from ...search.facets import Count
from ...search.filters import Search
from ...search.finding import find_boats
from ..access import AnyRequest
from ..given import GivenMarket
from ..hearts import FOR_ONE_READER, Hearts, hearts_of
from ..vocabulary import type_plural
from .card import Card
from .words import counted

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
    hearts: Hearts
    types: tuple[BoatType, ...] = BOAT_TYPES


@get("/", include_in_schema=False, open_to_all=True)
async def show_home(request: AnyRequest, market: GivenMarket) -> Template:
    hearts = await hearts_of(request, market)
    try:
        page = await _home(market, hearts)
    except Unavailable:
        page = HomePage(total=None, tiles=[], newest=[], hearts=hearts)
    return Template("home.html", context={"page": page}, headers=FOR_ONE_READER)


async def _home(market: Market, hearts: Hearts) -> HomePage:
    index = market.engine.index
    newest = await find_boats(market.listings, index, Search(limit=8), market.clock)
    counts = {one.value: one.count for one in newest.facets["type"] if isinstance(one, Count)}
    tiles = [
        TypeTile(name, type_plural(name), f"{counts[name]:,}")
        for name in _BROWSED
        if name in counts
    ]
    now = market.clock()
    return HomePage(
        total=counted(newest.total, "boat", "boats"),
        tiles=tiles,
        newest=[Card.of(listing, now) for listing in newest.listings],
        hearts=hearts,
    )
