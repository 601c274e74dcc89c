"""Decisions: a moderator approves an advert, asks for changes, rejects it, or hides it.

A moderator names the version they saw. The listing, its case, the audit entry and the email to its
owner change in one commit; if two decide at once, the second learns that it was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..accounts.records import find_user
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..errors import FieldError, Invalid, NotFound, Outdated, Refused
from ..i18n.texts import gettext as _
from ..links import Links
from ..listings.lifecycle.editing import Versions
from ..listings.listing import CHANGES_WANTED, Listing, Moderation, ModerationState, Status
from ..listings.records import find_listing, replace_listing
from ..listings.visibility import seen_by_staff
from ..store.items import may_be_id
from ..store.store import Store
from ..store.writes import Put
from ..vault.vault import Vault
from ..wire import CLEAN_LINE, Flag, Model
from .case import EARLIER, Case, Event
from .notifications import decision_email
from .records import case_put, find_case, find_cases, listing_unchanged
from .screening import moderated, new_case

LONGEST_REASON = 900


class Verdict(StrEnum):
    """A moderator's decision about an advert."""

    APPROVED = "approved"
    REJECTED = "rejected"
    FLAGGED = "flagged"


class Decision(Model):
    """`request_changes` asks the owner to change something and to publish again.

    Anything that keeps an advert from the public needs a `reason`, which its owner reads.
    """

    state: Verdict
    """The decision."""
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON), CLEAN_LINE] | None = None
    """Why, which the owner reads; required unless it is approved."""
    request_changes: Flag = False
    """With `rejected`: ask the owner to change something and to publish again."""

    def checked(self) -> Decision:
        """The decision itself, if it is valid. Raises Invalid."""
        if self.request_changes and self.state is not Verdict.REJECTED:
            raise Invalid([FieldError("requestChanges", _("goes only with the state rejected"))])
        if self.state is not Verdict.APPROVED and self.reason is None:
            raise Invalid([FieldError("reason", _("is required: its owner reads it"))])
        return self

    @property
    def event(self) -> Event:
        if self.request_changes:
            return Event.CHANGES_WANTED
        return _EVENTS[self.state]

    @property
    def moderation(self) -> Moderation:
        if self.state is Verdict.APPROVED:
            return Moderation(state=ModerationState.APPROVED)
        prefix = CHANGES_WANTED if self.request_changes else ""
        return Moderation(
            state=ModerationState(self.state.value), reason=f"{prefix}{self.reason or ''}"
        )


_EVENTS = {
    Verdict.APPROVED: Event.APPROVED,
    Verdict.REJECTED: Event.REJECTED,
    Verdict.FLAGGED: Event.HIDDEN,
}


class Hindrance(StrEnum):
    """Why an approved advert is not public."""

    WITHDRAWN = "withdrawn"
    SOLD = "sold"
    DELETED = "deleted"
    OWNER = "owner"
    """Its owner's account is not active."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A listing after a decision, and its case. `listing` is None if its owner has deleted it.

    `hindrance` is why an approved advert is not public all the same.
    """

    listing: Listing | None
    case: Case
    hindrance: Hindrance | None = None


async def decide(
    trail: Trail,
    vault: Vault,
    links: Links,
    by: Actor,
    id: str,
    decision: Decision,
    versions: Versions,
    *,
    waiting_since: int | None = None,
) -> Decided:
    """Carry out a decision. Raises NotFound, Invalid, and Outdated for an outdated version.

    Of an advert that its owner deleted under suspicion, the case is decided; its version is that of
    `version_of_deleted`.

    A decision that only closes a waiting case, for an advert that was reported but is in order, leaves
    the listing unchanged and sends no email. If nothing waits either, it is Refused. `waiting_since`
    (Unix milliseconds) identifies the waiting period that the moderator saw, if any.
    """
    checked = decision.checked()

    async def carry_out() -> Decided:
        listing, case = await known_advert(trail.store, id)
        version = listing.updated_at if listing else version_of_deleted(case)
        is_seen = versions is None or version in versions
        if waiting_since is not None and (case is None or case.waiting_since != waiting_since):
            is_seen = False
        if not is_seen:
            raise Outdated(version, seen_by_staff(listing) if listing else {})
        if listing is None:
            assert case is not None
            return await _close_deleted(trail, by, case, checked)
        return await _carry_out(trail, vault, links, by, listing, case, checked)

    return await trail.retrying(carry_out)


