"""The filter fields of ``boats.html``: current values, and the number of boats for each choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from ....accounts.user import SellerKind
from ....i18n.numbers import dollars, whole
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....listings.boat_details import HullMaterial, Usage
from ....listings.vocabulary.countries import country_name, state_code, states_of
from ....search.facets import EDGES, Count, Counts, RangeCount
from ....search.filters import Search
from ....text import fold
from ...presentation.formatting import boats
from ...presentation.labels import condition_label, fuel_label, hull_label, type_label, usage_label
from ...presentation.units import UNIT, Unit
from ...query_string import LENGTHS, Pairs
from .layouts import VIEW

_SHOWN = 12
_BAR, _HIGH = 10, 40
"""A histogram's bar is so wide, and the highest so high, in units of its own drawing."""

_RANGES = {
    "price": (mark("Price (US dollars)"), "", mark("Minimum price"), mark("Maximum price")),
    "year": (mark("Year"), "", mark("Earliest year"), mark("Latest year")),
    "length": (
        mark("Length"),
        mark("Use “to” for the longest boat that fits your slip"),
        mark("Minimum length"),
        mark("Maximum length"),
    ),
    "draft": (
        mark("Draft"),
        mark("Use “to” for the depth of your water"),
        mark("Minimum draft"),
        mark("Maximum draft"),
    ),
    "air_draft": (
        mark("Air draft"),
        mark("Use “to” for the clearance of your bridge"),
        mark("Minimum air draft"),
        mark("Maximum air draft"),
    ),
    "beam": (mark("Beam"), "", mark("Minimum beam"), mark("Maximum beam")),
    "hours": (
        mark("Engine hours"),
        "",
        mark("Minimum engine hours"),
        mark("Maximum engine hours"),
    ),
    "cabins": (mark("Cabins"), "", mark("Minimum cabins"), mark("Maximum cabins")),
    "berths": (mark("Berths"), "", mark("Minimum berths"), mark("Maximum berths")),
    "days_listed": (
        mark("Days listed"),
        "",
        mark("Minimum days listed"),
        mark("Maximum days listed"),
    ),
}
_FEWEST_BARS = 5
_SUMMARIES = {
    "price": mark("Prices from %(first)s to %(last)s; most boats, %(most)s: %(where)s"),
    "year": mark("Years from %(first)s to %(last)s; most boats, %(most)s: %(where)s"),
}
"""What a histogram shows, for whoever does not see it."""
_FIRST_RANGES = ("price", "year", "length")

LABELS = {
    **{f"{name}_min": text[2] for name, text in _RANGES.items()},
    **{f"{name}_max": text[3] for name, text in _RANGES.items()},
    "q": mark("Words"),
    "type": mark("Type"),
    "maker": mark("Maker"),
    "state": mark("State"),
    "country": mark("Country"),
    "feature": mark("Feature"),
    "condition": mark("Condition"),
    "fuel": mark("Fuel"),
    "hull": mark("Hull"),
    "usage": mark("New or used"),
    "seller": mark("Sold by"),
    "price_dropped": mark("Price lowered"),
    "hide_under_offer": mark("Not under offer"),
    "near": mark("Near"),
    "radius": mark("Radius"),
    "box": mark("Area"),
    "polygon": mark("Area"),
    "sort": mark("Sort by"),
    "limit": mark("Boats per page"),
    "after": mark("Page"),
}
"""What each field of the address is called."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter. `count` is None where nothing counts it."""

    value: str
    label: str
    count: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """A filter that is chosen from a list; `more` stands folded away. One or several at a time."""

    name: str
    legend: str
    shown: list[Choice]
    more: list[Choice]
    is_one: bool = False
    any_label: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One range of a histogram, in its drawing's units; `is_in` when the search takes it in."""

    x: int
    height: int
    title: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many boats lie where. `summary` says it in words, the ends stand under the drawing."""

    bars: list[Bar]
    width: int
    summary: str
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class RangeField:
    """A filter with a least and a most, as text in the page's units."""

    name: str
    legend: str
    hint: str
    least_label: str
    most_label: str
    least: str
    most: str
    histogram: Histogram | None = None


