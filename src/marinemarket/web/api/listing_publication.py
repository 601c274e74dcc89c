"""Publishing listings, withdrawing them, and marking them sold."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, post
from litestar.params import FromPath, JSONBody

from ...listings.lifecycle.editing import seen_by_owner
from ...listings.lifecycle.publication import mark_sold, publish, withdraw
from ...listings.listing import Listing
from ...wire import Cents, Model
from ..dependencies import CurrentMarket
from ..etags import etag_of, wanted_versions
from ..security.access import CurrentActor
from ..statuses import also
from .answers.listings import Listing as ListingAnswer
from .listings import json

AnyRequest = Request[Any, Any, Any]


class NewSale(Model):
    """The sale price in US cents, if the seller gives it."""

    price: Cents | None = None
    """What the boat was sold for, in US cents."""


@post(
    "/listings/{listing_id:str}/publication",
    status_code=200,
    summary="Publish a listing",
    responses=also(412, 428),
    operation_id="publishListing",
    answers=ListingAnswer,
)
async def offer(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Publish a listing. It becomes public when it is approved, or immediately if it was approved
    before and has not changed.

    A rejected listing is reviewed again. Missing required details are a 422. `If-Match` as for an
    edit.
    """
    return _answer(await publish(market.trail, actor, listing_id, wanted_versions(request)))


@delete(
    "/listings/{listing_id:str}/publication",
    status_code=200,
    summary="Withdraw a listing",
    responses=also(412, 428),
    operation_id="withdrawListing",
    answers=ListingAnswer,
)
async def take_down(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Withdraw a listing without deleting it; it can be relisted. `If-Match` as for an edit."""
    return _answer(await withdraw(market.trail, actor, listing_id, wanted_versions(request)))


@post(
    "/listings/{listing_id:str}/sale",
    status_code=200,
    summary="Mark a listing as sold",
    responses=also(412, 428),
    operation_id="sellListing",
    answers=ListingAnswer,
)
async def sell(
    listing_id: FromPath[str],
    data: JSONBody[NewSale],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """Mark a listing as sold and hide it. The sale price is optional and used only in the market's
    own statistics.
    """
    versions = wanted_versions(request)
    return _answer(await mark_sold(market.trail, actor, listing_id, data.price, versions))


def _answer(listing: Listing) -> Response[bytes]:
    return json(seen_by_owner(listing), headers={"ETag": etag_of(listing)})
