"""A listing: one boat for sale, with every rule that holds for it wherever it came from.

Lengths are feet, weights pounds, money US cents, times Unix milliseconds. What a rule depends on
stands before it in the model: Pydantic checks fields in order, so that each broken rule is
reported at its own field and all of them at once.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ..clock import now_ms, year_of
from ..errors import FieldError
from ..text import clean_line, slug
from ..wire import CLEAN_LINE, Cents, Count, Exact, Id, Millis, Model, Prose, Text
from .boat_types import BY_NAME, OTHER, boat_type_of
from .hin import checked_hin
from .makers import maker_name
from .places import STATES_REQUIRED_IN, country_code, country_name, state_code

FIRST_YEAR = 1900

Title = Annotated[str, Field(min_length=5, max_length=120), CLEAN_LINE]
LONGEST_NAME = 100
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), CLEAN_LINE]
_ADDRESS = re.compile(r"(https?://|/)[^\s<>\"'\\]+")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must be an address that starts with https://, http:// or /")
    return value


Address = Annotated[str, Field(strict=True, max_length=2000), AfterValidator(_address)]
Few = Annotated[int, Field(strict=True, ge=0, le=99)]
Hours = Annotated[int, Field(strict=True, ge=0, le=200_000)]


class Status(StrEnum):
    """What the owner says of the advert."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    SOLD = "sold"


class ModerationState(StrEnum):
    """What the platform says of it."""

    PENDING = "pending"
    APPROVED = "approved"
    FLAGGED = "flagged"
    REJECTED = "rejected"


class Condition(StrEnum):
    EXCELLENT = "Excellent"
    GOOD = "Good"
    FAIR = "Fair"
    NEEDS_WORK = "Needs Work"


class HullMaterial(StrEnum):
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
    DIESEL = "diesel"
    GASOLINE = "gasoline"
    ELECTRIC = "electric"
    HYBRID = "hybrid"
    LPG = "lpg"
    NONE = "none"
    OTHER = "other"


class Usage(StrEnum):
    """Whether somebody has owned her yet."""

    USED = "used"
    NEW = "new"
    ON_ORDER = "on-order"
    DEMONSTRATOR = "demonstrator"


class Moderation(Model):
    state: ModerationState = ModerationState.PENDING
    reason: Text | None = None


class Coordinates(Model):
    """Where she lies, in degrees (WGS 84), kept to about a metre."""

    lat: Annotated[Decimal, Exact("-90", "90", places=5, unit="degrees")]
    lon: Annotated[Decimal, Exact("-180", "180", places=5, unit="degrees")]


class Location(Model):
    """Where the boat can be seen. `region` is the coast, lake or area, as locals call it."""

    country: Annotated[str, CLEAN_LINE]
    state: Annotated[Name | None, Field(validate_default=True)] = None
    region: Name | None = None
    city: Name | None = None
    zip_code: Annotated[str, Field(min_length=1, max_length=12), CLEAN_LINE] | None = None
    coordinates: Coordinates | None = None

    @field_validator("country")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if code := country_code(value):
            return code
        raise ValueError("must be a country: its two letters (ISO 3166-1) or its English name")

    @field_validator("state")
    @classmethod
    def _is_one_of_the_country(cls, value: str | None, info: ValidationInfo) -> str | None:
        country = info.data.get("country")
        if country not in STATES_REQUIRED_IN:
            return value
        if value is None:
            raise ValueError(f"is required in {country_name(country)}")
        if code := state_code(value, country):
            return code
        raise ValueError(f"must be a state or province of {country_name(country)}")

    @property
    def key(self) -> str:
        """The place by which listings are grouped: ``US-FL``, or the country alone."""
        return (
            f"{self.country}-{self.state}" if self.country in STATES_REQUIRED_IN else self.country
        )

    def __str__(self) -> str:
        """For people: ``Annapolis, MD, United States``."""
        parts = (self.city, self.region, self.state, country_name(self.country))
        return ", ".join(part for part in parts if part)


