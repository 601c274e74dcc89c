"""Prices: parsing what people write, and converting every currency into US cents."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from importlib import resources
from pathlib import Path

from ..errors import FieldError, Invalid
from ..figures.currencies import decimals_of
from ..figures.money import read_sum
from ..figures.writing import IN_FILE
from ..i18n.numbers import money as money_text
from ..i18n.texts import gettext as _
from .listing import Money

_LARGEST = Decimal(10**12)


def read_price(text: str, *, country: str | None = None, currency: str | None = None) -> Money:
    """Parse ``EUR 63950``, ``£ 12,500`` or ``1'250'000.- CHF VB``. Raises ValueError.

    `currency` is that of a price which names none; `country` is where it was written: ``$`` and ``kr``
    are its own.

    >>> read_price("EUR 63950")
    Money(amount=6395000, currency='EUR')
    """
    return money(*read_sum(text, country=country, currency=currency, written=IN_FILE))


def money(amount: Decimal, currency: str) -> Money:
    """An amount in whole units as Money, in the currency's smallest unit. Raises ValueError."""
    if not 0 <= amount < _LARGEST:
        raise ValueError(_("is more than anything costs"))
    return Money(amount=_whole(amount.scaleb(decimals_of(currency))), currency=currency)


def units_of(sum: Money) -> Decimal:
    """Money as an amount in whole units: 6395000 cents are 63950 euros."""
    return Decimal(sum.amount).scaleb(-decimals_of(sum.currency))


def price_text(sum: Money | None) -> str:
    """A price in the currency that was asked, in whole units: ``€63,950``, ``DKK 2,999,000``.

    Without one, that it is on request.
    """
    if sum is None:
        return _("Price on request")
    return money_text(units_of(sum).quantize(Decimal(1), ROUND_HALF_UP), sum.currency)


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
