"""Search results. The query string is the search, so every result page can be linked to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, get
from litestar.response import Template

from ....composition import Market
from ....errors import FieldError, Invalid, Unavailable
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....listings.vocabulary.countries import country_name
from ....search.filters import Search, Sort
from ....search.finder import FoundBoats, find_boats, parse_query
from ...dependencies import CurrentMarket
from ...presentation.formatting import boats
from ...presentation.labels import type_plural
from ...presentation.units import UNIT, Unit, unit_of
from ...query_string import Pairs, address, page_pairs, page_search
from ...security.rate_limits import limited
from ...watch_buttons import FOR_ONE_READER, WatchButtons, watch_buttons
from ..card import Card
from ..search_away import search_away
from .chips import Chip, chips_of
from .filters import LABELS, FiltersForm, form_of, state_name
from .layouts import VIEW, ResultsLayout, chosen_layout, layout_cookie, layout_in_address
from .map_points import PATH as POINTS_PATH
from .relaxations import Relaxation, relaxations

PATH = "/boats"
FEED_PATH = "/boats.atom"

_ORDERS = {
    Sort.RELEVANCE: mark("Best match"),
    Sort.DISTANCE: mark("Nearest"),
    Sort.NEWEST: mark("Newest"),
    Sort.PRICE: mark("Price, low to high"),
    Sort.PRICE_DOWN: mark("Price, high to low"),
    Sort.LENGTH: mark("Length, short to long"),
    Sort.LENGTH_DOWN: mark("Length, long to short"),
    Sort.YEAR_DOWN: mark("Year, newest first"),
    Sort.YEAR: mark("Year, oldest first"),
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
    search without it. `notices` say what of the address made no sense. `relaxations` are offered where
    nothing was found. `view` is how they are laid out, `views` the ways to change that. `points` is
    where the map asks for its boats; `here` this very page, without what only hands on to the next.
    `canonical` is the search alone, however it is laid out and sorted; `is_indexed` where search engines
    should keep the page: boats of a type and a maker, but not every filter, and nothing that is empty.
    """

    heading: str
    count: str
    is_empty: bool
    cards: list[Card]
    form: FiltersForm
    chips: list[Chip]
    clear: str
    orders: list[Link]
    units: list[Link]
    notices: list[str]
    relaxations: list[Relaxation]
    view: str
    views: list[Link]
    points: str
    hearts: WatchButtons
    here: str
    canonical: str
    is_indexed: bool
    feed: str
    first: str | None
    next: str | None
    save: Pairs


@get(PATH, include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_boats(request: Request[Any, Any, Any], market: CurrentMarket) -> Template:
    """The boats of a search; in words, that there is none now, while the index is away."""
    try:
        return await _boats_page(request, market)
    except Unavailable as error:
        return search_away(request, error)


async def _boats_page(request: Request[Any, Any, Any], market: Market) -> Template:
    asked = list(request.query_params.multi_items())
    layout = Layout(unit_of(asked), layout_in_address(asked))
    search, wrong = page_search(asked)
    listings, index, clock = market.listings, market.engine.index, market.clock
    query = await parse_query(index, search.query)
    try:
        found = await find_boats(listings, index, search, clock, known=query)
    except Invalid as error:
        # The cursor is of another question: somebody changed the address by hand.
        wrong = [*wrong, *error.errors]
        search = search.changed(after=None)
        found = await find_boats(listings, index, search, clock, known=query)
    now = clock()
    chips = chips_of(search, found.parts, layout.sorted_pairs(search), layout.unit, PATH)
    ways = [] if found.total else await relaxations(index, chips, found, now)
    view = chosen_layout(request, market, layout.view)
    hearts = await watch_buttons(request, market)
    page = _page(search, found, layout, view, chips, ways, wrong, now, hearts)
    return Template(
        "boats.html",
        context={"page": page},
        headers=FOR_ONE_READER,
        cookies=layout_cookie(request, market, layout.view),
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """What an address says besides the search: its unit, and the view if it chooses one."""

    unit: Unit
    view: ResultsLayout | None

    def pairs(self, search: Search) -> Pairs:
        """The pairs of a search's address, without order and page."""
        chosen = [(VIEW, self.view.value)] if self.view else []
        return [*page_pairs(search, self.unit), *chosen]

    def sorted_pairs(self, search: Search) -> Pairs:
        sort = [("sort", search.sort.value)] if search.sort else []
        return [*self.pairs(search), *sort]


def _page(
    search: Search,
    found: FoundBoats,
    layout: Layout,
    view: ResultsLayout,
    chips: list[Chip],
    ways: list[Relaxation],
    wrong: list[FieldError],
    now: int,
    hearts: WatchButtons,
) -> BoatsPage:
    pairs, sorted_pairs, unit = layout.pairs(search), layout.sorted_pairs(search), layout.unit
    return BoatsPage(
        heading=heading_of(search),
        count=boats(found.total),
        is_empty=found.total == 0,
        cards=[
            Card.of(listing, now, unit, miles=found.miles_to(listing))
            for listing in found.listings
        ],
        form=form_of(search, pairs, found.facets, unit),
        chips=chips,
        clear=address(PATH, [pair for pair in pairs if pair[0] in (UNIT, VIEW)]),
        orders=_orders(search, found, pairs),
        units=[
            Link(other.plural, address(PATH, replace(layout, unit=other).sorted_pairs(search)), other is unit)
            for other in Unit
        ],
        notices=[f"{_(LABELS.get(e.field, e.field))}: {e.message}" for e in wrong],
        relaxations=ways,
        view=view.value,
        views=[
            Link(other.label, address(PATH, replace(layout, view=other).sorted_pairs(search)), other is view)
            for other in ResultsLayout
        ],
        points=address(POINTS_PATH, sorted_pairs),
        hearts=hearts,
        here=address(PATH, sorted_pairs),
        canonical=address(PATH, page_pairs(search)),
        is_indexed=found.total > 0 and _is_place(search),
        feed=address(FEED_PATH, page_pairs(search, unit)),
        first=address(PATH, sorted_pairs) if search.after else None,
        next=address(PATH, [*sorted_pairs, ("after", found.next)]) if found.next else None,
        save=page_pairs(search),
    )  # fmt: skip


def _is_place(search: Search) -> bool:
    """Whether a search is a page that somebody might look for: of one type, of one maker, or of both."""
    names = [name for name, _value in page_pairs(search)]
    return len(set(names)) == len(names) and set(names) <= {"type", "maker"} and not search.after


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
    lines = [_("%(boats)s for sale") % {"boats": what or _("Boats")}]
    if search.query:
        lines.append(f"“{search.query}”")
    if any(names):
        lines.append(_("in %(place)s") % {"place": ", ".join(name for name in names if name)})
    if place.near:
        lines.append(_("near %(place)s") % {"place": place.near})
    return " ".join(lines)


def _orders(search: Search, found: FoundBoats, pairs: Pairs) -> list[Link]:
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
