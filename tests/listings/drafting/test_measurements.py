"""Figures as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marinemarket.listings.drafting.measurements import (
    cents,
    feet,
    number,
    pounds,
    typed_dollars,
    typed_feet,
)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("12", "12"), ("12.5", "12.5"), ("12,5", "12.5"), ("12,500", "12500"), ("1,234.5", "1234.5"),
        ("12 500", "12500"), ("12’500", "12500"), ("9,75", "9.75"),
    ],
)  # fmt: skip
def test_commas_part_thousands_or_decimals_as_people_mean_them(typed: str, means: str) -> None:
    assert number(typed) == Decimal(means)


@pytest.mark.parametrize(
    "typed", ["", "-1", "NaN", "Infinity", "1e999", "1e5", "12.5.1", "ten", "0x10", "१२", "9" * 99]
)
def test_case_33_an_invalid_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="write a number"):
        number(typed)


@pytest.mark.parametrize(
    ("typed", "unit", "in_feet"),
    [
        ("32.5", "ft", "32.5"), ("32 ft 6 in", "ft", "32.5"), ("32' 6\"", "m", "32.5"), ("32'", "m", "32"),
        ("10", "m", "32.8084"), ("10 m", "ft", "32.8084"), ("9,91 metres", "ft", "32.5131"), ("40 feet", "m", "40"),
    ],
)  # fmt: skip
def test_a_length_is_in_the_unit_chosen_or_typed(typed: str, unit: str, in_feet: str) -> None:
    assert round(feet(typed, unit), 4) == Decimal(in_feet)


@pytest.mark.parametrize("typed", ["", "long", "-3", "32 ft six", "m", "ft 6"])
def test_the_error_for_an_invalid_length_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(ValueError, match="write a length, such as"):
        feet(typed, "ft")


def test_weights_are_pounds_or_kilograms() -> None:
    assert pounds("9,500", "ft") == 9500
    assert pounds("4300", "m") == 9480
    assert pounds("4300 kg", "ft") == 9480
    assert pounds("9480 lb", "m") == 9480


@pytest.mark.parametrize(
    ("typed", "means"),
    [("48500", 4_850_000), ("$48,500", 4_850_000), ("48500.50 USD", 4_850_050), ("0", 0)],
)
def test_dollars_become_cents(typed: str, means: int) -> None:
    assert cents(typed) == means


@pytest.mark.parametrize("typed", ["0.001", "free", "-1", "48.500,00 €", "1e18"])
def test_an_invalid_price_is_reported(typed: str) -> None:
    with pytest.raises(ValueError, match="write dollars"):
        cents(typed)


def test_figures_are_written_as_one_would_type_them() -> None:
    assert typed_feet(Decimal("32.5"), "ft") == "32.5"
    assert typed_feet(Decimal(40), "ft") == "40"
    assert typed_feet(Decimal(40), "m") == "12.19"
    assert (typed_dollars(4_850_000), typed_dollars(4_850_050)) == ("48500", "48500.50")
