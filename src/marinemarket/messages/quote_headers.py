"""What mail programs write above a quoted email: header blocks, separators and attribution lines.

They are recognised by what they hold rather than by how they begin. A line that ends in a colon and
holds an address and a date introduces a quote in any language. A line with neither, or a list whose
labels happen to be those of a header, does not: people write such lines too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ..text import fold
from .quote_words import LABELS, OPENINGS, SEPARATORS, VERBS

_ADDRESS = re.compile(
    r"[^\s<>()\[\]‹›\"',;:@]{1,64}@[^\s<>()\[\]‹›\"',;:@]{0,254}[^\s<>()\[\]‹›\"',;:.]"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?(?:[:.h]|点|點|時|时|시)\s?\d{2}(?!\d)|\d\s?(?:am|pm|uhr)\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY = re.compile(
    r"(?<!\d)\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?!\d)|(?<!\d)\d{1,2}월|\d{1,2}月"
)
_RULE = re.compile(r"[_\-=–—*]{5,}")
_FRAMED = re.compile(r"[-–—_=*]{2,}\s*(.*?\S)\s*(?:[-–—_=*]{2,}|:)?|(.*?\S)\s*:?")
_COLONS = (":", "：")
_THREE_DASHES = ("---", "___", "===", "***", "–––", "———")
_DASHES = ("-", "–", "—", "_", "=", "*")
_IN_BRACKETS = re.compile(r"[<(\[‹][^<>()\[\]\s]+@[^<>()\[\]\s]+[>)\]›]")
_LABELS_WITHIN = re.compile(r"(?<!\S)([^\W\d_][\w’'-]*)\s?[:：](?=\s)")
_LABEL = re.compile(r"([^\W\d_][^:：\d]{0,29}?)\s?[:：]\s*(.*)")
_MOST_LINES, _LONGEST = 5, 400
_LARGEST_BLOCK = 14
_FEW_WORDS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is recognised: `depth` counts its quote marks, `text` is what follows them, in single
    spaces and without stars and invisible signs.
    """

    depth: int
    text: str


class Needs(Enum):
    """What must follow lines for them to introduce a quote: people write such lines too."""

    NOTHING = auto()
    A_QUOTE = auto()
    A_QUOTE_OF_OURS = auto()


@dataclass(frozen=True, slots=True)
class Introduction:
    """Lines that introduce a quote, from `start` to before `end`, if what they need follows."""

    start: int
    end: int
    needs: Needs


IsOurs = Callable[[str], bool]
"""Does a text hold an address of the market?"""


def find_introduction(lines: Sequence[Line], at: int, is_ours: IsOurs) -> Introduction | None:
    """The introduction that begins at a line, if one does."""
    if not 0 < len(lines[at].text) <= _LONGEST:
        return None
    return (
        _separator(lines, at, is_ours)
        or _header_block(lines, at, is_ours)
        or _attribution(lines, at, is_ours)
    )


def addresses_in(text: str) -> list[str]:
    return _ADDRESS.findall(text)


def is_rule(text: str) -> bool:
    """Is this a row of dashes or underscores?"""
    return _RULE.fullmatch(text) is not None


def paragraph_of(lines: Sequence[Line], last: int) -> range:
    """The lines from the last empty one, or another depth, up to `last`; not many."""
    start, first = last, max(0, last - _LARGEST_BLOCK)
    while start > first and lines[start - 1].text and lines[start - 1].depth == lines[last].depth:
        start -= 1
    return range(start, last + 1)


def may_introduce(lines: Sequence[Line]) -> bool:
    """May these lines, right above our mark, be what a mail program wrote there, in any language?"""
    joined = " ".join(line.text for line in lines)
    is_list = len(lines) > 1 and all(_LABEL.fullmatch(line.text) for line in lines)
    if is_list:
        return bool(_ADDRESS.search(joined) or _has_date(joined))
    return joined.endswith(_COLONS) and bool(_ADDRESS.search(joined) or _has_date(joined))


def may_belong_to_header(text: str) -> bool:
    """May a line between an introduction and what it introduces belong to it?"""
    is_labelled = _LABEL.fullmatch(text) is not None
    return is_labelled or bool(_ADDRESS.search(text)) or _has_date(text) or is_rule(text)


# -- Separators --------------------------------------------------------------------------------


