"""Prices: parsing what people write, and converting every currency into US cents."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib import resources
from pathlib import Path

from ..errors import FieldError, Invalid
from ..i18n.texts import gettext as _
from .listing import Money
from .vocabulary.iso_codes import iso_codes

# Symbols and words for currencies, beside their three-letter codes.
_CURRENCY_OF_WORD = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD",
    "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "¥": "JPY", "FR": "CHF", "SFR": "CHF", "ZŁ": "PLN", "KČ": "CZK",
    "FT": "HUF", "₺": "TRY", "TL": "TRY", "DKR": "DKK", "SKR": "SEK", "NKR": "NOK",
}  # fmt: skip
_CROWNS = {"DK": "DKK", "FO": "DKK", "GL": "DKK", "SE": "SEK", "NO": "NOK", "IS": "ISK"}
# Words beside a price that do not change it: negotiable, with or without tax.
_REMARKS = frozenset({
    "VB", "VHB", "FP", "NEGOTIABLE", "ONO", "OVNO", "OBO", "INCL", "INC", "INCLUDING", "EX", "EXCL", "EXCLUDING",
    "VAT", "MWST", "TVA", "BTW", "IVA", "MOMS", "TAX", "PAID",
})  # fmt: skip
_WITHOUT_CENTS = frozenset({"JPY", "ISK", "KRW", "CLP", "VND"})
_LONGEST = 80
_LARGEST = Decimal(10**12)

_PRICE = re.compile(r"(?P<before>[^\d-]*)(?P<amount>\d[\d .,'’]*)(?P<after>\D*)")
_WORD_OF_PRICE = re.compile(r"[^\W\d_]*[€£$¥₺]|[^\W\d_]+")

_WHOLE = re.compile(r"\d{1,15}")
# 1.250.000 or 12,50,000; and with cents after the other separator: 1.250.000,50
_GROUPED = re.compile(
    r"\d{1,3}(?P<sign>[.,])(?:\d{2,3}(?P=sign)){0,5}\d{3}(?:(?!(?P=sign))[.,]\d{1,2}0*)?"
)
_WITH_CENTS = re.compile(r"\d{1,15}[.,]\d{1,2}0*")


def read_price(text: str, *, country: str | None = None) -> Money:
    """Parse ``EUR 63950``, ``£ 12,500`` or ``1'250'000.- CHF VB``. Raises ValueError.

    `country` is where it was written: ``kr`` is another currency in Sweden than in Norway.

    >>> read_price("EUR 63950")
    Money(amount=6395000, currency='EUR')
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        raise ValueError(_("is too long to be a price"))
    found = _PRICE.fullmatch(text)
    if not found:
        raise ValueError(_("names no amount, or several"))
    value = _WORD_OF_PRICE.findall(f"{found['before']} {found['after']}".upper())
    return money(read_amount(found["amount"]), _currency_of(value, country))


def _currency_of(spoken: list[str], country: str | None) -> str:
    words = [word for word in spoken if word not in _REMARKS]
    if "KR" in words and country not in _CROWNS:
        raise ValueError(_("is in crowns, but does not say of which country"))
    meant = {
        _CROWNS[country or ""] if word == "KR" else _CURRENCY_OF_WORD.get(word, word)
        for word in words
    }
    unknown = [word for word in meant if word not in iso_codes().currencies]
    if unknown or len(meant) != 1:
        named = " ".join(sorted(unknown) or sorted(meant)) or "none"
        raise ValueError(_("names no single known currency (%(named)s)", named=named))
    return meant.pop()


def read_amount(text: str) -> Decimal:
    """A number in any country's format: ``1.250,00``, ``1,250.00``, ``1'250.-``. Raises ValueError."""
    digits = re.sub(r"[\s'’]", "", text).rstrip(".,")
    if _WHOLE.fullmatch(digits):
        return Decimal(digits)
    if grouped := _GROUPED.fullmatch(digits):
        # One separator before three digits groups thousands: 1.250 is 1250, while 12.50 is not 1250.
        return Decimal(digits.replace(grouped["sign"], "").replace(",", "."))
    if _WITH_CENTS.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    raise ValueError(_("is not a number"))


def money(amount: Decimal, currency: str) -> Money:
    """An amount in whole units as Money, in the currency's smallest unit. Raises ValueError."""
    if not 0 <= amount < _LARGEST:
        raise ValueError(_("is more than anything costs"))
    places = 0 if currency in _WITHOUT_CENTS else 2
    return Money(amount=_whole(amount.scaleb(places)), currency=currency)


def units_of(sum: Money) -> Decimal:
    """Money as an amount in whole units: 6395000 cents are 63950 euros."""
    return Decimal(sum.amount).scaleb(0 if sum.currency in _WITHOUT_CENTS else -2)


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of each currency one euro bought on one day."""

    date: date
    per_euro: dict[str, Decimal]

    def us_cents(self, sum: Money) -> int:
        """A sum in US cents, rounded half up. Raises ValueError for a currency without a rate."""
        rate = self.per_euro.get(sum.currency)
        if rate is None:
            raise ValueError(
                _(
                    "is in %(currency)s, for which the rates of %(date)s have none",
                    currency=sum.currency,
                    date=self.date,
                )
            )
        try:
            return _whole(units_of(sum) * 100 * self.per_euro["USD"] / rate)
        except ArithmeticError:
            raise ValueError(
                _("comes to no sensible sum by the rates of %(date)s", date=self.date)
            ) from None


def load_rates(path: Path | None = None) -> Rates:
    """The rates in a file, or the built-in ones. Raises Invalid if the file has another format."""
    source = path or resources.files(__package__) / "rates.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        rates = {name: Decimal(str(rate)) for name, rate in table["per_euro"].items()}
        day = table["date"]
    except (OSError, KeyError, AttributeError, ValueError, InvalidOperation) as error:
        raise Invalid(
            [
                FieldError(
                    "rates",
                    _("cannot be read from %(path)s: %(error)s", path=path, error=repr(error)),
                )
            ]
        ) from None
    unfit = [name for name, rate in rates.items() if not (rate.is_finite() and rate > 0)]
    if unfit or "USD" not in rates or type(day) is not date:
        message = _("must have a date, USD, and rates above zero (%(join)s)", join=", ".join(unfit))
        raise Invalid([FieldError("rates", message)])
    return Rates(day, rates)
