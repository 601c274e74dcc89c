"""How a text looks to its reader: without invisible characters, and with look-alikes as Latin letters.

Rules judge what a reader sees, so each of them reads a text through this module; what was typed is
stored as it is. ``Wеѕtеrn`` with Cyrillic letters reads as ``western``, and so does one with zero-width
spaces inside. A word of another script stays as it is: honest Russian is not read as odd English.

``package_data`` creates the table of look-alikes (Unicode TR39) when the package is built.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from .letters import INVISIBLE
from .text import fold

LOOKALIKES = Path(__file__).with_name("lookalikes.json")

_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
# What follows this mark is shown from right to left, up to its end: `\u202etroppuS` is seen as `Support`.
_BACKWARDS = re.compile("\u202e([^\u202c\n\u2029]*)")
_HYPHENS = re.compile("[\u2010-\u2015\u2043\u2212]")
# The voicing marks of kana make other letters: they are no decoration.
_VOICED = re.compile("[\u3041-\u30fe][\u3099\u309a]")
_WORD = re.compile(r"[^\W\d_]+")
# At least four single letters, all with the same sign between them: `w e s t e r n`, `p.a.y`.
_SPACED = re.compile(r"(?<![^\W_])[^\W_]([ .,*_|/~+-])[^\W_](?:\1[^\W_]){2,}(?![^\W_])")
_TOKEN = re.compile(r"[\w@$!|]+")
_AT_ITS_ENDS = re.compile(r"\b\d+|\d+\b")
_DIGIT = re.compile(r"\d")
_ODD_SIGN = re.compile(r"[0134578@$!|]")
_AS_L = str.maketrans("0134578@$!|", "oleastbasil")
_AS_I = str.maketrans("0134578@$!|", "oieastbasil")
_FEWEST_LETTERS = 2
_JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"})


@cache
def _table() -> dict[int, str]:
    """Raises FileNotFoundError in a checkout before ``scripts/setup`` has run."""
    if not LOOKALIKES.is_file():
        raise FileNotFoundError(f"{LOOKALIKES} is missing; in a checkout scripts/setup makes it")
    pairs = msgspec.json.decode(LOOKALIKES.read_bytes(), type=dict[str, str])
    return str.maketrans(pairs)


@cache
def _pictures() -> dict[int, str]:
    """The part of the table that are no letters of any script: letters in black squares, flags."""
    return {point: letter for point, letter in _table().items() if not chr(point).isalpha()}


# -- What is seen ------------------------------------------------------------------------------


def without_invisible(text: str, instead: str = "") -> str:
    """A text without what nobody sees: zero-width and soft characters, fillers, direction marks, tags."""
    return text if text.isascii() else _INVISIBLE.sub(instead, text)


def visible_length(text: str) -> int:
    """How many characters of a text are seen; a mark belongs to its letter."""
    return sum(not _is_mark(sign) for sign in without_invisible(text).strip())


def visible_letters(text: str) -> int:
    """How many letters a reader sees, of any script."""
    return sum(map(str.isalpha, without_invisible(text)))


# -- What it is read as ------------------------------------------------------------------------


def as_read(text: str) -> str:
    """A text as it looks, folded: lower case, no accents, look-alikes in Latin words as Latin letters."""
    return text.lower() if text.isascii() else _in_latin(without_invisible(text))


def as_spelled(text: str) -> str:
    """A text reduced to how its words look: `as_read`, with digits and signs in words as letters.

    For comparing texts with each other, since an honest ``2nd`` changes too.
    """
    return _TOKEN.sub(_spelled_by(_AS_I), _SPACED.sub(_joined, as_read(text)))


@lru_cache(16)
def readings(text: str) -> tuple[str, ...]:
    """Every way in which a reader may take a text, each folded; the first is `as_read`.

    Others, where they differ: an invisible character as a space between words, what a mark turns
    backwards, single letters pulled apart as one word, and digits or signs within a word as letters.
    """
    found = [as_read(text)]
    if not text.isascii() and _INVISIBLE.search(text):
        found.append(_in_latin(without_invisible(text, " ")))
        found.append(as_read(_as_turned(text)))
    joined = [_SPACED.sub(_joined, one) for one in found]
    spelled = [_TOKEN.sub(_spelled_by(table), one) for one in joined for table in (_AS_L, _AS_I)]
    return tuple(dict.fromkeys((*found, *joined, *spelled)))


def spelled_words(text: str) -> frozenset[tuple[str, ...]]:
    """The words of a name, in letters alone, in each reading: without digits, and with digits as letters.

    Every look-alike counts, whatever the script around it: ``Мarine M4rket 7`` has ``marine`` and
    ``market``.
    """
    ways = {
        fold(_plain(without_invisible(one)).translate(_table())) for one in (text, _as_turned(text))
    }
    spelled = (one.translate(_AS_I) for way in ways for one in (way, _AT_ITS_ENDS.sub("", way)))
    plain = (_ODD_SIGN.sub("", way) for way in ways)
    return frozenset(tuple(_WORD.findall(_DIGIT.sub("", one))) for one in (*plain, *spelled))


def letters_in(text: str) -> frozenset[str]:
    """As `spelled_words`, with the words run together: ``M-a-r-k-e-t`` and ``Mark et`` have ``market``."""
    return frozenset("".join(found) for found in spelled_words(text))


def skeleton(letters: str) -> str:
    """The outline of folded letters: `rn` reads as `m`, `vv` as `w`, `l` as `i`, doubles as one."""
    outline = letters.replace("rn", "m").replace("vv", "w").replace("l", "i")
    return re.sub(r"(.)\1+", r"\1", outline)


def _in_latin(text: str) -> str:
    plain = _plain(text)
    foreign = {word for word in _WORD.findall(plain) if not _has_latin(word)}
    others = {word for word in foreign if not _is_disguised(word)}
    if others and len(others) < len(set(_WORD.findall(plain)) - foreign):
        others = {word for word in others if not _looks_latin(word)}

    def judged(match: re.Match[str]) -> str:
        word = match[0]
        return word if word.isascii() or word in others else word.translate(_table())

    return fold(_WORD.sub(judged, plain))


def _as_turned(text: str) -> str:
    return _BACKWARDS.sub(lambda match: match[1][::-1], text)


def _plain(text: str) -> str:
    """Without compatibility forms (fullwidth, mathematical, in circles), marks and enclosures."""
    decomposed = _VOICED.sub(_composed, unicodedata.normalize("NFKD", text))
    shown = _HYPHENS.sub("-", "".join(sign for sign in decomposed if not _is_mark(sign)))
    return shown if shown.isascii() else shown.translate(_pictures())


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Me")


def _has_latin(word: str) -> bool:
    return any(sign.isascii() or _script(sign) == "LATIN" for sign in word)


def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").partition(" ")[0]


def _looks_latin(word: str) -> bool:
    return all(ord(sign) in _table() for sign in word)


def _is_disguised(word: str) -> bool:
    """Is this word put together from several scripts? No language does that without Latin letters."""
    scripts = set(map(_script, word))
    return len(scripts - _JAPANESE) > 1


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(match[1], "")


def _spelled_by(table: dict[int, int]) -> Callable[[re.Match[str]], str]:
    def spelled(match: re.Match[str]) -> str:
        word = match[0]
        odd = len(_ODD_SIGN.findall(word))
        letters = sum(map(str.isalpha, word))
        return word.translate(table) if _FEWEST_LETTERS <= letters >= odd > 0 else word

    return spelled
