"""The results page: counts, recognized parts of the query, and removing them."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.search.filters import Search
from marinemarket.web.presentation.units import Unit
from marinemarket.web.query_string import api_search, page_pairs, page_search
from tests.builders import a_listing

from .conftest import Client, offer

pytestmark = pytest.mark.anyio

DIESEL = {"fuel": "diesel"}


async def _furnish(market: Market) -> None:
    await offer(
        market,
        a_listing(name="one", title="First sloop", boat=DIESEL, features=["Bow thruster"]),
        a_listing(name="two", title="Second sloop", price=4_000_000, boat=DIESEL | {"length": 30}),
        a_listing(
            name="three",
            title="A trawler far away",
            boat={"type": "trawler", "manufacturer": "Nordhavn", "model": "47", "length": 47},
            location={"country": "NL", "city": "Sneek"},
        ),
    )


def _choices(page: str, name: str) -> dict[str, tuple[str, bool]]:
    """Of a filter's list, each value's number and whether it is chosen."""
    lines = re.findall(
        rf'<label><input type="\w+" name="{name}" value="([^"]*)" (checked)?>(.*?)</label>', page
    )
    return {
        html.unescape(value): ("".join(re.findall(r'count">([\d,]+)', rest)), bool(checked))
        for value, checked, rest in lines
    }


def _chips(page: str) -> dict[str, str]:
    """The chips' labels and addresses."""
    found = re.findall(r'<a href="([^"]*)" title="Remove filter">(.*?) <span', page)
    return {html.unescape(label): html.unescape(address) for address, label in found}


async def _page(client: Client, address: str) -> str:
    answer = await client.get(address)
    assert answer.status_code == 200
    return str(answer.text)


async def test_facets_are_counted_beside_their_choices(market: Market, client: Client) -> None:
    await _furnish(market)
    page = await _page(client, "/boats?type=sailboat")
    assert _choices(page, "type") == {"sailboat": ("2", True), "trawler": ("1", False)}
    assert _choices(page, "maker") == {"Beneteau": ("2", False)}
    assert _choices(page, "fuel") == {"diesel": ("2", False)}
    assert _choices(page, "feature") == {"Bow thruster": ("1", False)}
    assert _choices(page, "country") == {"": ("", True), "US": ("2", False)}
    # No country of the choice is left out because another one is chosen.
    chosen = await _page(client, "/boats?country=NL")
    assert _choices(chosen, "country") == {
        "": ("", False),
        "US": ("2", False),
        "NL": ("1", True),
    }


async def test_boats_are_found_by_who_sells_them(market: Market, client: Client) -> None:
    await offer(
        market,
        a_listing(name="hers", title="Sold by Ann", sellerKind="private"),
        a_listing(name="firm", title="Sold by a firm", sellerKind="broker"),
        a_listing(name="yard", title="Sold by a yard", sellerKind="broker", price=1_000_000),
        a_listing(name="who knows", title="Sold by nobody knows whom"),
    )
    page = await _page(client, "/boats?seller=private")
    assert _choices(page, "seller") == {"broker": ("2", False), "private": ("1", True)}
    assert _chips(page) == {"Private seller": "/boats"}
    assert "Sold by Ann" in page
    assert "Sold by a firm" not in page
    page = await _page(client, "/boats?q=by+owner")
    assert _chips(page) == {"sold by a private seller": "/boats"}
    assert "Sold by Ann" in page
    page = await _page(client, "/boats?seller=private&price_max=20000")
    assert "<b>Private seller</b>" in page
    page = await _page(client, "/boats?seller=nobody&type=sailboat")
    assert _chips(page) == {"sailboat": "/boats"} or "Sailboat" in page
    assert "Sold by: " in page


async def test_what_is_chosen_stays_in_sight_though_no_boat_has_it(
    market: Market, client: Client
) -> None:
    await _furnish(market)
    page = await _page(client, "/boats?maker=Wauquiez&feature=BOW+THRUSTER&state=Florida")
    assert _choices(page, "maker")["Wauquiez"] == ("0", True)
    assert _choices(page, "feature") == {"BOW THRUSTER": ("0", True)} or "Bow thruster" in page
    assert any(chosen for _, chosen in _choices(page, "state").values())


