"""Sums of money: ``12.500``, ``50k``, ``EUR 45.000,-``, ``$45,000 CAD``.

One mark before three digits parts thousands: no price has three decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ..i18n.texts import gettext as _
from .currencies import (
    NAMES,
    OWNERS,
    REMARKS,
    SHARED,
    WORDS_OF_SHARED,
    codes,
    currency_in,
    currency_of_shared,
)
from .numbers import read_number, read_quantity
from .writing import IN_FILE, TYPED, Ambiguous, Writing, plain

_FACTORS = (
    (r"k|tsd|td|tys|thousand|grand|тыс", Decimal(1000)),
    (r"mm|mio|mill|mln|million(?:en|es|s|i|e)?|millones|milion[iy]?|млн|m", Decimal(10**6)),
    (r"lakhs?", Decimal(10**5)),
    (r"crores?|cr", Decimal(10**7)),
)
_MANY = "|".join(names for names, _factor in _FACTORS)
_AMOUNT = rf"(?P<digits>\d[\d ',.]*)(?:(?:[:]?-{{1,2}}|=|:)|(?: ?(?P<many>万|(?:{_MANY})(?![^\W\d_]|\.k))\.?))?"
_ONLY_AMOUNT = re.compile(_AMOUNT, re.IGNORECASE)
_PRICE = re.compile(rf"(?P<before>[^\d-]*?){_AMOUNT}(?P<after>\D*)", re.IGNORECASE)
_PREFIX = r"US|USA|U|AUS|AU|A|CAN|CDN|CA|C|NZ|SIN|SG|S|HK|NT|MX|FJ|J|TT|BZ|EC|BDS|B|CI|R"
_EXPONENT = re.compile(r"(?<![\d.,])\d(?:[.,]\d{1,15})?[eE]\+\d{1,2}(?![\d.,])")
"""As programs write a large number; a spreadsheet that shows ``4.53E+04`` rounded it to three digits."""
_ROUNDED = re.compile(r"\d[.,]\d\dE\+\d\d")
_WORD = re.compile(
    rf"(?<![^\W\d_])(?:{_PREFIX}) ?\$|\$ ?(?:USA?|AUS?|A|CAN?|CDN|C|NZ|SG|HK)(?![^\W\d_])|\$"
    r"|(?:JP|CN)?[¥￥]|[€£₺₽₴₹₩₪₫฿₱₦₸₾₼₲]|[^\W\d_]+(?:\.[^\W\d_]+)*"
)


class Sum(NamedTuple):
    """An amount in whole units of a currency, which is named by its three letters."""

    amount: Decimal
    currency: str


def read_amount(text: str, *, written: Writing = TYPED) -> Decimal:
    """An amount without a currency: ``12.500``, ``45'000.-``, ``50k``, ``1,2 Mio``. Raises ValueError."""
    found = _ONLY_AMOUNT.fullmatch(_plain(text))
    if found is None:
        try:
            return read_quantity(text, written=written)  # a spreadsheet's 4.5E+4
        except ValueError:
            raise ValueError(_("is not a number")) from None
    return _amount(found, written)


def read_sum(
    text: str, *, country: str | None = None, currency: str | None = None, written: Writing = TYPED
) -> Sum:
    """A price as people write it: ``£ 12,500``, ``45 000 € TTC``, ``450 000 kr``.

    `currency` is that of a price that names none, as the head of a column says. ``$``, ``kr`` and ``¥``
    are those of `currency` or else of `country`, by its two letters. Raises Ambiguous if neither tells
    which, ValueError for anything else that is no single price.

    >>> read_sum("$45,000 CAD")
    Sum(amount=Decimal('45000'), currency='CAD')
    """
    text = _plain(text)
    if written.exponents:
        text = _EXPONENT.sub(_without_exponent, text)
    found = _PRICE.fullmatch(text)
    if found is None:
        raise ValueError(_("names no amount, or several"))
    named = _WORD.findall(f"{found['before']} {found['after']}".upper())
    return Sum(_amount(found, written), _currency_of(named, country, currency))


