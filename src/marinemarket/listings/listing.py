"""A listing: one boat for sale, with every rule that holds for it wherever it came from.

Lengths are feet, weights pounds, money US cents, times Unix milliseconds. What a rule depends on
stands before it in the model: Pydantic checks fields in order, so that each broken rule is
reported at its own field and all of them at once.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ..accounts.user import SellerKind
from ..errors import FieldError
from ..text import slug
from ..wire import CLEAN_LINE, Cents, Count, Id, Millis, Model, Prose, Text
from .boat_details import BoatDetails
from .location import Location
from .names import Name
from .photo import Photos

Title = Annotated[str, Field(min_length=5, max_length=120), CLEAN_LINE]
_ADDRESS = re.compile(r"(https?://|/)[^\s<>\"'\\]+")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must be an address that starts with https://, http:// or /")
    return value


Address = Annotated[str, Field(strict=True, max_length=2000), AfterValidator(_address)]


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


CHANGES_WANTED = "Please change: "
"""What the reason of a rejection begins with where its owner need only change something."""


class Moderation(Model):
    """The platform's word, and for its owner why."""

    state: ModerationState = ModerationState.PENDING
    reason: Text | None = None

    @property
    def wants_changes(self) -> bool:
        """Was it sent back to be changed, rather than turned down?"""
        return self.state is ModerationState.REJECTED and (self.reason or "").startswith(
            CHANGES_WANTED
        )


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


class Sale(Model):
    """That she was sold: when, and for how much where the seller says so. Staff alone read sums."""

    at: Millis
    price: Cents | None = None


_PAGES_OF_A_BOAT = frozenset({"report", "inquiry"})
"""What addresses below a boat's own lead elsewhere."""


class Listing(Model):
    """One advert. `updated_at` is its version: it rises with every change.

    Where there are `photos`, `images` and `thumbnails` are their addresses. `confirmed_at` is when
    its owner last said that she is still for sale. `seller_kind` is how its owner sells, as they say
    it of themselves; absent where nobody knows who that is.
    """

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
    photos: Photos = ()
    videos: Annotated[tuple[Address, ...], Field(max_length=20)] = ()
    thumbnails: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    status: Status = Status.INACTIVE
    moderation: Moderation = Moderation()
    source: Source | None = None
    seller_kind: SellerKind | None = None
    views: Count | None = None
    confirmed_at: Millis | None = None
    sale: Sale | None = None
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
        text = slug(self.title) or "boat"
        return f"{text}-boat" if text in _PAGES_OF_A_BOAT else text

    @property
    def price_drop(self) -> int:
        """By how many cents the asking price fell at its last change; 0 when it did not."""
        if len(self.price_history) < 2:
            return 0
        return max(0, self.price_history[-2].price - self.price_history[-1].price)

    def to_wire(self) -> dict[str, Any]:
        """The public shape; the identifier appears under both of its names."""
        return {"listingId": self.id} | super().to_wire()
