"""The judgements themselves: each can be satisfied, and the measure separates good from bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.listings.listing import Listing
from marinemarket.search.document import document_of
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from tests.builders import NOW

from ..engines import ENGINES, an_engine
from .bm25 import BM25
from .ndcg import judge, mean, ndcg, score
from .predicates import Wire
from .queries import QUERIES
from .query import HIGHEST, Query

pytestmark = pytest.mark.real_data

by_text = pytest.mark.parametrize("asked", QUERIES, ids=lambda asked: asked.text)


@pytest.fixture(scope="session")
def adverts(exported: list[Wire]) -> list[Wire]:
    return exported


def test_there_are_sixty_queries_and_none_twice() -> None:
    assert len(QUERIES) == len({asked.text.casefold() for asked in QUERIES}) == 60


@by_text
def test_a_query_has_adverts_that_answer_it_and_many_that_do_not(
    asked: Query, adverts: list[Wire]
) -> None:
    judged = judge(asked, adverts)
    assert max(judged.values()) == HIGHEST
    assert len(judged) < len(adverts) / 2


@by_text
def test_each_rule_of_a_query_grades_an_advert(asked: Query, adverts: list[Wire]) -> None:
    """A rule that matches nothing is a mistake: a misspelt name, or a wider rule above it."""
    met = {
        next((at for at, (_, wanted) in enumerate(asked.rules) if wanted.holds(advert)), None)
        for advert in adverts
    }
    assert met >= set(range(len(asked.rules)))


@by_text
def test_the_best_order_measures_one_and_the_worst_less(asked: Query, adverts: list[Wire]) -> None:
    judged = judge(asked, adverts)
    best = sorted((a["id"] for a in adverts), key=lambda listing: -judged.get(listing, 0))
    assert ndcg(best, judged) == 1
    assert ndcg(reversed(best), judged) < 1
    assert ndcg([], judged) == 0
    assert ndcg([best[0]] * 10, judged) == ndcg(best[:1], judged)


def test_the_plain_peer_scores_as_it_did_when_the_queries_were_judged(
    adverts: list[Wire],
) -> None:
    """Whoever changes a judgement sees its effect here, on an engine that never changes."""
    scores = score(BM25(adverts).order_of, adverts)
    assert scores["Linssen"] == scores["oyster"] == 1
    assert scores["bayilner"] == scores["32ft"] == 0
    assert mean(scores) == pytest.approx(0.516, abs=0.001)


@pytest.mark.anyio
@pytest.mark.parametrize("name", ENGINES)
async def test_every_engine_answers_as_judged(
    name: str, adverts: list[Wire], tmp_path: Path
) -> None:
    order: dict[str, list[str]] = {}
    async with an_engine(name, tmp_path) as engine:
        async with engine.rebuilding() as writer:
            for advert in adverts:
                await writer.put(document_of(Listing.parse(advert)))
            await writer.save("feed:1")
        for asked in QUERIES:
            hits, _ = await look_up(engine.index, Search(query=asked.text), NOW)
            order[asked.text] = hits.ids
    scores = score(lambda text: order[text], adverts)
    assert mean(scores) >= 0.94, sorted(scores.items(), key=lambda pair: pair[1])[:10]