def _without_exponent(found: re.Match[str]) -> str:
    if _ROUNDED.fullmatch(found[0]):
        message = _(
            "was rounded by a spreadsheet: show its column as plain numbers, and save again"
        )
        raise Ambiguous(message)
    return f"{read_quantity(found[0], written=IN_FILE):f}"


def _plain(text: str) -> str:
    try:
        return plain(text)
    except ValueError:
        raise ValueError(_("is too long to be a price")) from None


def _amount(found: re.Match[str], written: Writing) -> Decimal:
    digits, many = found["digits"].strip().rstrip(".,' "), (found["many"] or "").casefold()
    try:
        amount = (read_number if many else read_quantity)(digits, written=written)
    except Ambiguous:
        raise
    except ValueError:
        raise ValueError(_("is not a number")) from None
    if many == "万":
        return amount * 10**4
    if many:
        return amount * next(factor for names, factor in _FACTORS if re.fullmatch(names, many))
    if amount != round(amount, 2):
        raise ValueError(_("has more than two decimals: write it with cents at the most"))
    return amount


def _currency_of(named: list[str], country: str | None, assumed: str | None) -> str:
    words = [word.replace(" ", "").replace(".", "") for word in named]
    words = [WORDS_OF_SHARED.get(word, word) for word in words if word not in REMARKS]
    shared = {word for word in words if word in SHARED}
    has_owner = bool(shared) or any(word in NAMES for word in words)
    meant, unknown = set(), []
    for word in words:
        if code := _currency_named(word, has_owner):
            meant.add(code)
        elif word not in SHARED:
            unknown.append(word)
    if unknown or len(meant) > 1:
        raise _no_single(sorted(set(unknown)) or sorted(meant))
    if not shared:
        if not meant and assumed is None:
            raise ValueError(
                _("names no currency: write its three letters, such as EUR, beside it")
            )
        return meant.pop() if meant else assumed or ""
    code = meant.pop() if meant else None
    if len(shared) > 1 or (code and not all(code in SHARED[sign] for sign in shared)):
        raise _no_single(sorted(shared | ({code} if code else set())))
    return code or _owned(shared.pop(), country, assumed)


def _currency_named(word: str, has_owner: bool) -> str | None:
    if has_owner and word in OWNERS:
        return OWNERS[word]
    if word in SHARED:
        return None
    return NAMES.get(word) or (word if word in codes() else None)


def _owned(sign: str, country: str | None, assumed: str | None) -> str:
    if assumed in SHARED[sign]:
        return assumed or ""
    if code := currency_of_shared(sign, country):
        return code
    if sign == "KR":
        raise Ambiguous(_("is in crowns, but does not say of which country"))
    example = country and currency_in(country)
    if sign == "$":
        raise Ambiguous(
            _(
                "is in dollars, but does not say whose: write USD or %(other)s beside it",
                other=example or "CAD",
            )
        )
    raise Ambiguous(
        _("names a currency of several countries (%(sign)s): write its three letters", sign=sign)
    )


def _no_single(named: list[str]) -> ValueError:
    return ValueError(_("names no single known currency (%(named)s)", named=" ".join(named)))


def read_dollars(text: str) -> int:
    """US cents, of dollars in a field that asks for them: ``12.500``, ``$12,500.50``, ``50k``. Raises ValueError."""
    try:
        found = read_sum(text, currency="USD")
    except Ambiguous:
        raise
    except ValueError:
        raise ValueError(_("write dollars in digits, such as 12500")) from None
    if found.currency != "USD":
        raise ValueError(_("write US dollars, not %(currency)s", currency=found.currency))
    return int(found.amount * 100)


def typed_dollars(cents: int) -> str:
    """US cents as one types dollars: ``12500``, ``12500.50``."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
