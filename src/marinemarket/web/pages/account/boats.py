"""The seller dashboard: every advert and draft, its status, recent activity and next steps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from litestar import get
from litestar.response import Template

from ....accounts.user import SellerKind
from ....clock import DAY
from ....composition import Market
from ....i18n.dates import on_day, since
from ....i18n.numbers import whole
from ....i18n.texts import gettext as _
from ....jobs.records import jobs_of, queue_of
from ....listings.draft_records import drafts_of
from ....listings.lifecycle.availability_check import REMIND_DAYS
from ....listings.listing import Listing
from ....listings.pricing import price_text
from ....listings.records import Unconfirmed, owned_by, steps_of
from ....seller_dashboard.activity import DAYS, Activity, activity_of
from ....seller_dashboard.bulk_actions import MOST_OF_ALL
from ....store.store import Store
from ...dependencies import CurrentMarket
from ...forms import Form
from ...presentation.pictures import first_picture
from ...query_string import address
from ...security.access import AnyRequest, CurrentSignedIn
from ..selling.editor import state_of
from ..selling.start import UnfinishedAdvert, unfinished_adverts

PRIVATE = {"Cache-Control": "no-store"}
PATH = "/account/boats"
_ON_A_PAGE = 25
_MOST_READ = 20
"""So many pages of the index are read for one of ours: a broker's 500 boats."""

_STATES = {
    "active": frozenset({"public"}),
    "waiting": frozenset({"pending", "flagged", "rejected"}),
    "down": frozenset({"inactive"}),
    "sold": frozenset({"sold"}),
}
EVERY = "every"
SHOWS = frozenset({EVERY, *_STATES})
"""What all boats of a list can be chosen by: one of its filters, or none."""
_WIDTH, _HEIGHT = 180, 36


@dataclass(frozen=True, slots=True)
class ActivitySummary:
    """What is going on about a boat: numbers of the last days, and looks as a line in words too."""

    views: str
    saves: str
    inquiries: str
    line: str
    summary: str
    width: int = _WIDTH
    height: int = _HEIGHT


