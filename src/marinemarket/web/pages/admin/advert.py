"""An advert as moderators see it: what buyers see, and what else the market knows about it."""

from __future__ import annotations

from dataclasses import dataclass

from ....accounts.user import User
from ....clock import from_iso
from ....i18n.dates import since
from ....i18n.numbers import listed, whole
from ....i18n.texts import gettext as _
from ....i18n.texts import mark, ngettext
from ....listings.listing import Listing, ModerationState, Status
from ....listings.photo import LARGE, photo_address
from ....listings.pricing import price_text
from ....moderation.case import EARLIER, Case, Event, Flag, Lane, Report
from ....moderation.earlier_cases import EarlierCase
from ....moderation.reports import COMPLAINTS
from ....moderation.rules import BY_NAME, is_grave
from ...presentation.formatting import feet_and_metres, price_told
from ...presentation.labels import condition_label, hull_label, type_label
from ...presentation.pictures import first_picture

LANES = {
    Lane.NEW: mark("New or changed"),
    Lane.EDITED: mark("Flagged after approval"),
    Lane.REPORTED: mark("Reported"),
}
STATES = {
    ModerationState.PENDING: mark("waits to be approved"),
    ModerationState.APPROVED: mark("approved"),
    ModerationState.FLAGGED: mark("hidden until decided"),
    ModerationState.REJECTED: mark("turned down"),
}
STATUSES = {
    Status.ACTIVE: mark("offered"),
    Status.INACTIVE: mark("not offered"),
    Status.SOLD: mark("sold"),
}
_EVENTS = {
    Event.APPROVED: mark("Approved"),
    Event.CHANGES_WANTED: mark("Changes asked for"),
    Event.REJECTED: mark("Turned down"),
    Event.HIDDEN: mark("Hidden until decided"),
    Event.WITHDRAWN: mark("Taken off by its seller"),
    Event.DELETED: mark("Deleted by its seller"),
}
_REPORTS_SHOWN = 3
"""Of an earlier case; its own page has all of them."""
_SHARES = {
    "hull": mark("the hull (HIN)"),
    "pictures": mark("pictures"),
    "text": mark("the text"),
    "owner": mark("the seller"),
}


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag in words. `links` are adverts that it names."""

    label: str
    found: str
    links: list[str]
    is_grave: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report in words."""

    complaint: str
    words: str
    by: str
    when: str


@dataclass(frozen=True, slots=True)
class EarlierView:
    """An earlier case that the advert fits, in words. `address` is empty if there is nothing to show."""

    address: str
    title: str
    shares: str
    event: str
    by: str
    when: str
    text: str
    fate: str
    reports: list[ReportView]
    more_reports: int


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step of a case in words."""

    event: str
    by: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An advert in a list."""

    address: str
    title: str
    price: str
    picture: str
    seller: str
    state: str
    lane: str
    flags: list[FlagView]
    reports: str
    waiting: str


def flag_view(flag: Flag) -> FlagView:
    rule = BY_NAME.get(flag.rule)
    names_adverts = flag.rule.startswith(("same-", EARLIER))
    says_all = names_adverts or flag.rule == "no-pictures"
    return FlagView(
        label=_(rule.for_staff) if rule else flag.rule,
        found="" if says_all else flag.found,
        links=flag.found.split(", ") if names_adverts else [],
        is_grave=is_grave(flag),
    )


def report_view(report: Report, now: int) -> ReportView:
    by = _("a member") if report.user_id else _("a visitor")
    return ReportView(
        complaint=_(COMPLAINTS[report.complaint]),
        words=report.words or "",
        by=f"{by}, {report.email}" if report.email else by,
        when=since(report.created_at, now),
    )


def earlier_view(earlier: EarlierCase, names: dict[str, str], now: int) -> EarlierView:
    """An earlier case in words. `names` are those of staff by their ids."""
    case, step = earlier.case, earlier.step
    label = _EVENTS.get(Event(earlier.event))
    return EarlierView(
        address=f"/admin/moderation/{earlier.listing_id}" if case else "",
        title=case.exhibits[-1].title if case and case.exhibits else "",
        shares=listed([_(_SHARES[one]) for one in earlier.shares if one in _SHARES]),
        event=_(label) if label else _("Reported, and not decided yet"),
        by=names.get(step.by, "") if step else "",
        when=since(earlier.at, now),
        text=(step.text or "") if step else "",
        fate=_fate(case),
        reports=[report_view(report, now) for report in earlier.reports[:_REPORTS_SHOWN]],
        more_reports=max(0, len(earlier.reports) - _REPORTS_SHOWN),
    )


