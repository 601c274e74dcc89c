"""Numbers, sums of money and measures in the site's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from babel.lists import format_list
from babel.numbers import format_compact_currency, format_decimal, format_percent, parse_pattern

from .texts import language, locale

_DECIMALS = re.compile(r"\.0+")
_LETTER_AT_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_REMEMBERED = 8192
"""How many formatted numbers are cached: a page has about a hundred, and Babel is slow."""


def whole(number: int) -> str:
    """``1,204``."""
    return _whole(number, language())


def decimal(number: Decimal, places: int, *, least: int | None = None) -> str:
    """A number with `places` decimals; with `least`, trailing zeros beyond that many are dropped.

    >>> decimal(Decimal("9.906"), 2), decimal(Decimal("10"), 1, least=0)
    ('9.91', '10')
    """
    return _decimal(number, places, places if least is None else least, language())


def percent(number: int) -> str:
    """``15%``, of 15."""
    return format_percent(Decimal(number) / 100, locale=locale())


def dollars(cents: int) -> str:
    """``$1,250,000``: in whole dollars, as boats are priced; the API has the cents."""
    return money((cents + 50) // 100, "USD")


def money(units: int | Decimal, currency: str) -> str:
    """A sum in whole units of a currency: ``€63,950``, ``DKK 2,999,000``."""
    return _money(units, currency, language())


def compact_money(units: int, currency: str) -> str:
    """A sum for a marker on the map: ``$45K``, ``$1.2M``."""
    digits = 1 if units >= 1_000_000 else 0
    return format_compact_currency(units, currency, locale=locale(), fraction_digits=digits)


def listed(texts: Iterable[str]) -> str:
    """``sloop, ketch, and yawl``: a list joined as the language does."""
    return format_list(list(texts), locale=locale())


# The language is part of each cache key, so that none is shown another language's format.


@lru_cache(_REMEMBERED)
def _whole(number: int, language: str) -> str:
    return format_decimal(number, locale=locale())


@lru_cache(_REMEMBERED)
def _decimal(number: Decimal, places: int, least: int, language: str) -> str:
    pattern = "#,##0." + "0" * least + "#" * (places - least)
    return format_decimal(number, format=pattern, locale=locale())


@lru_cache(_REMEMBERED)
def _money(units: int | Decimal, currency: str, language: str) -> str:
    standard = locale().currency_formats["standard"].pattern
    pattern = parse_pattern(_DECIMALS.sub("", standard))
    text = pattern.apply(units, locale(), currency=currency, currency_digits=False)
    return _LETTER_AT_DIGIT.sub(" ", text)
