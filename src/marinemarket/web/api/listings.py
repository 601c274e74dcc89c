"""Searching and reading listings."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from ...errors import NotFound
from ...listings.statistics.records import total_views
from ...listings.visibility import (
    Audience,
    public_listing,
    seen_by,
    seen_by_public,
    visible_listing,
)
from ...search.filters import Search
from ...search.finder import find_boats
from ...search.similar import similar_to
from ...wire import encode
from ..dependencies import CurrentMarket, CurrentSuggester
from ..etags import etag_of, is_known
from ..query_string import api_search
from ..security.access import CurrentClient, MaybeSignedIn
from ..security.rate_limits import limited
from ..statuses import holding_nothing
from .answers.listings import Listing, ListingList, SearchResults, Suggestion


def json(document: Any, *, headers: dict[str, str] | None = None) -> Response[bytes]:
    """JSON in the API's format."""
    return Response(encode(document), media_type="application/json", headers=headers)


@post(
    "/search",
    status_code=200,
    summary="Search the public listings",
    open_to_all=True,
    guards=[limited("search")],
    operation_id="searchListings",
    answers=SearchResults,
)
async def search_listings(data: JSONBody[Search], market: CurrentMarket) -> Response[bytes]:
    """Takes filters, an order and a page. Returns results, the total, and the cursor of the next
    page.
    """
    found = await find_boats(market.listings, market.engine.index, data, market.clock)
    return json(found.to_wire())


@get(
    "/listings",
    summary="Search by query string",
    open_to_all=True,
    guards=[limited("search")],
    operation_id="listListings",
    answers=SearchResults,
    is_search=True,
)
async def list_listings(request: Request[Any, Any, Any], market: CurrentMarket) -> Response[bytes]:
    """The same search with its fields in the query string; prices are in US cents."""
    search = api_search(request.query_params.multi_items())
    found = await find_boats(market.listings, market.engine.index, search, market.clock)
    return json(found.to_wire())


@get(
    "/listings/{listing_id:str}",
    summary="Read a listing",
    responses=holding_nothing(304),
    operation_id="getListing",
    answers=Listing,
    sends=("ETag",),
)
async def show_listing(
    listing_id: FromPath[str],
    request: Request[Any, Any, Any],
    market: CurrentMarket,
    visitor: MaybeSignedIn,
    client: CurrentClient,
) -> Response[bytes]:
    """A public listing or one of your own; moderators can read any.

    Its ETag is its version, which an edit must send. Its owner and staff also see its `views`.
    """
    sight = await visible_listing(market.trail, market.listings, listing_id, visitor, client)
    if sight is None:
        raise NotFound("listing", listing_id)
    tag = etag_of(sight.listing)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if is_known(request, tag):
        return Response(b"", status_code=304, headers=headers)
    if sight.audience is not Audience.PUBLIC:
        views = await total_views(market.store, listing_id)
        shown = seen_by(sight.listing.changed(views=views), sight.audience)
        return json(shown, headers=headers)
    return json(seen_by_public(sight.listing), headers=headers)


@get(
    "/listings/{listing_id:str}/similar",
    summary="List similar boats",
    open_to_all=True,
    guards=[limited("search")],
    operation_id="listSimilarListings",
    answers=ListingList,
)
async def list_similar(listing_id: FromPath[str], market: CurrentMarket) -> Response[bytes]:
    """Up to six similar boats, closest first: by maker and model, type and size."""
    listing = await public_listing(market.listings, listing_id)
    if listing is None:
        raise NotFound("listing", listing_id)
    found = await similar_to(market.listings, market.engine.index, listing)
    return json({"results": [seen_by_public(boat) for boat in found]})


@get(
    "/suggestions",
    summary="Suggest searches while typing",
    open_to_all=True,
    guards=[limited("search")],
    shared_for=60,
    operation_id="listSuggestions",
    answers=list[Suggestion],
)
async def list_suggestions(suggester: CurrentSuggester, q: FromQuery[str] = "") -> Response[bytes]:
    """Makers, models, types and places that complete what has been typed."""
    found = await suggester.suggest(q)
    return json([one.to_wire() for one in found])


@get("/openapi.json", include_in_schema=False, open_to_all=True, shared_for=300)
async def show_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI 3.1 description of the API."""
    document = await asyncio.to_thread(request.app.state.openapi)
    return Response(document, media_type="application/json")