async def test_a_dozen_stands_open_and_the_rest_is_folded_away(
    market: Market, client: Client
) -> None:
    makers = [f"Maker {letter}" for letter in "ABCDEFGHIJKLMNO"]
    await offer(market, *(a_listing(name=m, boat={"manufacturer": m}) for m in makers))
    page = await _page(client, "/boats?maker=Maker+O")
    shown, _, rest = page.partition('<summary>More <span class="hidden">maker')
    assert [*_choices(shown, "maker")] == [*makers[:12], "Maker O"]
    assert [*_choices(rest, "maker")] == makers[12:14]


async def test_prices_and_years_are_drawn_and_told(market: Market, client: Client) -> None:
    await offer(
        market,
        *(a_listing(name=f"b{n}", price=n * 1_000_000, boat={"year": 1990 + n}) for n in range(1, 20)),
    )  # fmt: skip
    page = await _page(client, "/boats?price_max=50000")
    told = re.findall(r'role="img" aria-label="([^"]+)"', page)
    # Of so few years there is no drawing: three bars tell less than the numbers.
    assert [one.split()[0] for one in told] == ["Prices"]
    assert "from $10,000 to $200,000" in told[0]
    bars = re.findall(r'<rect class="([^"]+)".*?<title>([^<]+)</title>', page)
    inside = {title for names, title in bars if names == "bar in"}
    assert "$40,000 to $50,000: 1 boat" in inside
    assert not any(title.startswith("$75,000") for title in inside)
    assert 'aria-label="Years from 1990 to 2009; most boats, 2: ' in await _page(client, "/boats")
    assert "style=" not in page  # the policy allows none


async def test_rare_filters_are_folded_until_one_holds(market: Market, client: Client) -> None:
    await _furnish(market)
    closed, opened = (
        await _page(client, "/boats"),
        await _page(client, "/boats?air_draft_max=50&hull=steel&price_dropped=yes"),
    )
    assert '<details class="more-filters" >' in closed
    assert '<details class="more-filters" open>' in opened
    assert set(_chips(opened)) == {"air draft up to 50 ft", "Steel", "price lowered"}


WORDS = "benetau under $200,000 in Florida blubber"


async def test_each_understood_part_can_be_taken_off(market: Market, client: Client) -> None:
    await _furnish(market)
    page = await _page(client, f"/boats?q={WORDS}&type=sailboat&sort=price".replace(" ", "+"))
    chips = _chips(page)
    assert set(chips) == {
        "benetau → beneteau",
        "up to $200,000",
        "in Florida",
        "“blubber” is in no advert",
        "Sailboat",
    }
    rest = "&type=sailboat&sort=price"
    assert chips["up to $200,000"] == f"/boats?q=benetau+in+Florida+blubber{rest}"
    assert chips["in Florida"] == f"/boats?q=benetau+under+%24200%2C000+blubber{rest}"
    assert chips["“blubber” is in no advert"].startswith("/boats?q=benetau+under+%24200%2C000+in")
    assert chips["Sailboat"].endswith("blubber&sort=price")
    as_typed = re.search(r'class="as-typed" href="([^"]+)"', page)
    assert as_typed
    assert html.unescape(as_typed[1]).startswith("/boats?q=%22benetau%22+under")
    assert '"benetau"' in _chips(await _page(client, html.unescape(as_typed[1])))


async def test_plain_words_are_one_chip(market: Market, client: Client) -> None:
    await _furnish(market)
    assert _chips(await _page(client, "/boats?q=second+sloop")) == {"“second sloop”": "/boats"}
    mixed = _chips(await _page(client, "/boats?q=sloop+under+%2450,000"))
    assert mixed == {
        "“sloop”": "/boats?q=under+%2450%2C000",
        "up to $50,000": "/boats?q=sloop",
    }


async def test_lengths_may_be_given_in_metres(market: Market, client: Client) -> None:
    await _furnish(market)
    page = await _page(client, "/boats?length_min=9&length_max=12.2&unit=m")
    assert "A trawler far away" not in page
    assert "First sloop" in page
    assert "12.19 m (40 ft)" in page
    assert set(_chips(page)) == {"from 9 m", "up to 12.2 m"}
    for link in re.findall(r'href="(/boats[^"]*)"', page):
        # Those of the masthead and the foot begin anew; the switch leads back to feet.
        own = "length" in link or "/boats/" in link
        assert not own or "unit=m" in link or "length_min=29.53" in link, link
    assert '<input type="hidden" name="unit" value="m">' in page
    typed = await _page(client, "/boats?q=sloop+under+10m&unit=m")
    assert "up to 10 m" in _chips(typed)


