"""A judged query: its text, the searcher's reason, and how relevant each advert is to them.

Grades: 3 is what they asked for, 2 what they would be glad to see, 1 what they would not mind after
those, 0 the rest. They were given before any ranking was tuned, from what the words mean to a buyer
and what the adverts say, never from the results of a search.
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
    """The first rule that matches an advert gives its grade."""

    def grade(self, advert: Wire) -> int:
        return next((grade for grade, wanted in self.rules if wanted.holds(advert)), 0)


def query(text: str, reason: str, *rules: Rule) -> Query:
    return Query(text, reason, rules)
