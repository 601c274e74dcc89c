"""What owners do with their listings."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, patch
from litestar.params import FromPath, JSONBody

from ...listings.editing import delete_listing, edit_listing, seen_by_owner
from ..access import GivenActor
from ..given import GivenMarket
from ..versions import etag_of, wanted_versions
from .listings import json

AnyRequest = Request[Any, Any, Any]


@patch("/listings/{listing_id:str}", summary="Edit one of your listings")
async def change_listing(
    listing_id: FromPath[str],
    data: JSONBody[dict[str, Any]],
    request: AnyRequest,
    market: GivenMarket,
    actor: GivenActor,
) -> Response[bytes]:
    """Merge a part of a listing into it (RFC 7396): a null takes a field away.

    `If-Match` holds the ETag of the version that is edited. When another one stands, the answer
    is 412, with that one as `current` and its ETag.
    """
    versions = wanted_versions(request)
    listing = await edit_listing(market.trail, actor, listing_id, data, versions)
    return json(seen_by_owner(listing), headers={"ETag": etag_of(listing)})


@delete("/listings/{listing_id:str}", summary="Delete one of your listings")
async def remove(
    listing_id: FromPath[str], request: AnyRequest, market: GivenMarket, actor: GivenActor
) -> None:
    """Take a listing out of the market for good. `If-Match` as for an edit."""
    await delete_listing(market.trail, actor, listing_id, wanted_versions(request))
