"""A search as an Atom feed."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from marinemarket.composition import Market
from tests.builders import NOW, a_listing

from .conftest import Client, offer

pytestmark = pytest.mark.anyio

ATOM = {"a": "http://www.w3.org/2005/Atom"}


async def test_a_search_is_a_feed_of_its_newest_boats(market: Market, client: Client) -> None:
    await offer(
        market,
        *(
            a_listing(name=f"b{n}", title=f"Boat {n} & more", createdAt=NOW - n, updatedAt=NOW + n)
            for n in range(55)
        ),
        a_listing(name="other", boat={"type": "trawler"}),
    )
    page = (await client.get("/boats?type=sailboat&unit=m&sort=price")).text
    link = '<link rel="alternate" type="application/atom+xml"'
    assert link in page
    assert 'href="/boats.atom?type=sailboat&amp;unit=m"' in page

    answer = await client.get("/boats.atom?type=sailboat&unit=m&after=x&limit=2")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = Xml.fromstring(answer.content)
    assert feed.findtext("a:title", namespaces=ATOM) == "Sailboats for sale · MarineMarket"
    entries = feed.findall("a:entry", ATOM)
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in entries]
    assert titles == [f"Boat {n} & more" for n in range(50)]
    first = entries[0]
    boat = a_listing(name="b0", title="Boat 0 & more")
    assert first.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{boat.id}"
    assert first.findtext("a:updated", namespaces=ATOM) == "2026-01-01T00:00:00.000Z"
    summary = "$120,000 · 12.19 m (40 ft) · Stuart, FL, United States"
    assert first.findtext("a:summary", namespaces=ATOM) == summary
    address = first.find("a:link", ATOM)
    assert address is not None
    to = address.attrib["href"].removeprefix(market.settings.public_url)
    assert (await client.get(to)).status_code == 200
    newest = feed.findtext("a:updated", namespaces=ATOM)
    assert newest == max(entry.findtext("a:updated", "", ATOM) for entry in entries)


async def test_a_feed_that_did_not_change_is_not_sent_again(market: Market, client: Client) -> None:
    await offer(market, a_listing())
    tag = (await client.get("/boats.atom")).headers["etag"]
    again = await client.get("/boats.atom", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("words", ["<&\"'>", "\x0b\x00", "]]>", "é😀"])
async def test_whatever_is_asked_the_feed_is_xml(
    market: Market, client: Client, words: str
) -> None:
    await offer(market, a_listing(title=f"Boat {words.replace(chr(0), '')}, with signs"))
    for query in ({"q": words}, {"price_min": words}, {}):
        answer = await client.get("/boats.atom", params=query)
        assert answer.status_code == 200
        Xml.fromstring(answer.content)
