"""Hull identification numbers: twelve characters since 1972 in the US, since 1998 in Europe.

``ABC 12345 D4 04``: the builder's code, the hull's serial, month letter and year digit of
certification, model year. European numbers (ISO 10087, unchanged in its editions of 2019 and 2022; no
check digit) put the builder's country in front, as in ``FR-ABC12345D404``. Source: 33 CFR 181.25 and
ISO 10087. Hulls older than August 1984 may carry the two earlier layouts of the same twelve characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from ..clock import now_ms, year_of
from ..i18n.texts import gettext as _
from .vocabulary.countries import country_code

_BUILDER_AND_SERIAL = r"[A-Z0-9]{3}[A-HJ-NPR-Z0-9]{5}"
_LAYOUTS = (
    r"(?P<letter>[A-L])(?P<digit>[0-9])(?P<model>[0-9]{2})",  # since 1984
    r"(?P<month>0[1-9]|1[0-2])(?P<straight>[0-9]{2})",  # 1972 to 1984: month and year
    r"M(?P<season>[0-9]{2})[A-L]",  # 1972 to 1984: M, model year, month A (August) to L
)
_HIN = re.compile(f"{_BUILDER_AND_SERIAL}(?:{'|'.join(_LAYOUTS)})")
_LABEL = re.compile(r"(HIN|CIN|WIN)\s*[:#=]")
_FORMER: Final = frozenset({"AN", "BU", "CS", "DD", "EL", "SU", "TP", "UK", "XK", "YU", "ZR"})
"""Codes of countries that are gone, or never were in ISO 3166, and stand on hulls all the same."""
_FIRST, _LAST = 1972, 1984
"""The years of the two earlier layouts."""
_EARLIEST, _LATEST = -1, 2
"""From when to when before its model year a boat is built, in years: some are left over."""


@dataclass(frozen=True, slots=True)
class HullYears:
    """The years that a number states: `first` to `last`, of building and of the model."""

    first: int
    last: int

    def distance(self, year: int) -> int:
        """By how many years another year lies outside them."""
        return max(self.first - year, year - self.last, 0)


def spelled_hin(text: str) -> str:
    """The number without spaces and dashes, in capitals. Raises ValueError naming the broken rule of form."""
    typed = unicodedata.normalize("NFKC", text[:1000]).upper().strip()
    number = "".join(sign for sign in _LABEL.sub("", typed, count=1) if not _is_gap(sign))
    hull = number
    if len(number) == 14:
        country, hull = number[:2], number[2:]
        if country_code(country) != country and country not in _FORMER:
            raise ValueError(
                _("starts with %(country)s, which is not a country code", country=country)
            )
    if len(hull) != 12:
        raise ValueError(_("must have 12 characters, or 14 with a country in front"))
    if any(letter in "IOQ" for letter in hull[3:8]):
        raise ValueError(
            _("never has the letters I, O or Q in its serial number (characters 4 to 8)")
        )
    if not _HIN.fullmatch(hull):
        raise ValueError(
            _(
                "must be a builder's code of 3, a serial of 5, a month letter A to L, a digit and a model year of 2"
            )
        )
    return number


def checked_hin(text: str, now: int | None = None) -> str:
    """As `spelled_hin`, if its dates can be, at a time in Unix milliseconds. Raises ValueError."""
    number = spelled_hin(text)
    this_year = year_of(now or now_ms())
    found = _HIN.fullmatch(number[-12:])
    assert found
    for name in ("straight", "season"):
        if found[name] and not _FIRST <= 1900 + int(found[name]) <= _LAST:
            message = _(
                "ends with %(end)s, a date as it was written only from 1972 to 1984: check it on the hull",
                end=number[-4:],
            )
            raise ValueError(message)
    if found["model"]:
        model = _model_year(found["model"])
        if model > this_year + _LATEST:
            message = _(
                "ends with the model year %(year)s, which is yet to come: check it on the hull",
                year=found["model"],
            )
            raise ValueError(message)
        if not _built_in(found["digit"], model, this_year):
            message = _(
                "tells of a year with %(digit)s at its end, for the model year %(year)s: check it on the hull",
                digit=found["digit"],
                year=model,
            )
            raise ValueError(message)
    return number


def years_of(number: str) -> HullYears:
    """The years that a number in its proper spelling states."""
    found = _HIN.fullmatch(number[-12:])
    assert found
    if found["model"]:
        model = _model_year(found["model"])
        built = _built_in(found["digit"], model, model + 1) or [model]
        return HullYears(min(model, built[0]), max(model, built[0]))
    year = 1900 + int(found["straight"] or found["season"])
    return HullYears(year - 1 if found["season"] else year, year)


def masked_hin(number: str) -> str:
    """A checked number with its serial hidden: ``ABC•••••D404``.

    The builder and the date remain visible; hidden is what forged papers would need.
    """
    builder = len(number) - 9
    return f"{number[:builder]}•••••{number[-4:]}"


def _is_gap(sign: str) -> bool:
    """A space, a dash of any kind, or nothing that is seen."""
    return sign.isspace() or sign in "−⁃·.’'\"" or unicodedata.category(sign) in ("Pd", "Cf")


def _model_year(digits: str) -> int:
    """This layout began in 1984."""
    return (1900 if int(digits) >= _LAST - 1900 else 2000) + int(digits)


def _built_in(digit: str, model: int, latest: int) -> list[int]:
    """The years with this digit at their end in which a boat of a model year may have been built."""
    years = range(model - _LATEST, min(model - _EARLIEST, latest) + 1)
    return [year for year in years if year % 10 == int(digit)]
