"""A judged query: what is typed, why somebody types it, and how welcome each advert is to her.

The grades: 3 is what she asked for, 2 what she would be glad to see, 1 what she would not mind
after those, 0 the rest. They were given before any ranking was tuned, from what the words mean to
a buyer and what the adverts say, never from what a search answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from .predicates import Predicate, Wire

Rule = tuple[int, Predicate]

HIGHEST = 3


@dataclass(frozen=True)
class Query:
    text: str
    reason: str
    rules: tuple[Rule, ...]
    """The first one that holds of an advert grades it."""

    def grade(self, advert: Wire) -> int:
        return next((grade for grade, wanted in self.rules if wanted.holds(advert)), 0)


def query(text: str, reason: str, *rules: Rule) -> Query:
    return Query(text, reason, rules)
