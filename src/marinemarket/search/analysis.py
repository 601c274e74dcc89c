"""Text analysis, the same for adverts and queries, and for every engine.

A text becomes *tokens*: its normalized words, their stems, pairs of neighbours joined into one word
(``searay`` finds ``sea ray``), and concepts of the trade (``~center-console``).

Where a script shows no ends of words, as those of China, Japan and Thailand, a word is a whole run of its
letters. Its tokens are its letters and each two neighbours, so that it is found by any of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from snowballstemmer import stemmer

from ..letters import OF_ONE_SCRIPT, PARTICLES, VOWELS, WITHOUT_SPACES
from ..text import words
from .synonyms import phrase_at, spelled

_ENGLISH = stemmer("english")
_MIXED = re.compile(r"\d+|[^\d]+")
_UNIT = re.compile(rf"[^\W_][{VOWELS}]*")
_LONGEST = 40
"""Longer runs of letters are not words: a token keeps only this many characters of them."""


def words_of(text: str) -> list[str]:
    """The normalized words of a text, in order; runs without spaces are words of their own."""
    found = words(text)
    if text.isascii():
        return [spelled(word)[:_LONGEST] for word in found]
    return [part for word in found for part in _parted(word)]


def _parted(word: str) -> Iterator[str]:
    if word.isascii() or not WITHOUT_SPACES.search(word):
        yield spelled(word)[:_LONGEST]
        return
    end = 0
    for run in WITHOUT_SPACES.finditer(word):
        yield from (spelled(before)[:_LONGEST] for before in words(word[end : run.start()]))
        yield run[0]
        end = run.end()
    yield from (spelled(rest)[:_LONGEST] for rest in words(word[end:]))


def is_unspaced(word: str) -> bool:
    """Is a word of `words_of` a run of letters in which nothing shows where a word ends?"""
    return not word.isascii() and WITHOUT_SPACES.match(word) is not None


def is_correctable(token: str) -> bool:
    """Is a token a word that a misspelling may mean? Numbers, concepts and letters of a run are not."""
    return token[0] not in "~+@^" and not token.isdigit() and not is_unspaced(token)


def _units(run: str) -> list[str]:
    """The letters of a run, each with its marks."""
    return _UNIT.findall(run)


def _pairs(run: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(_units(run))]


def tokens_wanted(word: str) -> list[str]:
    """What an advert must have to be found by a word: the word, or all parts of a run.

    Of a run each two neighbours are wanted, or its only letter. A Japanese particle between two words
    is not: ``中古のヨット`` also finds ``中古ヨット``.
    """
    if not is_unspaced(word):
        return [word]
    parts = [""]
    scripts = OF_ONE_SCRIPT.findall(word[:_LONGEST])
    for at, part in enumerate(scripts):
        if part in PARTICLES and 0 < at < len(scripts) - 1:
            parts.append("")
        else:
            parts[-1] += part
    return [token for part in parts for token in _pairs(part) or _units(part)]


def known_parts(pairs: list[str], frequency: Callable[[str], int]) -> list[str]:
    """The pairs that occur; none if some letter then is in no pair that does."""
    known = [bool(frequency(pair)) for pair in pairs]
    edges = pairwise([True, *known, True])
    if not (
        any(known) and known[0] and known[-1] and all(before or after for before, after in edges)
    ):
        return []
    return [pair for pair, is_known in zip(pairs, known, strict=True) if is_known]


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
    joined = ("".join(pair) for pair in pairwise(text) if not any(map(is_unspaced, pair)))
    return {*_tokens(text), *joined}


def _tokens(words: list[str]) -> Iterator[str]:
    before = ""
    for word in words:
        if not word.isascii() and is_unspaced(word):
            # With the last letter of a run before it: Korean is also written without spaces.
            yield from _units(word)
            yield from _pairs(before + word)
            before = _units(word)[-1]
            continue
        before = ""
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
