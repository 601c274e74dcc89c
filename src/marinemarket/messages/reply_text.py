"""The new text of a reply, out of an email's whole text: without what it quotes, and without its signature.

What is cut must really be a quote or a signature: a line too many does less harm than one too few.
Answers between quoted lines come with the lines they answer. What was cut is not lost: `full_text` has all
that the email says, except for what the conversation has already, and for the lines above a quote,
which name mailboxes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import groupby, islice

from ..i18n.texts import gettext as _
from ..lookalikes import without_invisible
from .inquiry import LONGEST_FULL_TEXT
from .known_text import KnownText
from .notifications import MARK
from .quote_headers import (
    Introduction,
    Line,
    Needs,
    addresses_in,
    find_introduction,
    holds_any,
    is_rule,
    may_belong_to_header,
    may_introduce,
    paragraph_of,
)
from .signatures import end_of_words, is_advertisement

QUOTE = "› "
"""What a quoted line begins with in a message, which holds no `>`."""
LEFT_OUT = "[…]"
HIDDEN, HIDDEN_NUMBER, HIDDEN_LINK = "[address]", "[number]", "[link]"
_QUOTE_MARKS = re.compile(r"\s{0,3}>(?:\s?>)*\s?")
_STARS = re.compile(r"(?<!\w)\*{1,2}(?=\S)|(?<=\S)\*{1,2}(?!\w)")
_LETTER = re.compile(r"[^\W\d_]")
_PHONE = re.compile(
    r"\+\d[\d ()./-]{6,24}\d|\(?\b0\d{1,5}\)?[ ./-]?\d[\d ./-]{4,20}\d|\(?\b\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}\b"
    r"|(?i:\b(?:tel|phone|mobile?|mobil|cell|fax|handy|tlf|gsm|puh)\b)\D{0,5}(\d[\d ()./-]{5,20}\d)"
)
_PAGE = re.compile(r"(?:https?://|\bwww\.)[^\s<>()]+", re.IGNORECASE)
_MOST_QUOTED_LINES, _MOST_QUOTED = 6, 400
_FAR_BELOW, _FARTHEST_HEADER = 6, 14
_WRAPPED_FROM, _REST_UP_TO = 55, 45


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The new text of an email: its `words`, and if anything was cut, the `full_text`, otherwise empty."""

    words: str
    full_text: str


@dataclass(frozen=True, slots=True)
class Background:
    """What helps to tell new words from others.

    `known` is what the email's writer has got in the conversation, `market` the market's own addresses
    (`@domain` for all of one domain), and `names` the writer's.
    """

    known: KnownText = field(default_factory=KnownText)
    market: Collection[str] = ()
    names: Collection[str] = ()
    is_marked: bool = False
    """Does HTML mark what is quoted? Then no quote mark was typed by hand."""


def new_text(text: str, background: Background) -> ReplyText:
    """Tell the new text of a reply from the rest of it."""
    return _Reading(text, background).result()


class _Kind(Enum):
    NEW = auto()
    QUOTED = auto()
    HEADER = auto()  # introduces a quote, or belongs to our email
    SIGNATURE = auto()


