"""Search results: the query string is the search, so every result page is a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.response import Template

from ...errors import FieldError, Invalid
from ...listings.boat_types import BY_NAME
from ...listings.places import country_name
from ...search.filters import Search, Sort
from ...search.finding import Found, find_boats
from ..given import GivenMarket
from ..limits import limited
from ..query import Pairs, address, page_pairs, page_search
from ..units import UNIT, Unit, unit_of
from .card import Card
from .chips import Chip, chips_of
from .filters import LABELS, Form, form_of, state_name
from .loosening import WayOn, ways_on
from .words import counted

PATH = "/boats"
FEED_PATH = "/boats.atom"

_ORDERS = {
    Sort.RELEVANCE: "Best match",
    Sort.DISTANCE: "Nearest",
    Sort.NEWEST: "Newest",
    Sort.PRICE: "Price, low to high",
    Sort.PRICE_DOWN: "Price, high to low",
    Sort.LENGTH: "Length, short to long",
    Sort.LENGTH_DOWN: "Length, long to short",
    Sort.YEAR_DOWN: "Year, newest first",
    Sort.YEAR: "Year, oldest first",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A way on from here. `is_current` marks the choice that holds."""

    label: str
    address: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class BoatsPage:
    """All that ``boats.html`` uses.

    `chips` are the filters that hold and what the words were understood as, each a link to the same
    search without it. `notices` say what of the address made no sense. `ways_on` are offered where
    nothing was found.
    """

    heading: str
    count: str
    is_empty: bool
    cards: list[Card]
    form: Form
    chips: list[Chip]
    clear: str
    orders: list[Link]
    units: list[Link]
    notices: list[str]
    ways_on: list[WayOn]
    feed: str
    first: str | None
    next: str | None
    save: Pairs


@get(PATH, include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_boats(request: Request[Any, Any, Any], market: GivenMarket) -> Template:
    asked = list(request.query_params.multi_items())
    unit = unit_of(asked)
    search, wrong = page_search(asked)
    try:
        found = await find_boats(market.listings, market.engine.index, search, market.clock)
    except Invalid as error:
        # The cursor is of another question: somebody changed the address by hand.
        wrong = [*wrong, *error.errors]
        search = search.changed(after=None)
        found = await find_boats(market.listings, market.engine.index, search, market.clock)
    now = market.clock()
    chips = chips_of(search, found.parts, _sorted_pairs(search, unit), unit, PATH)
    ways = [] if found.total else await ways_on(market.engine.index, chips, found.facets, now)
    save = page_pairs(search)
    page = _page(search, found, unit, chips, ways, wrong, now, save)
    return Template("boats.html", context={"page": page})


def _page(
    search: Search,
    found: Found,
    unit: Unit,
    chips: list[Chip],
    ways: list[WayOn],
    wrong: list[FieldError],
    now: int,
    save: Pairs,
) -> BoatsPage:
    pairs, sorted_pairs = page_pairs(search, unit), _sorted_pairs(search, unit)
    return BoatsPage(
        heading=heading_of(search),
        count=counted(found.total, "boat", "boats"),
        is_empty=found.total == 0,
        cards=[Card.of(listing, now, unit) for listing in found.listings],
        form=form_of(search, pairs, found.facets, unit),
        chips=chips,
        clear=address(PATH, [pair for pair in pairs if pair[0] == UNIT]),
        orders=_orders(search, found, pairs),
        units=_units(search, unit),
        notices=[f"{LABELS.get(e.field, e.field)}: {e.message}" for e in wrong],
        ways_on=ways,
        feed=address(FEED_PATH, pairs),
        first=address(PATH, sorted_pairs) if search.after else None,
        next=address(PATH, [*sorted_pairs, ("after", found.next)]) if found.next else None,
        save=save,
    )


def _sorted_pairs(search: Search, unit: Unit) -> Pairs:
    sort = [("sort", search.sort.value)] if search.sort else []
    return [*page_pairs(search, unit), *sort]


def heading_of(search: Search) -> str:
    """``Sailboats for sale “teak” in Florida``."""
    what = " and ".join(BY_NAME[name].plural for name in search.boat_type[:2])
    if len(search.boat_type) > 2:
        what = "Boats"
    place = search.location
    names = (
        place.state and state_name(place.state),
        place.country and country_name(place.country),
    )
    where = f" in {', '.join(name for name in names if name)}" if any(names) else ""
    near = f" near {place.near}" if place.near else ""
    words = f" “{search.query}”" if search.query else ""
    return f"{what or 'Boats'} for sale{words}{where}{near}"


def _orders(search: Search, found: Found, pairs: Pairs) -> list[Link]:
    offered = [
        order
        for order in _ORDERS
        if (order is not Sort.RELEVANCE or search.query)
        and (order is not Sort.DISTANCE or search.location.middle)
    ]
    return [
        Link(_ORDERS[order], address(PATH, [*pairs, ("sort", order.value)]), order is found.order)
        for order in offered
    ]


def _units(search: Search, unit: Unit) -> list[Link]:
    """The same search, its lengths in either unit."""
    return [
        Link(other.plural, address(PATH, _sorted_pairs(search, other)), other is unit)
        for other in Unit
    ]
