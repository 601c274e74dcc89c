"""No more letters of a saved search, by the link in each of them, without signing in.

The link shows a page, and its button does it: programs that look at links in mail would otherwise
end what nobody wanted ended. Mail programs that have a button of their own send the same by POST
(RFC 8058); the token in the address is what proves it, so that form needs none of ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Template

from ...errors import NotFound
from ...links import UNSUBSCRIBE
from ...saved_searches.editing import by_token, unsubscribe
from ..dependencies import CurrentMarket
from ..security.access import AnyRequest, CurrentClient
from ..security.rate_limits import limited

# What stands in its address is for no other site.
_PRIVATE = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class UnsubscribePage:
    """All that ``unsubscribe.html`` uses. Without an `address` there is nothing to end."""

    search: str
    address: str
    is_done: bool


@get(f"{UNSUBSCRIBE}/{{search_id:str}}", include_in_schema=False, open_to_all=True)
async def show_unsubscribing(
    search_id: FromPath[str], request: AnyRequest, market: CurrentMarket
) -> Template:
    token = request.query_params.get("token", "")[:_LONGEST]
    try:
        search = await by_token(market.store, search_id, token)
    except NotFound as error:
        return _shown(UnsubscribePage("", "", is_done=False), status=error.status)
    address = f"{UNSUBSCRIBE}/{search.id}?token={token}"
    return _shown(UnsubscribePage(search.name, address, is_done=False))


@post(
    f"{UNSUBSCRIBE}/{{search_id:str}}",
    status_code=200,
    include_in_schema=False,
    open_to_all=True,
    proved_by_token=True,
    guards=[limited("search")],
)
async def send_unsubscribing(
    search_id: FromPath[str], request: AnyRequest, market: CurrentMarket, client: CurrentClient
) -> Template:
    token = request.query_params.get("token", "")[:_LONGEST]
    try:
        search = await unsubscribe(market.trail, client.visitor(), search_id, token)
    except NotFound as error:
        return _shown(UnsubscribePage("", "", is_done=False), status=error.status)
    return _shown(UnsubscribePage(search.name, "", is_done=True))


def _shown(page: UnsubscribePage, *, status: int = 200) -> Template:
    return Template(
        "unsubscribe.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )
