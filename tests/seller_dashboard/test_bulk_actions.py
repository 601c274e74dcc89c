"""What bulk actions make of prices and numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marinemarket.errors import Invalid
from marinemarket.seller_dashboard.bulk_actions import MOST_BOATS, by_percent, check_number


def test_no_more_than_so_many_at_a_time() -> None:
    for ids in ([], ["boat"] * (MOST_BOATS + 1)):
        with pytest.raises(Invalid, match="tick at"):
            check_number(ids)


def test_a_percent_ends_at_a_whole_dollar() -> None:
    assert by_percent(9_999_900, Decimal("-2.5")) == 9_749_900
    assert by_percent(100_050, Decimal(5)) == 105_100
