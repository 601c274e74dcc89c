"""robots.txt and the sitemap for search engines."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

from litestar import Request, Response, get
from litestar.enums import MediaType
from litestar.params import FromPath

from ..composition import Market
from ..errors import NotFound, Unavailable
from ..i18n.texts import gettext as _
from ..listings.sitemap import INDEX
from .dependencies import CurrentMarket
from .etags import is_known
from .security.caching import ASKED_EACH_TIME

_NAME = re.compile(r"boats-[1-9][0-9]{0,5}\.xml")
_AN_HOUR = 3600
_SHORTLY = 60

_OWN_PAGES = ("account", "admin", "mail", "messages", "sell", "watchlist")
"""Pages for one person, and all that is below them."""

# A rule without its end holds for every address that begins so: /sell is also /sellers.
_ROBOTS = "\n".join(
    [
        "User-agent: *",
        *(f"Disallow: /{name}{end}" for name in _OWN_PAGES for end in ("$", "?", "/")),
        "Disallow: /api/",
        "Disallow: /codes/",
        # Searches in every order are no places, and there is no end of them.
        "Disallow: /boats?*after=",
        "Disallow: /boats?*sort=",
        "Disallow: /boats.atom",
        "Disallow: /boats/*/report",
        "",
        "Sitemap: {site}/sitemap.xml",
        "",
    ]
)


@get(
    "/robots.txt",
    include_in_schema=False,
    open_to_all=True,
    shared_for=_AN_HOUR,
    media_type=MediaType.TEXT,
)
async def show_robots(market: CurrentMarket) -> Response[str]:
    """robots.txt: every boat and every seller may be crawled."""
    text = _ROBOTS.format(site=market.settings.public_url)
    return Response(text, media_type=MediaType.TEXT)


@get("/sitemap.xml", include_in_schema=False, open_to_all=True, shared_for=ASKED_EACH_TIME)
async def show_sitemap(request: Request[Any, Any, Any], market: CurrentMarket) -> Response[bytes]:
    """The sitemap index as last written by the worker; 503 before that."""
    try:
        return await _file(request, market, INDEX)
    except NotFound:
        raise Unavailable(_("the map is being made"), retry_after=_SHORTLY) from None


@get("/sitemaps/{name:str}", include_in_schema=False, open_to_all=True, shared_for=ASKED_EACH_TIME)
async def show_sitemap_page(
    name: FromPath[str], request: Request[Any, Any, Any], market: CurrentMarket
) -> Response[bytes]:
    """One page of the sitemap: at most 10,000 boats.

    Caches ask each time: a boat that was hidden is in none of them.
    """
    if not _NAME.fullmatch(name):
        raise NotFound("map", name)
    return await _file(request, market, name)


async def _file(request: Request[Any, Any, Any], market: Market, name: str) -> Response[bytes]:
    content = await market.sitemap_place().read(name)
    tag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    if is_known(request, tag):
        return Response(b"", status_code=304, headers={"ETag": tag})
    return Response(content, media_type="application/xml; charset=utf-8", headers={"ETag": tag})
