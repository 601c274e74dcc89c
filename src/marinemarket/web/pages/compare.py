"""Comparing up to four boats. The page's address is the comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from litestar import get
from litestar.response import Template

from ...i18n.dates import since
from ...i18n.numbers import dollars, whole
from ...i18n.texts import gettext as _
from ...listings.boat_details import BoatDetails
from ...listings.listing import Listing
from ...listings.pricing import price_text
from ...watchlist.tracking import fates_of
from ...watchlist.watched import Became, Fate, ids_among
from ..dependencies import CurrentMarket
from ..presentation.formatting import feet_and_metres, weight
from ..presentation.labels import condition_label, fuel_label, hull_label, type_label
from ..presentation.units import UNIT, Unit, unit_of
from ..query_string import Pairs, address
from ..security.access import AnyRequest
from ..security.rate_limits import limited
from ..watch_buttons import FOR_ONE_READER, WatchButtons, watch_buttons
from .card import Card

PATH = "/compare"
MOST_COMPARED = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What one boat says of one fact; `best` names in a word what it is the first in, if it is."""

    value: str
    best: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact of every boat. `differs` where they do not all say the same."""

    label: str
    cells: list[Cell]
    differs: bool


@dataclass(frozen=True, slots=True)
class ComparedBoat:
    """A boat that is compared, and the address of the comparison without it."""

    card: Card
    without: str


@dataclass(frozen=True, slots=True)
class UnitLink:
    label: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ComparePage:
    """All that ``compare.html`` uses. `notices` say which boats are gone, or are too many."""

    columns: list[ComparedBoat]
    rows: list[FactRow]
    notices: list[str]
    units: list[UnitLink]
    hearts: WatchButtons
    most: int


@get(PATH, include_in_schema=False, open_to_all=True, guards=[limited("search")])
async def show_comparison(request: AnyRequest, market: CurrentMarket) -> Template:
    asked = list(request.query_params.multi_items())
    unit = unit_of(asked)
    ids = ids_among((value for name, value in asked if name == "boat"), MOST_COMPARED + 1)
    fates = await fates_of(market.listings, ids[:MOST_COMPARED])
    boats = [fate.listing for fate in fates if fate.listing is not None]
    now = market.clock()
    page = ComparePage(
        columns=[_column(boat, boats, now, unit) for boat in boats],
        rows=_rows(boats, now, unit),
        notices=_notices(fates, is_beyond=len(ids) > MOST_COMPARED),
        units=[
            UnitLink(other.plural, address(PATH, _pairs(boats, other)), other is unit)
            for other in Unit
        ],
        hearts=await watch_buttons(request, market),
        most=MOST_COMPARED,
    )
    return Template("compare.html", context={"page": page}, headers=FOR_ONE_READER)


def _pairs(boats: Sequence[Listing], unit: Unit) -> Pairs:
    in_unit = [(UNIT, unit.value)] if unit is not Unit.FEET else []
    return [*(("boat", boat.id) for boat in boats), *in_unit]


def _column(boat: Listing, boats: Sequence[Listing], now: int, unit: Unit) -> ComparedBoat:
    others = [other for other in boats if other.id != boat.id]
    return ComparedBoat(Card.of(boat, now, unit), address(PATH, _pairs(others, unit)))


def _notices(fates: Sequence[Fate], *, is_beyond: bool) -> list[str]:
    lines = []
    for fate in fates:
        if fate.became is Became.OFFERED:
            continue
        title = fate.title or _("One of these boats")
        words = (
            _("%(title)s was sold.")
            if fate.became is Became.SOLD
            else _("%(title)s is no longer for sale.")
        )
        lines.append(words % {"title": title})
    if is_beyond:
        lines.append(_("You can compare up to four boats. The first four are shown."))
    return lines  # fmt: skip


# -- The facts ---------------------------------------------------------------------------------

_Figure = Callable[[Listing], int | Decimal | None]


@dataclass(frozen=True, slots=True)
class _Fact:
    """How a fact is read and written. `best` is the word for whoever is first: by `figure`, the least
    first unless `most`."""

    label: str
    say: Callable[[Listing, Unit], Any]
    figure: _Figure | None = None
    best: str = ""
    most: bool = False


def _of(name: str) -> Callable[[Listing, Unit], Any]:
    return lambda boat, unit: getattr(boat.boat_details, name)


def _length(name: str) -> Callable[[Listing, Unit], Any]:
    def say(boat: Listing, unit: Unit) -> str | None:
        length = getattr(boat.boat_details, name)
        return feet_and_metres(length, unit) if length else None

    return say


def _figure(name: str) -> _Figure:
    return lambda boat: getattr(boat.boat_details, name)


def _named(name: str, label: Callable[[str], str]) -> Callable[[Listing, Unit], Any]:
    def say(boat: Listing, unit: Unit) -> str | None:
        value = getattr(boat.boat_details, name)
        return None if value is None else label(value)

    return say


def _facts(now: int) -> list[_Fact]:
    return [
        _Fact(_("Price"), lambda boat, unit: _price(boat), lambda boat: boat.price, _("lowest price")),
        _Fact(_("Type"), lambda boat, unit: type_label(boat.boat_details.type)),
        _Fact(_("Maker"), _of("manufacturer")),
        _Fact(_("Model"), _of("model")),
        _Fact(_("Year"), _of("year"), _figure("year"), _("newest"), most=True),
        _Fact(_("Condition"), _named("condition", condition_label)),
        _Fact(_("Length"), _length("length"), _figure("length"), _("longest"), most=True),
        _Fact(_("Length overall (LOA)"), _length("loa")),
        _Fact(_("Beam"), _length("beam"), _figure("beam"), _("widest"), most=True),
        _Fact(_("Draft"), _length("draft"), _figure("draft"), _("shallowest")),
        _Fact(_("Air draft"), _length("air_draft"), _figure("air_draft"), _("lowest")),
        _Fact(_("Displacement"), lambda boat, unit: _weight(boat.boat_details, unit)),
        _Fact(_("Hull"), _named("hull_material", hull_label)),
        _Fact(_("Engine hours"), _hours, _figure("hours"), _("fewest hours")),
        _Fact(_("Fuel"), _named("fuel", fuel_label)),
        _Fact(_("Cabins"), _of("cabins"), _figure("cabins"), _("most cabins"), most=True),
        _Fact(_("Berths"), _of("berths"), _figure("berths"), _("most berths"), most=True),
        _Fact(_("Heads"), _of("heads")),
        _Fact(_("Location"), lambda boat, unit: str(boat.location)),
        _Fact(_("Listed"), lambda boat, unit: since(boat.created_at, now)),
    ]  # fmt: skip


def _rows(boats: Sequence[Listing], now: int, unit: Unit) -> list[FactRow]:
    """The facts that at least one boat states."""
    rows = []
    for fact in _facts(now):
        lines = [fact.say(boat, unit) for boat in boats]
        texts = ["" if value is None else str(value) for value in lines]
        if any(texts):
            best = _best(fact, boats)
            cells = [Cell(text, word) for text, word in zip(texts, best, strict=True)]
            rows.append(FactRow(fact.label, cells, len(set(texts)) > 1))
    return rows


def _best(fact: _Fact, boats: Sequence[Listing]) -> list[str]:
    """The word at whoever is first; nowhere unless two say it, and differently."""
    figures = [fact.figure(boat) if fact.figure else None for boat in boats]
    known = [figure for figure in figures if figure is not None]
    if len(set(known)) < 2:
        return [""] * len(boats)
    first = max(known) if fact.most else min(known)
    return [fact.best if figure == first else "" for figure in figures]


def _price(boat: Listing) -> str:
    if boat.price is None or boat.asked is None or boat.asked.currency == "USD":
        return price_text(boat.asked)
    about = _("about %(price)s") % {"price": dollars(boat.price)}
    return f"{price_text(boat.asked)} ({about})"


def _hours(boat: Listing, unit: Unit) -> str | None:
    hours = boat.boat_details.hours
    return None if hours is None else whole(hours)


def _weight(boat: BoatDetails, unit: Unit) -> str | None:
    if boat.displacement is None:
        return None
    return weight(boat.displacement, unit)
