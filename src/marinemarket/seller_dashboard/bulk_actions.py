"""One action on many boats: each in its own commit, with its own outcome.

A repeated request does nothing more: a boat that is withdrawn already stays so, and a price is changed
only from the one that was shown to the one that was confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ..audit.entry import Actor
from ..audit.trail import Trail
from ..errors import FieldError, Invalid, MarketError, NotFound, Refused, TooLarge
from ..i18n.texts import gettext as _
from ..i18n.texts import ngettext
from ..listings.lifecycle.editing import commit_edit, own_listing
from ..listings.lifecycle.publication import mark_sold, publish, still_for_sale, withdraw
from ..listings.listing import Listing
from ..listings.records import find_listings
from ..store.items import may_be_id
from ..store.store import Store
from ..wire import HIGHEST_PRICE, LOWEST_PRICE

MOST_BOATS = 100
_DOLLAR = 100
_MOST_PERCENT = 90


class BulkAction(StrEnum):
    """The actions on many boats that need no further input."""

    WITHDRAW = "withdraw"
    PUT_BACK = "put-back"
    SOLD = "sold"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """The outcome for one boat. `title` is empty for a missing one, `why_not` if it succeeded."""

    id: str
    title: str
    why_not: str = ""

    @property
    def is_done(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A boat's price as it was shown, and its new price; in US cents."""

    id: str
    old: int
    new: int


async def apply_to_many(
    trail: Trail, actor: Actor, ids: Sequence[str], action: BulkAction
) -> list[BulkOutcome]:
    """Do the same to each of an owner's boats; returns the outcomes in the order of `ids`.

    Raises Invalid for more than MOST_BOATS, before anything is done.
    """
    check_number(ids)
    outcomes = []
    for id in dict.fromkeys(ids):
        try:
            listing = await _do(trail, actor, id, action)
        except (Invalid, NotFound, Refused, TooLarge) as error:
            outcomes.append(await _refused(trail.store, actor, id, error))
        else:
            outcomes.append(BulkOutcome(id, listing.title))
    return outcomes


async def reprice(trail: Trail, actor: Actor, prices: Sequence[NewPrice]) -> list[BulkOutcome]:
    """Set the confirmed price of each of an owner's boats, if it still costs what was shown."""
    check_number(prices)
    outcomes = []
    for price in {one.id: one for one in prices}.values():
        try:
            listing = await _reprice(trail, actor, price)
        except (Invalid, NotFound, Refused, TooLarge) as error:
            outcomes.append(await _refused(trail.store, actor, price.id, error))
        else:
            outcomes.append(BulkOutcome(price.id, listing.title))
    return outcomes


async def own_of(store: Store, owner_id: str, ids: Sequence[str]) -> list[Listing]:
    """Those listings that belong to an owner, in the order of `ids`. Raises Invalid for too many."""
    check_number(ids)
    found = await find_listings(store, [id for id in dict.fromkeys(ids) if may_be_id(id)])
    return [listing for listing in found if listing and listing.owner_id == owner_id]


def by_percent(price: int, percent: Decimal) -> int:
    """A price changed by `percent`, rounded to the dollar."""
    changed = price * (100 + percent) / 100
    return int((changed / _DOLLAR).to_integral_value(ROUND_HALF_UP)) * _DOLLAR


def check_percent(percent: Decimal) -> None:
    """Raises Invalid for an implausible change."""
    if not -_MOST_PERCENT <= percent <= _MOST_PERCENT:
        raise Invalid([FieldError("by", _("must be at most %(most)s percent", most=_MOST_PERCENT))])


def is_price(cents: int) -> bool:
    """Is this a permitted asking price, in cents?"""
    return LOWEST_PRICE <= cents <= HIGHEST_PRICE


def check_number(asked: Sequence[object]) -> None:
    """Raises Invalid for no boats, or for more than are handled at once."""
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


async def _do(trail: Trail, actor: Actor, id: str, action: BulkAction) -> Listing:
    if action is BulkAction.WITHDRAW:
        return await withdraw(trail, actor, id)
    if action is BulkAction.PUT_BACK:
        return await publish(trail, actor, id)
    if action is BulkAction.SOLD:
        return await mark_sold(trail, actor, id, None)
    return await still_for_sale(trail, actor, id)


async def _reprice(trail: Trail, actor: Actor, price: NewPrice) -> Listing:
    async def reprice() -> Listing:
        old = await own_listing(trail.store, actor.user_id, price.id)
        if old.price == price.new:
            return old
        if old.price != price.old:
            raise Refused(_("the price was changed meanwhile: look at it again"))
        # If somebody else is faster, the rules apply to the current listing.
        return await commit_edit(trail, actor, old, {"price": price.new})

    return await trail.retrying(reprice)


async def _refused(store: Store, actor: Actor, id: str, error: MarketError) -> BulkOutcome:
    try:
        title = (await own_listing(store, actor.user_id, id)).title
    except NotFound:
        return BulkOutcome(id, "", "it is not among your boats")
    if isinstance(error, Invalid):
        return BulkOutcome(
            id, title, "; ".join(f"{one.field} {one.message}" for one in error.errors)
        )
    return BulkOutcome(id, title, str(error))
