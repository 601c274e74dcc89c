"""Measures of other systems than the market's own, which keeps feet, pounds and horsepower."""

from __future__ import annotations

from decimal import Decimal

METRES_PER_FOOT = Decimal("0.3048")
KILOGRAMS_PER_POUND = Decimal("0.45359237")
KILOMETRES_PER_MILE = Decimal("1.609344")
KILOMETRES_PER_NAUTICAL_MILE = Decimal("1.852")
KILOWATTS_PER_METRIC_HORSEPOWER = Decimal("0.73549875")
LITRES_PER_GALLON = Decimal("3.785411784")
LITRES_PER_IMPERIAL_GALLON = Decimal("4.54609")
"""All are exact, as the international yard and pound are defined."""

KILOWATTS_PER_HORSEPOWER = Decimal("0.74569987158227022")
"""550 foot-pounds a second: exact to the last digit given."""
