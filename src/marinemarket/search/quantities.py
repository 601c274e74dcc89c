"""Quantities in queries: ``under 50k``, ``32ft``, ``9.8 m``, ``2015 or newer``, ``30-35 ft``.

Each rule reads one notation, and gives a span of one field in the index's own units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ..figures.hours import read_hours
from ..figures.lengths import read_feet
from ..figures.money import read_sum
from ..figures.power import read_horsepower
from ..figures.writing import Ambiguous
from ..listings.pricing import Rates, load_rates, money
from .bound_labels import figure_label
from .index import Span
from .quantity_patterns import (
    HORSEPOWER,
    HOURS,
    LEAST,
    LENGTH,
    LONGER,
    MANY,
    MANY_ELSEWHERE,
    METRES,
    MONEY,
    MOST,
    NO_OTHER_FIGURE,
    OPEN_HORSEPOWER,
    OPEN_SIZE,
    OR_LESS,
    OR_MORE,
    OTHER_HORSEPOWER,
    OTHER_SIZE,
    OTHERS,
    POWER,
    PRICED,
    SHORTER,
    SIZE,
    SIZED,
    TO,
    TO_AFTER_ONE,
    WHOLE,
    YEAR,
    YEAR_ALONE,
    amount_of_money,
)

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


_FIELDS = {
    "draft": "draft", "draught": "draft", "beam": "beam", "width": "beam", "length": "length", "loa": "length",
}  # fmt: skip
_SAYS_MONEY = re.compile(MONEY)
_SAYS_MANY = re.compile(MANY)
_SAYS_MANY_ELSEWHERE = re.compile(MANY_ELSEWHERE)

NOT_SEARCHED = ""
"""The field of a figure that no filter has."""

_Found = dict[str, str | None]


class _Bound(NamedTuple):
    field: str
    span: Span
    is_about: bool = False


_DIGIT = re.compile(r"[\d½¼¾⅓⅔⅛⅜⅝⅞]")
_Read = Callable[[_Found], _Bound | None]


def figures_in(text: str) -> list[Figure]:
    """The quantities in a text, in order and without overlap."""
    lowered = text.casefold()
    if len(lowered) != len(text):  # a letter that folds into two would shift all that follows
        lowered = text.lower() if len(text.lower()) == len(text) else text
    found: list[Figure] = []
    if not _DIGIT.search(lowered):
        return found
    for has_any, rules in _GROUPS:
        if has_any.search(lowered):
            for pattern, read in rules:
                _add(found, pattern, read, lowered)
    return sorted(found, key=lambda one: one.start)


def _add(found: list[Figure], pattern: re.Pattern[str], read: _Read, text: str) -> None:
    """What one rule reads in a text, apart from the characters that others have read."""
    for match in pattern.finditer(text):
        if any(match.start() < one.end and one.start < match.end() for one in found):
            continue
        try:
            meant = read(match.groupdict())
        except Ambiguous:
            meant = _not_searched(match.groupdict())
        except ValueError:
            continue
        if meant is not None:
            found.append(Figure(match.start(), match.end(), *meant))


def _years(match: _Found) -> _Bound:
    first, last = sorted((int(match["a"] or 0), int(match["b"] or 0)))
    return _Bound("year", Span(first, last))


def _year_on(match: _Found) -> _Bound:
    return _Bound("year", Span(int(match["a"] or 0), None))


def _year_after(match: _Found) -> _Bound:
    return _Bound("year", Span(int(match["a"] or 0) + 1, None))


def _year_until(match: _Found) -> _Bound:
    return _Bound("year", Span(None, int(match["a"] or 0)))


def _year_before(match: _Found) -> _Bound:
    return _Bound("year", Span(None, int(match["a"] or 0) - 1))


def _decade(match: _Found) -> _Bound:
    first = int(match["a"] or 0)
    if first < 100:
        first += 1900 if first >= 30 else 2000
    return _Bound("year", Span(first, first + 9))


def _cents(match: _Found, number: str, *, needs_sign: bool = True) -> int | None:
    """An amount in US cents; None if nothing shows that the number is money.

    Both ends of a range are in the currency that either names, and of ``20-30k €`` the first is in
    thousands, too. Raises Ambiguous if it stays open how many dollars are meant.
    """
    text, other = match[number] or "", match.get("b" if number == "a" else "a") or ""
    many = _SAYS_MANY.search(text)
    sign = _SAYS_MONEY.search(text)
    least = 0 if sign or many else 3000
    if not many and number == "a" and (many := _SAYS_MANY.search(other)):
        text, least = f"{text} {many[0]}", 0
    if not sign and (sign := _SAYS_MONEY.search(other)):
        text, least = f"{text} {sign[0]}", min(least, 1000 if number == "b" else 0)
    if many and not sign and _SAYS_MANY_ELSEWHERE.fullmatch(many[0]):
        raise Ambiguous("names no currency")
    amount, currency = read_sum(text, currency="USD")
    if many and many[0] == "m" and not sign and amount >= 2_000_000:
        return None  # metres
    if needs_sign and amount < least:
        return None
    try:
        return min(_rates().us_cents(money(amount, currency)), _LARGEST)
    except ValueError:
        raise Ambiguous("is in a currency without a rate") from None


@cache
def _rates() -> Rates:
    return load_rates()


def _price_most(match: _Found) -> _Bound | None:
    cents = _cents(match, "a", needs_sign=not match.get("priced"))
    return _Bound("price", Span(None, cents)) if cents else None


def _price_least(match: _Found) -> _Bound | None:
    cents = _cents(match, "a", needs_sign=not match.get("priced"))
    return _Bound("price", Span(cents, None)) if cents else None


def _price_in_currency(match: _Found) -> _Bound | None:
    """``30 000 euros``: an amount of money alone is what somebody would spend at the most."""
    return _price_most(match) if _SAYS_MONEY.search(match["a"] or "") else None


def _not_searched(match: _Found) -> _Bound:
    """``under 8,000 lbs``: no filter has it, and it is no price."""
    return _Bound(NOT_SEARCHED, Span(None, None))


def _prices(match: _Found) -> _Bound | None:
    first, last = _cents(match, "a"), _cents(match, "b")
    if first is None or last is None:
        return None
    first, last = sorted((first, last))
    return _Bound("price", Span(first, last))


def _hundredths(match: _Found, number: str) -> int:
    text = match[number] or ""
    unit = match.get(f"{number}_unit") or match.get("b_unit") or ""
    if not match.get(f"{number}_unit"):
        text = f"{text} {unit}"
    feet = read_feet(text)
    if feet > 1000:
        raise ValueError("is longer than any boat")
    if feet < 5 and not match.get("what"):
        raise ValueError("is shorter than any boat, so it means millions, or is something aboard")
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
    around = _AROUND
    if re.fullmatch(METRES, match.get("a_unit") or ""):
        # Tenths of a metre are meant precisely; whole metres mean about half a metre either way.
        around = 33 if re.search(r"\d[.,]\d", match["a"] or "") else 164
    return _Bound(field, Span(feet - around, feet + around), is_about=True)


def _size_exact_most(match: _Found) -> _Bound | None:
    """``draft 1.5 m``: a single draft or air draft is taken as a maximum."""
    if _field(match) in ("draft", "air_draft", "beam"):
        return _size_most(match)
    return _size_about(match)


def _bridge(match: _Found) -> _Bound:
    return _size_most(match | {"what": "air draft"})


def _hours(match: _Found) -> _Bound:
    return _Bound("hours", Span(None, read_hours(match["a"] or "")))


def _tenths(match: _Found, number: str) -> int:
    text = match[number] or ""
    if not match.get(f"{number}_unit") and (unit := match.get("b_unit")):
        text = f"{text} {unit}"
    return int((read_horsepower(text) * 10).to_integral_value())


def _power_most(match: _Found) -> _Bound:
    return _Bound("total_power", Span(None, _tenths(match, "a")))


def _power_least(match: _Found) -> _Bound:
    return _Bound("total_power", Span(_tenths(match, "a"), None))


def _powers(match: _Found) -> _Bound:
    first, last = sorted((_tenths(match, "a"), _tenths(match, "b")))
    return _Bound("total_power", Span(first, last))


def _power_about(match: _Found) -> _Bound:
    """``twin 300 hp``: engines are named by the power of each; PS and kilowatts are rounded."""
    tenths = _tenths(match, "a")
    around = max(5, tenths * 3 // 100)
    return _Bound("power", Span(tenths - around, tenths + around), is_about=True)


def _at_least(field: str) -> _Read:
    def read(match: _Found) -> _Bound:
        return _Bound(field, Span(int(match["a"] or 0), None))

    return read


def _rule(pattern: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    return re.compile(rf"(?<![\w.,]){pattern}(?!\w)"), read


# More specific groups and rules come first, and take their characters away from the others. Each group
# begins with what a text must have for any of its rules to match, which is found in one look.
_GROUPS: tuple[tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], _Read], ...]], ...] = (
    (re.compile(r"(?:19|20)\d\d"), (
        _rule(rf"(?:between\s|from\s)?{YEAR.format('a')}{TO}{YEAR.format('b')}", _years),
        _rule(rf"{YEAR.format('a')}\s?(?:or|and)\s(?:newer|later|younger|up|after)", _year_on),
        _rule(rf"{YEAR.format('a')}\s?(?:\+|onwards?)", _year_on),
        _rule(rf"(?:since|from|newer than or|not before)\s{YEAR.format('a')}", _year_on),
        _rule(rf"(?:not|no|nothing) (?:older|earlier) than\s{YEAR.format('a')}", _year_on),
        _rule(rf"(?:not|no|nothing) (?:newer|younger|later) than\s{YEAR.format('a')}", _year_until),
        _rule(rf"not after\s{YEAR.format('a')}", _year_until),
        _rule(rf"(?:newer than|younger than|after|later than|built after)\s{YEAR.format('a')}", _year_after),
        _rule(rf"{YEAR.format('a')}\s?(?:or|and)\s(?:older|earlier|before)", _year_until),
        _rule(rf"(?:before|older than|earlier than|pre[\s-]?)\s?{YEAR.format('a')}", _year_before),
        _rule(rf"(?:year|built)\s?(?:>=|›=|≥|from|min)\s?{YEAR.format('a')}", _year_on),
        _rule(rf"(?:year|built)\s?(?:<=|‹=|≤|up to|max)\s?{YEAR.format('a')}", _year_until),
        _rule(rf"{NO_OTHER_FIGURE}(?:[>›]=|≥|≧)\s?{YEAR_ALONE}", _year_on),
        _rule(rf"{NO_OTHER_FIGURE}(?:[<‹]=|≤|≦)\s?{YEAR_ALONE}", _year_until),
        _rule(rf"{NO_OTHER_FIGURE}(?:(?:year|built)\s?)?[>›]\s?{YEAR_ALONE}", _year_after),
        _rule(rf"{NO_OTHER_FIGURE}(?:(?:year|built)\s?)?[<‹]\s?{YEAR_ALONE}", _year_before),
    )),
    (re.compile(r"0'?s"), (
        _rule(r"(?P<a>(?:19|20)\d0)'?s", _decade),
        _rule(r"'?(?P<a>[3-9]0)'?s", _decade),
    )),
    (re.compile(r"bridge|slip|berth|mooring|dock|box"), (
        _rule(rf"(?:fits?\s)?under\s(?:a\s|my\s|the\s)?{SIZE}\s(?:high\s)?bridges?", _bridge),
        _rule(rf"(?:fits?\s)?(?:in\s|into\s)?(?:a\s|my\s)?{SIZE}\s(?:slip|berth|mooring|dock|box)", _size_most),
    )),
    (re.compile(r"draf|draug|beam|width|length|loa|clearance"), (
        _rule(rf"{SIZED}:?\s?(?:of\s|is\s)?between\s{OPEN_SIZE}{TO}{OTHER_SIZE}", _sizes),
        _rule(rf"{SIZED}:?\s?(?:of\s|is\s)?(?:from\s)?{OPEN_SIZE}{TO_AFTER_ONE}{OTHER_SIZE}", _sizes),
        _rule(rf"between\s{OPEN_SIZE}{TO}{OTHER_SIZE}\s?(?:of\s)?{SIZED}", _sizes),
        _rule(rf"{SIZED}:?\s?(?:of\s|is\s)?{MOST}\s?{OPEN_SIZE}", _size_most),
        _rule(rf"{MOST}\s?{OPEN_SIZE}\s?(?:of\s)?{SIZED}", _size_most),
        _rule(rf"{MOST}\s{SIZED}\s(?:of\s)?{OPEN_SIZE}", _size_most),
        _rule(rf"{SIZED}:?\s?(?:of\s|is\s)?{LEAST}\s?{OPEN_SIZE}", _size_least),
        _rule(rf"{LEAST}\s?{OPEN_SIZE}\s?(?:of\s)?{SIZED}", _size_least),
        _rule(rf"{LEAST}\s{SIZED}\s(?:of\s)?{OPEN_SIZE}", _size_least),
        _rule(rf"{SIZED}\s(?:of\s)?{OPEN_SIZE}\s?{OR_LESS}", _size_most),
        _rule(rf"{SIZED}\s(?:of\s)?{OPEN_SIZE}\s?{OR_MORE}", _size_least),
        _rule(rf"{SIZED}:?\s(?:of\s)?{SIZE}", _size_exact_most),
        _rule(rf"{SIZE}\s(?:of\s)?{SIZED}", _size_exact_most),
    )),
    (re.compile(rf"\d[\s+-]{{0,2}}{POWER}\b"), (
        _rule(rf"(?:between\s|from\s)?{OPEN_HORSEPOWER}{TO}{OTHER_HORSEPOWER}", _powers),
        _rule(rf"{MOST}\s?{HORSEPOWER}", _power_most),
        _rule(rf"{LEAST}\s?{HORSEPOWER}", _power_least),
        _rule(rf"{HORSEPOWER}\s?{OR_LESS}", _power_most),
        _rule(rf"{HORSEPOWER}\s?{OR_MORE}", _power_least),
        _rule(rf"{WHOLE}\+\s?(?P<b_unit>{POWER})", _power_least),
        _rule(rf"(?:\d\s?[x×]\s?)?{HORSEPOWER}", _power_about),
    )),
    (re.compile(rf"\d\s?{OTHERS}\b"), (
        _rule(rf"(?:{MOST}|{LEAST})\s?{WHOLE}\s?{OTHERS}", _not_searched),
    )),
    (re.compile(rf"[\d½¼¾⅓⅔⅛⅜⅝⅞][+.,]?[-\s]?\+?\s?{LENGTH}"), (
        _rule(rf"(?:between\s|from\s)?{OPEN_SIZE}{TO}{OTHER_SIZE}", _sizes),
        _rule(rf"(?:{MOST}|{SHORTER})\s?{SIZE}", _size_most),
        _rule(rf"(?:{LEAST}|{LONGER}|not shorter than|no shorter than)\s?{SIZE}", _size_least),
        _rule(rf"{SIZE}\s?{OR_LESS}", _size_most),
        _rule(rf"{WHOLE}\+\s?(?P<b_unit>{LENGTH})", _size_least),
        _rule(rf"{SIZE}\s?{OR_MORE}", _size_least),
        _rule(rf"(?:about\s|around\s|approx\.?\s|~\s?|ca\.?\s)?{SIZE}", _size_about),
    )),
    (re.compile(r"\d\s?h|hour|hr"), (
        _rule(rf"{MOST}\s?{WHOLE}\s?(?:engine\s)?{HOURS}", _hours),
        _rule(rf"{WHOLE}\s?(?:engine\s)?{HOURS}\s?{OR_LESS}", _hours),
    )),
    (re.compile(r"cabin|room|berth|bunk"), (
        _rule(r"(?P<a>\d{1,2})\+?\s?(?:cabins?|staterooms?|bedrooms?)", _at_least("cabins")),
        _rule(r"(?P<a>\d{1,2})\+?\s?(?:berths?|bunks?)", _at_least("berths")),
    )),
    (re.compile(rf"\d{{4}}|\d[.,\' ]\d{{3}}|\d\s?{MANY}|{MONEY}|{PRICED}"), (
        _rule(rf"(?:{PRICED})?(?:between\s|from\s)?{amount_of_money('a')}{TO}{amount_of_money('b')}", _prices),
        _rule(rf"(?:{PRICED})?{MOST}\s?{amount_of_money('a')}", _price_most),
        _rule(rf"(?:{PRICED})?{LEAST}\s?{amount_of_money('a')}", _price_least),
        _rule(rf"{amount_of_money('a')}\s(?:or|and)\s(?:less|under|below|cheaper)", _price_most),
        _rule(rf"{amount_of_money('a')}\s?(?:\+|(?:or|and)\s(?:more|over|up))", _price_least),
        _rule(rf"{amount_of_money('a')}\s?(?:max|maximum|budget)", _price_most),
        _rule(rf"{PRICED}{amount_of_money('a')}", _price_most),
        _rule(rf"{amount_of_money('a')}", _price_in_currency),
    )),
)  # fmt: skip
