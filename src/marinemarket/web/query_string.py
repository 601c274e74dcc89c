"""Parses the query string as a search, with the same names on the API and on pages.

Pages use dollars and feet or meters; the API uses cents and feet. Lists are repeated names. Errors
name the parameter in the address (``price_min``), not the field behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from ..errors import FieldError, Invalid
from ..figures.hours import read_hours
from ..figures.lengths import read_feet
from ..figures.money import read_dollars, typed_dollars
from ..figures.numbers import read_quantity, read_whole
from ..i18n.texts import gettext as _
from ..search.filters import FeetRange, Search, SearchFilters, WholeRange
from .presentation.units import UNIT, Unit, unit_of

Pairs = list[tuple[str, str]]


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text):
        raise ValueError(_("must be a whole number"))
    return int(text)


_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,20})?")
_IN_DEGREES = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,20})?")


def _feet(text: str) -> Decimal:
    """Feet in an API address: a program's ``12.500`` is no riddle, and people may write as on pages."""
    return Decimal(text) if _PLAIN.fullmatch(text) else read_feet(text)


def _degrees_of(text: str) -> Decimal:
    if not _IN_DEGREES.fullmatch(text.strip()):
        raise ValueError(_("must be a number of degrees, such as 27.2"))
    return Decimal(text.strip())


def _coordinates(text: str) -> dict[str, Decimal]:
    lat, comma, lon = text.partition(",")
    if not comma:
        raise ValueError(_("must be latitude,longitude"))
    return {"lat": _degrees_of(lat), "lon": _degrees_of(lon)}


_POINT = re.compile(r"\s*(?:[-+.]|\d+\.\d|\d+\s*,\s*[-+.\d])")


def near(text: str) -> Any:
    """``27.2,-80.1`` is a point; anything else names a place, as ``21403`` and ``75001, France`` do."""
    return _coordinates(text) if _POINT.match(text) else text


_SIDES = ("south", "west", "north", "east")


def _box(text: str) -> dict[str, Decimal]:
    """``south,west,north,east`` in degrees."""
    sides = text.split(",")
    if len(sides) != 4:
        raise ValueError(_("must be south,west,north,east"))
    return dict(zip(_SIDES, map(_degrees_of, sides), strict=True))


def _polygon(text: str) -> list[dict[str, Decimal]]:
    """Corners, each ``latitude,longitude``, separated by spaces."""
    return [_coordinates(corner) for corner in text.split()]


