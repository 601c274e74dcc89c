"""Texts that are true of some boats only, and the choice among those that are true of one.

A boat bears tags, and a text comes with a condition: words parted by spaces, all of which must
hold. ``a`` holds of boats that bear the tag, ``a|b`` of those that bear either, ``!a`` of those
that do not. A boat that has a feature bears its name too, see :func:`feature_tag`.

Two kinds of word are no conditions: ``#a`` names what the text is about, and ``~`` marks a text
that fits so many boats that it should be said seldom.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

_SELDOM = 0.3


class Clause(NamedTuple):
    """A text and the boats it is true of: those with a tag of each of `needs` and none of `bars`.

    `chance` is how readily it is said of them, from 0 to 1. Of one `topic` an advert speaks once,
    so that it neither repeats nor contradicts itself; an empty one is none.
    """

    text: str
    needs: tuple[frozenset[str], ...]
    bars: frozenset[str]
    chance: float = 1.0
    topic: str = ""

    def holds(self, tags: set[str]) -> bool:
        """Whether the text is true of a boat with these tags."""
        if self.bars and not self.bars.isdisjoint(tags):
            return False
        return not any(need.isdisjoint(tags) for need in self.needs)


def clause(text: str, condition: str, chance: float = 1.0) -> Clause:
    """A text with its condition, which is written as this module says."""
    words = condition.split()
    needs = tuple(frozenset(word.split("|")) for word in words if word[0] not in "!#~")
    bars = frozenset(word[1:] for word in words if word[0] == "!")
    topic = next((word for word in words if word[0] == "#"), "")
    return Clause(text, needs, bars, _SELDOM if "~" in words else chance, topic)


def clauses(*rows: tuple[str, str]) -> tuple[Clause, ...]:
    """A table of texts, each with its condition."""
    return tuple(clause(text, condition) for text, condition in rows)


def feature_tag(feature: str) -> str:
    """The tag of boats that have a feature: ``+in-mast-furling`` for "In-mast furling"."""
    return "+" + feature.lower().replace(" ", "-")


def chosen(table: Sequence[Clause], tags: set[str], rng: Random, count: int = 1) -> list[str]:
    """At most `count` of the texts that are true of a boat with these tags, in the table's order.

    Their topics are added to the tags, so that no later choice speaks of the same again.
    """
    fitting = [index for index, row in enumerate(table) if row.holds(tags)]
    rng.shuffle(fitting)
    fitting.sort(key=lambda index: rng.random() > table[index].chance)
    picked: list[int] = []
    for index in fitting:
        topic = table[index].topic
        if len(picked) < count and topic not in tags:
            picked.append(index)
            if topic:
                tags.add(topic)
    return [table[index].text for index in sorted(picked)]
