"""A listing: one boat for sale, with every rule that holds wherever it came from.

Lengths are feet, weights pounds, money US cents, times Unix milliseconds. A field stands below the
fields that its rules depend on: Pydantic checks fields in order, so that every broken rule is
reported at its own field, all of them at once.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ..accounts.user import SellerKind
from ..errors import FieldError
from ..i18n.texts import gettext as _
from ..lookalikes import visible_letters
from ..text import slug
from ..wire import CLEAN_LINE, Cents, Count, Day, Flag, Id, Millis, Model, Prose, Text
from .boat_details import BoatDetails
from .location import Location
from .names import Name
from .photo import Photos, is_own_picture
from .titles import LONGEST, SHORTEST
from .video import MOST_VIDEOS_SENT, is_shown

Title = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST), CLEAN_LINE]
_ADDRESS = re.compile(r"(https?://|/)[^\s<>\"'\\]+")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError(_("must be an address that starts with https://, http:// or /"))
    return value


Address = Annotated[str, Field(strict=True, max_length=2000), AfterValidator(_address)]


class Status(StrEnum):
    """The state that the owner has set."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    SOLD = "sold"


class ModerationState(StrEnum):
    """The state that the market has set."""

    PENDING = "pending"
    APPROVED = "approved"
    FLAGGED = "flagged"
    REJECTED = "rejected"


CHANGES_WANTED = "Please change: "
"""How the reason of a rejection begins if its owner only needs to change something."""


class Moderation(Model):
    """The market's decision, and the reason for its owner."""

    state: ModerationState = ModerationState.PENDING
    """What the market has decided."""
    reason: Text | None = None
    """Why, for its owner."""

    @property
    def wants_changes(self) -> bool:
        """Was it sent back for changes rather than turned down?"""
        return self.state is ModerationState.REJECTED and (self.reason or "").startswith(
            CHANGES_WANTED
        )


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(_("must be a currency's three letters (ISO 4217)"))
    return value


class Money(Model):
    """A sum in its own currency, `amount` in its smallest unit (ISO 4217)."""

    amount: Annotated[int, Field(strict=True, ge=0, le=10**15)]
    """The sum in the currency's smallest unit, such as cents."""
    currency: Annotated[str, Field(strict=True, max_length=20), AfterValidator(_currency)]
    """The currency's three letters (ISO 4217)."""

    def is_below(self, other: Money) -> bool:
        """Is it less, in the same currency? Between two currencies no sum is less than another:
        a rate would decide, and rates change by themselves.
        """
        return self.currency == other.currency and self.amount < other.amount

    def __sub__(self, other: Money) -> Money:
        """The difference to a smaller sum in the same currency."""
        return Money(amount=self.amount - other.amount, currency=self.currency)


def us_dollars(cents: int) -> Money:
    """A sum in US cents as Money."""
    return Money(amount=cents, currency="USD")


class AskedPrice(Model):
    """An asking price, and since when."""

    price: Cents | None = None
    """What was asked, in US cents; if in another currency, what it came to then. Absent while the
    price was told on request.
    """
    at: Millis
    """Since when it was asked, in Unix milliseconds."""
    original_price: Money | None = None
    """What was asked, if in another currency."""

    @property
    def asked(self) -> Money | None:
        """What was asked, in the currency that was named; None while it was on request."""
        return _asked(self.price, self.original_price)


def _asked(price: int | None, original: Money | None) -> Money | None:
    return None if price is None else original or us_dollars(price)


DEMO = "demo"
"""The source of made-up boats."""


class Source(Model):
    """Where an imported advert came from, and its reference there.

    `fingerprint` is of the last import: the same content again changes nothing.
    """

    name: Name
    """Where the advert came from."""
    reference: Name | None = None
    """Its reference there."""
    fingerprint: Annotated[str, Field(strict=True, max_length=64)] | None = None
    """What the last import held, as a hash."""
    changed_at: Millis | None = None
    """When an import last changed what the advert says, and not only what its price comes to."""


MOST_PRICES = 200
"""How many asking prices a listing keeps: a further one displaces the oldest."""


class Sale(Model):
    """When the boat was sold, and for how much if the seller says so. Only staff see the sum."""

    at: Millis
    """When it was sold, in Unix milliseconds."""
    price: Cents | None = None
    """For how much, in US cents; only its owner sees it."""


def slug_of(title: str) -> str:
    """The last part of a boat's address, percent-encoded where letters are not ASCII."""
    text = slug(title) or "boat"
    return f"{text}-boat" if text in _PAGES_OF_A_BOAT else quote(text)


_PAGES_OF_A_BOAT = frozenset({"report", "inquiry"})
"""Path segments below a boat's URL that lead elsewhere."""


