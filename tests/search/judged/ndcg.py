"""How well a ranking of adverts answers the judged queries: nDCG at 10."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import log2

from .predicates import Wire
from .queries import QUERIES
from .query import Query

DEPTH = 10
"""The results visible without much scrolling."""

Judgement = dict[str, int]
"""Grades above 0, by listing id."""


def judge(asked: Query, adverts: Iterable[Wire]) -> Judgement:
    return {advert["id"]: grade for advert in adverts if (grade := asked.grade(advert))}


def gain(grade: int) -> int:
    return int(2**grade) - 1


def dcg(grades: Sequence[int]) -> float:
    return sum(gain(grade) / log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH]))


def ndcg(order: Iterable[str], judged: Judgement) -> float:
    """1 for the best possible order of all adverts; an advert listed twice counts once."""
    reached = dcg([judged.get(listing, 0) for listing in dict.fromkeys(order)])
    return reached / dcg(sorted(judged.values(), reverse=True))


def score(
    order_of: Callable[[str], list[str]],
    adverts: Sequence[Wire],
    queries: Iterable[Query] = QUERIES,
) -> dict[str, float]:
    """nDCG at 10 by query text, for any engine: `order_of` returns the ids for a text, best first."""
    return {asked.text: ndcg(order_of(asked.text), judge(asked, adverts)) for asked in queries}


def mean(scores: dict[str, float]) -> float:
    return sum(scores.values()) / len(scores)
