"""Sellers for tests: what they type into the form, and what they do with it."""

from __future__ import annotations

from marinemarket.accounts.records import add_user
from marinemarket.audit.entry import Actor
from marinemarket.composition import Market
from marinemarket.listings.drafting.drafts import begin_draft, save_draft
from marinemarket.listings.drafting.publication import publish_draft
from marinemarket.listings.listing import Listing, Moderation, ModerationState
from marinemarket.listings.records import find_listing, next_version, replace_listing
from tests.builders import OWNER, a_user, uuid_of
from tests.conftest import TESTS

TYPED = {
    "type": "sailboat",
    "manufacturer": "catalina",
    "model": "34 MkII",
    "year": "1998",
    "condition": "Good",
    "length": "34 ft 6 in",
    "unit": "ft",
    "fuel": "diesel",
    "engine_1_make": "Universal",
    "engine_1_hours": "1,200",
    "features": "Radar\nAutopilot",
    "more_features": "New sails 2022",
    "title": "1998 Catalina 34, one owner",
    "description": "Kept on a mooring.\n\nNew sails.",
    "price": "$48,500",
    "country": "US",
    "state": "Florida",
    "city": "Stuart",
}
"""Everything required for publication, and a little more."""

SELLER = Actor(OWNER, "owner@example.com", "192.0.2.7", "Mozilla/5.0", "session")


async def another_seller(market: Market, name: str = "eve") -> Actor:
    await add_user(market.trail, TESTS, a_user(name=name, email_verified=True))
    return Actor(uuid_of(name), f"{name}@example.com", "192.0.2.8", "Mozilla/5.0", "session")


async def drafted(market: Market, actor: Actor = SELLER, **typed: str) -> str:
    """The id of a draft with everything required for publication."""
    draft = await begin_draft(market.trail, actor)
    values = TYPED | typed
    await save_draft(market.trail, actor, draft.id, values, version=draft.updated_at)
    return draft.id


async def published(market: Market, actor: Actor = SELLER, **typed: str) -> Listing:
    return await publish_draft(market.trail, actor, await drafted(market, actor, **typed))


async def judged(
    market: Market, id: str, state: ModerationState = ModerationState.APPROVED
) -> Listing:
    """Set a listing's moderation state, as a moderator would."""
    old = await stands(market, id)
    reason = "No photos" if state is ModerationState.REJECTED else None
    new = old.changed(
        moderation=Moderation(state=state, reason=reason),
        updated_at=next_version(old, market.clock()),
    )
    await replace_listing(market.trail, TESTS, old, new)
    return new


async def stands(market: Market, id: str) -> Listing:
    listing = await find_listing(market.store, id)
    assert listing is not None
    return listing
