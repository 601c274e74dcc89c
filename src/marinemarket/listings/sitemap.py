"""The sitemap for search engines: every public boat, in files of at most 10,000 URLs.

The worker writes it once an hour from the public index, so that a request for it costs no more than
reading one file. It is always a little behind; a boat that was sold meanwhile answers 410, which is
what crawlers expect. What the market itself hides leaves it at once: the worker writes it anew as soon
as an account or an advert is no longer in good standing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as Xml

from ..accounts.records import active_among
from ..archive.storage import Storage
from ..clock import HOUR, Clock, iso
from ..links import Links
from ..store.items import Item
from ..store.schema import LISTINGS, USERS
from ..store.store import Change, Position, Query, Store
from .listing import ModerationState, slug_of
from .records import PUBLIC

MOST_ADDRESSES = 10_000
INDEX = "sitemap.xml"
_AT_ONCE = 100
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


@dataclass(slots=True)
class SitemapKeeper:
    """Keeps the sitemap: `run_once` writes it where it is an hour old, or somebody was hidden since.

    It follows the feed to know that. Its position is in memory alone: each process begins by writing.
    """

    store: Store
    place: Storage
    links: Links
    clock: Clock
    name: str = "sitemap"
    _position: Position | None = None
    _written_at: int | None = None
    _is_outdated: bool = field(default=True)

    async def position(self) -> Position | None:
        return self._position

    async def begin(self) -> None:
        self._position, self._is_outdated = await self.store.head(), True

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        if not changes or self._position != after:
            return
        self._is_outdated |= any(map(changes_standing, changes))
        self._position = changes[-1].position

    def close(self) -> None:
        """Holds nothing that needs closing."""

    async def run_once(self) -> None:
        now, last = self.clock(), self._written_at
        is_recent = last is not None and 0 <= now - last < HOUR
        if is_recent and not self._is_outdated:
            return
        # Before it is read: what changes meanwhile is written the next time.
        self._is_outdated = False
        try:
            await write_sitemap(self.store, self.place, self.links, self.clock)
        except BaseException:
            self._is_outdated = True
            raise
        self._written_at = now


def changes_standing(change: Change) -> bool:
    """Does a change hide somebody's boats, or an advert, by the market's decision, or show them again?"""
    if change.table == USERS.name:
        return change.old is not None and _status(change.old) != _status(change.new)
    if change.table == LISTINGS.name:
        return _is_approved(change.old) and not _is_approved(change.new)
    return False


def _status(user: Item | None) -> str:
    return str((user or {}).get("status"))


def _is_approved(listing: Item | None) -> bool:
    moderation = (listing or {}).get("moderation", {})
    return bool(moderation.get("state") == ModerationState.APPROVED.value)


async def _parts(store: Store, links: Links) -> AsyncIterator[list[tuple[str, str]]]:
    """URLs with their last change, in groups of one page each; the newest boats first.

    Boats whose owner is not in good standing are left out. Reads only the attributes that make up a URL:
    validating whole listings would take ten times as long.
    """
    part: list[tuple[str, str]] = []
    index, after = LISTINGS.index("public-index"), None
    while True:
        query = Query(LISTINGS, PUBLIC, index, newest_first=True, limit=_AT_ONCE, after=after)
        page = await store.query(query)
        # The index knows nothing of a ban.
        active = await active_among(store, {str(item["ownerId"]) for item in page.items})
        for item in page.items:
            if item["ownerId"] not in active:
                continue
            path = links.boat(str(item["id"]), slug_of(str(item["title"])))
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