class Engine(Model):
    """One or several engines alike. `power` is horsepower of each."""

    make: Name | None = None
    model: Name | None = None
    power: Annotated[Decimal, Exact("0.1", "50000", unit="hp")] | None = None
    hours: Hours | None = None
    count: Annotated[int, Field(strict=True, ge=1, le=12)] = 1


class BoatDetails(Model):
    """What she is. `length` is on deck, `loa` over all; `displacement` is in pounds.

    `type_as_listed` and `manufacturer_as_listed` keep what was typed, where our vocabulary
    says it in another word.
    """

    type: Name
    type_as_listed: Name | None = None
    manufacturer: Name | None = None
    manufacturer_as_listed: Name | None = None
    model: Name | None = None
    year: Annotated[int, Field(strict=True)] | None = None
    length: Annotated[Decimal, Exact("5", "650", unit="ft")] | None = None
    loa: Annotated[Decimal, Exact("5", "700", unit="ft")] | None = None
    beam: Annotated[Decimal, Exact("1.5", "150", unit="ft")] | None = None
    draft: Annotated[Decimal, Exact("0.1", "60", unit="ft")] | None = None
    air_draft: Annotated[Decimal, Exact("0.1", "400", unit="ft")] | None = None
    displacement: Annotated[int, Field(strict=True, ge=30, le=50_000_000)] | None = None
    hull_material: HullMaterial | None = None
    hin: Annotated[str, CLEAN_LINE, AfterValidator(checked_hin)] | None = None
    fuel: Fuel | None = None
    engine: Text | None = None
    engines: Annotated[tuple[Engine, ...], Field(max_length=8)] = ()
    hours: Hours | None = None
    cabins: Few | None = None
    berths: Few | None = None
    heads: Few | None = None
    usage: Usage | None = None
    condition: Condition | None = None

    @model_validator(mode="before")
    @classmethod
    def _in_our_vocabulary(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        said = dict(data)
        if typed := _name_typed(said.get("type")):
            said["type"] = boat_type_of(typed) or OTHER
            if typed.lower() not in (said["type"], BY_NAME[said["type"]].label.lower()):
                _unless_said(said, "typeAsListed", "type_as_listed", typed)
        if (typed := _name_typed(said.get("manufacturer"))) and (known := maker_name(typed)):
            said["manufacturer"] = known
            if known != typed:
                _unless_said(said, "manufacturerAsListed", "manufacturer_as_listed", typed)
        return said

    @field_validator("year")
    @classmethod
    def _is_within_living_memory(cls, value: int | None, info: ValidationInfo) -> int | None:
        now = (info.context or {}).get("now") or now_ms()
        latest = year_of(now) + 1
        if value is not None and not FIRST_YEAR <= value <= latest:
            raise ValueError(f"must be from {FIRST_YEAR} to {latest}")
        return value

    @field_validator("beam", "draft")
    @classmethod
    def _is_less_than_the_length(
        cls, value: Decimal | None, info: ValidationInfo
    ) -> Decimal | None:
        length = info.data.get("length")
        if value is not None and length is not None and value > length:
            raise ValueError(f"must not exceed the length, {length} ft")
        return value

    @field_validator("loa")
    @classmethod
    def _is_not_less_than_the_length(
        cls, value: Decimal | None, info: ValidationInfo
    ) -> Decimal | None:
        length = info.data.get("length")
        if value is not None and length is not None and value < length:
            raise ValueError(f"must not be less than the length, {length} ft")
        return value

    @property
    def type_label(self) -> str:
        return BY_NAME[self.type].label

    @property
    def name(self) -> str:
        """Maker and model, as one would say it; empty when neither is known."""
        return " ".join(part for part in (self.manufacturer, self.model) if part)


def _name_typed(value: Any) -> str | None:
    """A name as the vocabulary may read it; None for what the field's own rule must refuse."""
    try:
        name = clean_line(value) if isinstance(value, str) else ""
    except ValueError:
        return None
    return name if 0 < len(name) <= LONGEST_NAME else None


def _unless_said(said: dict[str, Any], alias: str, name: str, value: str) -> None:
    if said.get(alias) is None and said.get(name) is None:
        said[name if name in said else alias] = value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("must be a currency's three letters (ISO 4217)")
    return value


class Money(Model):
    """A sum in its own currency: `amount` counts its smallest unit (ISO 4217)."""

    amount: Annotated[int, Field(strict=True, ge=0, le=10**15)]
    currency: Annotated[str, Field(strict=True), AfterValidator(_currency)]


class AskedPrice(Model):
    """What was asked from a moment on."""

    price: Cents
    at: Millis
    original_price: Money | None = None


DEMO = "demo"
"""The source of boats that do not exist."""


class Source(Model):
    """Where an imported advert came from, and how that place refers to it.

    `fingerprint` is of what was last imported: the same again is no news.
    """

    name: Name
    reference: Name | None = None
    fingerprint: Annotated[str, Field(strict=True, max_length=64)] | None = None


MOST_PRICES = 200
"""How many asking prices a listing remembers: whoever adds another drops the oldest."""


class Listing(Model):
    """One advert. `updated_at` is its version: it rises with every change."""

    id: Id
    owner_id: Id
    title: Title
    description: Prose | None = None
    price: Cents
    original_price: Money | None = None
    price_history: Annotated[tuple[AskedPrice, ...], Field(max_length=MOST_PRICES)] = ()
    location: Location
    boat_details: BoatDetails
    features: Annotated[tuple[Text, ...], Field(max_length=200)] = ()
    images: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    videos: Annotated[tuple[Address, ...], Field(max_length=20)] = ()
    thumbnails: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    status: Status = Status.INACTIVE
    moderation: Moderation = Moderation()
    source: Source | None = None
    views: Count | None = None
    created_at: Millis
    updated_at: Millis

    @model_validator(mode="before")
    @classmethod
    def _named_once(cls, data: Any) -> Any:
        """What `to_wire` wrote comes back: `listingId` may stand beside the `id` it repeats."""
        if isinstance(data, dict) and "listingId" in data and data["listingId"] == data.get("id"):
            return {name: value for name, value in data.items() if name != "listingId"}
        return data

    @field_validator("features")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("updated_at")
    @classmethod
    def _is_not_before_creation(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("created_at", 0):
            raise ValueError("must not be before createdAt")
        return value

    @property
    def is_offered(self) -> bool:
        """The owner offers it and the platform lets it stand. (The owner must be active, too.)"""
        return self.status is Status.ACTIVE and self.moderation.state is ModerationState.APPROVED

    @property
    def is_demo(self) -> bool:
        """Is this boat made up, for looking around?"""
        return self.source is not None and self.source.name == DEMO

    @property
    def missing_for_publication(self) -> list[FieldError]:
        """What a seller must still say before the boat goes public. Imports may lack these."""
        wanted = {
            "description": self.description,
            "location.city": self.location.city,
            "boatDetails.year": self.boat_details.year,
            "boatDetails.length": self.boat_details.length,
            "boatDetails.condition": self.boat_details.condition,
        }
        return [
            FieldError(field, "is required") for field, value in wanted.items() if value is None
        ]

    @property
    def slug(self) -> str:
        return slug(self.title) or "boat"

    @property
    def price_drop(self) -> int:
        """By how many cents the asking price fell at its last change; 0 when it did not."""
        if len(self.price_history) < 2:
            return 0
        return max(0, self.price_history[-2].price - self.price_history[-1].price)

    def to_wire(self) -> dict[str, Any]:
        """The public shape; the identifier appears under both of its names."""
        return {"listingId": self.id} | super().to_wire()
