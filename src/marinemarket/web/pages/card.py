"""The card of a boat in a list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ...i18n.dates import since
from ...i18n.numbers import dollars
from ...listings.boat_details import Usage
from ...listings.listing import Listing
from ...listings.photo import Photo
from ...listings.pricing import price_text
from ..presentation.formatting import away, feet_and_metres, running_hours
from ..presentation.labels import condition_label, usage_label
from ..presentation.pictures import first_picture
from ..presentation.units import UNIT, Unit
from ..query_string import address


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. `facts` are short, in the order a buyer asks: year, length, engine.

    `price` is in the currency that is asked; if that is not the US dollar, `in_dollars` is about what it
    comes to. `distance` is from the place that a search names, where it names one.
    """

    id: str
    address: str
    title: str
    picture: str
    is_drawing: bool
    photo: Photo | None
    price: str
    in_dollars: str | None
    drop: str | None
    facts: list[str]
    place: str
    listed: str
    badge: str | None
    is_under_offer: bool
    distance: str | None = None

    @classmethod
    def of(
        cls, listing: Listing, now: int, unit: Unit = Unit.FEET, *, miles: Decimal | None = None
    ) -> Card:
        boat = listing.boat_details
        picture = first_picture(listing)
        usage = boat.usage
        return cls(
            id=listing.id,
            address=boat_address(listing, unit),
            title=listing.title,
            picture=picture.address,
            is_drawing=picture.stands_in,
            photo=picture.photo,
            price=price_text(listing.asked),
            in_dollars=_in_dollars(listing),
            drop=price_text(listing.price_drop) if listing.price_drop else None,
            facts=_facts(listing, unit),
            place=str(listing.location),
            listed=since(listing.created_at, now),
            is_under_offer=listing.under_offer,
            badge=usage_label(usage) if usage and usage is not Usage.USED else None,
            distance=None if miles is None else away(miles, unit),
        )


def boat_address(listing: Listing, unit: Unit = Unit.FEET) -> str:
    """Where a boat's page is; it shows lengths in the unit first."""
    pairs = [(UNIT, unit.value)] if unit is not Unit.FEET else []
    return address(f"/boats/{listing.id}/{listing.slug}", pairs)


def _in_dollars(listing: Listing) -> str | None:
    is_in_dollars = listing.asked is None or listing.asked.currency == "USD"
    return None if is_in_dollars or listing.price is None else dollars(listing.price)


def _facts(listing: Listing, unit: Unit) -> list[str]:
    boat = listing.boat_details
    facts = [
        str(boat.year) if boat.year else None,
        feet_and_metres(boat.length, unit) if boat.length else None,
        running_hours(boat.hours) if boat.hours is not None else None,
        condition_label(boat.condition) if boat.condition else None,
    ]
    return [fact for fact in facts if fact]
