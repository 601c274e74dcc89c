"""The characters that look like a Latin letter, from `confusable-homoglyphs`, which ships Unicode's list.

That list (UTS #39) relates whole groups of characters. A market needs one direction of it: from a
character that is not ASCII to the Latin letter that a reader takes it for.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import msgspec

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPED = re.compile(
    r"(?:LATIN (?:CAPITAL LETTER|SMALL LETTER|LETTER SMALL CAPITAL|LETTER)"
    r"|NEGATIVE CIRCLED LATIN CAPITAL LETTER|NEGATIVE SQUARED LATIN CAPITAL LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])(?: WITH .+)?"
)

# What Unicode's list has not, since the two are not drawn quite alike; but in a Latin word they pass.
_DRAWN = dict(zip("ΛλΔΣωПпИиЯяШшЩщ", "aaaewnnnnrrwwww", strict=True))


class _Lookalike(msgspec.Struct):
    c: str


def write(path: Path) -> None:
    """Write the table as JSON: each character, and the lower-case letter that it looks like."""
    known = msgspec.json.decode(
        (files("confusable_homoglyphs") / "confusables.json").read_bytes(),
        type=dict[str, list[_Lookalike]],
    )
    table = _DRAWN | _as_named() | _with_marks(known) | _as_listed(known)
    table |= _like_their_capitals(table)
    path.write_bytes(msgspec.json.encode(table, order="sorted"))


def _as_listed(known: dict[str, list[_Lookalike]]) -> dict[str, str]:
    """Those in the same group as an ASCII letter. `I` and `l` are of one group: case tells them apart."""
    return {
        one.c: _of_group(one.c, letter)
        for letter in _LETTERS
        for one in known.get(letter, ())
        if _is_foreign(one.c)
    }


def _with_marks(known: dict[str, list[_Lookalike]]) -> dict[str, str]:
    """Those that look like a letter with a mark: a Greek eta like an n with a line below."""
    return {
        one.c: _of_group(one.c, key[0])
        for key, group in known.items()
        if len(key) > 1 and key[0] in _LETTERS and all(map(_is_mark, key[1:]))
        for one in group
        if _is_foreign(one.c)
    }


def _as_named() -> dict[str, str]:
    """Those that Unicode calls a Latin letter, or a picture of one: small capitals, letters in squares."""
    named = ((chr(point), unicodedata.name(chr(point), "")) for point in range(sys.maxunicode + 1))
    shaped = ((sign, _SHAPED.fullmatch(name)) for sign, name in named)
    return {sign: found[1].lower() for sign, found in shaped if found and _is_foreign(sign)}


def _like_their_capitals(table: dict[str, str]) -> dict[str, str]:
    """Small letters that are drawn like their capitals, which are in the table: к, м, н, т."""
    return {
        sign.lower(): letter
        for sign, letter in table.items()
        if len(sign.lower()) == 1 and sign.lower() not in table and _is_foreign(sign.lower())
    }


def _of_group(sign: str, letter: str) -> str:
    if letter in "Il":
        return "i" if unicodedata.category(sign) == "Lu" else "l"
    return letter.lower()


def _is_foreign(sign: str) -> bool:
    """Is it one letter or symbol that does not become ASCII by itself? A currency is no letter."""
    if len(sign) != 1 or unicodedata.category(sign) == "Sc":
        return False
    kept = unicodedata.category(sign).startswith(("L", "S", "Nl"))
    return kept and not _plain(sign).isascii()


def _plain(sign: str) -> str:
    """Without compatibility forms and marks: what every fold does anyway."""
    return "".join(one for one in unicodedata.normalize("NFKD", sign) if not _is_mark(one))


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Me")
