"""Moderation pages: the queue, and one advert with everything known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.records import find_user, find_users
from ....accounts.user import User
from ....composition import Market
from ....errors import FieldError, Invalid, Outdated, Refused
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....listings.listing import Listing
from ....listings.records import find_listings, owned_by
from ....moderation.case import Case, Lane
from ....moderation.decisions import LONGEST_REASON, Decided, Decision, decide, known_advert
from ....moderation.earlier_cases import earlier_cases
from ....moderation.records import reports_of, waiting_cases
from ....moderation.rules import BY_NAME
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...query_string import address
from ...security.access import AnyRequest, CurrentClient, CurrentStaff
from ...unsent import KeptForm
from .advert import (
    LANES,
    EarlierView,
    FlagView,
    HistoryEntry,
    QueueRow,
    ReportView,
    earlier_view,
    flag_view,
    history_of,
    report_view,
    reports_in_words,
    row_of,
    row_of_deleted,
    seller_facts,
)
from .content import Content, FormerContent, content_of, content_of_deleted, former_contents
from .dashboard import PRIVATE, StaffSection, sections_for

PATH = "/admin/moderation"
_A_PAGE = 25
_OTHERS = 10
_LONGEST_CURSOR = 2000

_DONE = {
    "approve": mark("The advert is approved, and its seller told."),
    "approve-withdrawn": mark(
        "The advert is approved. It is not public, since its seller has taken it off, and will be at once "
        "when they put it back. They are told so."
    ),
    "approve-sold": mark(
        "The advert is approved. It is not public, since its seller has marked the boat as sold, and will "
        "be at once if they offer it again. They are told so."
    ),
    "approve-deleted": mark(
        "The case is closed in the seller’s favor. The advert stays deleted, and nothing of it is held "
        "against later ones."
    ),
    "approve-owner": mark(
        "The advert is approved. It is not public, since its seller’s account is not active, and will be "
        "when the account is. Nobody is told."
    ),
    "changes": mark("The seller is asked for changes."),
    "reject": mark("The advert is turned down, and its seller told."),
    "deleted": mark(
        "The case is closed against the advert, which its seller has deleted. Later adverts like it wait "
        "for a moderator."
    ),
}

REASONS = {
    "fraud": mark("We cannot see that this boat is yours to sell."),
    "pictures": mark("The photos are not of this boat, or not yours."),
    "not-a-boat": mark("This is no boat for sale. Other things have no place here."),
    "twice": mark("The boat is offered here already."),
    "forbidden": mark("It is against the terms of the market."),
    "no-answer": mark("We asked for changes, and they were not made."),
}
"""Why adverts are turned down, as their sellers read it."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """All that ``admin/moderation.html`` uses."""

    rooms: list[StaffSection]
    news: str
    lanes: list[tuple[str, str, bool]]
    rows: list[QueueRow]
    further: str | None


@dataclass(frozen=True, slots=True)
class CaseReviewPage:
    """All that ``admin/case.html`` uses.

    The advert's version and `waiting_since` are what is decided of.
    """

    form: Form
    rooms: list[StaffSection]
    notice: str
    action: str
    waiting_since: str
    lane: str
    waiting: str
    advert: Content
    is_deleted: bool
    former: list[FormerContent]
    earlier: list[EarlierView]
    flags: list[FlagView]
    reports: list[ReportView]
    reported: str
    history: list[HistoryEntry]
    seller: str
    seller_facts: list[str]
    others: list[QueueRow]
    reasons: Mapping[str, str]
    suggested: str
    longest: int


@get(PATH, include_in_schema=False)
async def show_queue(
    request: AnyRequest, market: CurrentMarket, moderator: CurrentStaff
) -> Response[Any]:
    asked = request.query_params.get("lane", "")
    lane = Lane(asked) if asked in set(Lane) else None
    after = request.query_params.get("after", "")[:_LONGEST_CURSOR] or None
    try:
        page = await waiting_cases(market.store, lane, limit=_A_PAGE, after=after)
    except Invalid:
        return seen_other(PATH)  # a cursor of another question, or none
    pairs = [("lane", lane.value)] if lane else []
    shown = QueuePage(
        rooms=sections_for(moderator.user),
        news=_(_DONE[done]) if (done := request.query_params.get("done", "")) in _DONE else "",
        lanes=[
            (PATH, _("All"), lane is None),
            *((f"{PATH}?lane={one}", _(label), one is lane) for one, label in LANES.items()),
        ],
        rows=await _rows(market, page.cases),
        further=address(PATH, [*pairs, ("after", page.next)]) if page.next else None,
    )
    return Template("admin/moderation.html", context={"page": shown}, headers=PRIVATE)


async def _rows(market: Market, cases: list[Case]) -> list[QueueRow]:
    if not cases:
        return []
    listings = await find_listings(market.store, [case.listing_id for case in cases])
    users = await find_users(market.store, [case.seller_id for case in cases])
    sellers = {user.id: user for user in users}
    now = market.clock()
    return [
        row_of(listing, case, sellers.get(case.seller_id), now)
        if listing
        else row_of_deleted(case, sellers.get(case.seller_id), now)
        for case, listing in zip(cases, listings, strict=True)
    ]


@get(f"{PATH}/{{listing_id:str}}", include_in_schema=False)
async def show_case(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, moderator: CurrentStaff
) -> Response[Any]:
    return await _shown(market, moderator.user, listing_id, Form.of(request, market))


@post(
    f"{PATH}/{{listing_id:str}}",
    include_in_schema=False,
    keeps=KeptForm(
        f"{PATH}/{{listing_id}}",
        {"words": mark("Words for the seller")},
        lambda: {
            "decision": (
                _("Decision"),
                {"changes": _("Request changes"), "reject": _("Reject advert")},
            ),
            "reason": (_("Reason"), {name: _(words) for name, words in REASONS.items()}),
        },
    ),
)
async def send_decision(
    listing_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    moderator: CurrentStaff,
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        decision = _decision(sent)
        decided = await decide(
            market.trail,
            market.accounts.vault,
            market.links,
            moderator.acting_from(client),
            listing_id,
            decision,
            frozenset({_number(sent, "version")}),
            waiting_since=_number(sent, "waiting_since") if sent.get("waiting_since") else None,
        )
    except (Outdated, Refused) as error:
        typed = {name: sent.get(name) for name in ("decision", "reason", "words")}
        form = Form.of(request, market, **typed)
        notice = _(
            "The advert has since been changed or reviewed by someone else. This is its "
            "current state. Please review it again."
        )
        return await _shown(market, moderator.user, listing_id, form, notice, status=error.status)
    except Invalid as error:
        form = Form.of(request, market).refused(sent, error)
        return await _shown(market, moderator.user, listing_id, form, status=error.status)
    return seen_other(f"{PATH}?done={_done(sent.get('decision', ''), decided)}")


def _done(decision: str, decided: Decided) -> str:
    if decided.hindrance:
        return f"{decision}-{decided.hindrance}"
    return decision if decided.listing else "deleted"


def _decision(sent: Mapping[str, str]) -> Decision:
    """What the form says. Raises Invalid, each error at the form's own field."""
    words = " ".join(sent.get("words", "").split())
    match sent.get("decision"):
        case "approve":
            return Decision.parse({"state": "approved"})
        case "changes":
            if not words:
                sentence = _("Say what needs to change.")
                raise Invalid([FieldError("changes", sentence)])
            return _with_reason("changes", words, requestChanges=True)
        case "reject":
            reason = REASONS.get(sent.get("reason", ""))
            if reason is None and not words:
                raise Invalid([FieldError("reject", _("Choose a reason or write your own."))])
            return _with_reason("reject", f"{_(reason or '')} {words}".strip())
    raise Invalid([FieldError("token", _("Choose a decision."))])


