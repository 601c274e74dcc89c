"""Reports: anyone may report a problem with a public advert.

All reports of a listing are collected in its case. A person counts once, by their account and by
their network, which the case keeps as keyed hashes; reports before a moderator's last decision no
longer count. The seller never learns any of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
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
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..listings.listing import Listing
from ..listings.records import find_listing
from ..store.store import Store
from ..wire import CLEAN_PROSE, Model
from .case import MACHINE, Case, Complaint, Event, Lane, Report
from .earlier_adverts import approved_at
from .records import case_put, cases_of, find_case, listing_unchanged, report_put
from .screening import new_case

LONGEST_WORDS = 2000
MOST_REPORTS = 300
"""Of one advert between two decisions: further reports are neither counted nor kept."""

COMPLAINTS = {
    Complaint.SCAM: mark("I think it is a fraud"),
    Complaint.SOLD: mark("The boat is sold, or was never for sale"),
    Complaint.WRONG: mark("Something in the advert is wrong"),
    Complaint.COPIED: mark("Photos or text are taken from somebody else"),
    Complaint.STOLEN: mark("The boat is stolen"),
    Complaint.FORBIDDEN: mark("It offends, or must not be sold"),
    Complaint.OTHER: mark("Something else"),
}
"""The complaints to choose from, in words."""

ABOUT_THE_BOAT = frozenset({Complaint.SOLD, Complaint.WRONG})
"""Complaints that raise no suspicion: whoever takes a sold boat off does what was asked."""

_NONE_FOR_EMPTY = BeforeValidator(lambda value: None if value == "" else value)


class ReportForm(Model):
    """The input of a report: a `reason` from the list, and an optional explanation."""

    reason: Complaint
    """What is wrong."""
    words: Annotated[str, Field(max_length=LONGEST_WORDS), CLEAN_PROSE] | None = Field(
        None, validate_default=True
    )
    """It in your words; required for `other`."""
    email: Annotated[Email | None, _NONE_FOR_EMPTY] = None
    """Your email address, if a moderator may write to you."""

    @field_validator("words")
    @classmethod
    def _is_explained(cls, value: str | None, info: ValidationInfo) -> str | None:
        if not value and info.data.get("reason") is Complaint.OTHER:
            raise ValueError(_("is required: please say in a few words what is wrong"))
        return value or None


def reporter_keys(secret_key: str, network: str, user_id: str | None) -> tuple[str, ...]:
    """Keyed hashes that identify a reporter without revealing who it is."""
    known = [f"network {network}", *([f"user {user_id}"] if user_id else [])]
    return tuple(
        hmac.new(secret_key.encode(), f"reporter {one}".encode(), sha256).hexdigest()
        for one in known
    )


async def report_listing(
    trail: Trail,
    actor: Actor,
    listing_id: str,
    form: ReportForm,
    *,
    keys: tuple[str, ...],
    user_id: str | None,
    once: IdempotencyKey | None = None,
) -> None:
    """Store a report of a public listing, and add it to the listing's case.

    `keys` identify the reporter. Nothing is stored if the listing has too many reports already, or if
    `once` was used before. Raises NotFound for a listing that is not public.
    """

    async def report() -> None:
        if once and await once.made(trail.store):
            return
        listing = await find_listing(trail.store, listing_id)
        if listing is None or not listing.is_offered:
            raise NotFound("listing", listing_id)
        case, now = await find_case(trail.store, listing.id), trail.clock()
        mistaken = await _mistaken_about(trail.store, listing.owner_id)
        if case is not None and case.reports >= MOST_REPORTS:
            return
        kept = _report(listing, form, user_id, now)
        # Only moderators see the text; the audit trail records that there was a report, and its kind.
        entry = actor.entry(
            Action.LISTING_REPORTED, "listing", listing.id, now, complaint=form.reason.value
        )
        gathered = case_put(case, _gathered(case, listing, form.reason, keys, mistaken, now))
        notes = [once.making(kept.id, now)] if once else []
        await trail.commit(entry, listing_unchanged(listing), gathered, report_put(kept), *notes)

    # The listing may be changed, reported or decided on at any time.
    await trail.retrying(report)


def _report(listing: Listing, form: ReportForm, user_id: str | None, now: int) -> Report:
    return Report(
        id=str(uuid4()),
        listing_id=listing.id,
        seller_id=listing.owner_id,
        complaint=form.reason,
        words=form.words,
        user_id=user_id,
        email=form.email,
        created_at=now,
    )


async def _mistaken_about(store: Store, seller_id: str) -> frozenset[str]:
    """Those who reported adverts of a seller that a moderator then found in order.

    Otherwise the same few people could have each advert of a seller hidden in turn.
    """
    cases = await cases_of(store, seller_id)
    fine = (case for case in cases if approved_at(case) is not None and not _was_faulted(case))
    return frozenset(key for case in fine for key in case.earlier)


def _was_faulted(case: Case) -> bool:
    """Has a moderator ever decided against this advert? Then its reporters may have been right."""
    against = (Event.CHANGES_WANTED, Event.REJECTED, Event.HIDDEN)
    return any(step.event in against and not step.by.startswith(MACHINE) for step in case.history)


def _gathered(
    case: Case | None,
    listing: Listing,
    complaint: Complaint,
    keys: tuple[str, ...],
    mistaken: Collection[str],
    now: int,
) -> Case:
    known = (case or new_case(listing, now)).reported(keys, mistaken, now)
    if complaint not in ABOUT_THE_BOAT or known.is_suspected:
        # What was reported stays to be seen, whatever becomes of the advert.
        known = known.showing(listing, Event.OPENED, now)
    if known.lane is Lane.NEW:
        return known
    return known.opened(Lane.REPORTED, known.seen_version, known.flags, now, "visitor")
