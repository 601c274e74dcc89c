"""The form in which sellers describe a boat, and its conversion to and from a listing.

A form holds text. `parse_form` turns it into what an owner may set of a listing, on the wire, and
names each field with invalid text; `to_form` is the reverse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...errors import FieldError, Invalid
from ...figures.hours import read_hours
from ...figures.lengths import FEET, METRES, read_feet, typed_feet
from ...figures.money import read_dollars, typed_dollars
from ...figures.numbers import read_whole
from ...figures.power import read_horsepower
from ...figures.weights import KILOGRAMS, POUNDS, read_pounds, typed_pounds
from ..lifecycle.creation import new_listing
from ..listing import Listing

UNIT = "unit"
MOST_ENGINES = 8
ENGINE_PARTS = ("make", "model", "power", "count", "hours")

COMMON_FEATURES = (
    "GPS chartplotter", "VHF radio", "Radar", "AIS transponder", "Autopilot", "Fishfinder",
    "Bow thruster", "Windlass", "Generator", "Shore power", "Solar panels", "Inverter",
    "Air conditioning", "Cabin heater", "Hot water", "Refrigerator", "Marine toilet", "Holding tank",
    "Swim platform", "Bimini top", "T-top", "Sprayhood", "Teak deck", "Trim tabs", "Furling genoa",
    "Spinnaker", "Livewell", "Rod holders", "Dinghy and outboard", "Life raft", "EPIRB", "Cover",
    "Trailer included",
)  # fmt: skip
"""The features offered as checkboxes; others are typed."""

_Read = Callable[[str, str], Any]


def _text(text: str, unit: str) -> str:
    return text


def _whole(text: str, unit: str) -> int:
    return read_whole(text)


def _cents(text: str, unit: str) -> int:
    return read_dollars(text)


def _feet(text: str, unit: str) -> Decimal:
    return read_feet(text, unit=METRES if unit == METRES else FEET)


def _pounds(text: str, unit: str) -> int:
    return read_pounds(text, unit=_weight_unit(unit))


def _weight_unit(unit: str) -> str:
    """The unit of weights in a form whose lengths are in `unit`."""
    return KILOGRAMS if unit == METRES else POUNDS


def _tick(text: str, unit: str) -> bool:
    return True


def _code(text: str, unit: str) -> str:
    return text.strip().upper()


_PATHS: dict[str, tuple[str, _Read]] = {
    "title": ("title", _text),
    "description": ("description", _text),
    "price_on_request": ("priceOnRequest", _tick),
    "price": ("price", _cents),
    **{
        name: (f"boatDetails.{path}", parse_form)
        for name, path, parse_form in (
            ("type", "type", _text),
            ("manufacturer", "manufacturer", _text),
            ("model", "model", _text),
            ("year", "year", _whole),
            ("usage", "usage", _text),
            ("condition", "condition", _text),
            ("hin", "hin", _code),
            ("hull_material", "hullMaterial", _text),
            ("length", "length", _feet),
            ("loa", "loa", _feet),
            ("beam", "beam", _feet),
            ("draft", "draft", _feet),
            ("air_draft", "airDraft", _feet),
            ("displacement", "displacement", _pounds),
            ("fuel", "fuel", _text),
            ("cabins", "cabins", _whole),
            ("berths", "berths", _whole),
            ("heads", "heads", _whole),
        )
    },
    "country": ("location.country", _text),
    "state": ("location.state", _text),
    "region": ("location.region", _text),
    "city": ("location.city", _text),
    "zip_code": ("location.zipCode", _text),
}
_FIELD_AT = {path: name for name, (path, _) in _PATHS.items()}

ENGINE_FIELDS = tuple(
    f"engine_{row}_{part}" for row in range(1, MOST_ENGINES + 1) for part in ENGINE_PARTS
)
FIELDS = (*_PATHS, *ENGINE_FIELDS, "features", "more_features", UNIT)
"""Every field of the form. `features` are those ticked, `more_features` those typed, one per line."""

PUBLIC_WANTS = (
    "title",
    "price",
    "type",
    "country",
    "description",
    "year",
    "length",
    "condition",
    "city",
)
"""The fields required for publication."""

LENGTHS = ("length", "loa", "beam", "draft", "air_draft")


@dataclass(frozen=True, slots=True)
class ParsedForm:
    """A form's content on the wire, and its errors by the form's fields."""

    payload: dict[str, Any]
    errors: dict[str, str]
    engines: tuple[int, ...]
    """The row of the form in which each engine stands."""


def parse_form(values: Mapping[str, str]) -> ParsedForm:
    """The content of a form's fields. Empty ones are absent."""
    payload: dict[str, Any] = {"location": {}, "boatDetails": {}}
    errors: dict[str, str] = {}
    unit = values.get(UNIT, "")
    for name, (path, reading) in _PATHS.items():
        text = values.get(name, "").strip()
        if not text or (name == "price" and values.get("price_on_request", "").strip()):
            continue
        outer, dot, inner = path.partition(".")
        try:
            (payload[outer] if dot else payload)[inner or outer] = reading(text, unit)
        except ValueError as error:
            errors[name] = str(error)
    engines, rows = _engines(values, errors)
    if engines:
        payload["boatDetails"]["engines"] = engines
    if hours := _hours(values):
        payload["boatDetails"]["hours"] = max(hours)
    payload["features"] = _lines(values, "features") + _lines(values, "more_features")
    return ParsedForm(payload, errors, rows)


