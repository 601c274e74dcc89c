"""robots.txt and the sitemap."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

import pytest

from marinemarket.composition import Market
from marinemarket.listings import sitemap
from marinemarket.listings.sitemap import write_sitemap
from tests.builders import NOW, a_listing

from .conftest import Client, offer

pytestmark = pytest.mark.anyio


def locations(document: str) -> list[str]:
    return [
        str(found.text) for found in Xml.fromstring(document).iter() if found.tag.endswith("}loc")
    ]


async def write(market: Market) -> int:
    place = market.sitemap_place()
    return await write_sitemap(market.store, place, market.links, market.clock)


async def test_the_map_names_every_public_boat_and_no_other(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 2)
    boats = [
        a_listing(name=f"b{n}", title=title, createdAt=NOW - n, updatedAt=NOW)
        for n, title in enumerate(
            ('Boat & <b> "x"', "二手帆船出售三亚", "हिन्दी नाव", "Inquiry", "Парусная яхта")
        )
    ]
    hidden = [
        a_listing(name="sold", status="sold"),
        a_listing(name="flagged", moderation={"state": "flagged"}),
    ]
    await offer(market, *boats, *hidden)
    assert await write(market) == 5
    site = market.settings.public_url
    index = await client.get("/sitemap.xml")
    assert index.headers["content-type"].startswith("application/xml")
    pages = locations(index.text)
    assert pages == [f"{site}/sitemaps/boats-{n}.xml" for n in (1, 2, 3)]
    found = [
        address
        for page in pages
        for address in locations((await client.get(page.removeprefix(site))).text)
    ]
    assert found == [f"{site}/boats/{boat.id}/{boat.slug}" for boat in boats]
    assert all(map(str.isascii, found))
    assert found[1].endswith(
        "/%E4%BA%8C%E6%89%8B%E5%B8%86%E8%88%B9%E5%87%BA%E5%94%AE%E4%B8%89%E4%BA%9A"
    )
    for address in found:
        assert (await client.get(address.removeprefix(site))).status_code == 200


async def test_a_map_of_fewer_boats_leaves_no_page_behind(
    market: Market, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await offer(market, *(a_listing(name=f"b{n}") for n in range(3)))
    with monkeypatch.context() as patched:
        patched.setattr(sitemap, "MOST_ADDRESSES", 1)
        await write(market)
    assert (await client.get("/sitemaps/boats-3.xml")).status_code == 200
    await write(market)
    assert (await client.get("/sitemaps/boats-3.xml")).status_code == 404
    assert len(locations((await client.get("/sitemap.xml")).text)) == 1


async def test_before_the_first_map_robots_are_asked_to_come_again(client: Client) -> None:
    answer = await client.get("/sitemap.xml")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    for name in ("boats-0.xml", "boats-1.xml", "..%2fmarket.sqlite3", "%00", "sitemap.xml"):
        assert (await client.get(f"/sitemaps/{name}")).status_code in (400, 404)


async def test_robots_are_told_where_the_map_is(market: Market, client: Client) -> None:
    answer = await client.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {market.settings.public_url}/sitemap.xml" in answer.text


async def test_robots_may_look_at_boats_and_sellers_and_not_at_pages_of_ones_own(
    client: Client,
) -> None:
    rules = (await client.get("/robots.txt")).text.splitlines()
    barred = [rule.removeprefix("Disallow: ") for rule in rules if rule.startswith("Disallow: ")]

    def may_be_looked_at(address: str) -> bool:
        return not any(re.match(_pattern(rule), address) for rule in barred)

    for address in ("/", "/boats/1/a-ketch", "/sellers/7", "/accounting", "/mailing-list"):
        assert may_be_looked_at(address), address
    for address in ("/sell", "/sell/1", "/account?x=1", "/messages/3", "/boats?q=a&sort=price"):
        assert not may_be_looked_at(address), address


def _pattern(rule: str) -> str:
    """A rule of robots.txt as RFC 9309 reads it: a beginning, in which * is anything and $ the end."""
    escaped = re.escape(rule.removesuffix("$")).replace(r"\*", ".*")
    return escaped + ("$" if rule.endswith("$") else "")


async def test_search_engines_keep_searches_of_a_type_and_a_maker_at_one_address(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing(title="Teak ketch", boatDetails={"type": "sailboat"}))
    site = market.settings.public_url
    for asked, canonical, is_indexed in (
        ("/boats", "/boats", True),
        ("/boats?view=map&unit=m&utm_source=x&sort=price", "/boats", True),
        ("/boats?type=sailboat&view=list", "/boats?type=sailboat", True),
        ("/boats?type=sailboat&type=catamaran", "/boats?type=sailboat&amp;type=catamaran", False),
        ("/boats?type=houseboat", "/boats?type=houseboat", False),
        ("/boats?q=teak", "/boats?q=teak", False),
        ("/boats?type=sailboat&price_min=1", "/boats?price_min=1&amp;type=sailboat", False),
    ):
        page = (await client.get(asked)).text
        [found] = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
        assert found == site + canonical
        assert ('<meta name="robots" content="noindex">' not in page) is is_indexed, asked
