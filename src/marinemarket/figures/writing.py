"""How a text writes its figures, and the signs of all scripts as plain ones."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST = 80
"""No figure with its unit and remarks is longer, in characters."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What is known of how a text writes figures.

    `decimal_mark` is ``.`` or ``,`` where a file proves it: then ``9,750`` is no riddle.
    `exponents` are a spreadsheet's: ``1.5E+3``.
    """

    decimal_mark: str | None = None
    exponents: bool = False


TYPED = Writing()
"""Somebody typed it, with any country's habits."""

IN_FILE = Writing(exponents=True)
"""A spreadsheet or a program may have written it."""


class Ambiguous(ValueError):
    """A text with two sensible meanings, which its writer must choose from."""


_PLAIN = str.maketrans(
    dict.fromkeys("’‘ʼ′´`ʹ‛＇", "'")
    | dict.fromkeys("”“″〃„ʺ‟＂", '"')
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | {"٬": "'", "٫": ".", "،": ",", "。": ".", "、": ",", "⁄": "/", "∕": "/", "×": "x"}
)


def plain(text: str) -> str:
    """A text with one kind of digits, spaces, primes and dashes; ``32½`` becomes ``32 1/2``.

    Raises ValueError if it is too long to be a figure.
    """
    if len(text) > LONGEST:
        text = " ".join(text.split())
        if len(text) > LONGEST:
            raise ValueError("is too long")
    if not text.isascii():
        text = text.translate(_PLAIN)
        text = "".join(map(_plain_sign, text))
    return " ".join(text.replace("`", "'").replace("''", '"').split())


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    if unicodedata.category(sign) == "Cf":
        return ""  # marks of direction, which right-to-left scripts put beside figures
    folded = unicodedata.normalize("NFKC", sign)
    if "⁄" in folded:
        return f" {folded.replace('⁄', '/')}"
    return sign if unicodedata.category(sign) in ("No", "Nl") else folded  # m² is no m2