def _fate(case: Case | None) -> str:
    if case is None:
        return _(
            "Its seller’s account was erased. Only hashes are kept, by which it is recognised."
        )
    if case.deleted_at is None:
        return ""
    if case.is_open or was_deleted_waiting(case):
        return _("Deleted by its seller while it waited.")
    return _("Deleted by its seller.")


def was_deleted_waiting(case: Case) -> bool:
    """Did its seller delete the advert while moderators had still to decide?"""
    events = [step.event for step in case.history]
    if Event.DELETED not in events:
        return False
    before = events[: events.index(Event.DELETED)]
    return bool(before) and before[-1] in (Event.OPENED, Event.HIDDEN, Event.WITHDRAWN)


def history_of(case: Case | None, names: dict[str, str], now: int) -> list[HistoryEntry]:
    """What happened, the latest first. `names` are those of staff by their ids."""
    happened = []
    for step in reversed(case.history if case else ()):
        label = _EVENTS.get(step.event)
        if label is None:
            label = _("Came before us: %(lane)s", lane=_(LANES[step.lane or Lane.NEW]))
        happened.append(
            HistoryEntry(
                event=_(label) if step.event in _EVENTS else label,
                by=names.get(step.by, ""),
                when=since(step.at, now),
                text=step.text or "",
            )
        )
    return happened


def row_of_deleted(case: Case, seller: User | None, now: int) -> QueueRow:
    """A case whose advert its seller has deleted."""
    last = case.exhibits[-1] if case.exhibits else None
    photo = last.photos[0] if last and last.photos else None
    return QueueRow(
        address=f"/admin/moderation/{case.listing_id}",
        title=last.title if last else _("Deleted advert"),
        price=price_told(last.price) if last else "",
        picture=photo_address(photo.id, LARGE) if photo else "",
        seller=seller.name if seller else "",
        state=_("deleted by its seller while it waited"),
        lane=_(LANES[case.lane]) if case.lane else "",
        flags=[flag_view(flag) for flag in case.flags],
        reports=reports_in_words(case),
        waiting=since(case.waiting_since, now) if case.waiting_since is not None else "",
    )


def row_of(listing: Listing, case: Case | None, seller: User | None, now: int) -> QueueRow:
    return QueueRow(
        address=f"/admin/moderation/{listing.id}",
        title=listing.title,
        price=price_text(listing.asked),
        picture=first_picture(listing).address,
        seller=seller.name if seller else "",
        state=_(STATES[listing.moderation.state]),
        lane=_(LANES[case.lane]) if case and case.lane else "",
        flags=[flag_view(flag) for flag in case.flags] if case else [],
        reports=reports_in_words(case),
        waiting=since(case.waiting_since, now) if case and case.waiting_since is not None else "",
    )


def reports_in_words(case: Case | None) -> str:
    if case is None or not case.reports:
        return ""
    sentence = ngettext("%(num)s report", "%(num)s reports", case.reports)
    people = ngettext("%(num)s person", "%(num)s people", case.people)
    return f"{sentence}, {people}"


def facts_of(listing: Listing) -> list[tuple[str, str]]:
    """The figures that a moderator compares with text and pictures."""
    boat = listing.boat_details
    message = (
        (_("Type"), boat.type_as_listed or type_label(boat.type)),
        (_("Maker and model"), boat.name),
        (_("Year"), boat.year),
        (_("Condition"), boat.condition and condition_label(boat.condition)),
        (_("Length on deck"), boat.length and feet_and_metres(boat.length)),
        (_("Length overall (LOA)"), boat.loa and feet_and_metres(boat.loa)),
        (_("Beam"), boat.beam and feet_and_metres(boat.beam)),
        (_("Draft"), boat.draft and feet_and_metres(boat.draft)),
        (_("Hull"), boat.hull_material and hull_label(boat.hull_material)),
        (_("HIN"), boat.hin),
        (_("Engine"), boat.engine),
        (_("Engine hours"), None if boat.hours is None else whole(boat.hours)),
        (_("Location"), str(listing.location)),
    )
    return [(label, str(value)) for label, value in message if value not in (None, "")]


def seller_facts(seller: User | None, now: int) -> list[str]:
    if seller is None:
        return [_("This account no longer exists.")]
    lines = [
        _("joined %(when)s") % {"when": since(from_iso(seller.created_at), now)},
        _("address confirmed") if seller.email_verified else _("address not confirmed"),
        _("phone confirmed") if seller.phone_verified else _("phone not confirmed"),
    ]
    return lines if seller.is_active else [*lines, seller.status.value]
