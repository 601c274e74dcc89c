"""Cleaning the text that people type, and folding it so that different spellings compare equal."""

from __future__ import annotations

import re
import unicodedata

LATELY_READ = 4096
"""How many spellings each parser of names caches: a bound on memory."""

_ANGLES = str.maketrans("", "", "<>")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters with a built-in mark that Unicode does not decompose.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)
_WORD = re.compile(r"[^\W_]+")
# Nearly all text matches none of these, and needs no check of every character.
_NOT_PLAIN = re.compile(r"[^\n -;=?-~\u00a0-\u05ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")


def clean_line(text: str) -> str:
    """One line, safe to display: NFC, trimmed, no control characters, no ``<`` ``>``, no bidi marks.

    Raises ValueError for a lone surrogate, which no encoding can represent.
    """
    return " ".join(_clean(text, keep="").split())


def clean_prose(text: str) -> str:
    """Several lines, safe to display: as `clean_line`, but line breaks stay."""
    lines = _clean(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _clean(text: str, *, keep: str) -> str:
    if not _NOT_PLAIN.search(text):
        return unicodedata.normalize("NFC", text if keep else text.replace("\n", " "))
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds half of a character (a lone surrogate)")
    shown = "".join(_shown(character, keep) for character in text).translate(_ANGLES)
    # Last, since removing characters may have joined a letter and its accent.
    return unicodedata.normalize("NFC", shown)


def _shown(character: str, keep: str) -> str:
    if character in keep:
        return character
    if character in _BIDI or _is_no_character(character):
        return ""
    if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        # A line break or a tab separated two words, and a space must still do so.
        return " " if character.isspace() else ""
    return character


def _is_no_character(character: str) -> bool:
    """Unicode's 66 noncharacters: XML forbids them, and so do feeds and sitemaps."""
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def fold(text: str) -> str:
    """Lower case without accents: ``Bénéteau`` and ``BENETEAU`` fold alike."""
    if text.isascii():
        return text.lower()
    # Decomposed before lowering too: ™ and 𝐀 have no lower case until they are TM and A.
    lowered = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_UNDECOMPOSED)


def words(text: str) -> list[str]:
    """The folded words of a text, in order: runs of letters and digits."""
    return _WORD.findall(fold(text))


def slug(text: str, *, limit: int = 80) -> str:
    """Words for a URL: ``2004-beneteau-first-36-7``."""
    return "-".join(words(text))[:limit].strip("-")


def sentence(text: str) -> str:
    """A broken rule as a sentence of its own: ``must be text`` as ``Must be text.``"""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")