def checked(
    owner_id: str, values: Mapping[str, str], now: int
) -> tuple[Listing | None, dict[str, str]]:
    """The listing that a form would create, if it fulfils every rule and all is there that is required.

    Otherwise None, and all errors by the form's fields.
    """
    found = parse_form(values)
    errors = dict(found.errors)
    try:
        listing = new_listing(owner_id, found.payload | {"status": "active"}, now)
    except Invalid as invalid:
        for one in invalid.errors:
            # A field that could not be parsed is also missing; the first message is the right one.
            errors.setdefault(field_of(one, found.engines), one.message)
        for name in PUBLIC_WANTS:
            if name == "price" and values.get("price_on_request", "").strip():
                continue
            if not values.get(name, "").strip():
                errors.setdefault(name, "is required")
        return None, errors
    return (None if errors else listing), errors


def field_of(error: FieldError, engines: tuple[int, ...] = ()) -> str:
    """The form's field that an error is about: ``engine_2_power``."""
    parts = error.field.split(".")
    if parts[:2] == ["boatDetails", "engines"] and len(parts) > 3 and int(parts[2]) < len(engines):
        return f"engine_{engines[int(parts[2])]}_{parts[3]}"
    if parts[0] == "features":
        return "more_features"
    if parts[:2] == ["boatDetails", "hours"]:
        return "engine_1_hours"
    return _FIELD_AT.get(
        error.field, {"location": "country", "boatDetails": "type"}.get(parts[0], parts[0])
    )


def to_form(listing: Listing, unit: str = "ft") -> dict[str, str]:
    """The form's fields as somebody would type them for this listing."""
    boat, place = listing.boat_details, listing.location
    values: dict[str, Any] = {
        "title": listing.title,
        "description": listing.description,
        "price_on_request": "yes" if listing.price_on_request else None,
        "price": None if listing.price is None else typed_dollars(listing.price),
        **{
            name: getattr(boat, name)
            for name in ("type", "manufacturer", "model", "year", "hin", "cabins", "berths", "heads")
        },
        **{
            name: getattr(boat, name) and getattr(boat, name).value
            for name in ("usage", "condition", "hull_material", "fuel")
        },
        **{
            name: getattr(boat, name) and typed_feet(getattr(boat, name), unit)
            for name in LENGTHS
        },
        "displacement": boat.displacement and typed_pounds(boat.displacement, _weight_unit(unit)),
        **{
            name: getattr(place, name)
            for name in ("country", "state", "region", "city", "zip_code")
        },
        **_typed_engines(listing),
        "features": "\n".join(one for one in listing.features if one in COMMON_FEATURES),
        "more_features": "\n".join(one for one in listing.features if one not in COMMON_FEATURES),
        UNIT: unit,
    }  # fmt: skip
    return {name: str(value) for name, value in values.items() if value is not None and value != ""}


def patch(
    mine: Mapping[str, str], base: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The edit (a merge patch) that turns `base` into `mine`, and the errors by field.

    Unchanged fields are not in it: a length displayed in metres keeps its exact value in feet.
    """
    new, old = parse_form(mine), parse_form(base)
    for name in (*LENGTHS, "displacement"):
        wire = _PATHS[name][0].partition(".")[2]
        known = old.payload["boatDetails"].get(wire)
        if known is not None and mine.get(name, "").strip() == _typed_size(
            known, mine.get(UNIT, "")
        ):
            new.payload["boatDetails"][wire] = known
    changes = _difference(old.payload, new.payload)
    place = changes.get("location", {})
    if place.keys() & {"country", "state", "city", "zipCode"}:
        place["coordinates"] = None  # they were those of the old place
    touched = {name for name in {*mine, *base} if mine.get(name, "") != base.get(name, "")}
    return changes, {name: why for name, why in new.errors.items() if name in touched}


def _typed_size(size: Decimal | int, unit: str) -> str:
    if isinstance(size, int):
        return typed_pounds(size, _weight_unit(unit))
    return typed_feet(size, unit)


def _difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            if inner := _difference(before, after):
                changed[name] = inner
        elif before != after:
            changed[name] = after
    return changed


def _engines(
    values: Mapping[str, str], errors: dict[str, str]
) -> tuple[list[Any], tuple[int, ...]]:
    engines, rows = [], []
    for row in range(1, MOST_ENGINES + 1):
        engine: dict[str, Any] = {}
        for part in ENGINE_PARTS:
            name = f"engine_{row}_{part}"
            if not (text := values.get(name, "").strip()):
                continue
            try:
                engine[part] = _ENGINE_READERS[part](text)
            except ValueError as error:
                errors[name] = str(error)
        if engine.keys() & {"make", "model", "power"}:
            engines.append(engine)
            rows.append(row)
    return engines, tuple(rows)


_ENGINE_READERS: dict[str, Callable[[str], Any]] = {
    "make": str,
    "model": str,
    "power": read_horsepower,
    "count": read_whole,
    "hours": read_hours,
}


def _hours(values: Mapping[str, str]) -> list[int]:
    """The hours that can be read; errors are reported with each engine."""
    found = []
    for row in range(1, MOST_ENGINES + 1):
        if text := values.get(f"engine_{row}_hours", "").strip():
            with suppress(ValueError):
                found.append(read_hours(text))
    return found


def _typed_engines(listing: Listing) -> dict[str, Any]:
    boat = listing.boat_details
    values: dict[str, Any] = {}
    for row, engine in enumerate(boat.engines[:MOST_ENGINES], start=1):
        for part in ENGINE_PARTS:
            values[f"engine_{row}_{part}"] = getattr(engine, part)
    if all(engine.hours is None for engine in boat.engines):
        values["engine_1_hours"] = boat.hours
    return values


def _lines(values: Mapping[str, str], name: str) -> list[str]:
    return [line.strip() for line in values.get(name, "").splitlines() if line.strip()]
