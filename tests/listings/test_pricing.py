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
    read_amount,
    read_price,
    units_of,
)

RATES = Rates(date(2026, 1, 1), {"EUR": Decimal(1), "USD": Decimal("1.25"), "JPY": Decimal(160)})


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("EUR 63950", 6_395_000, "EUR"),
        ("EUR 63.950,-", 6_395_000, "EUR"),
        ("63.950,00 €", 6_395_000, "EUR"),
        ("€63,950", 6_395_000, "EUR"),
        ("Euro 63 950", 6_395_000, "EUR"),
        ("EUR 63950.000", 6_395_000, "EUR"),
        ("VB 12000 EUR", 1_200_000, "EUR"),
        ("12.000 € VHB", 1_200_000, "EUR"),
        ("EUR 12.500 incl. VAT", 1_250_000, "EUR"),
        ("£ 12,500.00", 1_250_000, "GBP"),
        ("£12,500 ono", 1_250_000, "GBP"),
        ("US$ 45,000", 4_500_000, "USD"),
        ("$45,000.50", 4_500_050, "USD"),
        ("C$ 45,000", 4_500_000, "CAD"),
        ("1'250'000.- CHF", 125_000_000, "CHF"),
        ("Fr. 12’500.-", 1_250_000, "CHF"),
        ("SEK 450 000", 45_000_000, "SEK"),
        ("NOK 1.250.000,50", 125_000_050, "NOK"),
        ("PLN 120\u00a0000,00", 12_000_000, "PLN"),
        ("120 000 zł", 12_000_000, "PLN"),
        ("INR 12,34,567", 123_456_700, "INR"),
        ("JPY 5,000,000", 5_000_000, "JPY"),
        ("eur 100", 10_000, "EUR"),
    ],
)
def test_a_price_is_read_as_people_write_it(text: str, amount: int, currency: str) -> None:
    assert read_price(text) == Money(amount=amount, currency=currency)


@pytest.mark.parametrize(
    ("currency", "spellings"),
    [
        ("EUR", "€ EUR Euro Euros"),
        ("GBP", "£ GBP"),
        ("USD", "$ US$ USD"),
        ("AUD", "A$ AU$ AUD"),
        ("CAD", "C$ CA$ CAD"),
        ("NZD", "NZ$ NZD"),
        ("JPY", "¥ JPY"),
        ("CHF", "Fr SFr CHF"),
        ("PLN", "zł PLN"),
        ("CZK", "Kč CZK"),
        ("HUF", "Ft HUF"),
        ("TRY", "₺ TL TRY"),
        ("DKK", "DKr DKK"),
        ("SEK", "SKr SEK"),
        ("NOK", "NKr NOK"),
    ],
)
def test_a_currency_goes_by_each_of_its_names(currency: str, spellings: str) -> None:
    for spelling in spellings.split():
        assert read_price(f"{spelling} 4500").currency == currency
        assert read_price(f"4500 {spelling}").currency == currency


@pytest.mark.parametrize(
    "remark",
    [
        "VB", "VHB", "FP", "negotiable", "ono", "ovno", "obo", "incl. VAT", "inc. tax", "including MwSt",
        "ex VAT", "excl. BTW", "excluding IVA", "TVA", "Moms", "VAT paid",
    ],
)  # fmt: skip
def test_a_remark_does_not_change_a_price(remark: str) -> None:
    assert read_price(f"EUR 4500 {remark}") == Money(amount=450_000, currency="EUR")


@pytest.mark.parametrize("currency", ["JPY", "ISK", "KRW", "CLP", "VND"])
def test_some_currencies_have_no_cents(currency: str) -> None:
    assert read_price(f"{currency} 4500") == Money(amount=4500, currency=currency)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no amount"),
        ("EUR", "names no amount"),
        ("Price on request", "names no amount"),
        ("EUR -500", "names no amount"),
        ("EUR 500 - 600", "or several"),
        ("EUR 12000 (was 15000)", "or several"),
        ("VB 12000", "no single known currency"),
        ("12000", "no single known currency"),
        ("XYZ 12000", "XYZ"),
        ("EUR 12000 or USD", "no single known currency"),
        ("EUR 500 per week", "PER WEEK"),
        ("450.000 kr", "crowns"),
        ("EUR 1.2.3", "is not a number"),
        ("EUR 12.34.56,7", "is not a number"),
        ("EUR " + "9" * 40, "is not a number"),
        ("EUR 999999999999999", "more than anything costs"),
        ("EUR 1" + " " * 500_000 + "x", "no single known currency"),
        ("EUR 1" + "x" * 500_000 + "1", "too long"),
    ],
)
def test_the_error_for_an_invalid_price_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_price(text)


@pytest.mark.parametrize(
    ("country", "currency"),
    [("SE", "SEK"), ("NO", "NOK"), ("DK", "DKK"), ("IS", "ISK"), ("FO", "DKK"), ("GL", "DKK")],
)
def test_kr_means_the_crowns_of_the_country(country: str, currency: str) -> None:
    assert read_price("Kr 450.000,-", country=country).currency == currency


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "-5", "1_000", "", ".", "9" * 30])
def test_an_invalid_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_amount(text)


@given(st.integers(0, 10**9), st.sampled_from([",", ".", " ", "'", "’"]), st.booleans())
def test_an_amount_is_the_same_however_its_thousands_are_parted(
    amount: int, sign: str, with_cents: bool
) -> None:
    written = f"{amount:,}".replace(",", sign)
    if with_cents:
        written += ("," if sign == "." else ".") + "07"
    assert read_amount(written) == amount + (Decimal("0.07") if with_cents else 0)


@given(st.text(max_size=30))
def test_any_text_is_a_price_or_a_reason(text: str) -> None:
    try:
        sum = read_price(text)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017 - the reason goes into one cell
    else:
        assert sum.amount >= 0


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