def version_of_deleted(case: Case | None) -> int:
    """The version of what is left of a deleted advert: later than that of its last exhibit."""
    return case.exhibits[-1].version + 1 if case and case.exhibits else 0


async def known_advert(store: Store, id: str) -> tuple[Listing | None, Case | None]:
    """A listing in any state, and its case; of a deleted one, the case that still shows it.

    Raises NotFound.
    """
    listing = await find_listing(store, id) if may_be_id(id) else None
    case = await find_case(store, id) if may_be_id(id) else None
    if listing is None and (case is None or not case.exhibits):
        raise NotFound("listing", id)
    return listing, case


async def _carry_out(
    trail: Trail,
    vault: Vault,
    links: Links,
    by: Actor,
    listing: Listing,
    case: Case | None,
    decision: Decision,
) -> Decided:
    now, event = trail.clock(), decision.event
    text, hindrance = decision.reason, await _hindrance(trail.store, listing, decision)
    known = case or new_case(listing, now)
    if decision.moderation == listing.moderation:
        if not known.is_open:
            raise Refused(_("the same decision was made already"))
        closed = known.closed(event, listing.updated_at, now, by.user_id, text)
        closed = _held(closed, listing, event, now)
        entry = by.entry(Action.CASE_CLOSED, "listing", listing.id, now, outcome=event.value)
        cleared = await _cleared(trail.store, listing, known, event, by, now)
        await trail.commit(entry, listing_unchanged(listing), case_put(case, closed), *cleared)
        return Decided(listing, closed, hindrance)
    new = moderated(listing, decision.moderation, now)
    closed = known.closed(event, new.updated_at, now, by.user_id, text)
    closed = _held(closed, listing, event, now)
    email = await decision_email(trail.store, vault, links, event, new, text or "", now)
    cleared = await _cleared(trail.store, listing, known, event, by, now)
    await replace_listing(
        trail,
        by,
        listing,
        new,
        case_put(case, closed),
        *email,
        *cleared,
        action=Action.LISTING_MODERATED,
    )
    return Decided(new, closed, hindrance)


def _held(case: Case, listing: Listing, event: Event, now: int) -> Case:
    if event is Event.APPROVED:
        return case.approving(listing, now)
    return case.showing(listing, event, now)


async def _cleared(
    store: Store, listing: Listing, case: Case, event: Event, by: Actor, now: int
) -> list[Put]:
    """The writes by which an approval holds for the owner's earlier adverts of the same content."""
    if event is not Event.APPROVED:
        return []
    named = {
        id: None
        for flag in case.flags
        if flag.rule.startswith(EARLIER)
        for id in flag.found.split(", ")
        if id != listing.id
    }
    earlier = await find_cases(store, [*named])
    own = [one for one in earlier.values() if one.seller_id == listing.owner_id and one.exhibits]
    return [case_put(one, _cleared_case(one, listing, by, now)) for one in own]


def _cleared_case(case: Case, listing: Listing, by: Actor, now: int) -> Case:
    """An owner's earlier case after the approval of a later advert.

    If its own is deleted and nothing of it is left to decide, it waits no longer.
    """
    cleared = case.approving(listing, now)
    if cleared.is_open and cleared.deleted_at is not None and not cleared.exhibits:
        return cleared.closed(Event.APPROVED, cleared.seen_version, now, by.user_id)
    return cleared


async def _hindrance(store: Store, listing: Listing, decision: Decision) -> Hindrance | None:
    if decision.state is not Verdict.APPROVED:
        return None
    if listing.status is not Status.ACTIVE:
        return Hindrance.SOLD if listing.status is Status.SOLD else Hindrance.WITHDRAWN
    owner = await find_user(store, listing.owner_id)
    return None if owner and owner.is_active else Hindrance.OWNER


async def _close_deleted(trail: Trail, by: Actor, case: Case, decision: Decision) -> Decided:
    """Decide the case of a deleted advert. Nobody is emailed: there is nothing to change or put back."""
    now, event = trail.clock(), decision.event
    if not case.is_open and case.decision is not None and case.decision.event is event:
        raise Refused(_("the same decision was made already"))
    closed = case.closed(event, case.seen_version, now, by.user_id, decision.reason)
    closed = closed.forgotten(now) if event is Event.APPROVED else closed.held(event, now)
    entry = by.entry(Action.CASE_CLOSED, "listing", case.listing_id, now, outcome=event.value)
    await trail.commit(entry, case_put(case, closed))
    hindrance = Hindrance.DELETED if event is Event.APPROVED else None
    return Decided(None, closed, hindrance)
