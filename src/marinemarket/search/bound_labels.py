"""What was understood of a query, in the site's language: ``up to 32.8 ft``, ``within 30 miles of Rockland``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..accounts.user import SellerKind
from ..i18n.numbers import decimal, dollars
from ..i18n.texts import gettext as _
from ..i18n.texts import mark, ngettext
from ..listings.vocabulary.countries import country_code_abroad, country_name, state_code, states_of
from ..measures import KILOWATTS_PER_HORSEPOWER, METRES_PER_FOOT
from .index import Span

STATE_COUNTRIES = ("US", "CA", "AU")
"""Whose states are known by their letters as well."""

# By the field, and by which ends of it are given; `value` and `other` are lengths with their unit.
_LENGTHS: Mapping[str, Mapping[str, str]] = {
    "length": {
        "most": mark("up to %(value)s"),
        "least": mark("from %(value)s"),
        "both": mark("%(value)s to %(other)s"),
        "about": mark("about %(value)s"),
    },
    "beam": {
        "most": mark("beam up to %(value)s"),
        "least": mark("beam from %(value)s"),
        "both": mark("beam %(value)s to %(other)s"),
        "about": mark("beam about %(value)s"),
    },
    "draft": {
        "most": mark("draft up to %(value)s"),
        "least": mark("draft from %(value)s"),
        "both": mark("draft %(value)s to %(other)s"),
        "about": mark("draft about %(value)s"),
    },
    "air_draft": {
        "most": mark("air draft up to %(value)s"),
        "least": mark("air draft from %(value)s"),
        "both": mark("air draft %(value)s to %(other)s"),
        "about": mark("air draft about %(value)s"),
    },
}


def figure_label(field: str, span: Span, *, is_about: bool = False, in_metres: bool = False) -> str:
    """A bound in words. Lengths are in hundredths of a foot, power in tenths of a horsepower, prices in US
    cents, as the index has them.
    """
    if field in _LENGTHS:
        return _length_label(field, span, is_about, in_metres)
    if field == "price":
        return _between(span, *(None if at is None else dollars(at) for at in _ends(span)))
    if field == "year":
        return _year_label(span)
    if field == "hours":
        most = span.highest or 0
        return ngettext("up to %(num)s engine hour", "up to %(num)s engine hours", most)
    if field in ("power", "total_power"):
        return _power_label(span, is_about, in_metres)
    least = span.lowest or 0
    if field == "cabins":
        return ngettext("%(num)s cabin or more", "%(num)s cabins or more", least)
    return ngettext("%(num)s berth or more", "%(num)s berths or more", least)


def _length_label(field: str, span: Span, is_about: bool, in_metres: bool) -> str:
    texts = _LENGTHS[field]
    lowest, highest = _ends(span)
    if is_about and lowest is not None and highest is not None:
        return _(texts["about"], value=_length((lowest + highest) // 2, in_metres))
    if lowest is None:
        return _(texts["most"], value=_length(highest or 0, in_metres))
    if highest is None:
        return _(texts["least"], value=_length(lowest, in_metres))
    return _(texts["both"], value=_length(lowest, in_metres), other=_length(highest, in_metres))


def _length(hundredths: int, in_metres: bool) -> str:
    feet = Decimal(hundredths) / 100
    if in_metres:
        return _("%(metres)s m", metres=decimal(feet * METRES_PER_FOOT, 1, least=0))
    return _("%(feet)s ft", feet=decimal(feet, 1, least=0))


def _power_label(span: Span, is_about: bool, in_kilowatts: bool) -> str:
    lowest, highest = _ends(span)
    if is_about and lowest is not None and highest is not None:
        return _("about %(value)s", value=_power((lowest + highest) / 2, in_kilowatts))
    ends = [None if at is None else _power(at, in_kilowatts) for at in (lowest, highest)]
    return _between(span, *ends)


def _power(tenths: float, in_kilowatts: bool) -> str:
    horsepower = Decimal(tenths) / 10
    if in_kilowatts:
        return _("%(number)s kW", number=decimal(horsepower * KILOWATTS_PER_HORSEPOWER, 0))
    return _("%(number)s hp", number=decimal(horsepower, 1, least=0))


def _year_label(span: Span) -> str:
    if span.lowest is None:
        return _("%(value)s or older", value=span.highest)
    if span.highest is None:
        return _("%(value)s or newer", value=span.lowest)
    return _("%(value)s to %(other)s", value=span.lowest, other=span.highest)


def _between(span: Span, lowest: str | None, highest: str | None) -> str:
    if lowest is None:
        return _("up to %(value)s", value=highest)
    if highest is None:
        return _("from %(value)s", value=lowest)
    return _("%(value)s to %(other)s", value=lowest, other=highest)


def _ends(span: Span) -> tuple[int | None, int | None]:
    return span.lowest, span.highest


def seller_label(kind: SellerKind) -> str:
    """``sold by a private seller``."""
    if kind is SellerKind.PRIVATE:
        return _("sold by a private seller")
    return _("sold by a broker or dealer")


def area_label(miles: float, place: str) -> str:
    """``within 30 miles of Rockland``."""
    return ngettext(
        "within %(num)s mile of %(place)s",
        "within %(num)s miles of %(place)s",
        round(miles),
        place=place,
    )


def region_label(name: str) -> str:
    """``in Maine``: a country or a state, by its name or its letters."""
    for country in STATE_COUNTRIES:
        if code := state_code(name, country):
            return _("in %(place)s", place=states_of(country)[code])
    return _("in %(place)s", place=country_name(country_code_abroad(name) or name))
