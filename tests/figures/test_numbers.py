"""Numbers in the formats of all countries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from marinemarket.figures.numbers import read_number, read_quantity, read_whole
from marinemarket.figures.writing import IN_FILE, Ambiguous, Writing

LOCALES = (
    "en",
    "de",
    "de_CH",
    "fr",
    "it",
    "es",
    "sv",
    "pl",
    "pt_BR",
    "en_IN",
    "ar_EG",
    "fa",
    "hi",
    "en_ZA",
    "ja",
)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("12", "12"), ("12.5", "12.5"), ("12,5", "12.5"), ("9,75", "9.75"), (".5", "0.5"), ("12.", "12"),
        ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("1.250.000,50", "1250000.5"), ("12,34,567", "1234567"),
        ("12 500", "12500"), ("12\u00a0500", "12500"), ("12\u202f500", "12500"), ("12\u2009500,5", "12500.5"),
        ("12'500", "12500"), ("12’500", "12500"), ("0,500", "0.5"), ("0.125", "0.125"), ("1234.567", "1234.567"),
        ("１２．５", "12.5"), ("١٢٫٥", "12.5"), ("१२", "12"), ("۱۲٬۵۰۰", "12500"), ("\u200f12", "12"),
        ("½", "0.5"), ("32½", "32.5"), ("32 ½", "32.5"), ("32 1/2", "32.5"), ("5-3/4", "5.75"), ("32⅜", "32.375"),
        ("32⁄64", "0.5"), ("38.700000000000003", "38.7"), ("9.9999999999999", "10"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_of_any_country_write_it(typed: str, means: str) -> None:
    assert read_number(typed) == Decimal(means)


@pytest.mark.parametrize("typed", ["12.500", "12,500", "9,750", "9.750", "123.456"])
def test_one_mark_before_three_digits_is_asked_and_never_guessed(typed: str) -> None:
    thousands = Decimal(typed.replace(",", "").replace(".", ""))
    decimals = Decimal(typed.replace(",", "."))
    with pytest.raises(Ambiguous, match=f"{decimals.normalize()} or {thousands}"):
        read_number(typed)
    assert read_quantity(typed) == thousands
    mark = "," if "," in typed else "."
    assert read_number(typed, written=Writing(mark)) == decimals
    assert read_number(typed, written=Writing("." if mark == "," else ",")) == thousands


@pytest.mark.parametrize(
    "typed",
    [
        "", "-1", "−1", "NaN", "Infinity", "1e999", "1e5", "12.5.1", "1.2.3", "ten", "0x10", "12 50", "1_000", "9" * 99,
        "1" * 16, "12,,5", "1,2345.6", "1/0", "3/2", "32.5 1/2", "1 2 3", "1.250,000.5", "12'50", "²", "Ⅻ",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="write a number"):
        read_number(typed)


@given(
    st.decimals(0, 10**8, places=2, allow_nan=False),
    st.sampled_from(LOCALES),
)
@example(Decimal("12500"), "de")
def test_a_number_in_the_format_of_any_locale_reads_back(number: Decimal, locale: str) -> None:
    system = Locale.parse(locale).default_numbering_system
    for numbers in {system, "latn"}:
        written = format_decimal(number, locale=locale, numbering_system=numbers)
        assert read_quantity(written) == number, written


def test_files_have_exponents_and_whole_numbers_with_decimals() -> None:
    assert read_number("1.5E+3", written=IN_FILE) == 1500
    assert read_number("4,5e+04", written=IN_FILE) == 45_000
    assert (read_whole("1995.0"), read_whole("1995,00"), read_whole("12,500")) == (
        1995,
        1995,
        12_500,
    )
    assert read_whole("1994.9999999999998", written=IN_FILE) == 1995
    for text in ("12.5", "1/2"):
        with pytest.raises(ValueError, match="write a whole number"):
            read_whole(text)
    with pytest.raises(ValueError, match="write a number"):
        read_number("1E+99", written=IN_FILE)


@given(st.text(max_size=40) | st.text("0123456789.,' -/½¾eE+", max_size=20))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    try:
        number = read_number(text, written=IN_FILE)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017 - the reason goes into one cell
    else:
        assert 0 <= number < 10**15
