"""The filters' fields as ``boats.html`` shows them: what holds, and how many boats each choice gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from ...accounts.user import SellerKind
from ...listings.boat_details import Condition, HullMaterial, Usage
from ...listings.boat_types import BY_NAME
from ...listings.places import country_name, state_code, states_of
from ...search.facets import EDGES, Count, Counts, RangeCount
from ...search.filters import Search
from ...text import fold
from ..query import LENGTHS, Pairs
from ..texts import gettext as _
from ..units import UNIT, Unit
from .views import VIEW
from .words import FUELS, counted, dollars

_SHOWN = 12
_BAR, _HIGH = 10, 40
"""A histogram's bar is so wide, and the highest so high, in units of its own drawing."""

_RANGES = {
    "price": ("Price, dollars", "", "Lowest price", "Highest price"),
    "year": ("Year", "", "Earliest year", "Latest year"),
    "length": ("Length", "“to” is what fits your slip", "Shortest length", "Longest length"),
    "draft": ("Draft", "“to” is how deep your water is", "Least draft", "Most draft"),
    "air_draft": (
        "Air draft", "“to” is what fits under your bridge", "Lowest air draft", "Highest air draft",
    ),
    "beam": ("Beam", "", "Narrowest beam", "Widest beam"),
    "hours": ("Engine hours", "", "Fewest engine hours", "Most engine hours"),
    "cabins": ("Cabins", "", "Fewest cabins", "Most cabins"),
    "berths": ("Berths", "", "Fewest berths", "Most berths"),
    "days_listed": ("Days listed", "", "Fewest days listed", "Most days listed"),
}  # fmt: skip
_FEWEST_BARS = 5
_NAMES_OF_BARS = {"price": "Prices", "year": "Years"}
_FIRST_RANGES = ("price", "year", "length")

LABELS = {
    **{f"{name}_min": said[2] for name, said in _RANGES.items()},
    **{f"{name}_max": said[3] for name, said in _RANGES.items()},
    "q": "Words", "type": "Type", "maker": "Maker", "state": "State", "country": "Country",
    "feature": "Feature", "condition": "Condition", "fuel": "Fuel", "hull": "Hull", "usage": "New or used",
    "seller": "Sold by",
    "price_dropped": "Price lowered", "near": "Near", "radius": "Radius", "box": "Area", "polygon": "Area",
    "sort": "Order", "limit": "Boats a page", "after": "Page",
}  # fmt: skip
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
class Form:
    """What all fields hold. `kept` goes along with the form, though it has no field of its own."""

    q: str
    near: str
    radius: str
    ranges: list[RangeField]
    more_ranges: list[RangeField]
    choices: list[Choices]
    more_choices: list[Choices]
    is_dropped: bool
    has_more: bool
    kept: Pairs


def form_of(search: Search, pairs: Pairs, counts: Counts, unit: Unit) -> Form:
    """The form of a search, whose pairs these are, with the counts that were found."""
    held = dict(pairs)
    ranges = {name: _range(name, held, counts, search, unit) for name in _RANGES}
    more_ranges = [field for name, field in ranges.items() if name not in _FIRST_RANGES]
    more_choices = _uncounted(search)
    sort = [("sort", search.sort.value)] if search.sort else []
    return Form(
        q=search.query or "",
        near=held.get("near", ""),
        radius=held.get("radius", ""),
        ranges=[ranges[name] for name in _FIRST_RANGES],
        more_ranges=more_ranges,
        choices=_counted(search, counts),
        more_choices=more_choices,
        is_dropped=search.price_dropped,
        has_more=search.price_dropped
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
        _choices("country", counts["country"], [place.country] if place.country else [], any_label="Any country"),
        _choices("state", counts["state"], [state] if state else [], any_label="Any state"),
        _choices("seller", counts["seller"], search.seller_kind),
        _choices("fuel", counts["fuel"], search.fuel),
        _choices("feature", counts["features"], search.features),
    ]  # fmt: skip


def _uncounted(search: Search) -> list[Choices]:
    return [
        Choices(name, LABELS[name], [
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
        Choice(value, value_label(name, value), f"{count:,}", value in taken)
        for value, count in [*known.items(), *((value, 0) for value in taken if value not in known)]
    ]
    shown = [*each[:_SHOWN], *(choice for choice in each[_SHOWN:] if choice.is_chosen)]
    more = [choice for choice in each[_SHOWN:] if not choice.is_chosen]
    return Choices(name, LABELS[name], shown, more, bool(any_label), any_label)


def _values(counts: Counts, facet: str) -> list[str]:
    return [one.value for one in counts[facet] if isinstance(one, Count)]


def _state_among(said: str | None, known: list[str]) -> str | None:
    """The value of the facet that a state means, however it was written; as written, if none."""
    if said is None:
        return None
    names = {fold(said), fold(state_name(said))}
    for value in known:
        if names & {fold(value), fold(value.partition("-")[2]), fold(state_name(value))}:
            return value
    return said


def state_name(said: str) -> str:
    """What to call a state: ``US-FL``, ``FL`` and ``florida`` are Florida."""
    country, dash, code = said.partition("-")
    if dash and len(country) == 2:
        return states_of(country.upper()).get(code.upper(), code)
    for country in ("US", "CA", "AU"):
        if known := state_code(said, country):
            return states_of(country)[known]
    return said


_FUELS = {str(fuel): label for fuel, label in FUELS.items()}
_VALUE_LABELS: dict[str, Callable[[str], str]] = {
    "type": lambda value: BY_NAME[value].label,
    "country": country_name,
    "state": state_name,
    "fuel": lambda value: _FUELS.get(value, value),
    "hull": lambda value: "PVC" if value == HullMaterial.PVC else value.capitalize(),
    "usage": lambda value: value.replace("-", " ").capitalize(),
    "condition": lambda value: Condition(value).value,
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
    legend, hint, least, most = _RANGES[name]
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
            title=f"{_between(lowest, below, say)}: {counted(found.get(lowest, 0), 'boat', 'boats')}",
            is_in=(chosen.max is None or lowest <= chosen.max)
            and (chosen.min is None or below is None or below > chosen.min),
        )
        for place, (lowest, below) in enumerate(ranges)
    ]
    most = max(found, key=lambda lowest: found[lowest])
    where = next(_between(lowest, below, say) for lowest, below in ranges if lowest == most)
    lowest, below = ranges[0][0], ranges[-1][1]
    first = say(lowest) if lowest or name == "price" else f"before {ranges[0][1]}"
    last = (
        f"{say(ranges[-1][0])}+" if below is None else say(below if name == "price" else below - 1)
    )
    return Histogram(
        bars=bars,
        width=len(bars) * _BAR,
        summary=f"{_NAMES_OF_BARS[name]} from {first} to {last}; most boats, {found[most]:,}: {where}",
        lowest=first,
        highest=last,
    )  # fmt: skip


def _between(lowest: int, below: int | None, say: Callable[[int], str]) -> str:
    if below is None:
        return f"{say(lowest)} or more"
    if not lowest:
        return f"under {say(below)}" if say is dollars else f"before {below}"
    last = below if say is dollars else below - 1
    return f"{say(lowest)} to {say(last)}"
