"""Matching one boat with one search, compared with the index's results."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from marinemarket.search.document import document_of
from marinemarket.search.filters import Search
from marinemarket.search.index import SearchEngine
from marinemarket.search.matching import matches
from marinemarket.search.parsed_query import ParsedQuery
from marinemarket.search.query_builder import build_query
from marinemarket.search.query_parser import parse
from tests.builders import NOW, a_listing

from . import fleet
from .engines import index_all

pytestmark = pytest.mark.anyio

BOATS, SEARCHES = 300, 600


async def test_one_boat_matches_where_the_index_finds_it(engine: SearchEngine) -> None:
    listings = fleet.fleet(BOATS)
    await index_all(engine, listings)
    documents = [document_of(listing) for listing in listings if listing.is_offered]
    vocabulary = await engine.index.vocabulary(())
    chance, found = Random(77), 0
    for _ in range(SEARCHES):
        text = fleet.filters(chance)
        search = Search.parse(text)
        wanted = build_query(search, parse(search.query or "", vocabulary), NOW)
        hits = await engine.index.search(replace(wanted, limit=BOATS, facets=False))
        expected = sorted(hits.ids)
        assert len(expected) == hits.total
        assert sorted(d.id for d in documents if matches(wanted, d)) == expected, text
        found += hits.total
    assert found > 5000  # the searches were not vacuous


async def test_a_hidden_boat_matches_nothing(engine: SearchEngine) -> None:
    await index_all(engine, [])
    wanted = build_query(Search(), ParsedQuery(), NOW)
    assert matches(wanted, document_of(a_listing()))
    assert not matches(wanted, document_of(a_listing(), is_shown=False))
