"""What a page shows instead of search results while the index is away or being built."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.response import Template

from ...errors import Unavailable
from ..security.access import AnyRequest


@dataclass(frozen=True, slots=True)
class SearchAwayPage:
    """All that ``search-away.html`` uses: the words that were asked for, and the address to try again."""

    query: str
    address: str


def search_away(request: AnyRequest, error: Unavailable) -> Template:
    """The page that says so: 503, with the search kept so that one click repeats it."""
    address = f"{request.scope['path']}?{request.url.query}".removesuffix("?")
    page = SearchAwayPage(request.query_params.get("q", "")[:500], address)
    return Template(
        "search-away.html",
        context={"page": page},
        status_code=error.status,
        headers={"Retry-After": str(error.retry_after)},
    )
