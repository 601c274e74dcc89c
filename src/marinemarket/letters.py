"""What the letters of the world's scripts need when texts are compared: tables for `text`.

Signs without a shape, marks that are accents and marks that are vowels, scripts without spaces, and
letters that are written in several ways.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

FRACTION = r"(\d{1,3})[ -](\d{1,2})/(2|3|4|5|6|8|16|32)(?![\w/]|[.,]\d)"
"""22 1/2, which is also written 22½ and 22.5. Others are no figures: a date, the engines 1/2."""

# Unicode's Default_Ignorable_Code_Point, other format characters without a shape, and what has no ink:
# the blank of Braille, a musical note without a head.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f"
    "\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

# Scripts that write no spaces, and may mark with U+200B where a word ends.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f\ua9e0-\ua9ff"
_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"
BREAKS = re.compile(
    "[\u00ad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]+|(?<![\u1800-\u18af])\u180e+"
)
"""Signs that say where a line may or may not break, or once did, and are no part of any text."""
MORE_BREAKS = re.compile(
    f"(?<![{_UNSPACED}])\u200b+|\u200b+(?![{_UNSPACED}])"
    "|(?<=[0-9A-Za-z\u00c0-\u024f\u0370-\u04ff])[\u200c\u200d]+"
)
"""Signs that are part of some scripts, and of emoji, wherever no such script is."""
BLANKS = re.compile("[\u2800\u3164\uffa0]")
"""Signs that show as a space."""
PARTING = re.compile(f"(?<=[{_UNSPACED}])\u200b+(?=[{_UNSPACED}])")
"""Where U+200B parts two words, as in Khmer."""
PARTING_PERSIAN = re.compile(f"(?<=[{_ARABIC}])\u200c+(?=[{_ARABIC}])")
"""Where U+200C parts the halves of a Persian word, which are also written with a space."""

# Chinese, Japanese and Korean (after compatibility folding), and the scripts of _UNSPACED.
_HAN = "\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA, _KATAKANA = "\u3041-\u309f", "\u30a1-\u30ff\u31f0-\u31ff"
_HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"
_BOPOMOFO = "\u3100-\u312f"
_EAST_ASIAN = f"{_HAN}{_HIRAGANA}{_KATAKANA}{_HANGUL}{_BOPOMOFO}"
_RAW = "\uff66-\uff9f\uffa1-\uffdc"
"""Half-width forms, which folding makes whole."""
WITHOUT_SPACES = re.compile(f"[{_EAST_ASIAN}{_RAW}{_UNSPACED}]+")
"""A run of letters in which no space shows where a word ends."""
OF_ONE_SCRIPT = re.compile(
    f"[{_HAN}]+|[{_KATAKANA}]+|[{_HIRAGANA}]+|[{_HANGUL}]+|[{_BOPOMOFO}]+|[{_UNSPACED}]+"
)
PARTICLES = frozenset("のをがはにでともへや")
"""Japanese particles: between two words, they are none."""

_ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_POINTS = (
    "\u0483-\u0487"  # Old Slavonic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u08ca-\u08ff\u0711\u0730-\u074a"  # harakat, and those of Syriac
)
_HAMZA = "\u0653-\u0655"
_NUKTA = "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc"
POINTS = re.compile(f"[{_ACCENTS}{_POINTS}{_HAMZA}{_NUKTA}]+")
"""Marks that people leave out when they type: accents, Hebrew points, harakat, the nukta of Hindi."""
POINTS_OF_A_SLUG = re.compile(
    f"[{_POINTS}\u0640]+|(?<=[\\0-\u024f\u0370-\u03ffе])[{_ACCENTS}]+|[\u20d0-\u20f0]+"
)
"""Those without which an address still reads well: й and أ are other letters than и and ا."""


def _ranges(points: Iterable[int]) -> str:
    """A class of characters for a pattern, with neighbours as ranges."""
    found: list[list[int]] = []
    for point in points:
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return "".join(
        f"\\U{first:08x}" + (f"-\\U{last:08x}" if last > first else "") for first, last in found
    )


# The blocks of scripts whose vowels are marks; looking through all of Unicode would take a second.
_BLOCKS = (
    range(0x0780, 0x1AB0),
    range(0x1B00, 0x1DC0),
    range(0xA800, 0xAC00),
    range(0x11000, 0x11800),
)
VOWELS = (
    _ranges(
        point
        for block in _BLOCKS
        for point in block
        if unicodedata.category(chr(point)) in ("Mn", "Mc")
    )
    + "\u3099\u309a"
)
"""Marks that are letters in all but name: vowels, viramas, tones, the voicing marks of kana."""

TYPED = re.compile(
    # A figure with a fraction, a run of a script without spaces, or letters with all their marks.
    rf"(?<![\w.,/]){FRACTION}"
    f"|[{_EAST_ASIAN}{_RAW}{_UNSPACED}]+"
    rf"|(?:(?![_{_EAST_ASIAN}{_RAW}{_UNSPACED}])[\w{VOWELS}{_ACCENTS}{_POINTS}{_HAMZA}{_NUKTA}{INVISIBLE}])+"
)
"""A run of characters that makes up one word or two, as typed."""

UNDECOMPOSED = str.maketrans(
    {
        # Letters with a built-in mark that Unicode does not decompose.
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k",
        # Turned commas and other signs within names: Kāneʻohe is also Kaneohe.
        "ʻ": None, "ʼ": None, "ʽ": None, "ʾ": None, "ʿ": None, "ʹ": None, "ʺ": None,
        "⁄": "/",
    }
)  # fmt: skip
SPELLED_ALIKE = UNDECOMPOSED | str.maketrans(
    # Letters that Arabic and Persian write differently, and the stroke that lengthens a word.
    {"ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ە": "ه", "ـ": None}
)
