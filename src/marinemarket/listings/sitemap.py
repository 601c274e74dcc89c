"""The sitemap for search engines: every public boat, in files of at most 10,000 URLs.

The worker writes it once an hour from the public index, so that a request for it costs no more than
reading one file. It is always a little behind; a boat that was sold meanwhile answers 410, which is
what crawlers expect.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from xml.etree import ElementTree as Xml

from ..archive.storage import Storage
from ..clock import Clock, iso
from ..links import Links
from ..store.schema import LISTINGS
from ..store.store import Query, Store
from ..text import slug
from .records import PUBLIC

MOST_ADDRESSES = 10_000
INDEX = "sitemap.xml"
_AT_ONCE = 500
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def page_name(number: int) -> str:
    """The file name of a page, counted from 1."""
    return f"boats-{number}.xml"


async def write_sitemap(store: Store, place: Storage, links: Links, clock: Clock) -> int:
    """Rewrite the sitemap; returns how many boats are in it.

    Pages are written first, the index next, and obsolete pages are removed last: so at any time every
    page that the index names exists. Run again after a crash, it is complete.
    """
    number = count = 0
    async for part in _parts(store, links):
        number, count = number + 1, count + len(part)
        await place.put(page_name(number), _page(part, links))
    pages = [page_name(each) for each in range(1, number + 1)]
    await place.put(INDEX, _index(pages, links, clock()))
    for name in await place.names():
        if name not in {INDEX, *pages}:
            await place.remove(name)
    return count


async def _parts(store: Store, links: Links) -> AsyncIterator[list[tuple[str, str]]]:
    """URLs with their last change, in groups of one page each; the newest boats first.

    Reads only the attributes that make up a URL: validating whole listings would take ten times as
    long.
    """
    part: list[tuple[str, str]] = []
    index, after = LISTINGS.index("public-index"), None
    while True:
        query = Query(LISTINGS, PUBLIC, index, newest_first=True, limit=_AT_ONCE, after=after)
        page = await store.query(query)
        for item in page.items:
            path = links.boat(str(item["id"]), slug(str(item["title"])) or "boat")
            part.append((path, iso(int(item["updatedAt"]))))
            if len(part) == MOST_ADDRESSES:
                yield part
                part = []
        after = page.next
        if after is None:
            break
    if part:
        yield part


def _page(addresses: Sequence[tuple[str, str]], links: Links) -> bytes:
    root = Xml.Element("urlset", xmlns=_NAMESPACE)
    for path, changed in addresses:
        url = Xml.SubElement(root, "url")
        Xml.SubElement(url, "loc").text = links.absolute(path)
        Xml.SubElement(url, "lastmod").text = changed
    return _written(root)


def _index(pages: Sequence[str], links: Links, now: int) -> bytes:
    root = Xml.Element("sitemapindex", xmlns=_NAMESPACE)
    for name in pages:
        sitemap = Xml.SubElement(root, "sitemap")
        Xml.SubElement(sitemap, "loc").text = links.absolute(links.sitemap(name))
        Xml.SubElement(sitemap, "lastmod").text = iso(now)
    return _written(root)


def _written(root: Xml.Element) -> bytes:
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
