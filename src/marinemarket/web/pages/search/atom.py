"""Any search as an Atom feed (RFC 4287) of its newest boats."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any
from xml.etree import ElementTree as Xml

from litestar import Request, Response, get

from ....clock import iso
from ....listings.listing import Listing
from ....listings.pricing import price_text
from ....search.filters import Search, Sort
from ....search.finder import find_boats
from ...dependencies import CurrentMarket
from ...etags import is_known
from ...presentation.formatting import feet_and_metres
from ...presentation.units import Unit, unit_of
from ...query_string import address, page_pairs, page_search
from ...security.caching import ASKED_EACH_TIME
from ...security.rate_limits import limited
from ..card import boat_address
from .results import FEED_PATH, PATH, heading_of

MOST = 50
_ATOM = "http://www.w3.org/2005/Atom"
_MEDIA_TYPE = "application/atom+xml"


@get(
    FEED_PATH,
    include_in_schema=False,
    open_to_all=True,
    shared_for=ASKED_EACH_TIME,
    guards=[limited("search")],
)
async def show_feed(request: Request[Any, Any, Any], market: CurrentMarket) -> Response[bytes]:
    """The search of ``/boats`` with the same address. What of it makes no sense is left out.

    Caches ask each time: a boat that was hidden is in none of them.
    """
    asked = list(request.query_params.multi_items())
    unit = unit_of(asked)
    search, _ = page_search(asked)
    search = search.changed(sort=Sort.NEWEST, limit=MOST, after=None)
    found = await find_boats(market.listings, market.engine.index, search, market.clock)
    settings = market.settings
    feed = _feed(search, found.listings, unit, settings.public_url, settings.market_name)
    tag = f'"{blake2b(feed, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag}
    if is_known(request, tag):
        return Response(b"", status_code=304, headers=headers)
    return Response(feed, media_type=f"{_MEDIA_TYPE}; charset=utf-8", headers=headers)


def _feed(search: Search, boats: list[Listing], unit: Unit, site: str, market_name: str) -> bytes:
    pairs = page_pairs(search, unit)
    own, page = site + address(FEED_PATH, pairs), site + address(PATH, pairs)
    root = Xml.Element("feed", xmlns=_ATOM)
    _add(root, "id", own)
    _add(root, "title", f"{heading_of(search)} · {market_name}")
    # Of a feed without boats nothing was ever changed.
    _add(root, "updated", iso(max((boat.reworded_at for boat in boats), default=0)))
    _add(root, "link", rel="self", type=_MEDIA_TYPE, href=own)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    _add(_add(root, "author"), "name", market_name)
    for boat in boats:
        root.append(_entry(boat, unit, site))
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(boat: Listing, unit: Unit, site: str) -> Xml.Element:
    entry = Xml.Element("entry")
    _add(entry, "id", f"urn:uuid:{boat.id}")
    _add(entry, "title", boat.title)
    _add(entry, "published", iso(boat.created_at))
    _add(entry, "updated", iso(boat.reworded_at))
    _add(entry, "link", rel="alternate", type="text/html", href=site + boat_address(boat, unit))
    length = boat.boat_details.length
    message = (price_text(boat.asked), length and feet_and_metres(length, unit), str(boat.location))
    _add(entry, "summary", " · ".join(part for part in message if part))
    return entry


def _add(to: Xml.Element, name: str, text: str | None = None, **attributes: str) -> Xml.Element:
    added = Xml.SubElement(to, name, attributes)
    added.text = text
    return added
