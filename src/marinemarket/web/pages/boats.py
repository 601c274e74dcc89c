"""Search results: the query string is the search, so every result page is a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, get
from litestar.response import Template

from ...errors import FieldError, Invalid
from ...listings.places import country_name
from ...search.filters import Search, Sort
from ...search.finding import Found, find_boats
from ..given import GivenMarket
from ..hearts import FOR_ONE_READER, Hearts, hearts_of
from ..limits import limited
from ..query import Pairs, address, page_pairs, page_search
from ..texts import gettext as _
from ..texts import marked
from ..units import UNIT, Unit, unit_of
from ..vocabulary import type_plural
from .card import Card
from .chips import Chip, chips_of
from .filters import LABELS, Form, form_of, state_name
from .loosening import WayOn, ways_on
from .points import PATH as POINTS_PATH
from .views import VIEW, View, remembering_view, view_of, view_said
from .words import counted

PATH = "/boats"
FEED_PATH = "/boats.atom"

_ORDERS = {
    Sort.RELEVANCE: marked("Best match"),
    Sort.DISTANCE: marked("Nearest"),
    Sort.NEWEST: marked("Newest"),
    Sort.PRICE: marked("Price, low to high"),
    Sort.PRICE_DOWN: marked("Price, high to low"),
    Sort.LENGTH: marked("Length, short to long"),
    Sort.LENGTH_DOWN: marked("Length, long to short"),
    Sort.YEAR_DOWN: marked("Year, newest first"),
    Sort.YEAR: marked("Year, oldest first"),
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
    nothing was found. `view` is how they are laid out, `views` the ways to change that. `points` is
    where the map asks for its boats; `here` this very page, without what only hands on to the next.
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
    view: str
    views: list[Link]
    points: str
    hearts: Hearts
    here: str
    feed: str
    first: str | None
    next: str | None
    save: Pairs


@get(PATH, include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_boats(request: Request[Any, Any, Any], market: GivenMarket) -> Template:
    asked = list(request.query_params.multi_items())
    layout = Layout(unit_of(asked), view_said(asked))
    search, wrong = page_search(asked)
    try:
        found = await find_boats(market.listings, market.engine.index, search, market.clock)
    except Invalid as error:
        # The cursor is of another question: somebody changed the address by hand.
        wrong = [*wrong, *error.errors]
        search = search.changed(after=None)
        found = await find_boats(market.listings, market.engine.index, search, market.clock)
    now = market.clock()
    chips = chips_of(search, found.parts, layout.sorted_pairs(search), layout.unit, PATH)
    ways = [] if found.total else await ways_on(market.engine.index, chips, found.facets, now)
    view = view_of(request, market, layout.view)
    hearts = await hearts_of(request, market)
    page = _page(search, found, layout, view, chips, ways, wrong, now, hearts)
    return Template(
        "boats.html",
        context={"page": page},
        headers=FOR_ONE_READER,
        cookies=remembering_view(request, market, layout.view),
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """What an address says besides the search: its unit, and the view if it chooses one."""

    unit: Unit
    view: View | None

    def pairs(self, search: Search) -> Pairs:
        """The pairs of a search's address, without order and page."""
        chosen = [(VIEW, self.view.value)] if self.view else []
        return [*page_pairs(search, self.unit), *chosen]

    def sorted_pairs(self, search: Search) -> Pairs:
        sort = [("sort", search.sort.value)] if search.sort else []
        return [*self.pairs(search), *sort]


def _page(
    search: Search,
    found: Found,
    layout: Layout,
    view: View,
    chips: list[Chip],
    ways: list[WayOn],
    wrong: list[FieldError],
    now: int,
    hearts: Hearts,
) -> BoatsPage:
    pairs, sorted_pairs, unit = layout.pairs(search), layout.sorted_pairs(search), layout.unit
    return BoatsPage(
        heading=heading_of(search),
        count=counted(found.total, "boat", "boats"),
        is_empty=found.total == 0,
        cards=[Card.of(listing, now, unit) for listing in found.listings],
        form=form_of(search, pairs, found.facets, unit),
        chips=chips,
        clear=address(PATH, [pair for pair in pairs if pair[0] in (UNIT, VIEW)]),
        orders=_orders(search, found, pairs),
        units=[
            Link(other.plural, address(PATH, replace(layout, unit=other).sorted_pairs(search)), other is unit)
            for other in Unit
        ],
        notices=[f"{_(LABELS.get(e.field, e.field))}: {e.message}" for e in wrong],
        ways_on=ways,
        view=view.value,
        views=[
            Link(other.label, address(PATH, replace(layout, view=other).sorted_pairs(search)), other is view)
            for other in View
        ],
        points=address(POINTS_PATH, sorted_pairs),
        hearts=hearts,
        here=address(PATH, sorted_pairs),
        feed=address(FEED_PATH, page_pairs(search, unit)),
        first=address(PATH, sorted_pairs) if search.after else None,
        next=address(PATH, [*sorted_pairs, ("after", found.next)]) if found.next else None,
        save=page_pairs(search),
    )  # fmt: skip


def heading_of(search: Search) -> str:
    """``Sailboats for sale “teak” in Florida``."""
    what = _(" and ").join(map(type_plural, search.boat_type[:2]))
    if len(search.boat_type) > 2:
        what = ""
    place = search.location
    names = (
        place.state and state_name(place.state),
        place.country and country_name(place.country),
    )
    said = [_("%(boats)s for sale") % {"boats": what or _("Boats")}]
    if search.query:
        said.append(f"“{search.query}”")
    if any(names):
        said.append(_("in %(place)s") % {"place": ", ".join(name for name in names if name)})
    if place.near:
        said.append(_("near %(place)s") % {"place": place.near})
    return " ".join(said)


def _orders(search: Search, found: Found, pairs: Pairs) -> list[Link]:
    offered = [
        order
        for order in _ORDERS
        if (order is not Sort.RELEVANCE or search.query)
        and (order is not Sort.DISTANCE or search.location.middle)
    ]
    return [
        Link(
            _(_ORDERS[order]), address(PATH, [*pairs, ("sort", order.value)]), order is found.order
        )
        for order in offered
    ]
