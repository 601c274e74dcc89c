"""Prices as people write them, and their value in US cents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.listing import Money
from marinemarket.listings.pricing import (
    Rates,
    load_rates,
    money,
    read_price,
    units_of,
)

RATES = Rates(date(2026, 1, 1), {"EUR": Decimal(1), "USD": Decimal("1.25"), "JPY": Decimal(160)})


def test_a_price_is_money_in_the_currencys_smallest_unit() -> None:
    assert read_price("63.950,50 €") == Money(amount=6_395_050, currency="EUR")
    assert read_price("45,000", currency="AUD") == Money(amount=4_500_000, currency="AUD")
    assert read_price("$45,000", country="NZ") == Money(amount=4_500_000, currency="NZD")
    for currency in ("JPY", "ISK", "KRW", "CLP", "VND"):
        assert read_price(f"{currency} 4500") == Money(amount=4500, currency=currency)
    with pytest.raises(ValueError, match="more than anything costs"):
        read_price("EUR 999999999999999")


def test_a_currency_without_cents_counts_its_whole_units() -> None:
    yen = money(Decimal("5000000"), "JPY")
    assert yen == Money(amount=5_000_000, currency="JPY")
    assert units_of(yen) == 5_000_000
    assert units_of(Money(amount=6_395_050, currency="EUR")) == Decimal("63950.5")


@pytest.mark.parametrize(
    ("sum", "cents"),
    [
        (Money(amount=6_395_000, currency="EUR"), 7_993_750),
        (Money(amount=100, currency="USD"), 100),
        (Money(amount=2, currency="EUR"), 3),  # 2.5 cents, rounded half up
        (Money(amount=1_000_000, currency="JPY"), 781_250),
    ],
)
def test_money_is_turned_into_cents_exactly(sum: Money, cents: int) -> None:
    assert RATES.us_cents(sum) == cents


@given(st.integers(0, 10**12), st.decimals("0.0001", "10000", places=4))
def test_a_conversion_is_the_fraction_rounded_half_up(amount: int, rate: Decimal) -> None:
    rates = Rates(date(2026, 1, 1), {"USD": Decimal("1.2271"), "PLN": rate})
    exact = Fraction(amount) * Fraction("1.2271") / Fraction(rate)
    assert abs(rates.us_cents(Money(amount=amount, currency="PLN")) - exact) <= Fraction(1, 2)


def test_a_currency_without_a_rate_is_named_with_the_day() -> None:
    with pytest.raises(ValueError, match="is in GBP, for which the rates of 2026-01-01"):
        RATES.us_cents(Money(amount=1, currency="GBP"))


def test_a_sum_beyond_all_measure_is_refused_with_the_day_of_the_rates() -> None:
    rates = Rates(date(2026, 1, 1), {"USD": Decimal("1e20"), "PLN": Decimal("1e-20")})
    with pytest.raises(ValueError, match="no sensible sum by the rates of 2026-01-01"):
        rates.us_cents(Money(amount=100, currency="PLN"))


def test_the_built_in_rates_have_a_date() -> None:
    rates = load_rates()
    assert rates.date == date(2020, 12, 31)
    assert {"EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN"} <= rates.per_euro.keys()


def test_rates_of_a_file_are_exact(tmp_path: Path) -> None:
    file = tmp_path / "rates.toml"
    file.write_text('date = 2026-02-01\n[per_euro]\nEUR = 1\nUSD = 1.1\nGBP = "0.85"\n')
    assert load_rates(file) == Rates(
        date(2026, 2, 1),
        {"EUR": Decimal(1), "USD": Decimal("1.1"), "GBP": Decimal("0.85")},
    )


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"\xff\xfe",
        b"date = 2026-01-01",
        b"date = 2026-01-01\nper_euro = 5",
        b"date = 2026-01-01\n[per_euro]\nEUR = 1",
        b'date = "today"\n[per_euro]\nUSD = 1',
        b"date = 2026-01-01T00:00:00Z\n[per_euro]\nUSD = 1",
        b"date = 2026-01-01\n[per_euro]\nUSD = 0",
        b"date = 2026-01-01\n[per_euro]\nUSD = nan",
        b"date = 2026-01-01\n[per_euro]\nUSD = true",
        b"date = 2026-01-01\n[per_euro]\nUSD = 1\nEUR = [1]",
    ],
)
def test_an_invalid_table_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "rates.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        load_rates(file)
    assert [error.field for error in caught.value.errors] == ["rates"]
