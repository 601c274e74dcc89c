"""Pages from a reader's point of view."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from marinemarket.composition import Market
from marinemarket.web import app
from marinemarket.web.pages.boat.gone import GonePage
from marinemarket.web.pages.boat.page import BoatPage
from marinemarket.web.pages.compare import ComparePage
from marinemarket.web.pages.home import HomePage
from marinemarket.web.pages.search.results import BoatsPage
from marinemarket.web.pages.seller import SellerPage
from marinemarket.web.pages.watchlist import WatchlistPage
from tests.builders import NOW, a_listing

from .conftest import Client, offer, without_our_script

pytestmark = pytest.mark.anyio

TEMPLATES = Path(app.__file__).parent / "templates"


async def test_home_shows_what_is_there_by_type_and_newest(market: Market, client: Client) -> None:
    await offer(market, a_listing(title="Sloop of the day"))
    page = (await client.get("/")).text
    assert "1 boat for sale" in page
    assert "Sloop of the day" in page
    assert 'href="/boats?type=sailboat"' in page
    assert "<script" not in without_our_script(page)


async def test_home_stands_while_the_index_is_being_made(client: Client) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert "Search is not available at the moment" in answer.text


async def test_the_address_is_the_search_and_prices_in_it_are_dollars(
    market: Market, client: Client
) -> None:
    await offer(
        market,
        a_listing(name="cheap", title="Cheap one", price=5_000_000),
        a_listing(name="dear", title="Dear one", price=50_000_000),
    )
    page = (await client.get("/boats?price_max=100%2C000&type=sailboat&utm_source=mail")).text
    assert "Cheap one" in page
    assert "Dear one" not in page
    assert 'value="100000"' in page
    assert "up to $100,000" in page
    # The chip of the type leads to the same search without the type.
    assert 'href="/boats?price_max=100000"' in page


async def test_a_field_that_makes_no_sense_is_named_and_left_out(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing(title="Still shown"))
    answer = await client.get(
        "/boats?price_min=cheap&type=teapot&year_min=2005&year_max=2000&sort=paid&after=x"
    )
    assert answer.status_code == 200
    for notice in ("Minimum price", "Type", "Latest year", "Sort by", "Page"):
        assert f"{notice}: " in answer.text
    assert "Still shown" in answer.text


async def test_pages_link_on_with_their_search(market: Market, client: Client) -> None:
    await offer(
        market, *(a_listing(name=f"b{n}", createdAt=NOW - n, updatedAt=NOW) for n in range(25))
    )
    first = (await client.get("/boats?q=oceanis&limit=10")).text
    forward = re.search(r'rel="next" href="([^"]+)"', first)
    assert forward
    second = (await client.get(forward[1].replace("&amp;", "&"))).text
    boats = re.compile(r'href="(/boats/[^/"]+)/')
    assert not set(boats.findall(first)) & set(boats.findall(second))
    assert "First page" in second


async def test_nothing_found_says_what_to_do(market: Market, client: Client) -> None:
    await offer(market, a_listing())
    page = (await client.get("/boats?q=submarine")).text
    assert "No boats match your search" in page


async def test_a_boats_page_says_what_the_advert_says(market: Market, client: Client) -> None:
    boat = a_listing(
        description="First paragraph.\n\nSecond one.",
        features=["Bow thruster"],
        boat={
            "beam": 12.5,
            "engines": [{"make": "Yanmar", "power": 40, "hours": 900, "count": 2}],
        },
        originalPrice={"amount": 10_000_000, "currency": "EUR"},
        rateDate="2026-11-01",
        priceHistory=[
            {"price": 13_000_000, "at": NOW},
            {"price": 11_000_000, "at": NOW, "originalPrice": {"amount": 11_000_000, "currency": "EUR"}},
            {"price": 12_000_000, "at": NOW, "originalPrice": {"amount": 10_000_000, "currency": "EUR"}},
        ],
    )  # fmt: skip
    await offer(market, boat)
    page = (await client.get(f"/boats/{boat.id}/{boat.slug}")).text
    for text in ("about $120,000 at the rate of 1 Nov 2026", "€100,000", "reduced by €10,000",
                 "First asking price $130,000, now €100,000.", "12 ft 6 in (3.81 m)", "Bow thruster",
                 "2 × Yanmar, 40 hp (30 kW), 900 h", "<p>First paragraph.</p>", "Stuart, FL, United States", "Owner",
                 "no photos yet"):  # fmt: skip
        assert text in page


async def test_an_address_with_another_slug_leads_to_the_right_one(
    market: Market, client: Client
) -> None:
    boat = a_listing()
    await offer(market, boat)
    for address in (f"/boats/{boat.id}", f"/boats/{boat.id}/wrong"):
        answer = await client.get(address, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (
            302,
            f"/boats/{boat.id}/{boat.slug}",
        )


async def test_what_sellers_write_is_shown_as_text(market: Market, client: Client) -> None:
    boat = a_listing(
        title='Nice "boat" & more',
        description="a </p><script>alert(1)</script> b",
        features=["' onload='x"],
        boat={"model": "{{ 7777*7777 }}"},
    )
    await offer(market, boat)
    for address in (f"/boats/{boat.id}/{boat.slug}", "/boats", "/"):
        page = (await client.get(address)).text
        assert "<script" not in without_our_script(page)
        assert "Nice &#34;boat&#34; &amp; more" in page
        assert "60481729" not in page
    hostile = await client.get('/boats?q="><script>alert(1)</script>')
    assert "<script" not in without_our_script(hostile.text)


async def test_a_missing_page_is_a_page(client: Client) -> None:
    answer = await client.get("/nowhere")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]
    assert "See all boats" in answer.text
    for name in ("%00", "a" * 300, "..%2fapp.py"):
        assert (await client.get(f"/static/{name}")).status_code == 404, name
    for id in ("x", "0" * 5000, "%00", "..%2f.."):
        assert (await client.get(f"/boats/{id}/y")).status_code in (404, 400)


async def test_every_answer_carries_the_headers_that_bind_a_browser(
    market: Market, client: Client
) -> None:
    await offer(market)
    for address in ("/", "/boats", "/nowhere", "/api/v1/listings", "/static/site.css"):
        headers = (await client.get(address)).headers
        assert "default-src 'none'" in headers["content-security-policy"], address
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff", address


async def test_drawings_are_served_sandboxed_and_unknown_ones_are_missing(client: Client) -> None:
    drawing = await client.get("/pictures/trawler/12-2.svg")
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in drawing.headers["content-security-policy"]
    for address in (
        "/pictures/teapot/1-0.svg",
        "/pictures/trawler/1-9.svg",
        "/pictures/trawler/..svg",
    ):
        assert (await client.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("home.html", HomePage),
        ("boats.html", BoatsPage),
        ("boat.html", BoatPage),
        ("gone.html", GonePage),
        ("seller.html", SellerPage),
        ("compare.html", ComparePage),
        ("watchlist.html", WatchlistPage),
    ],
)
def test_a_template_uses_just_what_its_page_declares(template: str, context: type) -> None:
    source = (TEMPLATES / template).read_text()
    tree = _environment().parse(source)
    used = {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }
    assert used == {field.name for field in dataclasses.fields(context)}


def _environment() -> Environment:
    i18n = "jinja2.ext.i18n"
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=[i18n])


def test_every_file_that_a_page_asks_for_is_there() -> None:
    static = TEMPLATES.parent / "static"
    asked = set()
    for path in [*TEMPLATES.glob("*.html"), static / "site.css"]:
        asked |= set(re.findall(r"""/static/([\w./-]+)|asset\('([\w.-]+)'\)""", path.read_text()))
    names = {first or second for first, second in asked}
    assert "site.css" in names
    assert [name for name in sorted(names) if not (static / name).is_file()] == []
