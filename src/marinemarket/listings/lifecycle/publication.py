"""Publication: offering a listing again, withdrawing it, marking it as sold, confirming it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ...audit.actions import Action
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import Invalid, NotFound, Refused
from ...i18n.texts import gettext as _
from ...store.writes import Write
from ..listing import Listing, Moderation, ModerationState, Sale, Status
from ..records import find_listing, is_active, next_version, replace_listing
from ..seller_kind import as_its_owner_sells
from .editing import Versions, wanted_listing

_CONFIRMED_JUST_NOW = 60 * 60 * 1000


Change = Callable[[Listing, int], Listing | None]
"""What a listing becomes at a time in Unix milliseconds; None if it is so already."""


def offered(old: Listing, now: int) -> Listing | None:
    """A listing on offer again; see `publish`. Raises Invalid with what is missing."""
    if missing := old.missing_for_publication:
        raise Invalid(missing)
    rejected = old.moderation.state is ModerationState.REJECTED
    if old.status is Status.ACTIVE and not rejected:
        return None
    moderation = Moderation() if rejected else old.moderation
    return old.changed(status=Status.ACTIVE, moderation=moderation, sale=None, confirmed_at=now)


def withdrawn(old: Listing, now: int) -> Listing | None:
    """A listing that is hidden."""
    if old.status is Status.INACTIVE:
        return None
    return old.changed(status=Status.INACTIVE, sale=None, confirmed_at=now)


def sold(old: Listing, now: int, *, price: int | None = None) -> Listing | None:
    """A listing of a sold boat; a price that is known already stays unless another is given."""
    at = old.sale.at if old.sale else now
    sale = Sale(at=at, price=price if price is not None or not old.sale else old.sale.price)
    if old.status is Status.SOLD and old.sale == sale:
        return None
    return old.changed(status=Status.SOLD, sale=sale, confirmed_at=now)


def under_offer(old: Listing, now: int) -> Listing | None:
    """A listing of a boat under offer. Raises Refused if it is not on the market."""
    if old.status is not Status.ACTIVE:
        raise Refused(_("the boat is not on the market: put it back first"))
    if old.under_offer:
        return None
    return old.changed(under_offer=True, under_offer_at=now, confirmed_at=now)


def no_longer_under_offer(old: Listing, now: int) -> Listing | None:
    """A listing of a boat whose offer came to nothing."""
    return old.changed(under_offer=False, confirmed_at=now) if old.under_offer else None


def confirmed(old: Listing, now: int) -> Listing | None:
    """A listing of a boat that is still for sale. Raises Refused if it is not on the market."""
    if old.status is not Status.ACTIVE:
        raise Refused(_("the boat is not on the market: put it back first"))
    if old.confirmed_at is not None and now - old.confirmed_at < _CONFIRMED_JUST_NOW:
        return None
    return old.changed(confirmed_at=now)


async def publish(trail: Trail, actor: Actor, id: str, versions: Versions = None) -> Listing:
    """Offer a listing again after it was withdrawn, sold or rejected.

    If it was approved and has not been changed since, it is public at once; otherwise it is moderated
    first. An offered one is unchanged. Raises NotFound, Outdated, Refused, and Invalid with what is
    missing for publication.
    """
    return await _change(trail, actor, id, versions, offered, Action.LISTING_PUBLISHED)


async def withdraw(trail: Trail, actor: Actor, id: str, versions: Versions = None) -> Listing:
    """Hide a listing; it can be offered again. Raises NotFound, Outdated, Refused."""
    return await _change(trail, actor, id, versions, withdrawn, Action.LISTING_WITHDRAWN)


async def mark_sold(
    trail: Trail, actor: Actor, id: str, price: int | None, versions: Versions = None
) -> Listing:
    """Mark a boat as sold, for a price in cents or without one. Repeat it to correct the price.

    Raises NotFound, Outdated, Refused, and Invalid for an invalid price.
    """
    Sale.parse({"at": 0} | ({} if price is None else {"price": price}))
    return await _change(
        trail, actor, id, versions, partial(sold, price=price), Action.LISTING_SOLD
    )


async def confirm(trail: Trail, actor: Actor, id: str, owner_id: str, of: int) -> Listing:
    """Confirm, by the link in an email, that a boat is still for sale.

    `of` is the confirmation that the email was about (Unix milliseconds): after a later one, or any
    later change by the owner, nothing happens. A listing that was hidden meanwhile for lack of an answer
    is put back. Raises NotFound, and Refused for a sold boat.
    """

    async def confirm_once() -> Listing:
        old = await find_listing(trail.store, id)
        if old is None or old.owner_id != owner_id:
            raise NotFound("listing", id)
        if (old.confirmed_at or old.created_at) > of:
            return old
        if old.status is Status.SOLD:
            raise Refused(_("the boat is marked as sold"))
        now = trail.clock()
        moment = max(now, of + 1)
        new = old.changed(
            status=Status.ACTIVE, confirmed_at=moment, updated_at=next_version(old, now)
        )
        await replace_listing(
            trail, actor, old, new, is_active(owner_id), action=Action.LISTING_CONFIRMED
        )
        return new

    return await trail.retrying(confirm_once)


async def still_for_sale(trail: Trail, actor: Actor, id: str) -> Listing:
    """Confirm, in the owner's account, that a boat is still for sale; at most once an hour.

    Raises NotFound, and Refused if it is not offered or its owner may not sell.
    """
    return await _change(trail, actor, id, None, confirmed, Action.LISTING_CONFIRMED)


async def commit_change(
    trail: Trail, actor: Actor, old: Listing, changed: Listing, action: Action, *others: Write
) -> Listing:
    """One attempt to make a listing what it is to become, with other writes of the same commit.

    Raises Conflict when somebody else was faster, and Refused for an owner who may not sell.
    """
    changed = await as_its_owner_sells(trail.store, changed)
    new = changed.changed(updated_at=next_version(old, trail.clock()))
    await replace_listing(trail, actor, old, new, is_active(actor.user_id), *others, action=action)
    return new


async def _change(
    trail: Trail,
    actor: Actor,
    id: str,
    versions: Versions,
    change: Change,
    action: Action,
) -> Listing:
    async def attempt() -> Listing:
        old = await wanted_listing(trail.store, actor.user_id, id, versions)
        changed = change(old, trail.clock())
        return old if changed is None else await commit_change(trail, actor, old, changed, action)

    return await trail.retrying(attempt)