def _separator(lines: Sequence[Line], at: int, is_ours: IsOurs) -> Introduction | None:
    """`-----Original Message-----` in any language, or a rule above a header block."""
    text, depth = lines[at].text, lines[at].depth
    is_named, is_heading = _is_named_separator(text), _is_separators_name(text)
    is_framed = text.startswith(_THREE_DASHES) and text.endswith(_THREE_DASHES)
    # Orange heads a header with the time of the email.
    is_framed = is_framed or (_is_moment(text) and len(text.split()) <= _FEW_WORDS)
    if not (is_heading or is_framed or _RULE.fullmatch(text)):
        return None
    below = _below(lines, at + 1, depth)
    block = below is not None and (
        _header_block(lines, below, is_ours, is_announced=is_named)
        or _attribution(lines, below, is_ours)
    )
    if block:
        is_certain = is_named or block.needs is Needs.NOTHING
        if is_certain or not _is_moment(text):
            return Introduction(at, block.end, Needs.NOTHING if is_certain else block.needs)
    # Without dashes it is a heading like any other, unless a header follows.
    is_certain = is_named and text.startswith(_DASHES) and text.endswith(_DASHES)
    return Introduction(at, at + 1, Needs.NOTHING) if is_certain else None


def _is_named_separator(text: str) -> bool:
    return _is_separators_name(text) and text.endswith((*_DASHES, *_COLONS))


def _is_separators_name(text: str) -> bool:
    found = _FRAMED.fullmatch(text)
    words = fold((found[1] or found[2]).strip(" *_-–—:")) if found else ""
    return words in SEPARATORS


def _below(lines: Sequence[Line], start: int, depth: int) -> int | None:
    """The next line with a text, unless its depth is another."""
    for number in range(start, min(start + 3, len(lines))):
        if lines[number].text:
            return number if lines[number].depth == depth else None
    return None


# -- Header blocks -----------------------------------------------------------------------------


def _header_block(
    lines: Sequence[Line], at: int, is_ours: IsOurs, *, is_announced: bool = False
) -> Introduction | None:
    """Lines such as `From: …`, `Sent: …`, `To: …`, `Subject: …`.

    `is_announced`: a separator stands above, so one line is enough.
    """
    if not _LABEL.fullmatch(lines[at].text):
        return None
    end, labelled, whole = _extent(lines, at)
    joined = " ".join(whole)
    roles = {role for label, _ in labelled if (role := LABELS.get(label))}
    is_header = (
        _are_roles(roles, joined)
        or (bool(roles) and is_announced)
        or (roles == {"from"} and len(labelled) == 1 and is_ours(joined))
        or _is_like_one(labelled, joined, is_ours)
        or _is_in_one_line(lines[at].text)
    )
    if is_header:
        return Introduction(at, end, Needs.NOTHING)
    # Yandex says in an attribution line below who wrote it, and when.
    is_begun = {"to", "subject"} <= roles and end < len(lines)
    line = _attribution(lines, end, is_ours) if is_begun else None
    return Introduction(at, line.end, line.needs) if line else None


def _are_roles(roles: set[str], text: str) -> bool:
    """Do these labels make a header? Who tells of a voyage also writes from, to and date."""
    has_address = bool(_ADDRESS.search(text))
    if "subject" in roles:
        # Programs write the time of day as well.
        is_dated = has_address or ("date" in roles and _has_date(text) and _has_time(text))
        return is_dated and (len(roles) >= 3 or "from" in roles)
    return "from" in roles and len(roles) >= 2 and has_address


def _is_like_one(labelled: Sequence[tuple[str, str]], text: str, is_ours: IsOurs) -> bool:
    """Is this a header in a language that we do not know? A list about a boat has labels, too."""
    if is_ours(text):
        return len(labelled) >= 3
    first = " ".join(value for _, value in labelled[:3])
    return len(labelled) >= 4 and bool(_IN_BRACKETS.search(first) and _is_moment(first))


def _is_in_one_line(text: str) -> bool:
    """`From: … Sent: … To: … Subject: …`, run together when HTML was made into text."""
    labels = {LABELS.get(fold(one).strip()) for one in _LABELS_WITHIN.findall(text)} - {None}
    return len(labels) >= 3 and _are_roles({label for label in labels if label}, text)


