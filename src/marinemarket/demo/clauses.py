"""Texts that apply to some boats only, and the choice among those that apply to a given boat.

A boat has tags, and a text has a condition: words separated by spaces, all of which must hold. ``a``
holds for boats with the tag, ``a|b`` for those with either, ``!a`` for those without. A boat with a
feature also has a tag for it, see :func:`feature_tag`.

Two kinds of word are not conditions: ``#a`` is the topic of the text, and ``~`` marks a text that
fits so many boats that it should be used rarely.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

_SELDOM = 0.3


class Clause(NamedTuple):
    """A text for boats that have a tag of each of `needs` and none of `bars`.

    `chance` is how readily it is used for them, from 0 to 1. An advert uses each `topic` once, so
    that it neither repeats nor contradicts itself; an empty topic does not count.
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
    """A text with its condition, in the notation of this module."""
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
    """At most `count` texts that apply to a boat with these tags, in the table's order.

    Their topics are added to the tags, so that no later choice covers the same topic.
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