def _with_reason(field: str, reason: str, **overrides: Any) -> Decision:
    if len(reason) > LONGEST_REASON:
        words = _("Use at most %(most)s characters.") % {"most": LONGEST_REASON}
        raise Invalid([FieldError(field, words)])
    try:
        return Decision.parse({"state": "rejected", "reason": reason, **overrides})
    except Invalid as error:
        raise Invalid([FieldError(field, one.message) for one in error.errors]) from None


def _number(sent: Mapping[str, str], name: str) -> int:
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


async def _shown(
    market: Market,
    moderator: User,
    listing_id: str,
    form: Form,
    notice: str = "",
    *,
    status: int = 200,
) -> Template:
    listing, case = await known_advert(market.store, listing_id)
    page = await _page(market, moderator, listing_id, listing, case, form, notice)
    return Template("admin/case.html", context={"page": page}, status_code=status, headers=PRIVATE)


async def _page(
    market: Market,
    moderator: User,
    listing_id: str,
    listing: Listing | None,
    case: Case | None,
    form: Form,
    notice: str,
) -> CaseReviewPage:
    now = market.clock()
    owner_id = listing.owner_id if listing else (case.seller_id if case else "")
    seller = await find_user(market.store, owner_id)
    steps = case.history if case else ()
    earlier = await earlier_cases(market.store, (*case.flags, *case.accepted) if case else ())
    deciders = [step.by for step in (*steps, *(one.step for one in earlier if one.step))]
    names = {user.id: user.name for user in await find_users(market.store, deciders)}
    others = (await owned_by(market.store, owner_id, limit=_OTHERS + 1)).listings
    reports = await reports_of(market.store, listing_id)
    waiting_since = case.waiting_since if case else None
    return CaseReviewPage(
        form=form,
        rooms=sections_for(moderator),
        notice=notice,
        action=f"{PATH}/{listing_id}",
        waiting_since="" if waiting_since is None else str(waiting_since),
        lane=_(LANES[case.lane]) if case and case.lane else "",
        waiting="" if waiting_since is None else since(waiting_since, now),
        advert=_content(listing, case, seller, now),
        is_deleted=listing is None,
        former=former_contents(case, listing, now),
        earlier=[earlier_view(one, names, now) for one in earlier],
        flags=[flag_view(flag) for flag in case.flags] if case else [],
        reports=[report_view(report, now) for report in reports],
        reported=reports_in_words(case),
        history=history_of(case, names, now),
        seller=seller.name if seller else "",
        seller_facts=seller_facts(seller, now),
        others=[row_of(one, None, seller, now) for one in others if one.id != listing_id][:_OTHERS],
        reasons={name: _(words) for name, words in REASONS.items()},
        suggested=_suggested(case),
        longest=LONGEST_REASON,
    )


def _content(listing: Listing | None, case: Case | None, seller: User | None, now: int) -> Content:
    if listing is None:
        assert case is not None
        return content_of_deleted(case)
    is_public = listing.is_offered and seller is not None and seller.is_active
    return content_of(listing, now, is_public=is_public)


def _suggested(case: Case | None) -> str:
    """What to ask a seller for, by what the rules found: each sentence once, as many as there is room."""
    message = ""
    for words in dict.fromkeys(
        _(BY_NAME[flag.rule].for_seller)
        for flag in (case.flags if case else ())
        if flag.rule in BY_NAME
    ):
        if len(message) + len(words) < LONGEST_REASON:
            message = f"{message}\n{words}".strip()
    return message
