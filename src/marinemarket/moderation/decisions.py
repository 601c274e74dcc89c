"""Decisions: a moderator approves an advert, asks for changes, rejects it, or hides it.

A moderator names the version they saw. The listing, its case, the audit entry and the email to its
owner change in one commit; if two decide at once, the second learns that it was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..errors import FieldError, Invalid, NotFound, Outdated, Refused
from ..i18n.texts import gettext as _
from ..links import Links
from ..listings.lifecycle.editing import Versions
from ..listings.listing import CHANGES_WANTED, Listing, Moderation, ModerationState
from ..listings.records import find_listing, replace_listing
from ..listings.visibility import seen_by_staff
from ..store.items import may_be_id
from ..store.store import Store
from ..vault.vault import Vault
from ..wire import CLEAN_LINE, Flag, Model
from .case import Case, Event
from .notifications import decision_email
from .records import case_put, find_case, listing_unchanged
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


@dataclass(frozen=True, slots=True)
class Decided:
    """A listing after a decision, and its case."""

    listing: Listing
    case: Case


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

    A decision that only closes a waiting case, for an advert that was reported but is in order, leaves
    the listing unchanged and sends no email. If nothing waits either, it is Refused. `waiting_since`
    (Unix milliseconds) identifies the waiting period that the moderator saw, if any.
    """
    checked = decision.checked()

    async def carry_out() -> Decided:
        listing = await known_listing(trail.store, id)
        if versions is not None and listing.updated_at not in versions:
            raise Outdated(listing.updated_at, seen_by_staff(listing))
        case = await find_case(trail.store, id)
        if waiting_since is not None and (case is None or case.waiting_since != waiting_since):
            raise Outdated(listing.updated_at, seen_by_staff(listing))
        return await _carry_out(trail, vault, links, by, listing, case, checked)

    return await trail.retrying(carry_out)


async def known_listing(store: Store, id: str) -> Listing:
    """Any listing, in any state. Raises NotFound."""
    listing = await find_listing(store, id) if may_be_id(id) else None
    if listing is None:
        raise NotFound("listing", id)
    return listing


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
    known = case or new_case(listing, now)
    text = decision.reason
    if decision.moderation == listing.moderation:
        if not known.is_open:
            raise Refused(_("the same decision was made already"))
        closed = known.closed(event, listing.updated_at, now, by.user_id, text)
        entry = by.entry(Action.CASE_CLOSED, "listing", listing.id, now, outcome=event.value)
        await trail.commit(entry, listing_unchanged(listing), case_put(case, closed))
        return Decided(listing, closed)
    new = moderated(listing, decision.moderation, now)
    closed = known.closed(event, new.updated_at, now, by.user_id, text)
    email = await decision_email(trail.store, vault, links, event, new, text or "", now)
    await replace_listing(
        trail, by, listing, new, case_put(case, closed), *email, action=Action.LISTING_MODERATED
    )
    return Decided(new, closed)
