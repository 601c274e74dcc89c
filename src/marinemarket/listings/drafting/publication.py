"""Publishing a draft: it becomes the listing with its id."""

from __future__ import annotations

from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import FieldError, Invalid, NotFound
from ..draft import Draft
from ..draft_records import draft_delete
from ..listing import Listing
from ..photo import image_addresses
from ..records import add_listing
from ..seller_kind import as_its_owner_sells
from .drafts import editor_state
from .form import checked


async def publish_draft(trail: Trail, actor: Actor, id: str) -> Listing:
    """Turn a draft into the listing with its id, which is moderated before it is public.

    If it was published already, returns that listing. Raises NotFound, Refused for an owner who may not
    sell, and Invalid with every broken rule, by the form's fields.
    """

    async def publish_once() -> Listing:
        editor = await editor_state(trail.store, actor.user_id, id)
        if editor.listing is not None:
            return editor.listing
        draft = editor.draft
        if draft is None:
            raise NotFound("advert", id)
        listing = listing_of_draft(draft, trail.clock())
        listing = await as_its_owner_sells(trail.store, listing)
        await add_listing(trail, actor, listing, draft_delete(draft))
        return listing

    return await trail.retrying(publish_once)


def listing_of_draft(draft: Draft, now: int) -> Listing:
    """The listing that a draft becomes. Raises Invalid by the form's fields."""
    listing, errors = checked(draft.owner_id, draft.values, now)
    if listing is None:
        raise Invalid([FieldError(name, why) for name, why in errors.items()])
    media = {"photos": draft.photos, "videos": draft.videos, **image_addresses(draft.photos)}
    return listing.changed(id=draft.id, confirmed_at=now, **media)
