"""Hull identification numbers, in the layouts of three eras and two continents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.listings.hin import checked_hin, masked_hin


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("ABC12345D404", "ABC12345D404"),
        ("abc 12345 d4 04", "ABC12345D404"),
        ("ABC12345L999", "ABC12345L999"),
        ("ABCABCDE0175", "ABCABCDE0175"),  # January 1975, straight year
        ("ABC123451284", "ABC123451284"),
        ("ABC12345M75A", "ABC12345M75A"),  # model year 1975, August
        ("FR-ABC12345D404", "FRABC12345D404"),
        ("US-ABC12345D404", "USABC12345D404"),
    ],
)
def test_a_number_is_kept_in_capitals_without_gaps(typed: str, number: str) -> None:
    assert checked_hin(typed) == number
    assert checked_hin(number) == number


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ABC12345D40", "12 characters"),
        ("ABC12345D4045", "12 characters"),
        ("", "12 characters"),
        ("ABC12345D404" * 100_000, "12 characters"),
        ("XX-ABC12345D404", "XX, which is not a country"),
        ("UK-ABC12345D404", "UK, which is not a country"),
        ("ABCI2345D404", "never has the letters I, O or Q"),
        ("ABC1234OD404", "never has the letters I, O or Q"),
        ("ABC12Q45D404", "never has the letters I, O or Q"),
        ("ABC12345N404", "a month letter A to L"),
        ("ABC123451375", "a month letter A to L"),
        ("ABC123450075", "a month letter A to L"),
        ("ABC12345M75M", "a month letter A to L"),
        ("AB_12345D404", "a builder's code of 3"),
        ("ÄBC12345D404", "a builder's code of 3"),
        ("ABC١٢٣٤٥D404", "a builder's code of 3"),
    ],
)
def test_the_error_for_an_invalid_number_names_the_broken_rule(typed: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        checked_hin(typed)


@given(st.from_regex(r"[A-Z0-9]{3}[A-HJ-NPR-Z0-9]{5}[A-L][0-9]{3}", fullmatch=True))
def test_every_number_of_today_is_one(number: str) -> None:
    assert checked_hin(f"{number[:3]}-{number[3:8].lower()} {number[8:]}") == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [("ABC12345D404", "ABC•••••D404"), ("FRABC12345D404", "FRABC•••••D404")],
)
def test_a_masked_number_hides_only_the_serial(number: str, shown: str) -> None:
    assert masked_hin(number) == shown
