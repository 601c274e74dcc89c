"""Dates and times in the site's language. Every time is in Unix milliseconds, UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from ..clock import DAY, from_iso, year_of
from .texts import DEFAULT, language, locale, ngettext
from .texts import gettext as _

# English without a country is read everywhere: days come before months, and hours run to 24.
_INTERNATIONAL = Locale.parse("en_150")


def on_day(at: int) -> str:
    """``3 March 2026``."""
    return format_date(_in_utc(at), "long", locale=_dates())


def on_short_day(at: int) -> str:
    """``3 Mar 2026``."""
    return format_date(_in_utc(at), "medium", locale=_dates())


def midnight_of(day: str) -> int:
    """When a day in ISO 8601 (``2026-03-03``) began, UTC, in Unix milliseconds."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def at_moment(at: int | str) -> str:
    """``3 March 2026, 08:05 UTC``, for a time in milliseconds or in ISO 8601."""
    moment = _in_utc(from_iso(at) if isinstance(at, str) else at)
    day = format_date(moment, "long", locale=_dates())
    return _("%(day)s, %(time)s UTC", day=day, time=format_time(moment, "short", locale=_dates()))


def in_month(at: int) -> str:
    """``March 2026``."""
    return format_datetime(_in_utc(at), "MMMM y", locale=_dates())


def since(then: int, now: int) -> str:
    """How long ago, roughly: ``3 days ago``. Both times in Unix milliseconds."""
    days = max(0, (now - then) // DAY)
    if days < 1:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 14:
        return ngettext("%(num)s day ago", "%(num)s days ago", days)
    if days < 60:
        return ngettext("%(num)s week ago", "%(num)s weeks ago", days // 7)
    if days < 730:
        return ngettext("%(num)s month ago", "%(num)s months ago", days // 30)
    return _("in %(year)s", year=year_of(then))


def _in_utc(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1000, UTC)


def _dates() -> Locale:
    return _INTERNATIONAL if language() == DEFAULT else locale()
