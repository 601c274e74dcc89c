"""Text analysis, the same for adverts and queries, and for every engine.

A text becomes *tokens*: its normalized words, their stems, pairs of neighbours joined into one word
(``searay`` finds ``sea ray``), and concepts of the trade (``~center-console``).
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
"""Longer runs of letters are not words: a token keeps only this many characters of them."""


def words_of(text: str) -> list[str]:
    """The normalized words of a text, in order."""
    return [spelled(word)[:_LONGEST] for word in words(text)]


@lru_cache(50_000)
def stem(word: str) -> str:
    """The stem that forms of a word share: ``sails``, ``sailing``. Numbers stay as they are."""
    if len(word) < 4 or not word.isascii() or any(map(str.isdigit, word)):
        return word
    stemmed: str = _ENGLISH.stemWord(word)
    return stemmed


def tokens_of(text: str) -> set[str]:
    """The tokens by which a text is found: words, stems and concepts."""
    return set(_tokens(words_of(text)))


def name_tokens(name: str) -> set[str]:
    """The tokens of a manufacturer's or model's name: also each pair of neighbours as one word."""
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
