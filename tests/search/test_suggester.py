"""Suggestions: completions, corrections and places, which keep the words before them."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.listings.records import add_listing
from marinemarket.search.index_follower import reach
from marinemarket.search.suggester import Suggester
from tests.builders import ManualClock, a_listing
from tests.conftest import TESTS

pytestmark = pytest.mark.anyio


@pytest.fixture
def behind() -> int:
    return 0


BOATS = (
    a_listing(name="a", title="Beneteau Oceanis 40 of 2010"),
    a_listing(name="b", title="Beneteau Oceanis 46.1", boat={"model": "Oceanis 46.1"}),
    a_listing(
        name="c",
        title="Boston Whaler Conquest",
        boat={"type": "center-console", "manufacturer": "Boston Whaler", "model": "Conquest 235"},
    ),
    a_listing(
        name="d",
        title="A catamaran of Lagoon",
        boat={"type": "catamaran", "manufacturer": "Lagoon", "model": "42"},
        location={"country": "FR", "city": "Toulon"},
    ),
    a_listing(
        name="e",
        title="中古ヨット 30",
        boat={"manufacturer": "横浜バウマリン", "model": "大型ヨット30"},
    ),
)


@pytest.fixture
async def suggester(market: Market, clock: ManualClock) -> Suggester:
    for listing in BOATS:
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    return Suggester(market.engine.index, market.listings, clock)


@pytest.mark.parametrize(
    ("typed", "kind", "query"),
    [
        ("ben", "maker", "Beneteau"),
        ("BOSTON WH", "maker", "Boston Whaler"),
        ("whal", "maker", "Boston Whaler"),
        ("oce", "model", "Beneteau Oceanis"),
        ("beneteau oce", "model", "Beneteau Oceanis"),
        ("lagoon 4", "model", "Lagoon 42"),
        ("used ben", "maker", "used Beneteau"),
        ("cata", "type", "Catamaran"),
        ("centre", "type", "Center console"),
        ("flor", "place", "in Florida"),
        ("sloop in flo", "place", "sloop in Florida"),
        ("catamaran fra", "place", "catamaran in France"),
        # misspelt
        ("benetau", "maker", "Beneteau"),
        ("benetau oc", "model", "Beneteau Oceanis"),
        ("catamarn", "type", "Catamaran"),
        ("florda", "place", "in Florida"),
        # where no space shows which part of a name a word is
        ("バウ", "maker", "横浜バウマリン"),
        ("横", "maker", "横浜バウマリン"),
        ("ヨッ", "model", "横浜バウマリン 大型ヨット30"),
    ],
)
async def test_the_first_suggestion(
    suggester: Suggester, typed: str, kind: str, query: str
) -> None:
    first = (await suggester.suggest(typed))[0]
    assert (first.kind, first.query) == (kind, query)


@pytest.mark.parametrize(
    "typed", ["", " ", "?", "zzzzzz", "lagoon in flor", "x" * 101, "a " * 40, "\ud800", "'\"(*"]
)
async def test_what_leads_nowhere_gets_none(suggester: Suggester, typed: str) -> None:
    assert await suggester.suggest(typed) == []


async def test_there_are_eight_at_most_each_once(market: Market, suggester: Suggester) -> None:
    for number in range(12):
        maker = {"manufacturer": f"Sea Maker {number}", "model": f"Seal {number}"}
        await add_listing(market.trail, TESTS, a_listing(name=f"s{number}", boat=maker))
    await reach(market.store, market.engine)
    found = [one.query.lower() for one in await suggester.suggest("sea")]
    assert 4 <= len(found) <= 8
    assert len(found) == len(set(found))


async def test_towns_and_waters_are_suggested_where_boats_lie_near(
    suggester: Suggester, market: Market
) -> None:
    there = {"country": "US", "state": "FL", "city": "Stuart"}
    spot = there | {"coordinates": {"lat": 27.2, "lon": -80.25}}
    await add_listing(market.trail, TESTS, a_listing(name="spot", location=spot))
    await reach(market.store, market.engine)
    assert ("place", "near Stuart") in await _suggested(suggester, "stua")
    assert ("place", "sloop near Stuart") in await _suggested(suggester, "sloop near stua")
    assert ("place", "near Stuart") in await _suggested(suggester, "stuarrt")
    assert ("place", "near Chesapeake Bay") not in await _suggested(suggester, "chesap")


async def _suggested(suggester: Suggester, typed: str) -> list[tuple[str, str]]:
    return [(one.kind, one.query) for one in await suggester.suggest(typed)]
