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
from ..listings.pricing import Rates, load_rates, money
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


_PART = r"(?:[½¼¾⅓⅔⅛⅜⅝⅞]|[ -]?[½¼¾⅓⅔⅛⅜⅝⅞]|[ -]\d{1,2}[/⁄]\d{1,2})"
_NUMBER = rf"(?:\d{{1,3}}(?:[.,' ]\d{{3}})+(?![\d])|\d{{1,9}}(?:[.,]\d{{1,2}}(?!\d)|{_PART})?)"
_CURRENCY = r"(?:(?:us|c|ca|a|au|nz|s|hk)?\$|[€£]|(?:usd|eur|euros?|gbp|cad|aud|nzd|sgd|chf|sek|nok|dkk|pln|czk)\b)"
_MONEY = rf"(?:{_CURRENCY}|dollars?\b|pounds?\b|bucks\b|zł|kč|kronor\b)"
_MANY = r"(?:k\b|tsd\b|thousand\b|grand\b|mio\b|mill(?:ion)?s?\b|mln\b|m\b)"
_FEET = r"(?:ft\b\.?|feet\b|foot\b|footer\b|pieds?\b|piedi\b|fuß\b|fuss\b|fot\b|voet\b|['′’])"
_INCHES = r"(?:inch(?:es)?\b|ins?\b\.?|''|[\"″”]|zoll\b|pouces?\b)"
# A lone "in" is a word: only at the end of what is said are there inches meant.
_INCHES_ALONE = (
    r"(?:inch(?:es)?\b|in\b\.?(?=\s*(?:$|[,;)]|or\b|and\b|max))|''|[\"″”]|zoll\b|pouces?\b)"
)
_METRES = r"(?:m\b|mtrs?\b|m[eèé]t(?:er|re)s?\b|metri\b|metros?\b)"
_SMALL = r"(?:cms?\b|centimet(?:er|re)s?\b|mm\b)"
_LENGTH = rf"(?:{_FEET}|{_METRES}|{_SMALL}|{_INCHES_ALONE})"
_MOST = (
    r"(?:(?<!not )(?<!no )(?:under|below|less than|cheaper than)|sub|up to|upto|max(?:imum)?\.?|at most|"
    r"no more than|not over|not above|not more than|no longer than|within|[<‹]=?|≤|=<|≦)"
)
_LEAST = (
    r"(?:(?<!not )(?<!no )(?:over|above|more than)|at least|min(?:imum)?\.?|starting at|from|not under|not below|"
    r"not less than|no less than|[>›]=?|≥|≧)"
)
_SHORTER, _LONGER = (
    r"(?<!not )(?<!no )(?:shorter than|smaller than)",
    r"(?<!not )(?<!no )(?:longer than|bigger than|larger than)",
)
_OR_LESS = r"(?:(?:or|and)\s(?:less|under|below|shorter|smaller|lower)|max(?:imum)?\.?(?!\w))"
_OR_MORE = (
    r"(?:\+|(?:or|and)\s(?:more|over|above|longer|bigger|larger|up)|plus\b|min(?:imum)?\.?(?!\w))"
)
_TO = r"\s?(?:-|–|—|to|and|until|till|bis)\s?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)\b(?!\s?(?:ft|feet|foot|'|m\b|k\b|h\b|hours?|hrs?))"
_SIZED = r"(?P<what>air\s?draf?t|air draught|bridge clearance|draft|draught|beam|width|length|loa)"
_OTHERS = (
    r"(?:lbs?|kgs?|kilos?|kilograms?|tons?|tonnes?|t|gal|gallons?|l|lit(?:er|re)s?|knots?|kts?|kn|mph|km/h|"
    r"volts?|amps?|ah|watts?|w)"
)
"""Units of what no filter counts: a bound in them is neither a price nor a length."""

_FIELDS = {
    "draft": "draft", "draught": "draft", "beam": "beam", "width": "beam", "length": "length", "loa": "length",
}  # fmt: skip
_SAYS_MONEY = re.compile(_MONEY)
_SAYS_MANY = re.compile(_MANY)

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
    """An amount in US cents; None if nothing shows that the number is money.

    Of ``20-30k €`` the first amount is in thousands of euros, too.
    """
    text, last = match[number] or "", match.get("b") or ""
    many = _SAYS_MANY.search(text)
    sign = _SAYS_MONEY.search(text)
    if not many and number == "a" and (many := _SAYS_MANY.search(last)):
        text = f"{text} {many[0]}"
    if not sign and (sign := _SAYS_MONEY.search(last)):
        text = f"{text} {sign[0]}"
    amount, currency = read_sum(text, currency="USD")
    if many and many[0] == "m" and not sign and amount >= 2_000_000:
        return None  # metres
    if needs_sign and not sign and not many and amount < 3000:
        return None
    return min(_rates().us_cents(money(amount, currency)), _LARGEST)


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
    if re.fullmatch(_METRES, match.get("a_unit") or ""):
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