@dataclass(frozen=True, slots=True)
class OwnBoat:
    """One advert, as its owner reads of it. `state` is a word for the template.

    `expiry` says when its owner is asked whether she is still for sale, or when she is hidden.
    """

    id: str
    address: str
    title: str
    price: str
    picture: str
    state: str
    is_under_offer: bool
    reason: str
    changed: str
    expiry: str
    is_urgent: bool
    has_changes: bool
    going: ActivitySummary


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """One way to look at one's boats."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class OwnBoatsPage:
    """All that ``account/boats.html`` uses. `days` is how far back its figures go.

    `token` makes one job of one form, however often it is sent; `every` is what chooses all boats of
    the list, and empty where there is one. `at_work` is the address of a running job.
    """

    form: Form
    news: str
    choices: list[StatusChoice]
    is_filtered: bool
    shows_adverts: bool
    begun: list[UnfinishedAdvert]
    boats: list[OwnBoat]
    more: str
    days: int
    is_broker: bool
    token: str
    every: str
    most_of_all: str
    at_work: str
    has_jobs: bool


def _done(key: str) -> str:
    return {
        "changed": _("The advert has been updated."),
        "withdrawn": _("The advert has been taken down. You can relist it at any time."),
        "under-offer": _(
            "The boat is marked as under offer. Buyers still see it, and can write to you."
        ),
        "offer-ended": _("The boat is no longer marked as under offer."),
        "sold": _(
            "Congratulations! The boat is marked as sold, and buyers no longer see the advert."
        ),
        "deleted": _("Deleted."),
    }.get(key, "")


@get(PATH, include_in_schema=False)
async def show_own_boats(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    now, user = market.clock(), somebody.user
    shown = request.query_params.get("show", "")
    after = request.query_params.get("after") or None
    drafts = (await drafts_of(market.store, user.id)).drafts
    in_work = {draft.id for draft in drafts if draft.of_version is not None}
    listings: list[Listing] = []
    following: str | None = None
    if shown != "drafts":
        listings, following = await _some_of(market.store, user.id, _STATES.get(shown), after)
    at_work = (await queue_of(market.store, user.id)).jobs
    kept = [("show", shown)] if shown in _STATES else []
    page = OwnBoatsPage(
        form=Form.of(request, market),
        news=_done(request.query_params.get("done", "")),
        choices=_choices(shown),
        is_filtered=bool(kept),
        shows_adverts=shown != "drafts",
        begun=[] if after or kept else unfinished_adverts(drafts, now),
        boats=await _shown(market, listings, in_work),
        more=address(PATH, [*kept, ("after", following)]) if following else "",
        days=DAYS,
        is_broker=user.seller_kind is SellerKind.BROKER,
        token=str(uuid4()),
        every=(shown if kept else EVERY) if following or after or len(listings) > 1 else "",
        most_of_all=whole(MOST_OF_ALL),
        at_work=f"/account/jobs/{at_work[0]}" if at_work else "",
        has_jobs=bool((await jobs_of(market.store, user.id, limit=1))[0]),
    )
    return Template("account/boats.html", context={"page": page}, headers=PRIVATE)


def is_shown(listing: Listing, every: str) -> bool:
    """Is a boat in the list of a filter, one of SHOWS?"""
    return every == EVERY or state_of(listing)[0] in _STATES[every]


async def _some_of(
    store: Store, owner_id: str, wanted: frozenset[str] | None, after: str | None
) -> tuple[list[Listing], str | None]:
    """Boats in one of the wanted states, at least a page of them unless there are fewer.

    No index knows the states, so the owner's boats are read on from `after`, up to an end.
    """
    found: list[Listing] = []
    for _read in range(_MOST_READ):
        page = await owned_by(store, owner_id, limit=_ON_A_PAGE, after=after)
        found += [one for one in page.listings if wanted is None or state_of(one)[0] in wanted]
        after = page.next
        if after is None or len(found) >= _ON_A_PAGE:
            break
    return found, after


def _choices(shown: str) -> list[StatusChoice]:
    labels = {
        "": _("All"),
        "active": _("On the market"),
        "waiting": _("In review"),
        "down": _("Taken down"),
        "sold": _("Sold"),
        "drafts": _("Drafts"),
    }
    current = shown if shown in labels else ""
    return [
        StatusChoice(label, address(PATH, [("show", key)] if key else []), key == current)
        for key, label in labels.items()
    ]


async def _shown(market: Market, listings: list[Listing], in_work: set[str]) -> list[OwnBoat]:
    ids, now = [listing.id for listing in listings], market.clock()
    figures = await activity_of(market.store, ids, now)
    steps = await steps_of(market.store, ids)
    return [
        _own(listing, now, listing.id in in_work, figures[listing.id],
             _expiry(market, steps.get(listing.id)))
        for listing in listings
    ]  # fmt: skip


def _own(
    listing: Listing, now: int, has_changes: bool, figures: Activity, expiry: tuple[str, bool]
) -> OwnBoat:
    state, reason = state_of(listing)
    pictures = listing.thumbnails or (first_picture(listing).address,)
    return OwnBoat(
        id=listing.id,
        address=f"/boats/{listing.id}/{listing.slug}",
        title=listing.title,
        price=price_text(listing.asked),
        picture=pictures[0],
        state=state,
        is_under_offer=listing.under_offer,
        reason=reason,
        changed=since(listing.updated_at, now),
        expiry=expiry[0],
        is_urgent=expiry[1],
        has_changes=has_changes,
        going=_going(figures),
    )


def _expiry(market: Market, step: tuple[Unconfirmed, int] | None) -> tuple[str, bool]:
    """What happens when, unless her owner says that she is for sale; and whether it is time to."""
    if step is None:
        return "", False
    settings = market.settings
    stands, at = step
    if stands is Unconfirmed.UNASKED:
        sentence = _("Confirmed on %(day)s. We will ask again on %(next)s.")
        following = at + settings.confirm_days * DAY
        return sentence % {"day": on_day(at), "next": on_day(following)}, False
    days = settings.hide_days + (REMIND_DAYS if stands is Unconfirmed.ASKED else 0)
    sentence = _(
        "We asked on %(day)s. The advert will be hidden on %(next)s unless you confirm "
        "that the boat is still for sale."
    )
    return sentence % {"day": on_day(at), "next": on_day(at + days * DAY)}, True


def _going(figures: Activity) -> ActivitySummary:
    views = figures.views
    most = max(*views, 1)
    step = _WIDTH / (len(views) - 1)
    points = (
        f"{place * step:.1f},{_HEIGHT - 2 - (_HEIGHT - 4) * number / most:.1f}"
        for place, number in enumerate(views)
    )
    sentence = _(
        "Views by day: %(total)s in %(days)s days, at most %(most)s on one day, %(today)s today"
    )
    return ActivitySummary(
        views=whole(figures.total_views),
        saves=whole(figures.saves),
        inquiries=whole(figures.inquiries),
        line=" ".join(points),
        summary=sentence
        % {
            "total": figures.total_views,
            "days": len(views),
            "most": max(views),
            "today": views[-1],
        },
    )
