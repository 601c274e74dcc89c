"""A boat's details: lengths in feet, weights in pounds, power in horsepower.

A field stands below the fields that its rules depend on: Pydantic checks fields in order, so that
every broken rule is reported at its own field, all of them at once.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from ..clock import now_ms, year_of
from ..i18n.texts import gettext as _
from ..text import clean_line
from ..wire import CLEAN_LINE, Exact, Model, Text
from .hin import checked_hin, spelled_hin
from .names import LONGEST_NAME, Name
from .vocabulary.boat_types import BY_NAME, OTHER, boat_type_of
from .vocabulary.manufacturers import maker_name

FIRST_YEAR = 1900

Few = Annotated[int, Field(strict=True, ge=0, le=99)]
Hours = Annotated[int, Field(strict=True, ge=0, le=200_000)]


class Condition(StrEnum):
    """The condition of a boat."""

    EXCELLENT = "Excellent"
    GOOD = "Good"
    FAIR = "Fair"
    NEEDS_WORK = "Needs Work"


class HullMaterial(StrEnum):
    """What a hull is made of."""

    FIBERGLASS = "fiberglass"
    ALUMINUM = "aluminum"
    STEEL = "steel"
    WOOD = "wood"
    CARBON = "carbon"
    COMPOSITE = "composite"
    HYPALON = "hypalon"
    PVC = "pvc"
    PLASTIC = "plastic"
    FERROCEMENT = "ferrocement"
    OTHER = "other"


class Fuel(StrEnum):
    """What an engine burns."""

    DIESEL = "diesel"
    GASOLINE = "gasoline"
    ELECTRIC = "electric"
    HYBRID = "hybrid"
    LPG = "lpg"
    NONE = "none"
    OTHER = "other"


class Usage(StrEnum):
    """Whether the boat has had an owner."""

    USED = "used"
    NEW = "new"
    ON_ORDER = "on-order"
    DEMONSTRATOR = "demonstrator"


class Engine(Model):
    """One engine or several identical ones. `power` is horsepower of each."""

    make: Name | None = None
    """The engine's maker."""
    model: Name | None = None
    """The engine's model."""
    power: Annotated[Decimal, Exact("0.1", "50000", unit="hp")] | None = None
    """The power of each, in horsepower."""
    hours: Hours | None = None
    """How many hours each has run."""
    count: Annotated[int, Field(strict=True, ge=1, le=12)] = 1
    """How many identical ones there are."""


class BoatDetails(Model):
    """A boat's details. `length` is on deck, `loa` over all; `displacement` is in pounds.

    `type_as_listed` and `manufacturer_as_listed` keep what was typed, if our vocabulary has another
    word for it.
    """

    type: Name
    """The boat type: a name such as `trawler`, or what you call it."""
    type_as_listed: Name | None = None
    """The type as it was typed, if the market has another word for it."""
    manufacturer: Name | None = None
    """The builder, in its usual spelling."""
    manufacturer_as_listed: Name | None = None
    """The builder as it was typed, if it is usually spelled otherwise."""
    model: Name | None = None
    """The model."""
    year: Annotated[int, Field(strict=True)] | None = None
    """The year of build, from 1900 to next year."""
    length: Annotated[Decimal, Exact("5", "650", unit="ft")] | None = None
    """The length on deck, in feet."""
    loa: Annotated[Decimal, Exact("5", "700", unit="ft")] | None = None
    """The length overall, in feet; not less than the length."""
    beam: Annotated[Decimal, Exact("1.5", "150", unit="ft")] | None = None
    """The greatest width, in feet; not more than the length."""
    draft: Annotated[Decimal, Exact("0.1", "60", unit="ft")] | None = None
    """How deep the hull reaches below the waterline, in feet."""
    air_draft: Annotated[Decimal, Exact("0.1", "400", unit="ft")] | None = None
    """How high the boat reaches above the waterline, in feet."""
    displacement: Annotated[int, Field(strict=True, ge=30, le=50_000_000)] | None = None
    """The boat's weight, in pounds."""
    hull_material: HullMaterial | None = None
    """What the hull is made of."""
    hin: Annotated[str, Field(max_length=100), CLEAN_LINE] | None = None
    """The hull identification number: twelve characters, or fourteen with the country."""
    fuel: Fuel | None = None
    """What the engine burns."""
    engine: Text | None = None
    """The engine, in words."""
    engines: Annotated[tuple[Engine, ...], Field(max_length=8)] = ()
    """The engines, one entry for identical ones."""
    hours: Hours | None = None
    """How many hours the engine has run."""
    cabins: Few | None = None
    """How many cabins there are."""
    berths: Few | None = None
    """How many places to sleep there are."""
    heads: Few | None = None
    """How many toilets there are."""
    usage: Usage | None = None
    """Whether the boat has had an owner."""
    condition: Condition | None = None
    """The condition; required for publication."""

    @model_validator(mode="before")
    @classmethod
    def _in_our_vocabulary(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        payload = dict(data)
        if typed := _name_typed(payload.get("type")):
            payload["type"] = boat_type_of(typed) or OTHER
            if typed.lower() not in (payload["type"], BY_NAME[payload["type"]].label.lower()):
                _set_unless_given(payload, "typeAsListed", "type_as_listed", typed)
        if (typed := _name_typed(payload.get("manufacturer"))) and (known := maker_name(typed)):
            payload["manufacturer"] = known
            if known != typed:
                _set_unless_given(payload, "manufacturerAsListed", "manufacturer_as_listed", typed)
        return payload

    @field_validator("year")
    @classmethod
    def _is_within_living_memory(cls, value: int | None, info: ValidationInfo) -> int | None:
        now = (info.context or {}).get("now") or now_ms()
        latest = year_of(now) + 1
        if value is not None and not FIRST_YEAR <= value <= latest:
            raise ValueError(
                _("must be from %(first)s to %(latest)s", first=FIRST_YEAR, latest=latest)
            )
        return value

    @field_validator("hin")
    @classmethod
    def _is_a_hull_number(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        # Whether its dates can be is asked of what comes in; what is stored stays readable.
        now = (info.context or {}).get("now")
        return checked_hin(value, now) if now else spelled_hin(value)

    @field_validator("beam", "draft")
    @classmethod
    def _is_less_than_the_length(
        cls, value: Decimal | None, info: ValidationInfo
    ) -> Decimal | None:
        length = info.data.get("length")
        if value is not None and length is not None and value > length:
            raise ValueError(_("must not exceed the length, %(length)s ft", length=length))
        return value

    @field_validator("loa")
    @classmethod
    def _is_not_less_than_the_length(
        cls, value: Decimal | None, info: ValidationInfo
    ) -> Decimal | None:
        length = info.data.get("length")
        if value is not None and length is not None and value < length:
            raise ValueError(_("must not be less than the length, %(length)s ft", length=length))
        return value

    @property
    def type_label(self) -> str:
        return BY_NAME[self.type].label

    @property
    def name(self) -> str:
        """Maker and model; empty when neither is known."""
        return " ".join(part for part in (self.manufacturer, self.model) if part)


def _name_typed(value: Any) -> str | None:
    """A name for the vocabulary to look up; None for a value that the field's own rule must refuse."""
    try:
        name = clean_line(value) if isinstance(value, str) else ""
    except ValueError:
        return None
    return name if 0 < len(name) <= LONGEST_NAME else None


def _set_unless_given(payload: dict[str, Any], alias: str, name: str, value: str) -> None:
    if payload.get(alias) is None and payload.get(name) is None:
        payload[name if name in payload else alias] = value
