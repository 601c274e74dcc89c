"""Quantities in queries: ``under 50k``, ``32ft``, ``9.8 m``, ``2015 or newer``, ``30-35 ft``.

Each rule reads one notation, and gives a span of one field in the index's own units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ..figures.money import read_amount
from ..listings.pricing import Rates, load_rates, money
from ..measures import METRES_PER_FOOT
from .bound_labels import figure_label
from .index import Span

_AROUND = 50
"""A search for 32 ft means boats called that: up to half a foot (in hundredths) either way."""
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Figure:
    """What a run of characters means: a bound on a field, and a label for it."""

    start: int
    end: int
    field: str
    span: Span
    is_about: bool = False

    @property
    def label(self) -> str:
        """``up to 32 ft``."""
        return figure_label(self.field, self.span, is_about=self.is_about)

    @property
    def label_in_metres(self) -> str:
        """``up to 9.8 m``; where no length is meant, as `label`."""
        return figure_label(self.field, self.span, is_about=self.is_about, in_metres=True)


_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[.,' ]\d{{3}})+(?![\d])|\d{{1,9}}(?:[.,]\d{{1,2}})?)"
_A, _B = _NUMBER.format("a"), _NUMBER.format("b")
_CURRENCY = r"(?P<{0}>[$€£]|usd\b|eur\b|euros?\b|gbp\b|us\$)?"
_MANY = r"(?P<{0}>k\b|tsd\b|thousand\b|grand\b|mio\b|mill(?:ion)?s?\b|mln\b|m\b)?"
_MONEY = r"(?P<{0}>\$|€|£|dollars?\b|usd\b|euros?\b|eur\b|gbp\b|pounds?\b|bucks\b)?"
_LENGTH = r"(?:-|\s)?(?P<{0}>ft\b|feet\b|foot\b|footer\b|'|′|metres?\b|meters?\b|mtrs?\b|m\b)"
_MOST = (
    r"(?:under|below|less than|cheaper than|up to|upto|max(?:imum)?\.?|at most|no more than|not over|"
    r"not more than|within|<=?)"
)
_LEAST = r"(?:over|above|more than|at least|min(?:imum)?\.?|starting at|from|>=?)"
_SHORTER, _LONGER = r"(?:shorter than|smaller than)", r"(?:longer than|bigger than|larger than)"
_TO = r"\s?(?:-|–|—|to|and|until|till|bis)\s?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)\b(?!\s?(?:ft|feet|foot|'|m\b|k\b|h\b|hours?|hrs?))"
_SIZED = r"(?P<what>air\s?draf?t|air draught|bridge clearance|draft|draught|beam|width|length|loa)"

_FIELDS = {
    "draft": "draft", "draught": "draft", "beam": "beam", "width": "beam", "length": "length", "loa": "length",
}  # fmt: skip
_CURRENCIES = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "usd": "USD", "gbp": "GBP"}

_Found = dict[str, str | None]


class _Bound(NamedTuple):
    field: str
    span: Span
    is_about: bool = False


_Read = Callable[[_Found], _Bound | None]


def figures_in(text: str) -> list[Figure]:
    """The quantities in a text, in order and without overlap."""
    lowered = text.casefold()
    if len(lowered) != len(text):  # a letter that folds into two would shift all that follows
        lowered = text.lower() if len(text.lower()) == len(text) else text
    found: list[Figure] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(lowered):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            try:
                meant = read(match.groupdict())
            except ValueError:
                continue
            if meant is not None:
                found.append(Figure(match.start(), match.end(), *meant))
    return sorted(found, key=lambda one: one.start)


def _years(match: _Found) -> _Bound:
    first, last = sorted((int(match["a"] or 0), int(match["b"] or 0)))
    return _Bound("year", Span(first, last))


def _year_on(match: _Found) -> _Bound:
    return _Bound("year", Span(int(match["a"] or 0), None))


def _year_after(match: _Found) -> _Bound:
    year = int(match["a"] or 0) + 1
    return _Bound("year", Span(year, None))


def _year_until(match: _Found) -> _Bound:
    return _Bound("year", Span(None, int(match["a"] or 0)))


def _year_before(match: _Found) -> _Bound:
    year = int(match["a"] or 0) - 1
    return _Bound("year", Span(None, year))


def _decade(match: _Found) -> _Bound:
    first = int(match["a"] or 0)
    if first < 100:
        first += 1900 if first >= 30 else 2000
    return _Bound("year", Span(first, first + 9))


def _cents(match: _Found, number: str, *, needs_sign: bool = True) -> int | None:
    """An amount in US cents; None if nothing shows that the number is money."""
    amount = read_amount(match[number] or "")
    many = match.get(f"{number}_many") or match.get("b_many") or ""
    sign = next(
        (match[n] for n in (f"{number}_before", f"{number}_after", "b_after") if match.get(n)), None
    )
    if many == "m" and not sign and amount >= 2:
        return None  # metres
    if needs_sign and not sign and not many and amount < 3000:
        return None
    factor = 1 if not many else 1000 if many in ("k", "tsd", "thousand", "grand") else 1_000_000
    currency = _CURRENCIES.get(sign or "$") or ("EUR" if (sign or "").startswith("eur") else None)
    currency = currency or ("GBP" if (sign or "").startswith("pound") else "USD")
    return min(_rates().us_cents(money(amount * factor, currency)), _LARGEST)


@cache
def _rates() -> Rates:
    return load_rates()


def _price_most(match: _Found) -> _Bound | None:
    cents = _cents(match, "a")
    return _Bound("price", Span(None, cents)) if cents else None


def _price_least(match: _Found) -> _Bound | None:
    cents = _cents(match, "a")
    return _Bound("price", Span(cents, None)) if cents else None


def _prices(match: _Found) -> _Bound | None:
    first, last = _cents(match, "a"), _cents(match, "b")
    if first is None or last is None:
        return None
    first, last = sorted((first, last))
    return _Bound("price", Span(first, last))


def _hundredths(match: _Found, number: str) -> int:
    feet = read_amount(match[number] or "")
    unit = match.get(f"{number}_unit") or match.get("b_unit") or "ft"
    if unit.startswith("m"):
        feet /= METRES_PER_FOOT
    if feet > 1000:
        raise ValueError("is longer than any boat")
    if feet < 5 and unit == "m" and not match.get("what"):
        raise ValueError("is shorter than any boat, so it means millions")
    return int((feet * 100).to_integral_value())


def _field(match: _Found) -> str:
    what = " ".join((match.get("what") or "length").split())
    return "air_draft" if what.startswith(("air", "bridge")) else _FIELDS[what]


def _size_most(match: _Found) -> _Bound:
    field, most = _field(match), _hundredths(match, "a")
    return _Bound(field, Span(None, most))


def _size_least(match: _Found) -> _Bound:
    field, least = _field(match), _hundredths(match, "a")
    return _Bound(field, Span(least, None))


def _sizes(match: _Found) -> _Bound:
    field = _field(match)
    first, last = sorted((_hundredths(match, "a"), _hundredths(match, "b")))
    return _Bound(field, Span(first, last))


def _size_about(match: _Found) -> _Bound:
    field, feet = _field(match), _hundredths(match, "a")
    if (match.get("a_unit") or "").startswith("m"):
        # Tenths of a metre are meant precisely; whole metres mean about half a metre either way.
        around = 33 if re.search(r"[.,]\d", match["a"] or "") else 164
        return _Bound(field, Span(feet - around, feet + around), is_about=True)
    return _Bound(field, Span(feet - _AROUND, feet + _AROUND), is_about=True)


def _size_exact_most(match: _Found) -> _Bound | None:
    """``draft 1.5 m``: a single draft or air draft is taken as a maximum."""
    if _field(match) in ("draft", "air_draft", "beam"):
        return _size_most(match)
    return _size_about(match)


def _bridge(match: _Found) -> _Bound:
    return _size_most(match | {"what": "air draft"})


def _hours(match: _Found) -> _Bound:
    hours = int(read_amount(match["a"] or ""))
    return _Bound("hours", Span(None, hours))


def _at_least(field: str) -> _Read:
    def read(match: _Found) -> _Bound:
        number = int(match["a"] or 0)
        return _Bound(field, Span(number, None))

    return read


def _rule(pattern: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    return re.compile(rf"(?<![\w.,]){pattern}(?!\w)"), read


def _money(number: str, digits: str) -> str:
    before, many, after = (f"{number}_{part}" for part in ("before", "many", "after"))
    return rf"{_CURRENCY.format(before)}\s?{digits}\s?{_MANY.format(many)}\s?{_MONEY.format(after)}"


_SIZE_A, _SIZE_B = rf"{_A}{_LENGTH.format('a_unit')}", rf"{_B}{_LENGTH.format('b_unit')}"
_SIZE_A_OPEN = rf"{_A}(?:{_LENGTH.format('a_unit')})?"

# More specific rules come first, and take their characters away from the others.
_RULES: tuple[tuple[re.Pattern[str], _Read], ...] = (
    _rule(rf"(?:between\s|from\s)?{_YEAR.format('a')}{_TO}{_YEAR.format('b')}", _years),
    _rule(rf"{_YEAR.format('a')}\s?(?:or|and)\s(?:newer|later|younger|up|after)", _year_on),
    _rule(rf"{_YEAR.format('a')}\s?(?:\+|onwards?)", _year_on),
    _rule(rf"(?:since|from|newer than or)\s{_YEAR.format('a')}", _year_on),
    _rule(rf"(?:newer than|younger than|after|later than|built after)\s{_YEAR.format('a')}", _year_after),
    _rule(rf"{_YEAR.format('a')}\s?(?:or|and)\s(?:older|earlier|before)", _year_until),
    _rule(rf"(?:before|older than|earlier than|pre[\s-]?)\s?{_YEAR.format('a')}", _year_before),
    _rule(r"(?P<a>(?:19|20)\d0)'?s", _decade),
    _rule(r"'?(?P<a>[3-9]0)'?s", _decade),
    _rule(rf"(?:fits?\s)?under\s(?:a\s|my\s|the\s)?{_SIZE_A}\s(?:high\s)?bridges?", _bridge),
    _rule(rf"(?:fits?\s)?(?:in\s|into\s)?(?:a\s|my\s)?{_SIZE_A}\s(?:slip|berth|mooring|dock|box)", _size_most),
    _rule(rf"{_SIZED}\s(?:of\s)?{_MOST}\s?{_SIZE_A_OPEN}", _size_most),
    _rule(rf"{_MOST}\s?{_SIZE_A_OPEN}\s?(?:of\s)?{_SIZED}", _size_most),
    _rule(rf"{_MOST}\s{_SIZED}\s(?:of\s)?{_SIZE_A_OPEN}", _size_most),
    _rule(rf"{_SIZED}\s(?:of\s)?{_LEAST}\s?{_SIZE_A_OPEN}", _size_least),
    _rule(rf"{_LEAST}\s?{_SIZE_A_OPEN}\s?(?:of\s)?{_SIZED}", _size_least),
    _rule(rf"{_SIZED}\s(?:of\s)?{_SIZE_A}", _size_exact_most),
    _rule(rf"{_SIZE_A}\s(?:of\s)?{_SIZED}", _size_exact_most),
    _rule(rf"(?:between\s|from\s)?{_SIZE_A_OPEN}{_TO}{_SIZE_B}", _sizes),
    _rule(rf"(?:{_MOST}|{_SHORTER})\s?{_SIZE_A}", _size_most),
    _rule(rf"(?:{_LEAST}|{_LONGER})\s?{_SIZE_A}", _size_least),
    _rule(rf"{_SIZE_A}\s?(?:or|and)\s(?:less|under|shorter|smaller)", _size_most),
    _rule(rf"{_SIZE_A}\s?(?:\+|(?:or|and)\s(?:more|over|longer|bigger|up))", _size_least),
    _rule(rf"(?:about\s|around\s|approx\.?\s|~\s?|ca\.?\s)?{_SIZE_A}", _size_about),
    _rule(rf"{_MOST}\s?{_A}\s?(?:engine\s)?(?:hours?|hrs?|h)", _hours),
    _rule(r"(?P<a>\d{1,2})\+?\s?(?:cabins?|staterooms?|bedrooms?)", _at_least("cabins")),
    _rule(r"(?P<a>\d{1,2})\+?\s?(?:berths?|bunks?)", _at_least("berths")),
    _rule(rf"(?:between\s|from\s)?{_money('a', _A)}{_TO}{_money('b', _B)}", _prices),
    _rule(rf"{_MOST}\s?{_money('a', _A)}", _price_most),
    _rule(rf"{_LEAST}\s?{_money('a', _A)}", _price_least),
    _rule(rf"{_money('a', _A)}\s(?:or|and)\s(?:less|under|cheaper)", _price_most),
    _rule(rf"{_money('a', _A)}\s?(?:max|maximum|budget)", _price_most),
)  # fmt: skip
