"""Interprets the words of a query: quantities, places, and words with their synonyms.

This is done here, before any engine is asked, so that all engines answer alike. The result lists
*parts*, each with the characters it was read from, so that users can undo it. Words in double quotes
are taken literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from ..accounts.user import SellerKind
from ..i18n.texts import ngettext, nmark
from ..letters import TYPED
from .analysis import is_unspaced, known_parts, parts_of, stem, tokens_wanted, words_of
from .bound_labels import seller_label
from .gazetteer import place_tokens
from .index import Span, Vocabulary
from .parsed_query import ParsedQuery, QueryPart
from .place_reader import SAYS_NOTHING, blanked, read_places
from .quantities import NOT_SEARCHED, figures_in
from .synonyms import phrase_at, trade_words

MOST_WORDS = 20
"""At most this many words are read: they are enough to say what is wanted, and more cost time."""
BEYOND = nmark("only the first word is read", "only the first %(num)s words are read")

OTHER_FORM, CONCEPT, KIN, BEGINNING, A_SLIP = 1, 0, 1, 1, 2
"""The cost of a match by another form of a word, or by a similar word."""
_MOST_CORRECTED = 8
"""Words beyond this number are taken as typed, since interpreting them takes time."""
_MOST_KIN = 8
_LONGEST_PLACE = 4
_COMMON = 100
"""A rare word is taken as a misspelling of one that is in this many times as many names."""

# After a digit, a quotation mark is the sign of inches.
_QUOTED = re.compile(r'(?<![\d½¼¾⅛⅜⅝⅞])"([^"]*)"')
_BY_WHOM = re.compile(
    r"\b(?:(?P<private>by\s+(?:(?:an?|the|its)\s+)?owner|(?:by|from)\s+an?\s+private\s+(?:seller|owner)"
    r"|private\s+sellers?)|(?P<broker>(?:by|from)\s+(?:an?\s+)?(?:yacht\s+)?(?:broker|dealer)s?))\b",
    re.IGNORECASE,
)


def parse(text: str, vocabulary: Vocabulary) -> ParsedQuery:
    """Parse a text, using the words in an index."""
    return begin(text).finish(vocabulary)


def tokens_to_look_up(text: str) -> set[str]:
    """The tokens whose frequencies an index must supply before a text can be parsed."""
    return begin(text).tokens()


def begin(text: str) -> HalfParsed:
    """Parse what needs no index: quantities, sellers and places."""
    found = ParsedQuery(text)
    rest = _read_seller(_read_figures(text, found), found)
    return HalfParsed(found, read_places(rest, found))


@dataclass(frozen=True, slots=True)
class HalfParsed:
    """A text that still needs the frequencies of its `tokens` from an index.

    `found` is what has been parsed, `rest` the remaining text. It can be finished only once.
    """

    found: ParsedQuery
    rest: str

    def tokens(self) -> set[str]:
        lines = [one.word for one in _typed(self.rest)[:MOST_WORDS]]
        return {
            *lines,
            *map(stem, lines),
            *(part for word in lines for part in (*parts_of(word), *tokens_wanted(word))),
            *("".join(pair) for pair in pairwise(lines)),
            *(
                token
                for _, _, tokens in _places_in(_meant(self.rest), self.rest)
                for token in tokens
            ),
        }

    def finish(self, vocabulary: Vocabulary) -> ParsedQuery:
        found = self.found
        _read_words(self.rest, found, vocabulary)
        # A repeated word does not change the result, and must not cost a second lookup.
        found.words = [
            group for at, group in enumerate(found.words) if group not in found.words[:at]
        ]
        found.parts.sort(key=lambda part: part.start)
        return found


def _unquoted(text: str) -> str:
    for quoted in _QUOTED.finditer(text):
        text = blanked(text, *quoted.span())
    return text


def _read_figures(text: str, found: ParsedQuery) -> str:
    for figure in figures_in(_unquoted(text)):
        if figure.field == NOT_SEARCHED:
            label = text[figure.start : figure.end]
            found.parts.append(QueryPart(figure.start, figure.end, "unknown", label))
            text = blanked(text, figure.start, figure.end)
            continue
        known = found.spans.get(figure.field)
        found.spans[figure.field] = narrowed(known, figure.span) if known else figure.span
        found.parts.append(
            QueryPart(figure.start, figure.end, "figure", figure.label, figure.label_in_metres)
        )
        text = blanked(text, figure.start, figure.end)
    return text


def _read_seller(text: str, found: ParsedQuery) -> str:
    """``by owner`` or ``from a broker``. On their own, the words may be in any advert: ``one owner``."""
    value = _BY_WHOM.search(_unquoted(text))
    if value is None:
        return text
    found.seller = SellerKind.PRIVATE if value["private"] else SellerKind.BROKER
    found.parts.append(QueryPart(*value.span(), "seller", seller_label(found.seller)))
    return blanked(text, *value.span())


def narrowed(one: Span, other: Span) -> Span:
    """What lies in both spans."""
    lowest = [span.lowest for span in (one, other) if span.lowest is not None]
    highest = [span.highest for span in (one, other) if span.highest is not None]
    return Span(max(lowest, default=None), min(highest, default=None))


def _read_words(rest: str, found: ParsedQuery, vocabulary: Vocabulary) -> None:
    """Groups of tokens for the rest; words in quotes are taken literally."""
    for quoted in _QUOTED.finditer(rest):
        wanted = (token for word in words_of(quoted[1]) for token in tokens_wanted(word))
        found.words += [{token: 0} for token in wanted][: MOST_WORDS - len(found.words)]
        found.parts.append(QueryPart(*quoted.span(), "word", quoted[1]))
    typed = _typed(rest)
    if beyond := typed[MOST_WORDS:]:
        found.parts.append(
            QueryPart(beyond[0].start, beyond[-1].end, "beyond", ngettext(*BEYOND, MOST_WORDS))
        )
        del typed[MOST_WORDS:]
    meant = [one for one in typed if one.word not in SAYS_NOTHING]
    if not meant and not found.words and not found.parts:
        # Only filler words: a search for "sale" finds the boats whose adverts have the word.
        meant = [one for one in typed if vocabulary.frequency(one.word)]
    _Reader(vocabulary, found).read(meant, rest)


@dataclass(slots=True)
class _Typed:
    word: str
    start: int
    end: int


def _typed(text: str) -> list[_Typed]:
    """The words of a text outside quotes."""
    return [
        _Typed(word, match.start(), match.end())
        for match in TYPED.finditer(_unquoted(text))
        for word in words_of(match[0])
    ]


def _meant(text: str) -> list[_Typed]:
    """The words of a text without those that apply to every boat."""
    return [one for one in _typed(text)[:MOST_WORDS] if one.word not in SAYS_NOTHING]


def _places_in(typed: list[_Typed], text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The runs of words that are names of places, the longest first, with the tokens of those places."""
    for count in range(min(_LONGEST_PLACE, len(typed)), 0, -1):
        for first in range(len(typed) - count + 1):
            end = first + count
            name = text[typed[first].start : typed[end - 1].end]
            if '"' not in name and (tokens := place_tokens(name)):
                yield first, end, tokens


