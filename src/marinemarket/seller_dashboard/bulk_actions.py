"""One thing done to many boats: each in a commit of its own, and told of one by one.

Whatever is sent twice does nothing more the second time: a boat that is down already stays down, and a
price is changed from the one that was seen to the one that was agreed to.
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
    """What can be done to many boats without a further word."""

    WITHDRAW = "withdraw"
    PUT_BACK = "put-back"
    SOLD = "sold"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of one boat. `title` is empty for one that is not there, `why_not` where it is done."""

    id: str
    title: str
    why_not: str = ""

    @property
    def is_done(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What a boat costs, as it was seen, and is to cost; in US cents."""

    id: str
    old: int
    new: int


async def apply_to_many(
    trail: Trail, actor: Actor, ids: Sequence[str], doing: BulkAction
) -> list[BulkOutcome]:
    """Do one thing to each of an owner's boats; what became of each, in the order asked.

    Raises Invalid for more than MOST_BOATS, before anything is done.
    """
    check_number(ids)
    outcomes = []
    for id in dict.fromkeys(ids):
        try:
            listing = await _do(trail, actor, id, doing)
        except (Invalid, NotFound, Refused, TooLarge) as error:
            outcomes.append(await _refused(trail.store, actor, id, error))
        else:
            outcomes.append(BulkOutcome(id, listing.title))
    return outcomes


async def reprice(trail: Trail, actor: Actor, prices: Sequence[NewPrice]) -> list[BulkOutcome]:
    """Give each of an owner's boats the price that was agreed to, if it still costs what was seen."""
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
    """Those of these listings that are an owner's, in the order asked. Raises Invalid for too many."""
    check_number(ids)
    found = await find_listings(store, [id for id in dict.fromkeys(ids) if may_be_id(id)])
    return [listing for listing in found if listing and listing.owner_id == owner_id]


def by_percent(price: int, percent: Decimal) -> int:
    """A price changed by so many percent, to the whole dollar."""
    changed = price * (100 + percent) / 100
    return int((changed / _DOLLAR).to_integral_value(ROUND_HALF_UP)) * _DOLLAR


def check_percent(percent: Decimal) -> None:
    """Raises Invalid for a change that cannot be meant."""
    if not -_MOST_PERCENT <= percent <= _MOST_PERCENT:
        raise Invalid([FieldError("by", _("must be at most %(most)s percent", most=_MOST_PERCENT))])


def is_price(cents: int) -> bool:
    """Is it one that may be asked?"""
    return LOWEST_PRICE <= cents <= HIGHEST_PRICE


def check_number(asked: Sequence[object]) -> None:
    """Raises Invalid for none, or for more boats than are dealt with at once."""
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


async def _do(trail: Trail, actor: Actor, id: str, doing: BulkAction) -> Listing:
    if doing is BulkAction.WITHDRAW:
        return await withdraw(trail, actor, id)
    if doing is BulkAction.PUT_BACK:
        return await publish(trail, actor, id)
    if doing is BulkAction.SOLD:
        return await mark_sold(trail, actor, id, None)
    return await still_for_sale(trail, actor, id)


async def _reprice(trail: Trail, actor: Actor, price: NewPrice) -> Listing:
    async def reprice() -> Listing:
        old = await own_listing(trail.store, actor.user_id, price.id)
        if old.price == price.new:
            return old
        if old.price != price.old:
            raise Refused(_("her price was changed meanwhile: look at it again"))
        # Where somebody else is faster, what stands then has the last word.
        return await commit_edit(trail, actor, old, {"price": price.new})

    return await trail.retrying(reprice)


async def _refused(store: Store, actor: Actor, id: str, error: MarketError) -> BulkOutcome:
    try:
        title = (await own_listing(store, actor.user_id, id)).title
    except NotFound:
        return BulkOutcome(id, "", "she is not among your boats")
    if isinstance(error, Invalid):
        return BulkOutcome(
            id, title, "; ".join(f"{one.field} {one.message}" for one in error.errors)
        )
    return BulkOutcome(id, title, str(error))
