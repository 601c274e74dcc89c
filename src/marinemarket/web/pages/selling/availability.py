"""Answering an availability check by the link in its email, without signing in.

The link opens a page, and a button on it performs the action: programs that follow the links in
emails would otherwise answer for the seller. The token in the address authorizes the form, so it
needs no CSRF token.
"""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Template

from ....errors import NotFound, Refused
from ....links import STILL_FOR_SALE
from ....listings.lifecycle.availability_check import by_token, last_confirmed
from ....listings.lifecycle.publication import confirm
from ....listings.listing import Status
from ...dependencies import CurrentMarket
from ...security.access import AnyRequest, CurrentClient
from ...security.rate_limits import limited

# What stands in its address is for no other site.
_PRIVATE = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class StillForSalePage:
    """All that ``availability.html`` uses. `state` is ``ask``, ``hidden``, ``done``, ``sold`` or ``lost``."""

    state: str
    id: str = ""
    title: str = ""
    address: str = ""


@get(f"{STILL_FOR_SALE}/{{listing_id:str}}", include_in_schema=False, open_to_all=True)
async def show_still_for_sale(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket
) -> Template:
    token = request.query_params.get("token", "")[:_LONGEST]
    try:
        listing, of = await by_token(market.store, market.secret_key, listing_id, token)
    except NotFound as error:
        return _shown(StillForSalePage("lost"), status=error.status)
    if last_confirmed(listing) > of:
        return _shown(StillForSalePage("done", listing.id, listing.title))
    state = {Status.ACTIVE: "ask", Status.INACTIVE: "hidden", Status.SOLD: "sold"}[listing.status]
    address = f"{STILL_FOR_SALE}/{listing.id}?token={token}"
    return _shown(StillForSalePage(state, listing.id, listing.title, address))


@post(
    f"{STILL_FOR_SALE}/{{listing_id:str}}",
    status_code=200,
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("search")],
)
async def send_still_for_sale(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, client: CurrentClient
) -> Template:
    token = request.query_params.get("token", "")[:_LONGEST]
    try:
        listing, of = await by_token(market.store, market.secret_key, listing_id, token)
        await confirm(market.trail, client.visitor(), listing.id, listing.owner_id, of)
    except NotFound as error:
        return _shown(StillForSalePage("lost"), status=error.status)
    except Refused as error:
        return _shown(StillForSalePage("sold", listing.id, listing.title), status=error.status)
    return _shown(StillForSalePage("done", listing.id, listing.title))


def _shown(page: StillForSalePage, *, status: int = 200) -> Template:
    return Template(
        "availability.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )
