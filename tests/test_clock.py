"""Time as numbers and as text of fixed width."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.clock import from_iso, iso, year_of

YEAR_1 = -62_135_596_800_000
YEAR_9999 = 253_402_300_799_999
MOMENTS = st.integers(YEAR_1, YEAR_9999)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_769_846_700_007, "2026-01-31T08:05:00.007Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (YEAR_1, "0001-01-01T00:00:00.000Z"),
        (YEAR_9999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_moment_is_written_in_one_way(ms: int, text: str) -> None:
    assert iso(ms) == text
    assert from_iso(text) == ms


@given(MOMENTS, MOMENTS)
def test_the_order_of_texts_is_the_order_of_times(one: int, other: int) -> None:
    assert (iso(one) < iso(other)) == (one < other)
    assert len(iso(one)) == 24


@given(MOMENTS)
def test_a_moment_reads_back(ms: int) -> None:
    assert from_iso(iso(ms)) == ms


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T09:05:00+01:00",
        "2026-01-31T08:05:00Z",
        "2026-01-31 08:05:00.000000Z",
        "20260131T080500Z",
    ],
)
def test_other_spellings_of_a_moment_are_read(text: str) -> None:
    assert iso(from_iso(text)) == "2026-01-31T08:05:00.000Z"


@pytest.mark.parametrize("text", ["2026-01-31", "2026-01-31T08:05:00", "yesterday", "", "1e3"])
def test_what_names_no_moment_or_no_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_iso(text)


def test_the_year_is_that_of_utc() -> None:
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    assert year_of(int(new_year.timestamp()) * 1000) == 2026
    assert year_of(int(new_year.timestamp()) * 1000 - 1) == 2025
