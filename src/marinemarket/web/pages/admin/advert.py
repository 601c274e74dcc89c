"""An advert as moderators see it: what buyers see, and what else the market knows about it."""

from __future__ import annotations

from dataclasses import dataclass

from ....accounts.user import User
from ....clock import from_iso
from ....i18n.dates import since
from ....i18n.numbers import dollars, whole
from ....i18n.texts import gettext as _
from ....i18n.texts import mark, ngettext
from ....listings.listing import Listing, ModerationState, Status
from ....moderation.case import Case, Event, Flag, Lane, Report
from ....moderation.reports import COMPLAINTS
from ....moderation.rules import BY_NAME, is_grave
from ...presentation.formatting import feet_and_metres
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
    names_adverts = flag.rule.startswith("same-")
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


def row_of(listing: Listing, case: Case | None, seller: User | None, now: int) -> QueueRow:
    return QueueRow(
        address=f"/admin/moderation/{listing.id}",
        title=listing.title,
        price=dollars(listing.price),
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
