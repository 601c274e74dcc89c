"""Creating, editing and deleting your own listings."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, patch, post
from litestar.params import FromPath, JSONBody

from ...listings.lifecycle.creation import create_listing
from ...listings.lifecycle.editing import delete_listing, edit_listing, seen_by_owner
from ..dependencies import CurrentMarket
from ..etags import etag_of, wanted_versions
from ..idempotency import asked_once
from ..security.access import CurrentActor
from ..statuses import also
from .answers.listings import Listing
from .bodies import ListingChanges, NewListing
from .listings import json

AnyRequest = Request[Any, Any, Any]


@post(
    "/listings",
    status_code=201,
    summary="Create a listing",
    operation_id="createListing",
    takes=NewListing,
    answers=Listing,
    sends=("ETag", "Location"),
    once=True,
)
async def add(
    data: JSONBody[dict[str, Any]], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Create a listing: a draft unless its status says otherwise. It is public only after approval.

    With an `Idempotency-Key`, the same request sent again within a day returns the same listing.
    """
    once = asked_once(request, actor.user_id, "POST /listings", data)
    listing = await create_listing(market.trail, actor, data, once)
    address = f"/api/v1/listings/{listing.id}"
    answer = json(seen_by_owner(listing), headers={"ETag": etag_of(listing), "Location": address})
    answer.status_code = 201
    return answer


@patch(
    "/listings/{listing_id:str}",
    summary="Edit a listing",
    responses=also(412, 428),
    operation_id="updateListing",
    takes=ListingChanges,
    answers=Listing,
)
async def change_listing(
    listing_id: FromPath[str],
    data: JSONBody[dict[str, Any]],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """Apply a JSON merge patch (RFC 7396) to a listing: a null removes a field.

    `If-Match` holds the ETag of the version being edited. If the listing has changed since, the
    answer is 412 with the new version as `current` and its ETag.
    """
    versions = wanted_versions(request)
    listing = await edit_listing(market.trail, actor, listing_id, data, versions)
    return json(seen_by_owner(listing), headers={"ETag": etag_of(listing)})


@delete(
    "/listings/{listing_id:str}",
    summary="Delete a listing",
    responses=also(412, 428),
    operation_id="deleteListing",
)
async def remove(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> None:
    """Delete a listing permanently. `If-Match` as for an edit."""
    await delete_listing(market.trail, actor, listing_id, wanted_versions(request))
