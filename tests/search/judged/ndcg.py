"""How well an order of adverts answers the judged queries: nDCG at 10."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import log2

from .predicates import Wire
from .queries import QUERIES
from .query import Query

DEPTH = 10
"""What is seen without scrolling far."""

Judgement = dict[str, int]
"""Grades by listing id, without those that are 0."""


def judge(asked: Query, adverts: Iterable[Wire]) -> Judgement:
    return {advert["id"]: grade for advert in adverts if (grade := asked.grade(advert))}


def gain(grade: int) -> int:
    return int(2**grade) - 1


def dcg(grades: Sequence[int]) -> float:
    return sum(gain(grade) / log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH]))


def ndcg(order: Iterable[str], judged: Judgement) -> float:
    """1 for the best order there is over all adverts; an advert that is named twice counts once."""
    reached = dcg([judged.get(listing, 0) for listing in dict.fromkeys(order)])
    return reached / dcg(sorted(judged.values(), reverse=True))


def score(
    order_of: Callable[[str], list[str]],
    adverts: Sequence[Wire],
    queries: Iterable[Query] = QUERIES,
) -> dict[str, float]:
    """nDCG at 10 by query text, of any engine: `order_of` answers a text with ids, best first."""
    return {asked.text: ndcg(order_of(asked.text), judge(asked, adverts)) for asked in queries}


def mean(scores: dict[str, float]) -> float:
    return sum(scores.values()) / len(scores)
