"""Visitors' reports, and moderators' decisions about adverts."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from ...accounts.records import find_users
from ...accounts.user import PublicSeller
from ...errors import FieldError, Invalid, NotFound
from ...i18n.texts import gettext as _
from ...listings.photo import LARGE, photo_address
from ...listings.records import find_listings
from ...listings.visibility import public_listing, seen_by_staff
from ...moderation.case import Case, Lane
from ...moderation.decisions import Decision, decide, version_of_deleted
from ...moderation.earlier_cases import EarlierCase, earlier_cases
from ...moderation.records import waiting_cases
from ...moderation.reports import ReportForm, report_listing, reporter_keys
from ...moderation.rules import BY_NAME
from ...store.store import Store
from ..dependencies import CurrentMarket
from ..etags import etag, wanted_versions
from ..idempotency import asked_once
from ..security.access import CurrentClient, CurrentStaff, MaybeSignedIn, address_of
from ..security.rate_limits import limited, network_of
from ..statuses import also
from .answers.cases import SEEN_OF_CASE, CasePage, DecidedListing
from .answers.page import Received
from .listings import json
from .paging import FromAfter, FromLimit

AnyRequest = Request[Any, Any, Any]
_PRIVATE = {"Cache-Control": "no-store"}
AskedLane = Annotated[
    str | None, QueryParameter(max_length=100, schema_extra={"enum": [lane.value for lane in Lane]})
]


@post(
    "/listings/{listing_id:str}/reports",
    status_code=202,
    summary="Report a listing",
    guards=[limited("reports")],
    operation_id="reportListing",
    answers=Received,
    once=True,
)
async def add_report(
    listing_id: FromPath[str],
    data: JSONBody[ReportForm],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    visitor: MaybeSignedIn,
) -> Response[bytes]:
    """Takes a `reason` (scam, sold, wrong, copied, stolen, forbidden, other), `words`, and an
    `email` if we may contact you. Only moderators read it; the seller never learns who reported.

    With an `Idempotency-Key`, the same report sent again within a day counts once.
    """
    if await public_listing(market.listings, listing_id) is None:
        raise NotFound("listing", listing_id)
    network = network_of(address_of(request))
    user_id = visitor.user.id if visitor else None
    payload = {"listing": listing_id, **data.to_wire()}
    once = asked_once(request, user_id or network, "POST /listings/reports", payload)
    await report_listing(
        market.trail,
        visitor.acting_from(client) if visitor else client.visitor(),
        listing_id,
        data,
        keys=reporter_keys(market.secret_key, network, user_id),
        user_id=user_id,
        once=once,
    )
    answer = json({"received": True}, headers=_PRIVATE)
    answer.status_code = 202
    return answer


@get(
    "/admin/moderation",
    summary="List the cases that wait for a moderator",
    operation_id="listModerationCases",
    answers=CasePage,
)
async def list_waiting(
    market: CurrentMarket,
    moderator: CurrentStaff,
    lane: AskedLane = None,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """All cases, or those of one `lane`: `new`, `edited` (after approval) or `reported`.

    Each has its listing (`updatedAt` is the version to decide on), its seller, and its flags as
    text.
    """
    if lane is not None and lane not in set(Lane):
        raise Invalid([FieldError("lane", _("must be one of new, edited, reported"))])
    chosen = None if lane is None else Lane(lane)
    page = await waiting_cases(market.store, chosen, limit=limit, after=after)
    ids = [case.listing_id for case in page.cases]
    listings = await find_listings(market.store, ids) if ids else []
    users = await find_users(market.store, [case.seller_id for case in page.cases])
    sellers = {user.id: PublicSeller.of(user).to_wire() for user in users}
    shown = [
        seen_case(case)
        | {
            "listing": seen_by_staff(listing) if listing else None,
            "seller": sellers.get(case.seller_id),
            "earlier": await _earlier(market.store, case),
            "kept": None if listing else seen_kept(case),
        }
        for case, listing in zip(page.cases, listings, strict=True)
    ]
    return json({"results": shown, "next": page.next}, headers=_PRIVATE)


@post(
    "/admin/listings/{listing_id:str}/moderation",
    status_code=200,
    summary="Approve, reject or hide a listing",
    responses=also(412, 428),
    operation_id="moderateListing",
    answers=DecidedListing,
)
async def add_decision(
    listing_id: FromPath[str],
    data: JSONBody[Decision],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    moderator: CurrentStaff,
) -> Response[bytes]:
    """Takes a `state` (approved, rejected, flagged), with a `reason` for the owner unless it is
    approved. `requestChanges` with rejected asks the owner to make changes and publish again.

    `If-Match` holds the version that was reviewed. If the listing has changed since, the answer is
    412 with the new version as `current`. It is 409 if everything has already been decided.

    Of an advert that its owner deleted under suspicion, the case is decided; `kept` has its version.
    """
    versions = wanted_versions(request)
    actor = moderator.acting_from(client)
    vault = market.accounts.vault
    decided = await decide(market.trail, vault, market.links, actor, listing_id, data, versions)
    listing = decided.listing
    version = listing.updated_at if listing else version_of_deleted(decided.case)
    answer = {
        "listing": seen_by_staff(listing) if listing else None,
        "case": seen_case(decided.case),
        "hindrance": decided.hindrance,
    }
    return json(answer, headers=_PRIVATE | {"ETag": etag(version)})


def seen_case(case: Case) -> dict[str, Any]:
    """A case as staff see it, with its flags as text."""
    wire = case.to_wire()
    flags = [
        flag.to_wire()
        | {"means": _(rule.for_staff) if (rule := BY_NAME.get(flag.rule)) else flag.rule}
        for flag in case.flags
    ]
    return {name: wire[name] for name in SEEN_OF_CASE if name in wire} | {"flags": flags}


def seen_kept(case: Case) -> dict[str, Any] | None:
    """What staff see of a deleted advert; None if nothing is kept."""
    if not case.exhibits:
        return None
    last = case.exhibits[-1]
    return {
        "version": version_of_deleted(case),
        "title": last.title,
        "description": last.description,
        "price": last.price,
        "place": last.place,
        "hin": last.hin,
        "images": [photo_address(photo.id, LARGE) for photo in last.photos],
    }


async def _earlier(store: Store, case: Case) -> list[dict[str, Any]]:
    return [_seen_earlier(one) for one in await earlier_cases(store, case.flags)]


def _seen_earlier(earlier: EarlierCase) -> dict[str, Any]:
    case, step = earlier.case, earlier.step
    return {
        "listingId": earlier.listing_id,
        "shares": earlier.shares,
        "title": case.exhibits[-1].title if case and case.exhibits else None,
        "event": earlier.event,
        "at": earlier.at,
        "by": step.by if step else None,
        "reason": step.text if step else None,
        "isOpen": case is not None and case.is_open,
        "reports": [
            {"complaint": report.complaint, "createdAt": report.created_at}
            | ({"words": report.words} if report.words else {})
            for report in earlier.reports
        ],
    }
