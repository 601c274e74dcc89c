"""Searching and reading listings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Operation, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType
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
from ..query_string import LISTS, NAMES, api_search
from ..security.access import CurrentClient, MaybeSignedIn
from ..security.rate_limits import limited
from ..statuses import holding_nothing

_RENDERER = JsonRenderPlugin()


def _parameter(name: str) -> Parameter:
    text = Schema(type=OpenAPIType.STRING)
    schema = Schema(type=OpenAPIType.ARRAY, items=text) if name in LISTS else text
    return Parameter(name=name, param_in="query", schema=schema, required=False)


@dataclass
class _SearchOperation(Operation):
    """Declares the fields of the query string, which are read as one search rather than one by one."""

    def __post_init__(self) -> None:
        self.parameters = [*map(_parameter, NAMES)]


def json(document: Any, *, headers: dict[str, str] | None = None) -> Response[bytes]:
    """JSON in the API's format."""
    return Response(encode(document), media_type="application/json", headers=headers)


@post(
    "/search",
    status_code=200,
    summary="Search the public listings",
    open_to_all=True,
    guards=[limited("search")],
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
    operation_class=_SearchOperation,
    open_to_all=True,
    guards=[limited("search")],
)
async def list_listings(request: Request[Any, Any, Any], market: CurrentMarket) -> Response[bytes]:
    """The same search with its fields in the query string; prices are in US cents."""
    search = api_search(request.query_params.multi_items())
    found = await find_boats(market.listings, market.engine.index, search, market.clock)
    return json(found.to_wire())


@get("/listings/{listing_id:str}", summary="One listing", responses=holding_nothing(304))
async def show_listing(
    listing_id: FromPath[str],
    request: Request[Any, Any, Any],
    market: CurrentMarket,
    visitor: MaybeSignedIn,
    client: CurrentClient,
) -> Response[bytes]:
    """A public listing or one of your own; moderators can read any.

    Its ETag is its version, which an edit must send.
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
    summary="Boats like one",
    open_to_all=True,
    guards=[limited("search")],
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
    summary="Suggestions while typing",
    open_to_all=True,
    guards=[limited("search")],
    shared_for=60,
    responses={
        200: ResponseSpec(
            list[dict[str, str]], generate_examples=False, description="At most eight searches"
        )
    },
)
async def list_suggestions(suggester: CurrentSuggester, q: FromQuery[str] = "") -> Response[bytes]:
    """Makers, models, types and places that complete what has been typed."""
    found = await suggester.suggest(q)
    return json([one.to_wire() for one in found])


@get("/openapi.json", include_in_schema=False, open_to_all=True, shared_for=300)
async def show_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI 3.1 description of the API."""
    document = _RENDERER.render(request, request.app.openapi_schema.to_schema())
    return Response(document, media_type="application/json")
