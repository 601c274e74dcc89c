"""Measures of other systems than the market's own, which keeps feet and pounds."""

from __future__ import annotations

from decimal import Decimal

METRES_PER_FOOT = Decimal("0.3048")
KILOGRAMS_PER_POUND = Decimal("0.45359237")
KILOMETRES_PER_MILE = Decimal("1.609344")
"""All are exact, as the international yard and pound are defined."""
