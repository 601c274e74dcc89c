"""What can be done to many boats at once: what each boat becomes, and the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ..audit.actions import Action
from ..errors import FieldError, Invalid
from ..i18n.texts import gettext as _
from ..i18n.texts import ngettext
from ..listings.lifecycle.publication import (
    Change,
    confirmed,
    no_longer_under_offer,
    offered,
    sold,
    under_offer,
    withdrawn,
)
from ..listings.listing import Listing, Money, us_dollars
from ..listings.pricing import money, units_of
from ..listings.records import find_listings, owned_by
from ..store.items import may_be_id
from ..store.store import MOST_AT_ONCE, Store
from ..wire import HIGHEST_PRICE, LOWEST_PRICE

MOST_BOATS = 100
"""The most boats that one form names."""
MOST_OF_ALL = 2000
"""The most boats of one job, chosen by a filter."""
_MOST_READ = 50
"""So many pages of an owner's boats are read for those that a filter matches: 5,000 boats."""
_DOLLAR = 100
_MOST_PERCENT = 90


class BulkAction(StrEnum):
    """The actions on many boats. PRICE has a new price for each boat, the others need no further input."""

    WITHDRAW = "withdraw"
    PUT_BACK = "put-back"
    SOLD = "sold"
    STILL = "still"
    UNDER_OFFER = "under-offer"
    OFFER_ENDED = "offer-ended"
    PRICE = "price"


CHANGES: dict[BulkAction, Change] = {
    BulkAction.WITHDRAW: withdrawn,
    BulkAction.PUT_BACK: offered,
    BulkAction.SOLD: sold,
    BulkAction.STILL: confirmed,
    BulkAction.UNDER_OFFER: under_offer,
    BulkAction.OFFER_ENDED: no_longer_under_offer,
}

ENTRIES = {
    BulkAction.WITHDRAW: Action.LISTING_WITHDRAWN,
    BulkAction.PUT_BACK: Action.LISTING_PUBLISHED,
    BulkAction.SOLD: Action.LISTING_SOLD,
    BulkAction.STILL: Action.LISTING_CONFIRMED,
    BulkAction.UNDER_OFFER: Action.LISTING_UPDATED,
    BulkAction.OFFER_ENDED: Action.LISTING_UPDATED,
    BulkAction.PRICE: Action.LISTING_UPDATED,
}

TOUCHED = {
    BulkAction.WITHDRAW: ("status", "sale", "underOffer", "underOfferAt"),
    BulkAction.PUT_BACK: ("status", "sale"),
    BulkAction.SOLD: ("status", "sale", "underOffer", "underOfferAt"),
    BulkAction.STILL: ("confirmedAt",),
    BulkAction.UNDER_OFFER: ("underOffer", "underOfferAt"),
    BulkAction.OFFER_ENDED: ("underOffer", "underOfferAt"),
    BulkAction.PRICE: ("price", "originalPrice", "rateDate"),
}
"""The fields, as on the wire, that an action sets, and that taking it back sets back."""


async def own_of(store: Store, owner_id: str, ids: Sequence[str]) -> list[Listing]:
    """Those listings that belong to an owner, in the order of `ids`, each once."""
    asked = [id for id in dict.fromkeys(ids) if may_be_id(id)]
    found: list[Listing | None] = []
    for begin in range(0, len(asked), MOST_AT_ONCE):
        found += await find_listings(store, asked[begin : begin + MOST_AT_ONCE])
    return [listing for listing in found if listing and listing.owner_id == owner_id]


async def all_of(
    store: Store, owner_id: str, is_wanted: Callable[[Listing], bool]
) -> list[Listing]:
    """An owner's listings that a filter wants, the newest first. Raises Invalid for too many, or none."""
    found = [one async for one in _read(store, owner_id) if is_wanted(one)]
    if not found:
        raise Invalid([FieldError("boat", _("none of your boats has this status"))])
    if len(found) > MOST_OF_ALL:
        raise Invalid(
            [
                FieldError(
                    "boat",
                    ngettext(
                        "at most %(num)s boat can be changed at a time: choose a filter first",
                        "at most %(num)s boats can be changed at a time: choose a filter first",
                        MOST_OF_ALL,
                    ),
                )
            ]
        )
    return found


async def _read(store: Store, owner_id: str) -> AsyncIterator[Listing]:
    after: str | None = None
    for _page in range(_MOST_READ):
        page = await owned_by(store, owner_id, limit=MOST_AT_ONCE, after=after)
        for listing in page.listings:
            yield listing
        after = page.next
        if after is None:
            return


def by_percent(price: int, percent: Decimal) -> int:
    """A price changed by `percent`, rounded to the dollar."""
    changed = price * (100 + percent) / 100
    return int((changed / _DOLLAR).to_integral_value(ROUND_HALF_UP)) * _DOLLAR


def in_its_currency(listing: Listing, cents: int) -> Money:
    """What is to be asked for a boat whose price is to come to so many US cents.

    One that is asked for in another currency stays in it, rounded to whole units: a new price in dollars
    would be neither lower nor higher than the old one.
    """
    original = listing.original_price
    if original is None or original.currency == "USD" or not listing.price:
        return us_dollars(cents)
    return money(round(units_of(original) * cents / listing.price, 0), original.currency)


def check_percent(percent: Decimal) -> None:
    """Raises Invalid for an implausible change."""
    if not -_MOST_PERCENT <= percent <= _MOST_PERCENT:
        raise Invalid([FieldError("by", _("must be at most %(most)s percent", most=_MOST_PERCENT))])


def is_price(cents: int) -> bool:
    """Is this a permitted asking price, in cents?"""
    return LOWEST_PRICE <= cents <= HIGHEST_PRICE


def check_number(asked: Sequence[object]) -> None:
    """Raises Invalid for no boats, or for more than one form may name."""
    if not asked:
        raise Invalid([FieldError("boat", _("tick at least one boat"))])
    if len(asked) > MOST_BOATS:
        raise Invalid(
            [
                FieldError(
                    "boat",
                    ngettext(
                        "tick at most %(num)s boat at a time",
                        "tick at most %(num)s boats at a time",
                        MOST_BOATS,
                    ),
                )
            ]
        )