class Listing(Model):
    """One advert. `updated_at` is its version: it rises with every change.

    If there are `photos`, `images` and `thumbnails` are their URLs. Pictures on other hosts are
    dropped. `confirmed_at` is when its owner
    last confirmed that the boat is still for sale. `seller_kind` is how its owner sells, by their own
    account; absent for the market's own listings.
    """

    id: Id
    """The listing's id, a UUID."""
    owner_id: Id
    """The id of the user who sells the boat."""
    title: Title
    """The title."""
    description: Prose | None = None
    """The description, with line breaks; required for publication."""
    price_on_request: Flag = False
    """Whether the seller tells the price only to those who ask. No price is kept then."""
    price: Annotated[Cents | None, Field(validate_default=True)] = None
    """The asking price in US cents; if it is asked in another currency, what it comes to. Absent if it is
    on request.
    """
    original_price: Money | None = None
    """What is asked, if in another currency. It alone says whether the boat has become cheaper."""
    rate_date: Day | None = None
    """The day of the exchange rate by which `price` was reckoned from `originalPrice`."""
    price_history: Annotated[tuple[AskedPrice, ...], Field(max_length=MOST_PRICES)] = ()
    """The asking prices so far, the latest last."""
    location: Location
    """Where the boat can be viewed."""
    boat_details: BoatDetails
    """The boat itself."""
    features: Annotated[tuple[Text, ...], Field(max_length=200)] = ()
    """Equipment and other features, each once."""
    images: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    """The paths of the photos, 1600 pixels wide."""
    photos: Photos = ()
    videos: Annotated[tuple[Address, ...], Field(max_length=MOST_VIDEOS_SENT)] = ()
    """The paths of the videos that were uploaded."""
    thumbnails: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    """The paths of the photos, 300 pixels wide, in the same order."""
    status: Status = Status.INACTIVE
    """What its owner has decided: `active` is offered, `inactive` is not, `sold` is sold."""
    under_offer: Flag = False
    """Whether its owner has accepted an offer and the sale is not complete. Only an active boat can be."""
    under_offer_at: Millis | None = None
    """Since when it is under offer, in Unix milliseconds."""
    moderation: Moderation = Moderation()
    """What the market has decided: a listing is public while it is active and approved."""
    source: Source | None = None
    """Where an imported advert came from."""
    seller_kind: SellerKind | None = None
    """How its owner sells: `private` or `broker`."""
    views: Count | None = None
    """How often its page was seen."""
    confirmed_at: Millis | None = None
    """When its owner last confirmed that it is for sale, in Unix milliseconds."""
    sale: Sale | None = None
    """The sale, once the boat is sold."""
    created_at: Millis
    """When it was created, in Unix milliseconds."""
    updated_at: Millis
    """Its version: when it was last changed, in Unix milliseconds."""

    @model_validator(mode="before")
    @classmethod
    def _named_once(cls, data: Any) -> Any:
        """Accept the output of `to_wire`, where `listingId` may repeat `id`."""
        if isinstance(data, dict) and "listingId" in data and data["listingId"] == data.get("id"):
            return {name: value for name, value in data.items() if name != "listingId"}
        return data

    @field_validator("price")
    @classmethod
    def _is_asked(cls, value: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("price_on_request"):
            return None  # what is not kept cannot be shown by mistake
        if value is None:
            raise ValueError(_("is required"))
        return value

    @field_validator("original_price", "rate_date")
    @classmethod
    def _explains_a_price(cls, value: Any, info: ValidationInfo) -> Any:
        return None if info.data.get("price_on_request") else value

    @field_validator("under_offer")
    @classmethod
    def _is_active(cls, value: bool, info: ValidationInfo) -> bool:
        return value and info.data.get("status") is Status.ACTIVE

    @field_validator("under_offer_at")
    @classmethod
    def _is_under_offer(cls, value: int | None, info: ValidationInfo) -> int | None:
        return value if info.data.get("under_offer") else None

    @field_validator("features")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("images", "thumbnails")
    @classmethod
    def _only_own_pictures(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # Items and files of earlier versions may name pictures on other hosts.
        return tuple(address for address in value if is_own_picture(address))

    @field_validator("videos")
    @classmethod
    def _only_what_is_shown(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(address for address in value if is_shown(address))

    @field_validator("updated_at")
    @classmethod
    def _is_not_before_creation(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("created_at", 0):
            raise ValueError(_("must not be before createdAt"))
        return value

    @property
    def is_offered(self) -> bool:
        """Active and approved. (To be public, its owner must be active, too.)"""
        return self.status is Status.ACTIVE and self.moderation.state is ModerationState.APPROVED

    @property
    def is_demo(self) -> bool:
        """Is this a made-up boat of the demonstration?"""
        return self.source is not None and self.source.name == DEMO

    @property
    def missing_for_publication(self) -> list[FieldError]:
        """What a seller must still provide before the boat can be public. Imports may lack these."""
        wanted = {
            "description": self.description if visible_letters(self.description or "") else None,
            "location.city": self.location.city,
            "boatDetails.year": self.boat_details.year,
            "boatDetails.length": self.boat_details.length,
            "boatDetails.condition": self.boat_details.condition,
        }
        return [
            FieldError(field, _("is required")) for field, value in wanted.items() if value is None
        ]

    @property
    def slug(self) -> str:
        """The last part of the address of her page."""
        return slug_of(self.title)

    @property
    def asked(self) -> Money | None:
        """What is asked, in the currency that its seller named; None if the price is on request."""
        return _asked(self.price, self.original_price)

    @property
    def reworded_at(self) -> int:
        """When what the advert says was last changed: new exchange rates change only `updated_at`."""
        if self.source is None or self.source.changed_at is None:
            return self.updated_at
        return max(self.source.changed_at, self.confirmed_at or 0, self.created_at)

    @property
    def price_drop(self) -> Money | None:
        """By how much the asking price fell at its last change; None if it did not fall.

        A price in another currency than before, or after one on request, is neither lower nor higher.
        """
        if self.price_on_request or len(self.price_history) < 2:
            return None
        before, now = (step.asked for step in self.price_history[-2:])
        return before - now if before and now and now.is_below(before) else None

    def to_wire(self) -> dict[str, Any]:
        """The listing on the wire; the identifier appears under both of its names."""
        return {"listingId": self.id} | super().to_wire()
