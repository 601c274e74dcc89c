"""Sums of money as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.figures.money import read_amount, read_dollars, read_sum, typed_dollars
from marinemarket.figures.writing import IN_FILE, Ambiguous

from .test_numbers import LOCALES


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("EUR 63950", "63950", "EUR"), ("EUR 63.950,-", "63950", "EUR"), ("45.000,–", "45000", "EUR"),
        ("63.950,00 €", "63950", "EUR"), ("€63,950", "63950", "EUR"), ("Euro 63 950", "63950", "EUR"),
        ("EUR 63950.000", "63950", "EUR"), ("VB 12000 EUR", "12000", "EUR"), ("12.000 € VHB", "12000", "EUR"),
        ("EUR 12.500 incl. VAT", "12500", "EUR"), ("45 000 € TTC", "45000", "EUR"), ("45 000 € HT", "45000", "EUR"),
        ("45 000 € H.T.", "45000", "EUR"), ("45.000 € + MwSt.", "45000", "EUR"), ("€ 45.000 k.k.", "45000", "EUR"),
        ("€ 1,2 Mio", "1200000", "EUR"), ("1.2m €", "1200000", "EUR"), ("EUR 45k", "45000", "EUR"),
        ("45 000€ (TVA incluse)", "45000", "EUR"), ("45 000 евро", "45000", "EUR"), ("45.000 ευρώ", "45000", "EUR"),
        ("£ 12,500.00", "12500", "GBP"), ("£12,500 ono", "12500", "GBP"), ("OIRO £45,000", "45000", "GBP"),
        ("45,000 pounds", "45000", "GBP"), ("￡45,000", "45000", "GBP"),
        ("US$ 45,000", "45000", "USD"), ("45 000 $ US", "45000", "USD"), ("US $45,000", "45000", "USD"),
        ("45,000 US dollars", "45000", "USD"), ("Price: $ 45,000 USD", "45000", "USD"), ("$US 45,000", "45000", "USD"),
        ("$45,000 CAD", "45000", "CAD"), ("C$ 45,000", "45000", "CAD"), ("45 000 $ CA", "45000", "CAD"),
        ("45,000 Canadian dollars", "45000", "CAD"), ("AUD $45,000", "45000", "AUD"), ("A$45k inc GST", "45000", "AUD"),
        ("NZ$45,000", "45000", "NZD"), ("S$ 45000", "45000", "SGD"), ("HK$45,000", "45000", "HKD"),
        ("R$ 450.000", "450000", "BRL"), ("1'250'000.- CHF", "1250000", "CHF"), ("Fr. 12’500.-", "12500", "CHF"),
        ("SEK 450 000", "450000", "SEK"), ("450.000:- SEK", "450000", "SEK"), ("450 000 kronor", "450000", "SEK"),
        ("450 000 norske kroner", "450000", "NOK"), ("NOK 1.250.000,50", "1250000.5", "NOK"),
        ("PLN 120\u00a0000,00", "120000", "PLN"), ("120 000 zł", "120000", "PLN"), ("450 000 Kč", "450000", "CZK"),
        ("4 500 000 Ft", "4500000", "HUF"), ("₺1.200.000", "1200000", "TRY"), ("200 000 lei", "200000", "RON"),
        ("200.000 kn", "200000", "HRK"), ("20 000 лв.", "20000", "BGN"), ("2 000 000 ₽", "2000000", "RUB"),
        ("INR 12,34,567", "1234567", "INR"), ("₹5 lakh", "500000", "INR"), ("JPY 5,000,000", "5000000", "JPY"),
        ("500万円", "5000000", "JPY"), ("eur 100", "100", "EUR"),
    ],
)  # fmt: skip
def test_a_price_is_read_as_people_write_it(text: str, amount: str, currency: str) -> None:
    assert read_sum(text, currency="EUR") == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("sign", "countries"),
    [
        ("$", {"US": "USD", "PR": "USD", "FR": "USD", "BS": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD",
               "HK": "HKD", "MX": "", "JM": "", "KY": "", "": ""}),
        ("kr", {"SE": "SEK", "NO": "NOK", "DK": "DKK", "FO": "DKK", "GL": "DKK", "IS": "ISK", "DE": "", "": ""}),
        ("¥", {"JP": "JPY", "CN": "CNY", "US": "", "": ""}),
    ],
)  # fmt: skip
def test_a_sign_of_several_countries_is_the_rows_own_or_is_asked(
    sign: str, countries: dict[str, str]
) -> None:
    for country, currency in countries.items():
        for text in (f"{sign} 45,000", f"45.000 {sign}"):
            if currency:
                assert read_sum(text, country=country) == (Decimal(45_000), currency)
            else:
                with pytest.raises(Ambiguous):
                    read_sum(text, country=country or None)


def test_the_currency_of_a_column_counts_unless_a_cell_names_its_own() -> None:
    assert read_sum("$45,000", country="US", currency="AUD").currency == "AUD"
    assert read_sum("45,000", currency="AUD").currency == "AUD"
    assert read_sum("€45,000", currency="AUD").currency == "EUR"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no amount"),
        ("EUR", "names no amount"),
        ("Price on request", "names no amount"),
        ("EUR -500", "names no amount"),
        ("EUR 500 - 600", "or several"),
        ("EUR 12000 (was 15000)", "or several"),
        ("VB 12000", "names no currency: write its three letters"),
        ("12000", "names no currency: write its three letters"),
        ("XYZ 12000", "XYZ"),
        ("EUR 12000 or USD", "no single known currency"),
        ("$45,000 EUR", "no single known currency"),
        ("EUR 500 per week", "PER WEEK"),
        ("450.000 kr", "crowns"),
        ("$ 45,000", "dollars"),
        ("EUR 1.2.3", "is not a number"),
        ("EUR 12.34.56,7", "is not a number"),
        ("EUR 12,000.005", "more than two decimals"),
        ("€1.250k", "may be 1.25 or 1250"),
        ("EUR " + "9" * 40, "is not a number"),
        ("EUR 4.5E+04", "or several"),
        ("EUR 1" + " " * 500_000 + "x", "no single known currency"),
        ("EUR 1" + "x" * 500_000 + "1", "too long"),
    ],
)
def test_the_error_for_an_invalid_price_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_sum(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.500", "12500"), ("49.900", "49900"), ("1.000", "1000"), ("12,500", "12500"), ("50k", "50000"),
        ("50 tsd", "50000"), ("1.2m", "1200000"), ("1,2 Mio.", "1200000"), ("12500.50", "12500.5"), ("0,50", "0.5"),
        ("45'000.-", "45000"), ("45 000:-", "45000"),
    ],
)  # fmt: skip
def test_a_mark_before_three_digits_parts_thousands_of_money(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "-5", "1_000", "", ".", "9" * 30])
def test_an_invalid_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_amount(text)


@given(
    st.decimals(1, 10**8, places=2),
    st.sampled_from(LOCALES),
    st.sampled_from(["EUR", "GBP", "CHF", "PLN", "CAD"]),
)
def test_a_price_in_the_format_of_any_locale_reads_back(
    amount: Decimal, locale: str, currency: str
) -> None:
    for pattern in ("¤¤ #,##0.00", "#,##0.00 ¤¤"):
        written = format_currency(
            amount, currency, pattern, locale=locale, numbering_system="default"
        )
        assert read_sum(written) == (amount, currency), written


@given(st.integers(0, 10**9), st.sampled_from([",", ".", " ", "'", "’"]), st.booleans())
def test_an_amount_is_the_same_however_its_thousands_are_parted(
    amount: int, sign: str, with_cents: bool
) -> None:
    written = f"{amount:,}".replace(",", sign)
    if with_cents:
        written += ("," if sign == "." else ".") + "07"
    assert read_amount(written) == amount + (Decimal("0.07") if with_cents else 0)


@given(st.text(max_size=30) | st.text("0123456789.,'$€kr -CAUSD", max_size=20))
def test_any_text_is_a_price_or_a_reason(text: str) -> None:
    try:
        found = read_sum(text)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017 - the reason goes into one cell
    else:
        assert found.amount >= 0


def test_dollars_become_cents_and_are_typed_as_they_were() -> None:
    for typed, cents in (
        ("48500", 4_850_000), ("$48,500", 4_850_000), ("48500.50 USD", 4_850_050), ("0", 0), ("12.500", 1_250_000),
        ("50k", 5_000_000), ("US$ 12.500,50", 1_250_050), ("48 500 dollars", 4_850_000),
    ):  # fmt: skip
        assert read_dollars(typed) == cents
        assert read_dollars(typed_dollars(cents)) == cents
    assert (typed_dollars(4_850_000), typed_dollars(4_850_050)) == ("48500", "48500.50")


@pytest.mark.parametrize("typed", ["0.001", "free", "-1", "48.500,00 €", "1e18", "C$ 500"])
def test_an_invalid_price_in_dollars_is_reported(typed: str) -> None:
    with pytest.raises(ValueError, match=r"write (US )?dollars"):
        read_dollars(typed)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("4.5E+04", 45_000), ("EUR 4,5e+04", 45_000), ("1.234567E+6 €", 1_234_567), ("5E+4 EUR VB", 50_000)],
)  # fmt: skip
def test_the_exponents_of_a_file_are_read_beside_a_currency(text: str, amount: int) -> None:
    assert read_sum(text, currency="EUR", written=IN_FILE) == (Decimal(amount), "EUR")


def test_a_price_that_a_spreadsheet_rounded_is_refused_and_not_guessed() -> None:
    for text in ("4.53E+04", "EUR 4,50E+04"):
        with pytest.raises(Ambiguous, match="rounded by a spreadsheet"):
            read_sum(text, currency="EUR", written=IN_FILE)
