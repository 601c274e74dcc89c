"""Money: reading what people write as a price, and turning every currency into US cents."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib import resources
from pathlib import Path

from ..errors import FieldError, Invalid
from .listing import Money

_SYMBOLS = {
    "£": "GBP", "€": "EUR", "$": "USD", "US$": "USD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD", "¥": "JPY",
    "KR": "DKK", "SFR": "CHF", "FR": "CHF", "ZŁ": "PLN", "₺": "TRY",
}  # fmt: skip
_WITHOUT_CENTS = frozenset({"JPY", "ISK", "KRW", "CLP", "VND"})
_AMOUNT = r"\d[\d\s.,'’]*"
_PRICE = re.compile(rf"(?P<before>[^\d-]*?)\s*(?P<amount>{_AMOUNT})\s*(?P<after>[^\d]*)")
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")


def read_price(text: str) -> Money:
    """``EUR 63950``, ``£ 12,500`` or ``1'250'000 CHF`` as money. Raises ValueError saying why not.

    >>> read_price("EUR 63950")
    Money(amount=6395000, currency='EUR')
    """
    found = _PRICE.fullmatch(text.strip())
    if not found:
        raise ValueError("names no amount")
    said = (found["before"] or found["after"]).strip().upper()
    currency = _SYMBOLS.get(said, said)
    if not _CURRENCY_CODE.fullmatch(currency):
        raise ValueError(f"names no currency that we know ({said or 'none'})")
    return money(read_amount(found["amount"]), currency)


def read_amount(text: str) -> Decimal:
    """A number as people of any country part it: ``1.250,00``, ``1,250.00``, ``1'250``."""
    digits = re.sub(r"[\s'’]", "", text)
    separators = [sign for sign in digits if sign in ".,"]
    if separators:
        last = separators[-1]
        decimals = len(digits) - digits.rindex(last) - 1
        # 1.250 and 1,250 are thousands; 12.50 is not. Mixed signs: the last parts the cents.
        if decimals == 3 and len(set(separators)) == 1:
            digits = digits.replace(last, "")
        elif separators.count(last) > 1:
            raise ValueError("is written with separators that make no number")
        else:
            other = "," if last == "." else "."
            digits = digits.replace(other, "").replace(last, ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise ValueError("is no number") from None


def money(amount: Decimal, currency: str) -> Money:
    """An amount of whole units as money, counted in the currency's smallest unit."""
    places = 0 if currency in _WITHOUT_CENTS else 2
    return Money(amount=_whole(amount.scaleb(places)), currency=currency)


def units_of(sum: Money) -> Decimal:
    """Money as an amount of whole units: 6395000 cents are 63950 euros."""
    return Decimal(sum.amount).scaleb(0 if sum.currency in _WITHOUT_CENTS else -2)


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of each currency one euro bought, on one day."""

    date: date
    per_euro: dict[str, Decimal]

    def us_cents(self, sum: Money) -> int:
        """A sum in US cents, rounded half up. Raises ValueError for a currency without a rate."""
        rate = self.per_euro.get(sum.currency)
        if rate is None:
            raise ValueError(f"is in {sum.currency}, for which the rates of {self.date} have none")
        return _whole(units_of(sum) * 100 * self.per_euro["USD"] / rate)


def load_rates(path: Path | None = None) -> Rates:
    """The rates of a file, or our own. Raises Invalid when the file is not of that shape."""
    source = path or resources.files(__package__) / "rates.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        rates = {name: Decimal(str(rate)) for name, rate in table["per_euro"].items()}
        day = table["date"]
    except (OSError, KeyError, AttributeError, tomllib.TOMLDecodeError, InvalidOperation) as error:
        raise Invalid([FieldError("rates", f"cannot be read from {path}: {error!r}")]) from None
    unfit = [name for name, rate in rates.items() if not (rate.is_finite() and rate > 0)]
    if unfit or "USD" not in rates or type(day) is not date:
        said = f"must have a date, USD, and rates above zero ({', '.join(unfit)})"
        raise Invalid([FieldError("rates", said)])
    return Rates(day, rates)
