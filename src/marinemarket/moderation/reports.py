"""Reporting: anybody may say that something is wrong with a public advert.

What different people report of one listing gathers in its case. Somebody counts once, by their
account and by the network they come from, which stand in the case as keyed hashes; whoever reported
before a moderator's last decision counts no more. Nothing of it ever reaches the seller.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Annotated
from uuid import uuid4

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from ..accounts.idempotency import IdempotencyKey
from ..accounts.user import Email
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..errors import NotFound
from ..listings.listing import Listing
from ..listings.records import find_listing
from ..wire import CLEAN_PROSE, Model
from .case import Case, Complaint, Lane, Report
from .records import find_case, keeping, keeping_report, still_stands
from .screening import new_case

LONGEST_WORDS = 2000
MOST_REPORTS = 300
"""Of one advert between two decisions: what comes beyond is counted by nobody, and kept nowhere."""

COMPLAINTS = {
    Complaint.SCAM: "I think it is a fraud",
    Complaint.SOLD: "The boat is sold, or was never for sale",
    Complaint.WRONG: "Something in the advert is wrong",
    Complaint.COPIED: "Photos or text are taken from somebody else",
    Complaint.STOLEN: "The boat is stolen",
    Complaint.FORBIDDEN: "It offends, or must not be sold",
    Complaint.OTHER: "Something else",
}
"""What one can choose from, in words."""

_NONE_FOR_EMPTY = BeforeValidator(lambda value: None if value == "" else value)


class ReportForm(Model):
    """What somebody says who reports an advert: a `reason` from the list, and words if they wish."""

    reason: Complaint
    words: Annotated[str, Field(max_length=LONGEST_WORDS), CLEAN_PROSE] | None = Field(
        None, validate_default=True
    )
    email: Annotated[Email | None, _NONE_FOR_EMPTY] = None

    @field_validator("words")
    @classmethod
    def _is_explained(cls, value: str | None, info: ValidationInfo) -> str | None:
        if not value and info.data.get("reason") is Complaint.OTHER:
            raise ValueError("is required: please say in a few words what is wrong")
        return value or None


def reporter_keys(secret_key: str, network: str, user_id: str | None) -> tuple[str, ...]:
    """What somebody is known by who reports: keyed hashes, from which nobody learns who it is."""
    known = [f"network {network}", *([f"user {user_id}"] if user_id else [])]
    return tuple(
        hmac.new(secret_key.encode(), f"reporter {one}".encode(), sha256).hexdigest()
        for one in known
    )


async def report_listing(
    trail: Trail,
    actor: Actor,
    listing_id: str,
    saying: ReportForm,
    *,
    keys: tuple[str, ...],
    user_id: str | None,
    once: IdempotencyKey | None = None,
) -> None:
    """Keep a report of a public listing, and put its case before the moderators.

    `keys` are what the reporter is known by. Nothing is kept where the listing has reports enough
    already, or `once` was sent before. Raises NotFound for a listing that is not public.
    """

    async def report() -> None:
        if once and await once.made(trail.store):
            return
        listing = await find_listing(trail.store, listing_id)
        if listing is None or not listing.is_offered:
            raise NotFound("listing", listing_id)
        case, now = await find_case(trail.store, listing.id), trail.clock()
        if case is not None and case.reports >= MOST_REPORTS:
            return
        kept = _report(listing, saying, user_id, now)
        # What was said is for moderators alone; the trail tells that, and of what kind.
        entry = actor.entry(
            Action.LISTING_REPORTED, "listing", listing.id, now, complaint=saying.reason.value
        )
        gathered = keeping(case, _gathered(case, listing, keys, now))
        notes = [once.making(kept.id, now)] if once else []
        await trail.commit(entry, still_stands(listing), gathered, keeping_report(kept), *notes)

    # The listing may be changed, reported or decided at any moment.
    await trail.retrying(report)


def _report(listing: Listing, saying: ReportForm, user_id: str | None, now: int) -> Report:
    return Report(
        id=str(uuid4()),
        listing_id=listing.id,
        seller_id=listing.owner_id,
        complaint=saying.reason,
        words=saying.words,
        user_id=user_id,
        email=saying.email,
        created_at=now,
    )


def _gathered(case: Case | None, listing: Listing, keys: tuple[str, ...], now: int) -> Case:
    known = (case or new_case(listing, now)).reported(keys, now)
    if known.lane is Lane.NEW:
        return known
    return known.opened(Lane.REPORTED, known.seen_version, known.flags, now, "visitor")