class _Reader:
    """Interprets words one by one, and counts how many it had to correct."""

    def __init__(self, vocabulary: Vocabulary, found: ParsedQuery) -> None:
        self._vocabulary, self._found = vocabulary, found
        self._corrected = 0

    def read(self, typed: list[_Typed], text: str) -> None:
        places = self._places(typed, text)
        if len(typed) == 1 and typed[0].word in trade_words() and places[0]:
            # Genoa: boats in that town, not every foresail.
            self._found.parts.append(QueryPart(typed[0].start, typed[0].end, "word", typed[0].word))
            self._found.words.append(dict.fromkeys(places[0], 0))
            return
        groups = self._joined(typed, [self._group(one, places[at]) for at, one in enumerate(typed)])
        groups = [
            group if group is None else group | dict.fromkeys(here, 0)
            for group, here in zip(groups, places, strict=True)
        ]
        known = [one for one, group in zip(typed, groups, strict=True) if group is not None]
        unknown = [one for one, group in zip(typed, groups, strict=True) if group is None]
        for one in unknown:
            if known or self._found.words or self._found.spans or self._found.parts:
                self._found.parts.append(QueryPart(one.start, one.end, "unknown", one.word))
            else:
                self._found.words += [{token: 0} for token in tokens_wanted(one.word)]
        kept = [group for group in groups if group is not None]
        self._found.words += self._with_phrases([one.word for one in known], kept)

    def _places(self, typed: list[_Typed], text: str) -> list[list[str]]:
        """For each word the tokens of the places whose name it is part of, where boats lie there.

        So a boat in Gothenburg is found by ``Göteborg``, and one in St. Petersburg by ``Saint Petersburg``.
        """
        places: list[list[str]] = [[] for _ in typed]
        for first, end, tokens in _places_in(typed, text):
            known = [token for token in tokens if self._vocabulary.frequency(token)]
            if not any(places[first:end]):
                places[first:end] = [known] * (end - first)
        return places

    def _group(self, one: _Typed, places: list[str]) -> dict[str, int] | None:
        """The tokens that a word may mean, with the cost of each; None if it means nothing.

        `places` are those of a place with that name: then the word needs no correction.
        """
        word, vocabulary = one.word, self._vocabulary
        if is_unspaced(word):
            return self._group_of_run(one)
        group = {word: 0}
        if (form := stem(word)) != word:
            group[form] = OTHER_FORM
        frequency = sum(map(vocabulary.frequency, group))
        is_of_trade = word in trade_words()
        if frequency or is_of_trade or places:
            if not (is_of_trade or places) and self._is_a_rare_slip(word, frequency):
                self._add_near(one, group, frequency)
            self._found.parts.append(QueryPart(one.start, one.end, "word", word))
            return group
        if parts := [part for part in parts_of(word) if vocabulary.frequency(part)]:
            self._found.parts.append(QueryPart(one.start, one.end, "word", word))
            for part in parts[1:]:
                self._found.words.append({part: 0})
            return {parts[0]: 0}
        if self._add_near(one, group, 0):
            return group
        return None

    def _group_of_run(self, one: _Typed) -> dict[str, int] | None:
        """The first part of a run, if adverts have them; the others are groups of their own.

        Two letters that no advert has beside each other end a word and begin another, if adverts have
        each of them beside its other neighbour: ``三亚帆船``. Nothing is corrected: one letter more or
        less is another word.
        """
        tokens = known_parts(tokens_wanted(one.word), self._vocabulary.frequency)
        if not tokens:
            return None
        self._found.parts.append(QueryPart(one.start, one.end, "word", one.word))
        self._found.words += [{token: 0} for token in tokens[1:]]
        return {tokens[0]: 0}

    def _is_a_rare_slip(self, word: str, frequency: int) -> bool:
        return len(word) >= 5 and word.isalpha() and frequency <= 3

    def _add_near(self, one: _Typed, group: dict[str, int], frequency: int) -> bool:
        """Add likely meanings of a word that is in (almost) no advert."""
        word = one.word
        if not word.isalpha() or len(word) < 3 or self._corrected >= _MOST_CORRECTED:
            return False
        self._corrected += 1
        meant: dict[str, int] = {}
        if not frequency:
            for begun, _ in self._vocabulary.beginning(word, _MOST_KIN):
                meant[begun] = BEGINNING
        most = 0 if len(word) < 4 else 1 if len(word) < 7 else 2
        near = self._vocabulary.near(word, most) if most else []
        near += [(trade, 1, 1) for trade in _near_in_trade(word)] if not frequency else []
        least = min((slips for _, slips, _ in near if slips), default=0)
        for other, slips, boats in near[: _MOST_KIN * 2]:
            is_likely = not frequency or boats >= _COMMON * frequency
            if slips == least and slips and is_likely and len(meant) < _MOST_KIN * 2:
                meant.setdefault(other, slips * A_SLIP)
        if not meant:
            return False
        for other, extra in meant.items():
            group.setdefault(other, extra)
            group.setdefault(stem(other), extra + OTHER_FORM)
        if not frequency:
            label = ", ".join(list(meant)[:3])
            self._found.parts.append(QueryPart(one.start, one.end, "corrected", label))
        return True

    def _joined(
        self, typed: list[_Typed], groups: list[dict[str, int] | None]
    ) -> list[dict[str, int] | None]:
        """``bay liner`` also finds it written as one word, by each of its halves."""
        for at, (one, other) in enumerate(pairwise(typed)):
            joined = one.word + other.word
            if self._vocabulary.frequency(joined):
                for half in (at, at + 1):
                    groups[half] = {joined: 0} | (groups[half] or {})
        return groups

    def _with_phrases(self, words: list[str], groups: list[dict[str, int]]) -> list[dict[str, int]]:
        """One group for each phrase of the trade, replacing those of its words."""
        words = [self._as_corrected(word, group) for word, group in zip(words, groups, strict=True)]
        kept: list[dict[str, int]] = []
        start = 0
        while start < len(words):
            phrase = phrase_at(words, start)
            if phrase is None:
                kept.append(groups[start])
                start += 1
                continue
            group = dict(groups[start]) if phrase.length == 1 else {}
            if phrase.concept is not None:
                group[phrase.concept] = CONCEPT
            for concept in phrase.also:
                group.setdefault(concept, KIN)
            kept.append(group)
            start += phrase.length
        return kept

    def _as_corrected(self, word: str, group: dict[str, int]) -> str:
        """The trade's word to which a word was corrected, if any."""
        if word in trade_words() or self._vocabulary.frequency(word):
            return word
        return next((token for token in group if token in trade_words()), word)


def _near_in_trade(word: str) -> Iterable[str]:
    """Words of the trade's phrases that differ by one typing error, or start with this."""
    if len(word) < 4:
        return []
    near = [other for other in trade_words() if len(other) > 3 and _is_a_slip(word, other)]
    return sorted(near) or sorted(
        other for other in trade_words() if len(word) >= 5 and other.startswith(word)
    )


def _is_a_slip(word: str, other: str) -> bool:
    return abs(len(word) - len(other)) <= 1 and OSA.distance(word, other, score_cutoff=1) <= 1