@dataclass(frozen=True, slots=True)
class FiltersForm:
    """What all fields hold. `kept` goes along with the form, though it has no field of its own."""

    q: str
    near: str
    radius: str
    ranges: list[RangeField]
    more_ranges: list[RangeField]
    choices: list[Choices]
    more_choices: list[Choices]
    is_dropped: bool
    hides_under_offer: bool
    has_more: bool
    kept: Pairs


def form_of(search: Search, pairs: Pairs, counts: Counts, unit: Unit) -> FiltersForm:
    """The form of a search, whose pairs these are, with the counts that were found."""
    held = dict(pairs)
    ranges = {name: _range(name, held, counts, search, unit) for name in _RANGES}
    more_ranges = [field for name, field in ranges.items() if name not in _FIRST_RANGES]
    more_choices = _uncounted(search)
    sort = [("sort", search.sort.value)] if search.sort else []
    return FiltersForm(
        q=search.query or "",
        near=held.get("near", ""),
        radius=held.get("radius", ""),
        ranges=[ranges[name] for name in _FIRST_RANGES],
        more_ranges=more_ranges,
        choices=_counted(search, counts),
        more_choices=more_choices,
        is_dropped=search.price_dropped,
        hides_under_offer=search.hide_under_offer,
        has_more=search.price_dropped
        or search.hide_under_offer
        or any(field.least or field.most for field in more_ranges)
        or any(choice.is_chosen for of in more_choices for choice in of.shown),
        kept=[*(pair for pair in pairs if pair[0] in ("box", "polygon", UNIT, VIEW)), *sort],
    )


# -- Lists -------------------------------------------------------------------------------------


def _counted(search: Search, counts: Counts) -> list[Choices]:
    """The filters that are facets, each value with its number, the most frequent first."""
    place = search.location
    state = _state_among(place.state, _values(counts, "state"))
    return [
        _choices("type", counts["type"], search.boat_type),
        _choices("maker", counts["maker"], search.manufacturer),
        _choices("condition", counts["condition"], search.condition),
        _choices("country", counts["country"], [place.country] if place.country else [], any_label=_("Any country")),
        _choices("state", counts["state"], [state] if state else [], any_label=_("Any state")),
        _choices("seller", counts["seller"], search.seller_kind),
        _choices("fuel", counts["fuel"], search.fuel),
        _choices("feature", counts["features"], search.features),
    ]  # fmt: skip


def _uncounted(search: Search) -> list[Choices]:
    return [
        Choices(name, _(LABELS[name]), [
            Choice(value, value_label(name, value), None, value in chosen) for value in values
        ], [])
        for name, values, chosen in (
            ("hull", list(HullMaterial), search.hull_material),
            ("usage", list(Usage), search.usage),
        )
    ]  # fmt: skip


def _choices(
    name: str,
    counts: Iterable[Count | RangeCount],
    chosen: Iterable[str],
    *,
    any_label: str = "",
) -> Choices:
    taken = dict.fromkeys(map(str, chosen))
    known = {one.value: one.count for one in counts if isinstance(one, Count)}
    # Features are chosen as typed, and counted as the adverts write them.
    spelled = {fold(value): value for value in known}
    taken = dict.fromkeys(spelled.get(fold(value), value) for value in taken)
    each = [
        Choice(value, value_label(name, value), whole(count), value in taken)
        for value, count in [*known.items(), *((value, 0) for value in taken if value not in known)]
    ]
    shown = [*each[:_SHOWN], *(choice for choice in each[_SHOWN:] if choice.is_chosen)]
    more = [choice for choice in each[_SHOWN:] if not choice.is_chosen]
    return Choices(name, _(LABELS[name]), shown, more, bool(any_label), any_label)


def _values(counts: Counts, facet: str) -> list[str]:
    return [one.value for one in counts[facet] if isinstance(one, Count)]


