"""Cleaning the text that people type, and folding it so that different spellings compare equal."""

from __future__ import annotations

import re
import unicodedata

from .letters import (
    BLANKS,
    BREAKS,
    FRACTION,
    INVISIBLE,
    MORE_BREAKS,
    PARTING,
    PARTING_PERSIAN,
    POINTS,
    POINTS_OF_A_SLUG,
    SPELLED_ALIKE,
    UNDECOMPOSED,
    VOWELS,
)

LATELY_READ = 4096
"""How many spellings each parser of names caches: a bound on memory."""

_WORD = re.compile(r"[^\W_]+")
_WORD_WITH_MARKS = re.compile(rf"[^\W_][\w{VOWELS}]*")
# Scripts in which marks may be part of a word.
_MARKED = re.compile("[\u0780-\u1dff\u3000-\ufaff\U00010000-\U0010ffff]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_FRACTION = re.compile(r"[¼-¾⅐-⅞](?<=\d.)")
_FINAL_SIGMA = re.compile(r"(?<=\w)σ(?!\w)")
_TYPED_FRACTION = re.compile(rf"(?<![\w.,/]){FRACTION}")
# Nearly all text matches none of these, and needs no check of every character.
_NOT_PLAIN = re.compile(
    r"[^\n -;=?-~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]"
)
_HALF = re.compile("[\ud800-\udfff]")
# A line break or a tab separated two words, and a space must still do so.
_SEPARATORS = re.compile(r"[\t\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of a text
    # Unicode's 66 noncharacters: XML forbids them, and so do feeds and sitemaps.
    r"\ufdd0-\ufdef"
    + "".join(f"\\U{plane:04x}fffe-\\U{plane:04x}ffff" for plane in range(17))
    + "]+"
)
# Unicode's stream-safe format allows no more marks on one letter; NFC takes time by their square.
_MOST_MARKS = 30
_MANY_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")


_ELEMENT = (
    r"(?:p|div|span|b|i|u|s|em|strong|small|big|font|center|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th|h[1-6]"
    r"|a|blockquote|pre|sub|sup|section|article|header|footer|body|html)"
)
# What nobody types by chance: a closing tag, one with an attribute, a line break. `<b>` alone may be
# a comparison: a<b>c.
_MARKUP = re.compile(
    rf"</{_ELEMENT}\s*>|<(?:br|hr)\s*/?>|<(?:{_ELEMENT}|img|br)\s+[a-z-]+\s*=\s*[^<>]+>"
    r"|(?:^|(?<=[\s>.,;:!?]))<(?:p|li|ul|ol|div|table|tr|td|h[1-6])\s*>|<!--[^<]*-->|<!\[CDATA\[",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_ENDS_IN_MARKUP = re.compile(
    r"<(?:br|hr|p|div|ul|ol|li|dl|dt|dd|table|tr|h[1-6])\b", re.IGNORECASE
)
_BRACKETS = str.maketrans("<>", "‹›")


def clean_line(text: str) -> str:
    """One line, safe to display: NFC, trimmed, no control characters, no ``<`` ``>``, no bidi marks.

    Markup is read; a bracket that is none becomes ``‹`` or ``›``. Raises ValueError for a lone
    surrogate, which no encoding can represent.
    """
    return " ".join(_clean(text, keep="").split())


def clean_prose(text: str) -> str:
    """Several lines, safe to display: as `clean_line`, but line breaks stay."""
    lines = _clean(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _clean(text: str, *, keep: str) -> str:
    if not keep:
        text = text.replace("\n", " ")
    if not _NOT_PLAIN.search(text):
        return unicodedata.normalize("NFC", text)
    if _HALF.search(text):
        raise ValueError("holds half of a character (a lone surrogate)")
    if "<" in text or ">" in text:
        text = without_markup(text).translate(_BRACKETS)
        if not keep:
            text = text.replace("\n", " ")
    shown = _UNSEEN.sub("", _SEPARATORS.sub(" ", text))
    shown = MORE_BREAKS.sub("", BREAKS.sub("", shown))
    # Last, since removing characters may have joined a letter and its accent.
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(_with_fewer_marks, shown))


def without_markup(text: str) -> str:
    """What a reader sees of a text that is HTML, with its paragraphs and lists; any other unchanged."""
    if "<" not in text or not _MARKUP.search(text):
        return text
    # Few texts are HTML, and its parser takes long to import.
    from .markup import text_of

    # Where no tag ends a line, the text's own line breaks do.
    return text_of(text if _LINE_ENDS_IN_MARKUP.search(text) else text.replace("\n", "<br>"))


def _with_fewer_marks(run: re.Match[str]) -> str:
    """A run of signs without the marks that stand behind too many others on one letter."""
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def fold(text: str) -> str:
    """Lower case without accents: ``Bénéteau`` and ``BENETEAU`` fold alike.

    Vowels that are marks stay, and so do the voicing marks of kana. What nobody sees goes.
    """
    if text.isascii():
        return text.lower()
    plain = POINTS.sub("", _decomposed(text))
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", plain.translate(SPELLED_ALIKE))


def _decomposed(text: str) -> str:
    if _INVISIBLE.search(text):
        parted = PARTING_PERSIAN.sub(" ", PARTING.sub(" ", BLANKS.sub(" ", text)))
        text = _INVISIBLE.sub("", parted)
    # Decomposed before lowering too: ™ and 𝐀 have no lower case until they are TM and A.
    lowered = unicodedata.normalize("NFKD", _FRACTION.sub(_as_decimals, text)).casefold()
    return unicodedata.normalize("NFKD", lowered)


def _as_decimals(found: re.Match[str]) -> str:
    """``½`` after a digit as ``.5``."""
    return _decimals(unicodedata.numeric(found[0]))


def _decimals(part: float) -> str:
    return f"{part:.3f}".strip("0")


def words(text: str) -> list[str]:
    """The folded words of a text, in order: runs of letters, their marks, and digits.

    >>> words("First 36.7"), words("Nordship 22½"), words("22 1/2 ft")
    (['first', '36', '7'], ['nordship', '22', '5'], ['22', '5', 'ft'])
    """
    return _in_words(fold(text))


def _in_words(folded: str) -> list[str]:
    if "/" in folded:
        folded = _TYPED_FRACTION.sub(_as_one_figure, folded)
    if folded.isascii() or not _MARKED.search(folded):
        return _WORD.findall(folded)
    return _WORD_WITH_MARKS.findall(folded.replace("_", " "))


def _as_one_figure(found: re.Match[str]) -> str:
    part = int(found[2]) / int(found[3])
    return f"{found[1]}{_decimals(part)}" if 0 < part < 1 else found[0]


def slug(text: str, *, limit: int = 80) -> str:
    """Words for a URL: ``2004-beneteau-first-36-7``. Letters beyond ASCII are not encoded.

    Other scripts keep the marks without which their words are misspelled.
    """
    folded = text.lower()
    if not text.isascii():
        shown = POINTS_OF_A_SLUG.sub("", _decomposed(text)).translate(UNDECOMPOSED)
        folded = _FINAL_SIGMA.sub("ς", unicodedata.normalize("NFC", shown))
    return "-".join(_in_words(folded))[:limit].strip("-")


def sentence(text: str) -> str:
    """A broken rule as a sentence of its own: ``must be text`` as ``Must be text.``"""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")
