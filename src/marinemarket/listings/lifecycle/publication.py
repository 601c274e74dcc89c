"""Publication: a listing is offered again, taken down, marked as sold, or confirmed."""

from __future__ import annotations

from collections.abc import Callable

from ...audit.actions import Action
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import Invalid, NotFound, Refused
from ..listing import Listing, Moderation, ModerationState, Sale, Status
from ..records import find_listing, is_active, next_version, replace_listing
from ..seller_kind import as_its_owner_sells
from .editing import Versions, wanted_listing

_CONFIRMED_JUST_NOW = 60 * 60 * 1000


async def publish(trail: Trail, actor: Actor, id: str, versions: Versions = None) -> Listing:
    """Offer a listing again: one that was taken down, sold, or not accepted.

    What was approved and has not been changed since goes public at once; the rest is looked at
    first. One that is offered stays as it is. Raises NotFound, Outdated, Refused, and Invalid with
    what the public must still be told.
    """

    def offered(old: Listing, now: int) -> Listing | None:
        if missing := old.missing_for_publication:
            raise Invalid(missing)
        rejected = old.moderation.state is ModerationState.REJECTED
        if old.status is Status.ACTIVE and not rejected:
            return None
        moderation = Moderation() if rejected else old.moderation
        return old.changed(status=Status.ACTIVE, moderation=moderation, sale=None, confirmed_at=now)

    return await _change(trail, actor, id, versions, offered, Action.LISTING_PUBLISHED)


async def withdraw(trail: Trail, actor: Actor, id: str, versions: Versions = None) -> Listing:
    """Take a listing out of sight; it can be put back. Raises NotFound, Outdated, Refused."""

    def withdrawn(old: Listing, now: int) -> Listing | None:
        if old.status is Status.INACTIVE:
            return None
        return old.changed(status=Status.INACTIVE, sale=None, confirmed_at=now)

    return await _change(trail, actor, id, versions, withdrawn, Action.LISTING_WITHDRAWN)


async def mark_sold(
    trail: Trail, actor: Actor, id: str, price: int | None, versions: Versions = None
) -> Listing:
    """She is sold, for a price in cents or nobody's business. Said again, the price is mended.

    Raises NotFound, Outdated, Refused, and Invalid for a price that is none.
    """

    def sold(old: Listing, now: int) -> Listing | None:
        at = old.sale.at if old.sale else now
        sale = Sale(at=at, price=price if price is not None or not old.sale else old.sale.price)
        if old.status is Status.SOLD and old.sale == sale:
            return None
        return old.changed(status=Status.SOLD, sale=sale, confirmed_at=now)

    Sale.parse({"at": 0} | ({} if price is None else {"price": price}))
    return await _change(trail, actor, id, versions, sold, Action.LISTING_SOLD)


async def confirm(trail: Trail, actor: Actor, id: str, owner_id: str, of: int) -> Listing:
    """Her owner says, by the link of a letter, that she is still for sale.

    `of` is the confirmation that the letter was about (Unix milliseconds): after a later one, or
    whatever else her owner did since, there is nothing to say. One that was hidden meanwhile for want
    of an answer is put back. Raises NotFound, and Refused for one that is sold.
    """

    async def confirm_once() -> Listing:
        old = await find_listing(trail.store, id)
        if old is None or old.owner_id != owner_id:
            raise NotFound("listing", id)
        if (old.confirmed_at or old.created_at) > of:
            return old
        if old.status is Status.SOLD:
            raise Refused("she is marked as sold")
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
    """Her owner says, at their desk, that she is still for sale; said again within an hour, no news.

    Raises NotFound, and Refused for one that is not offered or an owner who may not sell.
    """

    def confirmed(old: Listing, now: int) -> Listing | None:
        if old.status is not Status.ACTIVE:
            raise Refused("she is not on the market: put her back first")
        if old.confirmed_at is not None and now - old.confirmed_at < _CONFIRMED_JUST_NOW:
            return None
        return old.changed(confirmed_at=now)

    return await _change(trail, actor, id, None, confirmed, Action.LISTING_CONFIRMED)


async def _change(
    trail: Trail,
    actor: Actor,
    id: str,
    versions: Versions,
    change: Callable[[Listing, int], Listing | None],
    action: Action,
) -> Listing:
    async def attempt() -> Listing:
        old = await wanted_listing(trail.store, actor.user_id, id, versions)
        now = trail.clock()
        changed = change(old, now)
        if changed is None:
            return old
        changed = await as_its_owner_sells(trail.store, changed)
        new = changed.changed(updated_at=next_version(old, now))
        await replace_listing(trail, actor, old, new, is_active(actor.user_id), action=action)
        return new

    return await trail.retrying(attempt)
