"""Formats figures: lengths and weights in the reader's unit, and a seller's response time."""

from __future__ import annotations

from decimal import Decimal

from ...i18n.dates import midnight_of, on_short_day
from ...i18n.numbers import decimal, dollars, whole
from ...i18n.texts import gettext as _
from ...i18n.texts import ngettext
from ...listings.listing import Listing, us_dollars
from ...listings.pricing import price_text
from ...measures import KILOGRAMS_PER_POUND, KILOMETRES_PER_MILE, METRES_PER_FOOT
from .units import Unit


def boats(number: int) -> str:
    """``1 boat``, ``1,204 boats``."""
    return ngettext("%(num)s boat", "%(num)s boats", number)


def price_told(cents: int | None) -> str:
    """What staff see of a price of earlier: in US dollars, or that it was on request."""
    return price_text(None if cents is None else us_dollars(cents))


def in_dollars(listing: Listing) -> str | None:
    """What a price in another currency comes to, and by the rate of which day; None for US dollars."""
    if listing.price is None or listing.original_price is None:
        return None
    if listing.original_price.currency == "USD":
        return None
    about = dollars(listing.price)
    if listing.rate_date is None:
        return _("about %(price)s at an earlier rate", price=about)
    day = on_short_day(midnight_of(listing.rate_date))
    return _("about %(price)s at the rate of %(day)s", price=about, day=day)


def feet(length: Decimal) -> str:
    """``32 ft 6 in``, as boats are measured where feet are."""
    inches = int((length * 12).to_integral_value())
    full, rest = divmod(inches, 12)
    if not rest:
        return _("%(feet)s ft", feet=full)
    return _("%(feet)s ft %(inches)s in", feet=full, inches=rest)


def metres(length: Decimal) -> str:
    """``9.91 m``."""
    return _("%(metres)s m", metres=decimal(length * METRES_PER_FOOT, 2))


def feet_and_metres(length: Decimal, unit: Unit = Unit.FEET) -> str:
    """In both units, the reader's own first: ``40 ft (12.19 m)``, ``12.19 m (40 ft)``."""
    if unit is Unit.METRES:
        return f"{metres(length)} ({feet(length)})"
    return f"{feet(length)} ({metres(length)})"


def away(miles: Decimal, unit: Unit = Unit.FEET) -> str:
    """In the reader's unit, to tenths below ten: ``8.4 mi away``, ``20 km away``."""
    far = miles * KILOMETRES_PER_MILE if unit is Unit.METRES else miles
    figure = decimal(far, 1 if far < 10 else 0)
    if unit is Unit.METRES:
        return _("%(kilometres)s km away", kilometres=figure)
    return _("%(miles)s mi away", miles=figure)


def weight(pounds: int, unit: Unit = Unit.FEET) -> str:
    """In both units, the one of the reader's side of the sea first: ``9,500 lb (4,309 kg)``."""
    in_pounds = _("%(pounds)s lb", pounds=whole(pounds))
    in_kilograms = _("%(kilograms)s kg", kilograms=whole(round(pounds * KILOGRAMS_PER_POUND)))
    first, second = (in_kilograms, in_pounds) if unit is Unit.METRES else (in_pounds, in_kilograms)
    return f"{first} ({second})"


def running_hours(hours: int) -> str:
    """``1,204 h``, of an engine."""
    return _("%(hours)s h", hours=whole(hours))


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
