"""Numbers in the formats of all countries.

A point or a comma parts decimals or thousands. Two kinds of marks in one number, or one mark
twice, show which; so does any other count of digits than three behind the mark. ``12.500`` alone is
12,500 to a German and 12.5 to an American: `read_quantity` takes it for thousands, for figures that
are never told to three decimals; `read_number` asks.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..i18n.texts import gettext as _
from .writing import TYPED, Ambiguous, Writing, plain

_RUN = re.compile(r"(?:\d[\d ',.]*)?\d[.,]?|[.,]\d{1,20}")
_MARK = re.compile(r"[ ',.]")
_FRACTION = re.compile(r"(?:(?P<whole>\d[\d ',.]*?)[ -])?(?P<over>\d{1,2})/(?P<under>\d{1,2})")
_EXPONENT = re.compile(r"(?P<digits>\d{1,20}(?:[.,]\d{1,20})?)[eE](?P<power>[+-]?\d{1,2})")
_MOST_DIGITS = 15
_NOISE = Decimal("1e-9")
"""What programs leave of 38.7 when they count in binary is far smaller: ``38.700000000000003``."""


def read_number(text: str, *, written: Writing = TYPED) -> Decimal:
    """``9.5``, ``9,5``, ``1'250``, ``1.250,5``, ``32 1/2``; one mark before three digits is asked.

    Raises ValueError: the number is refused if negative.
    """
    return _number(text, written, thousands=False)


def read_quantity(text: str, *, written: Writing = TYPED) -> Decimal:
    """The same for figures without three decimals: ``12.500`` and ``12,500`` are twelve thousand."""
    return _number(text, written, thousands=True)


def read_whole(text: str, *, written: Writing = TYPED) -> int:
    """A whole number: ``12``, ``12,500``; and ``1995.0``, as spreadsheets write one."""
    found = read_quantity(text, written=written)
    if found != found.to_integral_value():
        raise ValueError(_("write a whole number, such as 12"))
    return int(found)


def _number(text: str, written: Writing, *, thousands: bool) -> Decimal:
    try:
        text = plain(text)
    except ValueError:
        raise _no_number() from None
    if written.exponents and (found := _EXPONENT.fullmatch(text)):
        return _bounded(Decimal(found["digits"].replace(",", ".")).scaleb(int(found["power"])))
    if "/" in text:
        return _fraction(text, written)
    if not _RUN.fullmatch(text):
        raise _no_number()
    return _bounded(_value(text.rstrip(".,"), written, thousands))


def _no_number() -> ValueError:
    return ValueError(_("write a number, such as 12 or 9.5"))


def _bounded(number: Decimal) -> Decimal:
    if number >= 10**_MOST_DIGITS:
        raise _no_number()
    rounded = number.quantize(_NOISE)
    return number if rounded == number else rounded.normalize()


def _fraction(text: str, written: Writing) -> Decimal:
    found = _FRACTION.fullmatch(text)
    if found is None or not 0 < int(found["over"]) < int(found["under"]):
        raise _no_number()
    whole = _value(found["whole"], written, True) if found["whole"] else Decimal(0)
    if whole != whole.to_integral_value():
        raise _no_number()
    return _bounded(whole + Decimal(found["over"]) / int(found["under"]))


def _value(run: str, written: Writing, thousands: bool) -> Decimal:
    marks, groups = _MARK.findall(run), _MARK.split(run)
    if not marks:
        return Decimal(_checked(groups[0]))
    last = marks[-1]
    if last in " '" or marks.count(last) > 1:
        return Decimal(_joined(groups, marks))
    if len(marks) == 1 and _is_open(groups):
        whole, parted = Decimal("".join(groups)), Decimal(".".join(groups))
        if written.decimal_mark is not None:
            return parted if last == written.decimal_mark else whole
        if not thousands:
            raise _ambiguous(parted, whole)
        return whole
    return Decimal(f"{_joined(groups[:-1], marks[:-1])}.{groups[-1]}")


def _ambiguous(parted: Decimal, whole: Decimal) -> Ambiguous:
    one, other = f"{parted.normalize():f}", f"{whole:f}"
    return Ambiguous(
        _("may be %(one)s or %(other)s: write the one that you mean", one=one, other=other)
    )


def _is_open(groups: list[str]) -> bool:
    """May the one mark between two groups part thousands as well as decimals?"""
    head, tail = groups
    return len(tail) == 3 and len(head) <= 3 and not head.startswith("0") and head != ""


def _joined(groups: list[str], marks: list[str]) -> str:
    """The digits of grouped thousands: 1.250.000, or 12,50,000 as in India."""
    if len(set(marks)) > 1:
        raise _no_number()
    if marks:
        head, *middle, last = groups
        are_threes = all(len(group) == 3 for group in middle)
        are_indian = marks[0] == "," and len(head) <= 2 and all(len(one) == 2 for one in middle)
        if not 1 <= len(head) <= 3 or len(last) != 3 or not (are_threes or are_indian):
            raise _no_number()
    return _checked("".join(groups))


def _checked(digits: str) -> str:
    if len(digits.lstrip("0")) > _MOST_DIGITS:
        raise _no_number()
    return digits or "0"
