"""Searches are found by a boat's attributes: every match, and few others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from marinemarket.listings.listing import Listing
from marinemarket.saved_searches.candidates import CandidateIndex, conditions_of
from marinemarket.saved_searches.saved_search import SavedSearch
from marinemarket.search.document import document_of
from marinemarket.search.index import SearchEngine
from marinemarket.search.query_parser import parse
from tests.builders import NOW, OWNER, a_listing, uuid_of
from tests.search import fleet
from tests.search.engines import an_engine, index_all

from .samples import demo_fleet, wishes

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[SearchEngine]:
    async with an_engine("columns", tmp_path) as engine:
        yield engine


def a_search(name: str, **filters: Any) -> SavedSearch:
    return SavedSearch.parse(
        {
            "id": uuid_of(name),
            "userId": OWNER,
            "name": name,
            "filters": filters,
            "createdAt": "2026-01-01T00:00:00.000Z",
            "updatedAt": "2026-01-01T00:00:00.000Z",
            "unsubscribeHash": "0" * 64,
        }
    )


async def _filed(
    engine: SearchEngine, boats: list[Listing], asked: list[dict[str, Any]]
) -> CandidateIndex:
    await index_all(engine, boats)
    vocabulary, files = await engine.index.vocabulary(()), CandidateIndex()
    for number, filters in enumerate(asked):
        search = a_search(str(number), **filters)
        query = parse(search.filters.query or "", vocabulary)
        files.file(conditions_of(search, query, vocabulary, len(boats), NOW))
    return files


async def test_fewer_than_one_in_twenty_of_ten_thousand_searches_are_candidates(
    engine: SearchEngine,
) -> None:
    offered = demo_fleet(1000)
    asked = wishes(10_000, offered)
    files = await _filed(engine, offered[:700], asked)
    assert len(files) == 10_000
    looked_at, found = [], 0
    for boat in demo_fleet(30, seed=8):
        document = document_of(boat)
        candidates = files.candidates(document)
        looked_at.append(len(candidates))
        fitting = {filed.id for filed in candidates if filed.fits(document, NOW)}
        assert fitting == {f.id for f in files if f.fits(document, NOW)}
        found += len(fitting)
    assert max(looked_at) < 500
    assert found > 1000  # they were not vacuous
    assert sum(looked_at) < 2 * found  # and most candidates matched


async def test_no_matching_search_is_missed(engine: SearchEngine) -> None:
    chance = Random(5)
    asked = [fleet.filters(chance) for _ in range(1500)]
    for filters in asked:
        del filters["sort"]
    boats = fleet.fleet(200)
    files = await _filed(engine, boats, asked)
    found = 0
    for boat in [boat for boat in fleet.fleet(80, seed=9) if boat.is_offered]:
        document = document_of(boat)
        fitting = {f.id for f in files.candidates(document) if f.fits(document, NOW)}
        assert fitting == {f.id for f in files if f.fits(document, NOW)}
        found += len(fitting)
    assert found > 1000


async def test_a_removed_search_leaves_nothing_behind(engine: SearchEngine) -> None:
    files = await _filed(engine, [a_listing()], [{"boatType": ["sailboat"]}, {}])
    assert len(files.candidates(document_of(a_listing()))) == 2
    for filed in list(files):
        files.remove(filed.id)
        files.remove(filed.id)
    assert (len(files), files._under, files._under_nothing) == (0, {}, set())


async def test_a_search_waits_for_a_word_that_no_advert_has_yet(engine: SearchEngine) -> None:
    files = await _filed(engine, [a_listing()], [{"query": "zeppelin under 500k"}])
    assert files.candidates(document_of(a_listing())) == []
    [filed] = files.candidates(document_of(a_listing(title="Zeppelin, to float")))
    assert filed.fits(document_of(a_listing(title="Zeppelin, to float")), NOW)
    dear = document_of(a_listing(title="Zeppelin, to float", price=90_000_000))
    assert not filed.fits(dear, NOW)


async def test_a_search_waits_for_a_run_of_letters_that_no_advert_has_yet(
    engine: SearchEngine,
) -> None:
    files = await _filed(engine, [a_listing()], [{"query": "帆船"}, {"query": "帆船 under 500k"}])
    boat = document_of(a_listing(title="二手帆船出售三亚"))
    assert sum(filed.fits(boat, NOW) for filed in files.candidates(boat)) == 2
    assert files.candidates(document_of(a_listing(title="二手游艇出售"))) == []


async def test_days_on_the_market_are_counted_when_a_boat_comes(engine: SearchEngine) -> None:
    files = await _filed(engine, [a_listing()], [{"daysListedRange": {"max": 3}}])
    later = NOW + 100 * fleet.DAY
    fresh = document_of(a_listing(createdAt=later, updatedAt=later))
    [filed] = files.candidates(fresh)
    assert filed.fits(fresh, later)
    assert not filed.fits(fresh, later + 4 * fleet.DAY)


async def test_searches_near_a_place_are_candidates_for_boats_around_it(
    engine: SearchEngine,
) -> None:
    places = ("Annapolis", "Kiel", "Split", "Sydney", "Seattle", "Lymington", "Palma", "Auckland")
    asked: list[dict[str, Any]] = [{"query": f"near {place}"} for place in places]
    asked += [{"location": {"near": place, "radius": 30}} for place in places]
    files = await _filed(engine, [a_listing()], asked)
    # No coordinates: as in most adverts, the position is that of the town.
    boat = document_of(a_listing(location={"country": "US", "state": "MD", "city": "Annapolis"}))
    candidates = files.candidates(boat)
    assert {filed.id for filed in candidates} == {uuid_of("0"), uuid_of("8")}
    assert all(filed.fits(boat, NOW) for filed in candidates)