def _yes(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError(_("must be yes or no"))


_Read = Callable[[str], Any]

RANGES: dict[str, tuple[str, _Read]] = {
    "price": ("priceRange", _whole),
    "year": ("yearRange", _whole),
    "length": ("lengthRange", _feet),
    "beam": ("beamRange", _feet),
    "draft": ("draftRange", _feet),
    "air_draft": ("airDraftRange", _feet),
    "hours": ("hoursRange", _whole),
    "cabins": ("cabinsRange", _whole),
    "berths": ("berthsRange", _whole),
    "days_listed": ("daysListedRange", _whole),
}
"""Parameters with a ``…_min`` and a ``…_max``: the field they bound, and how to parse their values.
"""

LENGTHS = frozenset({"length", "beam", "draft", "air_draft"})
"""Ranges of lengths: in feet, or on pages also in meters."""

SINGLE: dict[str, tuple[str, _Read]] = {
    "q": ("query", str),
    **{
        f"{name}_{end}": (f"{field}.{end}", read)
        for name, (field, read) in RANGES.items()
        for end in ("min", "max")
    },
    "price_dropped": ("priceDropped", _yes),
    "hide_under_offer": ("hideUnderOffer", _yes),
    "state": ("location.state", str),
    "country": ("location.country", str),
    "near": ("location.near", near),
    "radius": ("location.radius", read_quantity),
    "box": ("location.box", _box),
    "polygon": ("location.polygon", _polygon),
    "sort": ("sort", str),
    "limit": ("limit", _whole),
    "after": ("after", str),
}
LISTS = {
    "type": "boatType",
    "maker": "manufacturer",
    "feature": "features",
    "condition": "condition",
    "fuel": "fuel",
    "hull": "hullMaterial",
    "usage": "usage",
    "seller": "sellerKind",
}

NAMES = (*SINGLE, *LISTS)

_NAME_OF_FIELD = {field: name for name, (field, _) in SINGLE.items()} | {
    field: name for name, field in LISTS.items()
}


def api_search(pairs: Iterable[tuple[str, str]]) -> Search:
    """The search in an API address, with prices in cents. Raises Invalid, also for an unknown name."""
    return _search(list(pairs), SINGLE, unknown_is_wrong=True)


def page_search(pairs: Iterable[tuple[str, str]]) -> tuple[Search, list[FieldError]]:
    """The search in a page's address, with prices in dollars, and the parameters that could not be
    read.

    A reader who mistypes a price still sees boats: unreadable parameters are left out and reported.
    """
    pairs = list(pairs)
    reading = _as_pages_say(unit_of(pairs))
    known = [(name, value) for name, value in pairs if name in NAMES and value.strip()]
    if not any(name == "near" for name, _ in known):
        # A form sends these fields also where the place that they are about was taken out.
        about = {("sort", "distance"), *(pair for pair in known if pair[0] == "radius")}
        known = [pair for pair in known if pair not in about]
    wrong: list[FieldError] = []
    while True:
        try:
            return _search(known, reading, unknown_is_wrong=False), wrong
        except Invalid as error:
            wrong += error.errors
            unfit = {found.field.partition(".")[0] for found in error.errors}
            kept = [(name, value) for name, value in known if name not in unfit]
            # Whatever could not be traced to a name takes the whole address with it.
            known = kept if len(kept) < len(known) else []


def _as_pages_say(unit: Unit) -> dict[str, tuple[str, _Read]]:
    """How the fields of a page's address are parsed: as people type, prices in dollars, lengths in a unit."""

    def length(text: str) -> Decimal:
        return read_feet(text, unit=unit.value)

    reads: dict[str, _Read] = {
        "price": read_dollars,
        "hours": read_hours,
        **dict.fromkeys(("year", "cabins", "berths", "days_listed"), read_whole),
        **dict.fromkeys(LENGTHS, length),
    }
    return {
        name: (field, reads.get(name.removesuffix("_min").removesuffix("_max"), read))
        for name, (field, read) in SINGLE.items()
    }


def page_pairs(search: SearchFilters, unit: Unit = Unit.FEET) -> Pairs:
    """A search as the parameters of a page's address, without order and page: the inverse of
    `page_search`.

    The unit comes last, unless it is feet.
    """
    place = search.location
    point = place.coordinates
    single: dict[str, Any] = {
        "q": search.query,
        **{
            f"{name}_{end}": _bound(getattr(search, f"{name}_range"), end, unit, name)
            for name in RANGES
            for end in ("min", "max")
        },
        "price_dropped": "yes" if search.price_dropped else None,
        "hide_under_offer": "yes" if search.hide_under_offer else None,
        "state": place.state,
        "country": place.country,
        "near": place.near if point is None else _degrees(point.lat, point.lon),
        "radius": None if place.radius is None else f"{place.radius:f}",
        "box": place.box and _degrees(*(getattr(place.box, side) for side in _SIDES)),
        "polygon": " ".join(_degrees(one.lat, one.lon) for one in place.polygon or ()),
    }
    lists = {
        "type": search.boat_type,
        "maker": search.manufacturer,
        "feature": search.features,
        "condition": search.condition,
        "fuel": search.fuel,
        "hull": search.hull_material,
        "usage": search.usage,
        "seller": search.seller_kind,
    }
    return [
        *((name, str(value)) for name, value in single.items() if value not in (None, "")),
        *((name, str(value)) for name, values in lists.items() for value in values),
        *([(UNIT, unit.value)] if unit is not Unit.FEET else []),
    ]


def _bound(of: WholeRange | FeetRange, end: str, unit: Unit, name: str) -> str:
    value = getattr(of, end)
    if value is None:
        return ""
    if name == "price":
        return typed_dollars(value)
    return unit.of_feet(value) if name in LENGTHS else str(value)


def _degrees(*numbers: Decimal) -> str:
    return ",".join(f"{number:f}" for number in numbers)


def _search(
    pairs: Pairs, reading: dict[str, tuple[str, _Read]], *, unknown_is_wrong: bool
) -> Search:
    payload: dict[str, Any] = {}
    errors = []
    for name, value in pairs:
        try:
            if name in LISTS:
                payload.setdefault(LISTS[name], []).append(value)
            elif name in reading:
                field, read = reading[name]
                meant = read(value)
                if field == "location.near" and not isinstance(meant, str):
                    field = "location.coordinates"
                _put(payload, field, meant, name)
            elif unknown_is_wrong:
                errors.append(FieldError(name, _("is not a field here")))
        except ValueError as error:
            errors.append(FieldError(name, str(error)))
    try:
        search = Search.parse(payload)
    except Invalid as error:
        errors += [_in_the_address(found) for found in error.errors]
    if errors:
        raise Invalid(errors)
    return search


def _put(payload: dict[str, Any], field: str, value: Any, name: str) -> None:
    outer, dot, inner = field.partition(".")
    target = payload.setdefault(outer, {}) if dot else payload
    if (inner or outer) in target:
        raise ValueError(_("may stand once only, but %(name)s came twice", name=name))
    target[inner or outer] = value


def _in_the_address(error: FieldError) -> FieldError:
    for field, name in _NAME_OF_FIELD.items():
        if error.field == field or error.field.startswith(f"{field}."):
            return FieldError(name, error.message)
    if error.field.startswith("location.coordinates"):
        return FieldError("near", error.message)
    return error


def address(path: str, pairs: Pairs) -> str:
    """A path with its query string; without one if there are no pairs."""
    return f"{path}?{urlencode(pairs)}" if pairs else path