def _state_among(text: str | None, known: list[str]) -> str | None:
    """The value of the facet that a state means, however it was written; as written, if none."""
    if text is None:
        return None
    names = {fold(text), fold(state_name(text))}
    for value in known:
        if names & {fold(value), fold(value.partition("-")[2]), fold(state_name(value))}:
            return value
    return text


def state_name(text: str) -> str:
    """What to call a state: ``US-FL``, ``FL`` and ``florida`` are Florida."""
    country, dash, code = text.partition("-")
    if dash and len(country) == 2:
        return states_of(country.upper()).get(code.upper(), code)
    for country in ("US", "CA", "AU"):
        if known := state_code(text, country):
            return states_of(country)[known]
    return text


_VALUE_LABELS: dict[str, Callable[[str], str]] = {
    "type": type_label,
    "country": country_name,
    "state": state_name,
    "fuel": fuel_label,
    "hull": hull_label,
    "usage": usage_label,
    "condition": condition_label,
    "seller": lambda value: _seller(SellerKind(value)),
}


def _seller(kind: SellerKind) -> str:
    return _("Broker or dealer") if kind is SellerKind.BROKER else _("Private seller")


def value_label(name: str, value: str) -> str:
    """What a reader sees for a value of a list."""
    label = _VALUE_LABELS.get(name)
    return label(value) if label else value


# -- Ranges ------------------------------------------------------------------------------------


def _range(
    name: str, held: dict[str, str], counts: Counts, search: Search, unit: Unit
) -> RangeField:
    legend, hint, least, most = map(_, _RANGES[name])
    return RangeField(
        name=name,
        legend=f"{legend}, {unit.plural}" if name in LENGTHS else legend,
        hint=hint,
        least_label=least,
        most_label=most,
        least=held.get(f"{name}_min", ""),
        most=held.get(f"{name}_max", ""),
        histogram=_histogram(name, counts, search) if name in EDGES else None,
    )


def _histogram(name: str, counts: Counts, search: Search) -> Histogram | None:
    """A facet's ranges as bars, from the first to the last that has boats; None for a few."""
    found = {one.lowest: one.count for one in counts[name] if isinstance(one, RangeCount)}
    if not found:
        return None
    ranges = [*pairwise(EDGES[name]), (EDGES[name][-1], None)]
    ranges = [one for one in ranges if min(found) <= one[0] <= max(found)]
    if len(ranges) < _FEWEST_BARS:
        return None
    chosen = search.price_range if name == "price" else search.year_range
    say = dollars if name == "price" else str
    highest = max(found.values())
    bars = [
        Bar(
            x=place * _BAR,
            # A boat that is there is to be seen.
            height=max(1, round(found[lowest] / highest * _HIGH)) if lowest in found else 0,
            title=f"{_between(lowest, below, say)}: {boats(found.get(lowest, 0))}",
            is_in=(chosen.max is None or lowest <= chosen.max)
            and (chosen.min is None or below is None or below > chosen.min),
        )
        for place, (lowest, below) in enumerate(ranges)
    ]
    most = max(found, key=lambda lowest: found[lowest])
    where = next(_between(lowest, below, say) for lowest, below in ranges if lowest == most)
    lowest, below = ranges[0][0], ranges[-1][1]
    first = (
        say(lowest) if lowest or name == "price" else _("before %(year)d") % {"year": ranges[0][1]}
    )
    last = (
        f"{say(ranges[-1][0])}+" if below is None else say(below if name == "price" else below - 1)
    )
    return Histogram(
        bars=bars,
        width=len(bars) * _BAR,
        summary=_(_SUMMARIES[name]) % {"first": first, "last": last, "most": whole(found[most]), "where": where},
        lowest=first,
        highest=last,
    )  # fmt: skip


def _between(lowest: int, below: int | None, say: Callable[[int], str]) -> str:
    if below is None:
        return _("%(least)s or more") % {"least": say(lowest)}
    if not lowest:
        if say is dollars:
            return _("under %(sum)s") % {"sum": say(below)}
        return _("before %(year)d") % {"year": below}
    last = below if say is dollars else below - 1
    return _("%(least)s to %(most)s") % {"least": say(lowest), "most": say(last)}
