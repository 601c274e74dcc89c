"""One's own boats: every advert and draft, how it stands, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from ....listings.draft_records import drafts_of
from ....listings.listing import Listing
from ....listings.records import owned_by
from ...access import AnyRequest, GivenSignedIn
from ...forms import Form
from ...given import GivenMarket
from ...pictures import first_picture
from ...query import address
from ...texts import gettext as _
from ..selling.beginning import Begun, begun_of
from ..selling.editor import state_of
from ..words import dollars, since

_PRIVATE = {"Cache-Control": "no-store"}
_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class OwnBoat:
    """One advert, as its owner reads of it. `state` is a word for the template."""

    id: str
    address: str
    title: str
    price: str
    picture: str
    state: str
    reason: str
    changed: str
    has_changes: bool


@dataclass(frozen=True, slots=True)
class OwnBoatsPage:
    """All that ``account/boats.html`` uses."""

    form: Form
    news: str
    begun: list[Begun]
    boats: list[OwnBoat]
    more: str


def _done(key: str) -> str:
    return {
        "changed": _("The advert is changed."),
        "withdrawn": _("The advert is down. You can put it back at any time."),
        "sold": _("Congratulations! She is marked as sold, and buyers no longer see her."),
        "deleted": _("It is deleted."),
    }.get(key, "")


@get("/account/boats", include_in_schema=False)
async def show_own_boats(
    request: AnyRequest, market: GivenMarket, somebody: GivenSignedIn
) -> Template:
    now, user = market.clock(), somebody.user
    after = request.query_params.get("after") or None
    listings = await owned_by(market.store, user.id, limit=_ON_A_PAGE, after=after)
    drafts = (await drafts_of(market.store, user.id)).drafts
    in_work = {draft.id for draft in drafts if draft.of_version is not None}
    page = OwnBoatsPage(
        form=Form.of(request, market),
        news=_done(request.query_params.get("done", "")),
        begun=[] if after else begun_of(drafts, now),
        boats=[_own(listing, now, listing.id in in_work) for listing in listings.listings],
        more=address("/account/boats", [("after", listings.next)]) if listings.next else "",
    )
    return Template("account/boats.html", context={"page": page}, headers=_PRIVATE)


def _own(listing: Listing, now: int, has_changes: bool) -> OwnBoat:
    state, reason = state_of(listing)
    pictures = listing.thumbnails or (first_picture(listing).address,)
    return OwnBoat(
        id=listing.id,
        address=f"/boats/{listing.id}/{listing.slug}",
        title=listing.title,
        price=dollars(listing.price),
        picture=pictures[0],
        state=state,
        reason=reason,
        changed=since(listing.updated_at, now),
        has_changes=has_changes,
    )