@pytest.mark.parametrize("metres", ["5", "9.1", "12.19", "12.2", "33.33", "0.75"])
def test_metres_come_back_as_they_were_typed(metres: str) -> None:
    asked = [("length_max", metres), ("draft_max", metres), ("unit", "m")]
    search, wrong = page_search(asked)
    assert wrong == []
    assert page_pairs(search, Unit.METRES) == asked


@pytest.mark.parametrize(
    ("asked", "means"),
    [
        ({"length_max": "9,5"}, {"lengthRange": {"max": 9.5}}),
        ({"length_max": "9,5", "unit": "m"}, {"lengthRange": {"max": 31.17}}),
        ({"draft_max": "1,5", "unit": "m"}, {"draftRange": {"max": 4.92}}),
        ({"length_min": "30'", "length_max": "10 m"}, {"lengthRange": {"min": 30, "max": 32.81}}),
        ({"length_max": "32' 6½\""}, {"lengthRange": {"max": 32.54}}),
        ({"beam_max": "259 cm"}, {"beamRange": {"max": 8.5}}),
        ({"price_max": "50.000"}, {"priceRange": {"max": 5_000_000}}),
        ({"price_max": "50.000,00"}, {"priceRange": {"max": 5_000_000}}),
        ({"price_min": "12.500", "price_max": "50k"}, {"priceRange": {"min": 1_250_000, "max": 5_000_000}}),
        ({"price_max": "50 000"}, {"priceRange": {"max": 5_000_000}}),
        ({"hours_max": "1.250 h"}, {"hoursRange": {"max": 1250}}),
        ({"near": "27,-80", "radius": "1,5"}, {"location": {"coordinates": {"lat": 27, "lon": -80}, "radius": 1.5}}),
    ],
)  # fmt: skip
def test_figures_in_addresses_are_read_as_people_type_them(
    asked: dict[str, str], means: dict[str, Any]
) -> None:
    assert page_search(asked.items()) == (Search.parse(means), [])


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"length_max": "9,750"}, "may be 9.75 or 9750"),
        ({"length_max": "5'90\""}, "more than 11 inches"),
        ({"price_max": "50.000 €"}, "US dollars"),
        ({"price_max": "cheap"}, "write dollars"),
        ({"year_min": "2010.5"}, "whole number"),
        ({"radius": "-5", "near": "Annapolis"}, "write a number"),
    ],
)
def test_a_figure_that_is_left_out_is_told(asked: dict[str, str], why: str) -> None:
    _search, [wrong] = page_search(asked.items())
    assert wrong.field == next(iter(asked))
    assert why in wrong.message


async def test_the_api_reads_figures_as_pages_do_or_names_the_field(client: Client) -> None:
    for typed, feet in (("9,5", 9.5), ("9.125", 9.13), ("10 m", 32.81)):
        search = api_search([("length_max", typed)])
        assert search.length_range.max == Decimal(str(feet)), typed
    answer = await client.get("/api/v1/listings?length_max=9,750&price_max=50.000")
    assert answer.status_code == 422
    assert {error["field"]: error["message"] for error in answer.json()["errors"]} == {
        "price_max": "must be a whole number",
        "length_max": "may be 9.75 or 9750: write the one that you mean",
    }


EVERYTHING: list[dict[str, Any]] = [
    {
        "query": "teak under 40 ft",
        "priceRange": {"min": 9_950, "max": 100_000},
        "daysListedRange": {"max": 3},
        "airDraftRange": {"max": 49.5},
        "priceDropped": True,
        "location": {"state": "FL", "country": "US", "box": {"south": 1, "west": -80, "north": 2, "east": 10}},
        "boatType": ["sailboat", "trawler"],
        "hullMaterial": ["steel"],
        "usage": ["new"],
        "sellerKind": ["broker", "private"],
        "features": ["A & B"],
    },
    {"location": {"coordinates": {"lat": 27.2, "lon": -80.1}, "radius": 100}},
    {"location": {"polygon": [{"lat": 1, "lon": 100}, {"lat": 2, "lon": 100}, {"lat": 2, "lon": 3}]}},
]  # fmt: skip