def _at_least(field: str) -> _Read:
    def read(match: _Found) -> _Bound:
        number = int(match["a"] or 0)
        return _Bound(field, Span(number, None))

    return read


def _rule(pattern: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    return re.compile(rf"(?<![\w.,]){pattern}(?!\w)"), read


def _money(name: str) -> str:
    digits = (
        rf"{_NUMBER}(?!\s?(?:{_OTHERS}|km|nm|mi|miles?|hp|ps|kw|{_HOURS}|{_FEET}|{_SMALL})(?!\w))"
    )
    return rf"(?P<{name}>(?:{_CURRENCY}\s?)?{digits}(?:\s?{_MANY})?(?:\s?{_MONEY})?)"


def _size(name: str, *, is_open: bool = False) -> str:
    """A length with its unit; one that `is_open` may lack it, where words beside it say what it is."""
    inches = (
        rf"[\s,-]{{0,2}}\d{{1,2}}(?:[.,]\d|{_PART})?\s?{_INCHES}|(?<=['′’])\d{{1,2}}(?![\d\w.,])"
    )
    both = rf"\d{{1,3}}\s?{_FEET}(?:{inches})"
    unit = rf"(?:(?:-|\s)?(?P<{name}_unit>{_LENGTH}))"
    return rf"(?P<{name}>{both}|{_NUMBER}{unit}{'?' if is_open else ''})"


_HOURS = r"(?:hours?|hrs?|h)"
_A, _B, _A_OPEN = _size("a"), _size("b"), _size("a", is_open=True)
_WHOLE = rf"(?P<a>{_NUMBER})"
_PRICED = r"(?P<priced>price[ds]?|asking|budget)(?:\s(?:is|of|at))?\s?:?\s?"

# More specific groups and rules come first, and take their characters away from the others. Each group
# begins with what a text must have for any of its rules to match, which is found in one look.
_GROUPS: tuple[tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], _Read], ...]], ...] = (
    (re.compile(r"(?:19|20)\d\d"), (
        _rule(rf"(?:between\s|from\s)?{_YEAR.format('a')}{_TO}{_YEAR.format('b')}", _years),
        _rule(rf"{_YEAR.format('a')}\s?(?:or|and)\s(?:newer|later|younger|up|after)", _year_on),
        _rule(rf"{_YEAR.format('a')}\s?(?:\+|onwards?)", _year_on),
        _rule(rf"(?:since|from|newer than or|not before)\s{_YEAR.format('a')}", _year_on),
        _rule(rf"(?:not|no|nothing) (?:older|earlier) than\s{_YEAR.format('a')}", _year_on),
        _rule(rf"(?:not|no|nothing) (?:newer|younger|later) than\s{_YEAR.format('a')}", _year_until),
        _rule(rf"not after\s{_YEAR.format('a')}", _year_until),
        _rule(rf"(?:newer than|younger than|after|later than|built after)\s{_YEAR.format('a')}", _year_after),
        _rule(rf"{_YEAR.format('a')}\s?(?:or|and)\s(?:older|earlier|before)", _year_until),
        _rule(rf"(?:before|older than|earlier than|pre[\s-]?)\s?{_YEAR.format('a')}", _year_before),
        _rule(rf"(?:year|built)\s?(?:>=|›=|≥|from|min)\s?{_YEAR.format('a')}", _year_on),
        _rule(rf"(?:year|built)\s?(?:<=|‹=|≤|up to|max)\s?{_YEAR.format('a')}", _year_until),
        _rule(rf"(?:year|built)\s?[>›]\s?{_YEAR.format('a')}", _year_after),
        _rule(rf"(?:year|built)\s?[<‹]\s?{_YEAR.format('a')}", _year_before),
    )),
    (re.compile(r"0'?s"), (
        _rule(r"(?P<a>(?:19|20)\d0)'?s", _decade),
        _rule(r"'?(?P<a>[3-9]0)'?s", _decade),
    )),
    (re.compile(r"bridge|slip|berth|mooring|dock|box"), (
        _rule(rf"(?:fits?\s)?under\s(?:a\s|my\s|the\s)?{_A}\s(?:high\s)?bridges?", _bridge),
        _rule(rf"(?:fits?\s)?(?:in\s|into\s)?(?:a\s|my\s)?{_A}\s(?:slip|berth|mooring|dock|box)", _size_most),
    )),
    (re.compile(r"draf|draug|beam|width|length|loa|clearance"), (
        _rule(rf"{_SIZED}:?\s?(?:of\s|is\s)?{_MOST}\s?{_A_OPEN}", _size_most),
        _rule(rf"{_MOST}\s?{_A_OPEN}\s?(?:of\s)?{_SIZED}", _size_most),
        _rule(rf"{_MOST}\s{_SIZED}\s(?:of\s)?{_A_OPEN}", _size_most),
        _rule(rf"{_SIZED}:?\s?(?:of\s|is\s)?{_LEAST}\s?{_A_OPEN}", _size_least),
        _rule(rf"{_LEAST}\s?{_A_OPEN}\s?(?:of\s)?{_SIZED}", _size_least),
        _rule(rf"{_LEAST}\s{_SIZED}\s(?:of\s)?{_A_OPEN}", _size_least),
        _rule(rf"{_SIZED}\s(?:of\s)?{_A_OPEN}\s?{_OR_LESS}", _size_most),
        _rule(rf"{_SIZED}\s(?:of\s)?{_A_OPEN}\s?{_OR_MORE}", _size_least),
        _rule(rf"{_SIZED}:?\s(?:of\s)?{_A}", _size_exact_most),
        _rule(rf"{_A}\s(?:of\s)?{_SIZED}", _size_exact_most),
    )),
    (re.compile(rf"\d\s?{_OTHERS}\b"), (
        _rule(rf"(?:{_MOST}|{_LEAST})\s?{_WHOLE}\s?{_OTHERS}", _not_searched),
    )),
    (re.compile(rf"[\d½¼¾⅓⅔⅛⅜⅝⅞][+.,]?[-\s]?\+?\s?{_LENGTH}"), (
        _rule(rf"(?:between\s|from\s)?{_A_OPEN}{_TO}{_B}", _sizes),
        _rule(rf"(?:{_MOST}|{_SHORTER})\s?{_A}", _size_most),
        _rule(rf"(?:{_LEAST}|{_LONGER}|not shorter than|no shorter than)\s?{_A}", _size_least),
        _rule(rf"{_A}\s?{_OR_LESS}", _size_most),
        _rule(rf"{_WHOLE}\+\s?(?P<b_unit>{_LENGTH})", _size_least),
        _rule(rf"{_A}\s?{_OR_MORE}", _size_least),
        _rule(rf"(?:about\s|around\s|approx\.?\s|~\s?|ca\.?\s)?{_A}", _size_about),
    )),
    (re.compile(r"\d\s?h|hour|hr"), (
        _rule(rf"{_MOST}\s?{_WHOLE}\s?(?:engine\s)?{_HOURS}", _hours),
        _rule(rf"{_WHOLE}\s?(?:engine\s)?{_HOURS}\s?{_OR_LESS}", _hours),
    )),
    (re.compile(r"cabin|room|berth|bunk"), (
        _rule(r"(?P<a>\d{1,2})\+?\s?(?:cabins?|staterooms?|bedrooms?)", _at_least("cabins")),
        _rule(r"(?P<a>\d{1,2})\+?\s?(?:berths?|bunks?)", _at_least("berths")),
    )),
    (re.compile(rf"\d{{4}}|\d[.,\' ]\d{{3}}|\d\s?{_MANY}|{_MONEY}|{_PRICED}"), (
        _rule(rf"(?:{_PRICED})?(?:between\s|from\s)?{_money('a')}{_TO}{_money('b')}", _prices),
        _rule(rf"(?:{_PRICED})?{_MOST}\s?{_money('a')}", _price_most),
        _rule(rf"(?:{_PRICED})?{_LEAST}\s?{_money('a')}", _price_least),
        _rule(rf"{_money('a')}\s(?:or|and)\s(?:less|under|below|cheaper)", _price_most),
        _rule(rf"{_money('a')}\s?(?:\+|(?:or|and)\s(?:more|over|up))", _price_least),
        _rule(rf"{_money('a')}\s?(?:max|maximum|budget)", _price_most),
        _rule(rf"{_PRICED}{_money('a')}", _price_most),
        _rule(rf"{_money('a')}", _price_in_currency),
    )),
)  # fmt: skip