def _extent(lines: Sequence[Line], at: int) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Where a list of labels that begins here ends, its folded labels with values, and its lines.

    A long value goes on in the next line, and some programs put an empty line between all of them.
    """
    depth, labelled, whole = lines[at].depth, list[tuple[str, str]](), list[str]()
    end, number = at, at
    while number < min(at + _LARGEST_BLOCK, len(lines)) and lines[number].depth == depth:
        text = lines[number].text
        found = _LABEL.fullmatch(text)
        is_known = found is not None and fold(found[1]).strip() in LABELS
        if text and not is_known and not (found and number == end):
            if not _goes_on(lines, number, end):
                break
        elif found:
            labelled.append((fold(found[1]).strip(), found[2]))
        if text:
            whole.append(text[:_LONGEST])
            end = number + 1
        elif not _goes_on_after_blank(lines, number + 1, depth):
            break
        number += 1
    return end, labelled, whole


def _goes_on(lines: Sequence[Line], number: int, end: int) -> bool:
    """Is this the rest of a wrapped value? Then another known label follows it at once."""
    following = lines[number + 1 : number + 3]
    return number == end and any(_is_known_label(line.text) for line in following)


def _goes_on_after_blank(lines: Sequence[Line], number: int, depth: int) -> bool:
    is_there = number < len(lines) and lines[number].depth == depth
    return is_there and _is_known_label(lines[number].text)


def _is_known_label(text: str) -> bool:
    found = _LABEL.fullmatch(text)
    return found is not None and fold(found[1]).strip() in LABELS


# -- Attribution lines -------------------------------------------------------------------------


def _attribution(lines: Sequence[Line], at: int, is_ours: IsOurs) -> Introduction | None:
    """`On 24 Nov 2026 at 09:14, Sue <…> wrote:`, also wrapped over several lines."""
    joined = ""
    for number in range(at, min(at + _MOST_LINES, len(lines))):
        line = lines[number]
        if not line.text or line.depth != lines[at].depth or _is_known_label(line.text):
            return None
        joined = f"{joined} {line.text}".strip()
        if len(joined) > _LONGEST:
            return None
        if _ends(line.text):
            break
    else:
        return None
    if number > at and _is_whole_without(lines, at, number, is_ours):
        return None  # it begins further down
    needs = _needs(joined, is_ours)
    return Introduction(at, number + 1, needs) if needs else None


def _ends(text: str) -> bool:
    bare = text.rstrip(" -–—*\"'")
    return bare.endswith(_COLONS) or (
        # Some leave the colon out, or close with dashes.
        fold(bare).split(" ")[-1] in VERBS
    )


def _needs(text: str, is_ours: IsOurs) -> Needs | None:
    """What must follow a text for it to introduce a quote; None if it cannot."""
    has_colon = text.rstrip(" -–—*\"'").endswith(_COLONS)
    has_address, has_date = bool(_ADDRESS.search(text)), _has_date(text)
    has_verb = _has_verb(text)
    if has_address and (has_date or has_verb) and (has_colon or has_verb):
        is_marked = _IN_BRACKETS.search(text) is not None
        is_programs = is_marked and (is_ours(text) or _is_moment(text))
        is_programs = is_programs or (is_ours(text) and has_date)
        return Needs.NOTHING if is_programs else Needs.A_QUOTE
    if has_verb and has_date and has_colon:
        return Needs.A_QUOTE
    return Needs.A_QUOTE_OF_OURS if has_colon and (has_verb or has_date or has_address) else None


def _is_whole_without(lines: Sequence[Line], at: int, last: int, is_ours: IsOurs) -> bool:
    """Is the text complete without its first line, and does the first line not belong to it?"""
    rest = " ".join(line.text for line in lines[at + 1 : last + 1])
    if _needs(rest, is_ours) in (None, Needs.A_QUOTE_OF_OURS):
        return False
    first, second = lines[at].text, lines[at + 1].text
    if first.endswith((".", "!", "?")) and not _has_date(first):
        return True
    if _begins_like_one(first) and re.search(r"\d", first) and not first.endswith((".", "!", "?")):
        return False
    is_rest = second.startswith(("<", "(", "[", "‹")) or second[:1].islower()
    return not (is_rest and (_has_date(first) or len(first.split()) <= 5))


def _begins_like_one(text: str) -> bool:
    return fold(text).split(" ", 1)[0].rstrip(".,") in OPENINGS or text[:1].isdigit()


def _has_verb(text: str) -> bool:
    folded = fold(text)
    words = set(re.findall(r"\w+", folded))
    return bool(words & VERBS) or any(verb in folded for verb in _WITHOUT_SPACES)


_WITHOUT_SPACES = tuple(
    verb for verb in VERBS if not verb.isascii() and re.search("[\u1100-\u11ff\u2e80-\ud7a3]", verb)
)
"""Chinese, Japanese and Korean verbs, which stand in a text without spaces."""


def _has_date(text: str) -> bool:
    folded = fold(text)
    has_day = _YEAR.search(text) or _DAY.search(text)
    return bool(has_day or (_TIME.search(folded) and re.search(r"\d\D+\d", text)))


def _has_time(text: str) -> bool:
    return _TIME.search(fold(text)) is not None


def _is_moment(text: str) -> bool:
    """Does a text have a day and a time of day?"""
    return bool((_YEAR.search(text) or _DAY.search(text)) and _has_time(text))


def holds_any(addresses: Iterable[str]) -> IsOurs:
    """Tell whether a text holds one of these addresses, or one at a domain given as `@domain`."""
    known = tuple(address.casefold() for address in addresses if address)
    return lambda text: any(address in text.casefold() for address in known)
