"""Putting listings before the public, taking them down, and marking them sold."""

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
from .listings import json

AnyRequest = Request[Any, Any, Any]


class SaleBody(Model):
    """What she was sold for, in US cents, where the seller says so."""

    price: Cents | None = None


@post(
    "/listings/{listing_id:str}/publication",
    status_code=200,
    summary="Offer one of your listings",
    responses=also(412, 428),
)
async def offer(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Everybody sees it once it is approved; at once where it was, and is unchanged since.

    One that was not accepted is looked at again. What the public must still be told is a 422.
    `If-Match` as for an edit.
    """
    return _answer(await publish(market.trail, actor, listing_id, wanted_versions(request)))


@delete(
    "/listings/{listing_id:str}/publication",
    status_code=200,
    summary="Take one of your listings down",
    responses=also(412, 428),
)
async def take_down(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Out of sight, and not deleted: it can be offered again. `If-Match` as for an edit."""
    return _answer(await withdraw(market.trail, actor, listing_id, wanted_versions(request)))


@post(
    "/listings/{listing_id:str}/sale",
    status_code=200,
    summary="Mark one of your listings as sold",
    responses=also(412, 428),
)
async def sell(
    listing_id: FromPath[str],
    data: JSONBody[SaleBody],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """Out of sight, and counted as sold. The price is for the market's own figures, and optional."""
    versions = wanted_versions(request)
    return _answer(await mark_sold(market.trail, actor, listing_id, data.price, versions))


def _answer(listing: Listing) -> Response[bytes]:
    return json(seen_by_owner(listing), headers={"ETag": etag_of(listing)})
