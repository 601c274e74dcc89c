"""How figures read on a page: money, lengths in feet and metres, and days gone by."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from ...clock import year_of
from ...listings.listing import Money
from ...listings.pricing import units_of
from .i18n import gettext as _
from .i18n import ngettext
from .units import Unit

DAY_MS = 24 * 60 * 60 * 1000
_METRES_IN_A_FOOT = Decimal("0.3048")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def dollars(cents: int) -> str:
    """``$1,250,000``: to the dollar, as boats are priced; the API has the cents."""
    return f"${(cents + 50) // 100:,}"


def foreign(sum: Money) -> str:
    """A price in the currency it was asked in: ``€63,950``, ``DKK 2,999,000``."""
    amount = f"{units_of(sum):,.0f}"
    sign = _SIGNS.get(sum.currency)
    return f"{sign}{amount}" if sign else f"{sum.currency} {amount}"


def feet(length: Decimal) -> str:
    """``32 ft 6 in``, as boats are measured where feet are."""
    inches = int((length * 12).to_integral_value())
    whole, rest = divmod(inches, 12)
    return f"{whole} ft {rest} in" if rest else f"{whole} ft"


def metres(length: Decimal) -> str:
    """``9.91 m``."""
    return f"{length * _METRES_IN_A_FOOT:.2f} m"


def feet_and_metres(length: Decimal, unit: Unit = Unit.FEET) -> str:
    """In both units, the reader's own first: ``40 ft (12.19 m)``, ``12.19 m (40 ft)``."""
    if unit is Unit.METRES:
        return f"{metres(length)} ({feet(length)})"
    return f"{feet(length)} ({metres(length)})"


def since(then: int, now: int) -> str:
    """How long ago, roughly, as one would say it."""
    days = max(0, (now - then) // DAY_MS)
    if days < 1:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 14:
        return _("%(count)d days ago") % {"count": days}
    if days < 60:
        return _("%(count)d weeks ago") % {"count": days // 7}
    if days < 730:
        return _("%(count)d months ago") % {"count": days // 30}
    return _("in %(year)d") % {"year": year_of(then)}


def on_day(at: int) -> str:
    """``3 March 2026``, of a moment in Unix milliseconds, in UTC."""
    day = datetime.fromtimestamp(at // 1000, UTC)
    return f"{day.day} {day:%B} {day.year}"


def counted(number: int, one: str, many: str) -> str:
    """``1 boat``, ``1,204 boats``."""
    return f"{number:,} {ngettext(one, many, number)}"


def answers_within(minutes: int | None) -> str:
    """How soon a seller usually answers, as `messages.records.answer_time` has it; empty if unknown."""
    if minutes is None:
        return ""
    steps = (
        (60, _("usually answers within an hour")),
        (6 * 60, _("usually answers within a few hours")),
        (24 * 60, _("usually answers within a day")),
        (3 * 24 * 60, _("usually answers within three days")),
        (7 * 24 * 60, _("usually answers within a week")),
    )
    slow = _("usually takes more than a week to answer")
    return next((text for most, text in steps if minutes <= most), slow)
