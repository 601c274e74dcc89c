"""Search results: the query string is the search, so every result page is a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.response import Template

from ...errors import FieldError, Invalid
from ...listings.boat_types import BOAT_TYPES, BY_NAME, BoatType
from ...listings.listing import Condition
from ...listings.places import country_name
from ...search.filters import Search, Sort
from ...search.finding import Found, find_boats
from ..given import GivenMarket
from ..limits import limited
from ..query import Pairs, address, page_search
from .account.searches import pairs_to_save
from .card import Card
from .words import counted, dollars, plain_dollars

PATH = "/boats"

_ORDERS = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Newest",
    Sort.PRICE: "Price, low to high",
    Sort.PRICE_DOWN: "Price, high to low",
    Sort.LENGTH: "Length, short to long",
    Sort.LENGTH_DOWN: "Length, long to short",
    Sort.YEAR_DOWN: "Year, newest first",
    Sort.YEAR: "Year, oldest first",
}
_FIELD_LABELS = {
    "price_min": "Lowest price", "price_max": "Highest price", "year_min": "Earliest year",
    "year_max": "Latest year", "length_min": "Shortest length", "length_max": "Longest length",
    "type": "Type", "state": "State", "country": "Country", "feature": "Feature",
    "condition": "Condition", "sort": "Order", "limit": "Boats a page", "after": "Page",
    "near": "Near", "radius": "Radius", "q": "Words",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A way on from here. `is_current` marks the choice that holds."""

    label: str
    address: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What the filters' fields hold, as text, in the page's units."""

    q: str
    price_min: str
    price_max: str
    year_min: str
    year_max: str
    length_min: str
    length_max: str
    state: str
    country: str
    types: tuple[str, ...]
    conditions: tuple[str, ...]
    features: tuple[str, ...]
    sort: str


@dataclass(frozen=True, slots=True)
class BoatsPage:
    """All that ``boats.html`` uses.

    `chips` are the filters that hold, each a link to the same search without it. `notices` say
    what of the address made no sense.
    """

    heading: str
    count: str
    is_empty: bool
    cards: list[Card]
    form: Form
    chips: list[Link]
    orders: list[Link]
    notices: list[str]
    first: str | None
    next: str | None
    save: Pairs
    types: tuple[BoatType, ...] = BOAT_TYPES
    conditions: tuple[str, ...] = tuple(condition.value for condition in Condition)


@get(PATH, include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_boats(request: Request[Any, Any, Any], market: GivenMarket) -> Template:
    search, wrong = page_search(request.query_params.multi_items())
    try:
        found = await find_boats(market.listings, market.engine.index, search, market.clock)
    except Invalid as error:
        # The cursor is of another question: somebody changed the address by hand.
        wrong = [*wrong, *error.errors]
        search = search.changed(after=None)
        found = await find_boats(market.listings, market.engine.index, search, market.clock)
    save = pairs_to_save(request.query_params.multi_items())
    page = _page(search, found, wrong, market.clock(), save)
    return Template("boats.html", context={"page": page})


def _page(
    search: Search, found: Found, wrong: list[FieldError], now: int, save: Pairs
) -> BoatsPage:
    pairs = _pairs(search)
    sorted_pairs = [*pairs, ("sort", search.sort.value)] if search.sort else pairs
    return BoatsPage(
        heading=_heading(search),
        count=counted(found.total, "boat", "boats"),
        is_empty=found.total == 0,
        cards=[Card.of(listing, now) for listing in found.listings],
        form=_form(search),
        chips=_chips(search, sorted_pairs),
        orders=_orders(search, found, pairs),
        notices=[f"{_FIELD_LABELS.get(e.field, e.field)}: {e.message}" for e in wrong],
        first=address(PATH, sorted_pairs) if search.after else None,
        next=address(PATH, [*sorted_pairs, ("after", found.next)]) if found.next else None,
        save=save,
    )


def _pairs(search: Search) -> Pairs:
    """The filters of a search as the pairs of its address, without order and page."""
    place = search.location
    single = {
        "q": search.query,
        "price_min": plain_dollars(search.price_range.min),
        "price_max": plain_dollars(search.price_range.max),
        "year_min": search.year_range.min,
        "year_max": search.year_range.max,
        "length_min": search.length_range.min,
        "length_max": search.length_range.max,
        "state": place.state,
        "country": place.country,
    }
    return [
        *((name, str(value)) for name, value in single.items() if value not in (None, "")),
        *(("type", name) for name in search.boat_type),
        *(("condition", condition.value) for condition in search.condition),
        *(("feature", feature) for feature in search.features),
    ]


def _form(search: Search) -> Form:
    pairs = dict(_pairs(search))
    return Form(
        **{name: pairs.get(name, "") for name in (
            "q", "price_min", "price_max", "year_min", "year_max", "length_min", "length_max", "state", "country",
        )},
        types=search.boat_type,
        conditions=tuple(condition.value for condition in search.condition),
        features=search.features,
        sort=search.sort.value if search.sort else "",
    )  # fmt: skip


def _heading(search: Search) -> str:
    what = " and ".join(BY_NAME[name].plural for name in search.boat_type[:2])
    if len(search.boat_type) > 2:
        what = "Boats"
    where = str(search.location)
    words = f" “{search.query}”" if search.query else ""
    return f"{what or 'Boats'} for sale{words}{f' in {where}' if where else ''}"


def _chips(search: Search, pairs: Pairs) -> list[Link]:
    """One chip for each filter, leading to the same search without it."""
    return [
        Link(_chip_label(search, name, value), address(PATH, [p for p in pairs if p != (name, value)]))
        for name, value in pairs
        if name != "sort"
    ]  # fmt: skip


def _chip_label(search: Search, name: str, value: str) -> str:
    labels = {
        "q": lambda: f"“{value}”",
        "price_min": lambda: f"from {dollars(search.price_range.min or 0)}",
        "price_max": lambda: f"up to {dollars(search.price_range.max or 0)}",
        "year_min": lambda: f"{value} or newer",
        "year_max": lambda: f"{value} or older",
        "length_min": lambda: f"from {value} ft",
        "length_max": lambda: f"up to {value} ft",
        "type": lambda: BY_NAME[value].label,
        "country": lambda: country_name(value),
    }
    return labels.get(name, lambda: value)()


def _orders(search: Search, found: Found, pairs: Pairs) -> list[Link]:
    offered = [order for order in _ORDERS if search.query or order is not Sort.RELEVANCE]
    return [
        Link(_ORDERS[order], address(PATH, [*pairs, ("sort", order.value)]), order is found.order)
        for order in offered
    ]
