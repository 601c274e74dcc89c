"""Hull identification numbers, in the layouts of three eras and two continents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.errors import Invalid
from marinemarket.listings.boat_details import BoatDetails
from marinemarket.listings.hin import checked_hin, masked_hin, spelled_hin, years_of

NOW = 1_796_000_000_000
"""In November 2026."""


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
        ("US\u2013ABC12345D404", "USABC12345D404"),
        ("us\u2011abc\u201212345\u2212d4\u201404", "USABC12345D404"),
        (
            "\uff26\uff32\uff0d\uff21\uff22\uff23\uff11\uff12\uff13\uff14\uff15D404",
            "FRABC12345D404",
        ),
        ("FR\u200bABC\xa012345\u2009D4\xad04", "FRABC12345D404"),
        ("HIN: ABC12345D404", "ABC12345D404"),
        ("HIN12345D404", "HIN12345D404"),
        ("UK-ABC12345D404", "UKABC12345D404"),
        ("YU-ABC12345K990", "YUABC12345K990"),
        ("CS-ABC12345D404", "CSABC12345D404"),
        ("JLD12345M82H", "JLD12345M82H"),
        ("JLD12345C585", "JLD12345C585"),
        ("ABC12345H900", "ABC12345H900"),  # built in 1999, for 2000
        ("ABC12345A506", "ABC12345A506"),
        ("ABC12345L807", "ABC12345L807"),  # left over from 2007
    ],
)
def test_a_number_is_kept_in_capitals_without_gaps(typed: str, number: str) -> None:
    assert checked_hin(typed, NOW) == number
    assert checked_hin(number, NOW) == number


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ABC12345D40", "12 characters"),
        ("ABC12345D4045", "12 characters"),
        ("", "12 characters"),
        ("ABC12345D404" * 100_000, "12 characters"),
        ("XX-ABC12345D404", "XX, which is not a country"),
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
        ("AAAAAAAA0101", "0101, a date as it was written only from 1972"),
        ("ABC123451299", "1299, a date as it was written only from 1972"),
        ("ABC123450185", "0185, a date"),
        ("ABC123450171", "0171, a date"),
        ("ABC12345M30A", "M30A, a date"),
        ("ABC12345M85A", "M85A, a date"),
        ("ABC12345D904", "with 9 at its end, for the model year 2004"),
        ("ABC12345D083", "the model year 83, which is yet to come"),
        ("ABC12345D030", "the model year 30, which is yet to come"),
        ("ABC12345D727", "with 7 at its end, for the model year 2027"),
    ],
)
def test_the_error_for_an_invalid_number_names_the_broken_rule(typed: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        checked_hin(typed, NOW)


@given(
    st.from_regex(r"[A-Z0-9]{3}[A-HJ-NPR-Z0-9]{5}[A-L]", fullmatch=True),
    st.integers(1984, 2026),
    st.integers(0, 1),
)
def test_every_number_of_today_is_one(start: str, built: int, ahead: int) -> None:
    number = f"{start}{built % 10}{(built + ahead) % 100:02d}"
    assert built + ahead in (years_of(number).first, years_of(number).last)
    assert checked_hin(f"{number[:3]}-{number[3:8].lower()} {number[8:]}", NOW) == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [("ABC12345D404", "ABC•••••D404"), ("FRABC12345D404", "FRABC•••••D404")],
)
def test_a_masked_number_hides_only_the_serial(number: str, shown: str) -> None:
    assert masked_hin(number) == shown


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        ("ABC12345D404", 2004, 2004),
        ("FRABC12345K405", 2004, 2005),
        ("ABC12345L807", 2007, 2008),
        ("ABC123450273", 1973, 1973),
        ("ABC12345M82A", 1981, 1982),
    ],
)
def test_a_number_states_years(number: str, first: int, last: int) -> None:
    years = years_of(number)
    assert (years.first, years.last) == (first, last)
    assert [years.distance(year) for year in (first - 2, first, last, last + 3)] == [2, 0, 0, 3]


def test_a_number_that_was_stored_stays_readable() -> None:
    assert spelled_hin("ABC12345D904") == "ABC12345D904"
    assert BoatDetails.parse({"type": "sloop", "hin": "ABC12345D904"}).hin == "ABC12345D904"
    with pytest.raises(Invalid, match="check it on the hull"):
        BoatDetails.parse({"type": "sloop", "hin": "ABC12345D904"}, now=NOW)