@pytest.mark.parametrize("asked", EVERYTHING)
def test_every_filter_stands_in_the_address_of_its_page(asked: dict[str, Any]) -> None:
    search = Search.parse(asked)
    assert page_search(page_pairs(search)) == (search, [])


async def test_near_a_point_there_are_distances_to_sort_by(market: Market, client: Client) -> None:
    spot = {"country": "US", "state": "FL", "coordinates": {"lat": 27.2, "lon": -80.2}}
    await offer(market, a_listing(location=spot))
    assert "sort=distance" not in await _page(client, "/boats")
    page = await _page(client, "/boats?near=27.2,-80.1&radius=20&sort=distance")
    assert "1 boat" in page
    assert _chips(page) == {"within 20 miles of 27.2,-80.1": "/boats"}
    # A form sends the radius also when the place was taken out of it: that is no mistake.
    assert 'class="notices"' not in await _page(client, "/boats?near=&radius=20&sort=distance")
    assert "Near: " in await _page(client, "/boats?near=Xyzzyville")
    for near in ("21403", "75001, France", "SO31+4NG"):
        page = await _page(client, f"/boats?near={near}")
        assert 'class="notices"' not in page, near
    assert "Near: " in await _page(client, "/boats?near=99999")
    assert "Near: " in await _page(client, "/boats?near=27.2,abc")


async def test_nothing_found_says_which_filter_to_take_off(market: Market, client: Client) -> None:
    await _furnish(market)
    page = await _page(client, "/boats?type=trawler&price_max=1000&fuel=diesel&country=NL")
    assert "Removing a single filter does not help" in page
    page = await _page(client, "/boats?q=sloop&price_max=1000&fuel=diesel&feature=sauna")
    assert "Removing a single filter" in page
    page = await _page(client, "/boats?q=sloop&price_max=1000&fuel=diesel")
    ways = re.findall(r'<li><a href="([^"]+)">(\d+ boats?) without <b>([^<]+)</b>', page)
    assert [(number, label) for _, number, label in ways] == [("2 boats", "up to $1,000")]
    assert "2 boats" in await _page(client, html.unescape(ways[0][0]))


async def test_an_empty_market_says_so(market: Market, client: Client) -> None:
    await offer(market)
    assert "This market has no boats yet." in await _page(client, "/boats")


def _at(lat: str, lon: str) -> dict[str, Any]:
    return {
        "country": "US",
        "state": "FL",
        "city": "Stuart",
        "coordinates": {"lat": float(lat), "lon": float(lon)},
    }


async def test_a_search_around_a_place_says_how_far_each_boat_is(
    market: Market, client: Client
) -> None:
    await offer(
        market,
        a_listing(name="here", title="At the pier", location=_at("27.2", "-80.1")),
        a_listing(name="there", title="One degree north", location=_at("28.2", "-80.1")),
        a_listing(name="nowhere", title="Of no known place", location={"country": "NL"}),
    )
    asked: list[dict[str, Any]] = [
        {"location": {"coordinates": {"lat": 27.2, "lon": -80.1}, "radius": 100}},
        {"location": {"coordinates": {"lat": 27.2, "lon": -80.1}}, "sort": "distance"},
    ]
    for body in asked:
        found = (await client.post("/api/v1/search", json=body)).json()["results"]
        told = {boat["title"]: boat.get("distance") for boat in found}
        assert (told["At the pier"], told["One degree north"]) == (0, 69.1)
        assert told.get("Of no known place") is None
    by_query = (await client.get("/api/v1/listings?near=27.2,-80.1&sort=distance")).json()[
        "results"
    ]
    assert [boat.get("distance") for boat in by_query] == [0, 69.1, None]
    by_name = (await client.get("/api/v1/listings?near=stuart,+fl")).json()["results"]
    miles = [boat["distance"] for boat in by_name]
    assert miles == sorted(miles), "the nearest first"
    elsewhere = (await client.get("/api/v1/listings?state=FL")).json()["results"]
    assert all("distance" not in boat for boat in elsewhere)


async def test_cards_around_a_place_say_how_far_in_the_readers_unit(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing(name="there", location=_at("28.2", "-80.1")))
    around = "/boats?near=27.2,-80.1&radius=100"
    assert "Stuart, FL, United States, 69 mi away" in await _page(client, around)
    assert "Stuart, FL, United States, 111 km away" in await _page(client, f"{around}&unit=m")
    assert "away" not in await _page(client, "/boats?state=FL")