class _Reading:
    """One email, line by line."""

    def __init__(self, text: str, background: Background) -> None:
        self.raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.lines = [_line(raw) for raw in self.raw]
        self.kinds = [_Kind.NEW] * len(self.lines)
        self.known, self.names = background.known, background.names
        self.is_ours = holds_any(background.market)
        self.marks = {MARK.casefold(), _(MARK).casefold()}
        self.is_marked = background.is_marked

    def result(self) -> ReplyText:
        self._find_quotes()
        self._take_back_handwritten()
        self._find_rests_of_lines()
        self._find_answers_within()
        self._find_signatures()
        return ReplyText(self._words(), self._full_text())

    # -- What each line is ---------------------------------------------------------------------

    def _find_quotes(self) -> None:
        number, is_unmarked = 0, False
        while number < len(self.lines):
            line = self.lines[number]
            found = find_introduction(self.lines, number, self.is_ours)
            if self._is_mark(number):
                self._find_above_mark(number)
                end, is_header = number + 1, True
                # Below our own mark, all is our email.
                is_unmarked = is_unmarked or not line.depth
            elif found and self._is_met(found):
                end, is_header = found.end, True
                is_unmarked = is_unmarked or not (line.depth or self._is_deeper_below(found))
            else:
                end, is_header = number + 1, False
            quoted = _Kind.QUOTED if is_unmarked or line.depth else _Kind.NEW
            self.kinds[number:end] = [_Kind.HEADER if is_header else quoted] * (end - number)
            number = end

    def _is_mark(self, number: int) -> bool:
        """Does our mark stand here? People who do not understand it name it in a sentence."""
        text = self.lines[number].text.casefold()
        return any(
            mark in text and (f"- {mark} -" in text or not _LETTER.search(text.replace(mark, "")))
            for mark in self.marks
        )

    def _find_above_mark(self, number: int) -> None:
        """In any language: what stands right above our mark says who wrote it."""
        if self._find_typed_above(number):
            return
        depth, last = self.lines[number].depth, number - 1
        while last >= 0 and self.lines[last].depth <= depth:
            text = self.lines[last].text
            if text and self.kinds[last] is _Kind.HEADER:
                break
            above = paragraph_of(self.lines, last)
            if text and not is_rule(text):
                is_name = text.endswith(":") and len(text.split()) <= 3 and self.known.holds(text)
                if not self._find_from_our_address(number) and (
                    is_name or may_introduce([self.lines[one] for one in above])
                ):
                    for one in above:
                        self.kinds[one] = _Kind.HEADER
                break
            if text:
                self.kinds[last] = _Kind.HEADER
            last -= 1

    def _find_typed_above(self, number: int) -> bool:
        """Who takes our mark at its word types right above it, below what introduces our email.

        Where somebody wrote elsewhere, it is rather a notice of their company's mail server.
        """
        begin = max(0, number - _FARTHEST_HEADER)
        headers = [n for n in range(begin, number) if self.kinds[n] is _Kind.HEADER]
        if not headers or any(
            self.lines[n].text for n in self._of_kind(_Kind.NEW) if n < headers[0]
        ):
            return False
        texts = [n for n in range(headers[-1] + 1, number) if self.lines[n].text]
        typed = [n for n in texts if not self.known.holds(self.lines[n].text)]
        if not typed or any(may_belong_to_header(self.lines[n].text) for n in typed):
            return False
        for one in typed:
            self._take_as_answer(one)
        return True

    def _take_as_answer(self, number: int) -> None:
        text = self.lines[number].text
        self.kinds[number] = _Kind.NEW
        self.lines[number], self.raw[number] = Line(0, text), text

    def _find_from_our_address(self, number: int) -> bool:
        """Between our address, as that of a quoted email's sender, and our mark nobody writes."""
        begin = max(0, number - _FARTHEST_HEADER)
        ours = [n for n in range(begin, number) if self.is_ours(self.lines[n].text)]
        for one in range(ours[0], number) if ours else ():
            self.kinds[one] = _Kind.HEADER
        return bool(ours)

    def _is_met(self, found: Introduction) -> bool:
        if found.needs is Needs.NOTHING:
            return True
        depth = self.lines[found.start].depth
        texts = (n for n in range(found.end, len(self.lines)) if self.lines[n].text)
        below = list(islice(texts, _FAR_BELOW))
        if self._is_mark_next(below, depth):
            return True
        is_known = bool(below) and self._is_known(below[0])
        if found.needs is Needs.A_QUOTE_OF_OURS:
            return is_known and self._is_deeper_below(found)
        return is_known or (bool(below) and self.lines[below[0]].depth > depth)

    def _is_mark_next(self, below: Sequence[int], depth: int) -> bool:
        """Does our mark follow, with nothing between that introduces it, or that somebody wrote?"""
        for place, number in enumerate(below):
            if self._is_mark(number):
                return all(self.lines[one].depth > depth for one in below[:place]) or (
                    self.lines[number].depth == depth
                )
            if find_introduction(self.lines, number, self.is_ours):
                return False
        return False

    def _is_known(self, number: int) -> bool:
        text = self.lines[number].text
        return len(text.split()) > 1 and self.known.holds(text)

    def _is_deeper_below(self, found: Introduction) -> bool:
        below = next((line for line in self.lines[found.end :] if line.text), None)
        return below is not None and below.depth > self.lines[found.start].depth

    def _take_back_handwritten(self) -> None:
        """Lines with a quote mark that nothing introduces, and that are nobody's words known here, stay."""
        if self.is_marked or _Kind.HEADER in self.kinds:
            return
        for run in self._runs(_Kind.QUOTED):
            if not any(self._is_known(number) for number in run):
                for number in run:
                    self.kinds[number] = _Kind.NEW

    def _find_rests_of_lines(self) -> None:
        """Some programs wrap quoted lines after marking them: the rest has no mark."""
        for number in range(1, len(self.lines)):
            above, line = self.lines[number - 1], self.lines[number]
            if self.kinds[number] is not _Kind.NEW or not (_has_words(line.text) and above.depth):
                continue
            below = self.lines[number + 1] if number + 1 < len(self.lines) else None
            is_wrapped = len(above.text) >= _WRAPPED_FROM and len(line.text) <= _REST_UP_TO
            is_between = below is not None and below.depth > 0 and line.text[:1].islower()
            if (is_wrapped and is_between) or (
                self.known.holds(line.text) and self.known.holds(f"{above.text} {line.text}")
            ):
                self.kinds[number] = _Kind.QUOTED

    def _find_answers_within(self) -> None:
        """Where a quote repeats what is known, whatever else stands in it, unmarked or not, is an answer.

        Outlook marks no quoted lines, and people also type into marked ones.
        """
        quoted = [n for n in self._of_kind(_Kind.QUOTED) if self.lines[n].text]
        known = [n for n in quoted if self._is_known(n)]
        text = "\n".join(self.lines[n].text for n in quoted)
        if not known or not self.known.is_quoted_in(text):
            return
        depth = self.lines[known[0]].depth
        others = [n for n in self._of_kind(_Kind.HEADER) if n > known[0] and not self._is_mark(n)]
        end = min([len(self.lines) if depth == 0 else known[-1], *others])
        for number in quoted:
            text = self.lines[number].text
            is_within = known[0] < number < end and self.lines[number].depth == depth
            is_new = is_within and not self.known.holds(text) and _has_words(text)
            if is_new and not is_advertisement(text):
                self._take_as_answer(number)

    def _of_kind(self, kind: _Kind) -> list[int]:
        return [number for number, one in enumerate(self.kinds) if one is kind]

    def _find_signatures(self) -> None:
        runs = [run for run in self._runs(_Kind.NEW) if any(self.lines[n].text for n in run)]
        for run in runs:
            lines = [without_invisible(self.raw[n]) for n in run]
            kept = end_of_words(lines, self.names, is_all=len(runs) == 1)
            for number in run[kept:]:
                self.kinds[number] = _Kind.SIGNATURE

    def _runs(self, kind: _Kind) -> list[list[int]]:
        numbers = range(len(self.kinds))
        return [
            list(run) for is_it, run in groupby(numbers, lambda n: self.kinds[n] is kind) if is_it
        ]

    # -- What comes out ------------------------------------------------------------------------

    def _words(self) -> str:
        """The new lines, and before an answer the lines it answers."""
        words: list[str] = []
        quoted: list[int] = []
        for number, kind in enumerate(self.kinds):
            if kind is not _Kind.NEW:
                quoted.append(number)
                continue
            if quoted and self.lines[number].text:
                words += ["", *map(QUOTE.__add__, self._answered(quoted)), ""]
                quoted = []
            words.append(self._as_written(number))
        return _joined(words)

    def _answered(self, quoted: Sequence[int]) -> list[str]:
        """The quoted paragraph above an answer; nothing below a whole email, which the reader has."""
        lines = [self.lines[n] for n in quoted if self.kinds[n] is _Kind.QUOTED]
        last = next((line.text for line in reversed(lines) if line.text), "")
        if self.known.is_of_frame(last) or any(line.text == "--" for line in lines[-4:]):
            return []
        paragraph: list[str] = []
        for line in reversed(lines):
            if not line.text and paragraph:
                break
            if line.text:
                paragraph.insert(0, _without_contacts(line.text))
        kept = paragraph[-_MOST_QUOTED_LINES:]
        text = "\n".join(kept)
        return kept if len(text) <= _MOST_QUOTED else [f"…{text[-_MOST_QUOTED:]}"]

    def _as_written(self, number: int) -> str:
        line = self.lines[number]
        return f"{QUOTE}{line.text}" if line.depth else self.raw[number].rstrip()

    def _full_text(self) -> str:
        cut = [n for n, kind in enumerate(self.kinds) if kind is not _Kind.NEW]
        if not any(self._is_lost(number) for number in cut):
            return ""
        return _joined(list(self._all_lines()))

    def _is_lost(self, number: int) -> bool:
        """Is this a line that was cut, and that the conversation does not have?"""
        if self.kinds[number] in (_Kind.NEW, _Kind.HEADER):
            return False
        return _has_words(self.lines[number].text) and not self.known.holds(self.lines[number].text)

    def _all_lines(self) -> Iterator[str]:
        is_left_out = False
        for number, kind in enumerate(self.kinds):
            line = self.lines[number]
            is_own = kind in (_Kind.NEW, _Kind.SIGNATURE)
            if is_own or not line.text or self._is_lost(number):
                is_left_out = is_left_out and not line.text
                mark = QUOTE if line.depth and line.text else ""
                shown = self._as_written(number)
                yield shown if kind is _Kind.NEW else f"{mark}{_without_contacts(line.text)}"
            elif not is_left_out:
                is_left_out = True
                yield LEFT_OUT


def bounded(full_text: str) -> str:
    """A full text that is not too long to be kept."""
    if len(full_text) <= LONGEST_FULL_TEXT:
        return full_text
    return f"{full_text[: LONGEST_FULL_TEXT - len(LEFT_OUT) - 1]}\n{LEFT_OUT}"


def _line(raw: str) -> Line:
    marks = _QUOTE_MARKS.match(raw)
    text = raw[marks.end() :] if marks else raw
    plain = " ".join(_STARS.sub("", without_invisible(text)).split())
    return Line(marks[0].count(">") if marks else 0, plain)


def _has_words(text: str) -> bool:
    return _LETTER.search(_PAGE.sub("", text)) is not None


def _without_contacts(text: str) -> str:
    """A text without addresses, links and telephone numbers: nobody typed it into this message.

    What is cut thus leads nowhere, and is no way around the rules for messages.
    """
    text = _PAGE.sub(HIDDEN_LINK, text)
    for address in addresses_in(text):
        text = text.replace(address, HIDDEN)
    return _PHONE.sub(lambda found: found[0].replace(found[1] or found[0], HIDDEN_NUMBER), text)


def _joined(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
