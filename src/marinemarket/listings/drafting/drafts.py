"""Drafting: what a seller types is saved as they go, for a new boat or for changes to an advert.

Every save names the version of the draft that it is based on. If two windows save, the second is
shown what the first one saved, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from ...accounts.permissions import is_own
from ...audit.entry import Actor
from ...audit.operational import Operational
from ...audit.trail import Trail
from ...errors import FieldError, Invalid, NotFound, Outdated
from ...i18n.numbers import whole
from ...i18n.texts import gettext as _
from ...store.items import may_be_id
from ...store.store import Store
from ..draft import LONGEST_VALUE, Draft
from ..draft_records import draft_delete, drafts_of, find_draft, keep_draft
from ..lifecycle.editing import commit_edit
from ..listing import Listing
from ..media.records import media_ids, release_updates
from ..records import find_listing
from .form import FIELDS, UNIT, field_of, patch, to_form


@dataclass(frozen=True, slots=True)
class EditorState:
    """What a seller is editing: a draft, a listing, or a listing with a draft of changes to it."""

    listing: Listing | None
    draft: Draft | None

    @property
    def values(self) -> dict[str, str]:
        """The content of the form's fields."""
        if self.draft is not None:
            return self.draft.values
        return to_form(self.listing) if self.listing else {}

    @property
    def of_version(self) -> int | None:
        """The version of the listing that the form's fields are based on."""
        if self.draft is not None:
            return self.draft.of_version
        return self.listing.updated_at if self.listing else None


async def editor_state(store: Store, owner_id: str, id: str) -> EditorState:
    """An owner's advert and draft. Raises NotFound for anybody else's, or a deleted one."""
    if not may_be_id(id):
        raise NotFound("advert", id)
    # In this order: one that is published between the two reads is found as a listing.
    draft, listing = await find_draft(store, id), await find_listing(store, id)
    known = listing or draft
    if known is None or not is_own(owner_id, known.owner_id):
        raise NotFound("advert", id)
    if listing is None and draft is not None and draft.of_version is not None:
        raise NotFound("advert", id)  # changes to a listing that was deleted meanwhile
    return EditorState(listing, draft)


async def begin_draft(trail: Trail, actor: Actor) -> Draft:
    """An empty draft: an existing one that is still empty, or a new one."""
    for begun in (await drafts_of(trail.store, actor.user_id, limit=10)).drafts:
        if not (begun.values or media_ids(begun)) and await find_draft(trail.store, begun.id):
            return begun
    now = trail.clock()
    draft = Draft(
        id=str(uuid4()), owner_id=actor.user_id, values={}, base={}, created_at=now, updated_at=now
    )
    await keep_draft(trail, None, draft)
    return draft


async def save_draft(
    trail: Trail,
    actor: Actor,
    id: str,
    values: Mapping[str, str],
    *,
    version: int | None,
    of_version: int | None = None,
    base: Mapping[str, str] | None = None,
) -> Draft:
    """Save the form's fields as typed; returns the draft.

    `version` is that of the draft that the form was made from; None if there was none. `base` is what
    the listing held when the form was made from it, if the form knows. Raises Invalid for a field that
    is too long, NotFound, and Outdated with the fields that another window has saved.
    """
    found, known = _kept(values), _kept(base or {})

    async def save() -> Draft:
        editor = await editor_state(trail.store, actor.user_id, id)
        old = editor.draft
        if old is not None and old.updated_at != version and not _same(old.values, found):
            raise Outdated(old.updated_at, dict(old.values))
        new = _next(editor, found, of_version, known, trail.clock())
        if new is None:
            assert old is not None
            return old
        await keep_draft(trail, old, new)
        return new

    return await trail.retrying(save)


def _next(
    editor: EditorState,
    payload: dict[str, str],
    of_version: int | None,
    was: dict[str, str],
    now: int,
) -> Draft | None:
    """The new version of the draft; None if nothing changes."""
    old, listing = editor.draft, editor.listing
    base: dict[str, str] = {} if old is None else old.base
    if listing is not None and (old is None or (of_version or 0) != old.of_version):
        stands = of_version == listing.updated_at
        base = to_form(listing, payload.get(UNIT, "")) if stands else was
    elif old is not None and _same(old.values, payload):
        return None
    if old is not None:
        changed = {"values": payload, "base": base, "updated_at": max(now, old.updated_at + 1)}
        return old.changed(**changed, of_version=(of_version or 0) if listing else None)
    assert listing is not None
    return Draft(
        id=listing.id,
        owner_id=listing.owner_id,
        values=payload,
        base=base,
        of_version=of_version or 0,  # 0 matches no version, so the owner will have to choose
        created_at=now,
        updated_at=now,
    )


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(one.get(name, "") == other.get(name, "") for name in {*one, *other})


def _kept(values: Mapping[str, str]) -> dict[str, str]:
    """The form's own fields, without characters that no text may contain. Raises Invalid if too long."""
    payload = {name: values[name].replace("\r\n", "\n") for name in FIELDS if values.get(name)}
    payload = {name: text.replace("\0", "") for name, text in payload.items()}
    errors = [
        FieldError(
            name,
            _(
                "is too long to be kept: %(number)s characters, %(most)s fit",
                number=whole(len(text)),
                most=whole(LONGEST_VALUE),
            ),
        )
        for name, text in payload.items()
        if len(text) > LONGEST_VALUE
    ]
    errors += [
        FieldError(name, _("holds half of a character: please write it again"))
        for name, text in payload.items()
        if any("\ud800" <= sign <= "\udfff" for sign in text)
    ]
    if errors:
        raise Invalid(errors)
    return payload


async def apply_changes(trail: Trail, actor: Actor, id: str) -> Listing:
    """Apply the drafted changes to a listing, and delete the draft in the same commit.

    Raises NotFound, Invalid by the form's fields, Refused for an owner who may not sell, and Outdated if
    somebody has changed the advert's text since the draft was begun. (Photos do not count.)
    """

    async def apply() -> Listing:
        editor = await editor_state(trail.store, actor.user_id, id)
        listing, draft = editor.listing, editor.draft
        if listing is None:
            raise NotFound("listing", id)
        if draft is None:
            return listing
        if draft.of_version != listing.updated_at:
            words = to_form(listing, draft.base.get(UNIT, ""))
            if not draft.base or not _same(words, draft.base):
                raise Outdated(listing.updated_at, to_form(listing, draft.values.get(UNIT, "")))
        return await _applied(trail, actor, listing, draft)

    return await trail.retrying(apply)


async def _applied(trail: Trail, actor: Actor, listing: Listing, draft: Draft) -> Listing:
    text, wrong = patch(draft.values, draft.base)
    if wrong:
        raise Invalid([FieldError(name, why) for name, why in wrong.items()])
    try:
        new = await commit_edit(trail, actor, listing, text, draft_delete(draft))
    except Invalid as invalid:
        raise Invalid([FieldError(field_of(one), one.message) for one in invalid.errors]) from None
    if new is listing:
        await drop_draft(trail, draft)
    return new


async def drop_draft(trail: Trail, draft: Draft) -> None:
    """Delete an unchanged draft and its media. Raises Conflict if another window has saved it."""
    gone = await release_updates(trail.store, draft.id, media_ids(draft), trail.clock())
    await trail.commit_operational(Operational.DRAFT, draft_delete(draft), *gone)
