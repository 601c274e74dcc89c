"""Words as search sees them: one reading for adverts and for questions, whichever engine answers.

A text gives *tokens*: its folded words in one spelling, their stems, pairs of neighbours written
as one (``sea ray`` is found by ``searay``), and the trade's concepts (``~center-console``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from snowballstemmer import stemmer

from ..text import words
from .synonyms import phrase_at, spelled

_ENGLISH = stemmer("english")
_MIXED = re.compile(r"\d+|[^\d]+")
_LONGEST = 40
"""Longer runs of letters are no words: a token keeps this much of them."""


def words_of(text: str) -> list[str]:
    """The words of a text in their one spelling, in order."""
    return [spelled(word)[:_LONGEST] for word in words(text)]


@lru_cache(50_000)
def stem(word: str) -> str:
    """The stem by which forms of a word meet: ``sails``, ``sailing``. Figures stay as they are."""
    if len(word) < 4 or not word.isascii() or any(map(str.isdigit, word)):
        return word
    stemmed: str = _ENGLISH.stemWord(word)
    return stemmed


def tokens_of(text: str) -> set[str]:
    """What a text is found by: words, stems and concepts."""
    return set(_tokens(words_of(text)))


def name_tokens(name: str) -> set[str]:
    """What a maker's or a model's name is found by: also with two neighbours written as one."""
    text = words_of(name)
    return {*_tokens(text), *("".join(pair) for pair in pairwise(text))}


def _tokens(words: list[str]) -> Iterator[str]:
    for word in words:
        yield word
        yield stem(word)
        yield from parts_of(word)
    yield from concepts_in(words)


def parts_of(word: str) -> Iterable[str]:
    """``oceanis40`` is also ``oceanis`` and ``40``; ``36ft`` also ``36``."""
    if word.isalpha() or word.isdigit():
        return ()
    return _MIXED.findall(word)


def concepts_in(words: list[str]) -> Iterator[str]:
    """The concepts of the phrases in a run of words."""
    start = 0
    while start < len(words):
        phrase = phrase_at(words, start)
        if phrase is not None and phrase.concept is not None:
            yield phrase.concept
            start += phrase.length
        else:
            start += 1
