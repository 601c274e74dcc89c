"""Hull identification numbers: twelve characters since 1972 in the US, since 1998 in Europe.

``ABC 12345 D4 04``: the builder's code, the hull's serial, month letter and year digit of
certification, model year. European numbers (ISO 10087) put the builder's country in front, as in
``FR-ABC12345D404``. Source: 33 CFR 181.25 and ISO 10087. Hulls older than August 1984 may carry
the two earlier layouts of the same twelve characters.
"""

from __future__ import annotations

import re

from ..i18n.texts import gettext as _
from .vocabulary.countries import country_code

_BUILDER_AND_SERIAL = r"[A-Z0-9]{3}[A-HJ-NPR-Z0-9]{5}"
_LAYOUTS = (
    r"[A-L][0-9][0-9]{2}",  # since 1984: month A to L, year digit, model year
    r"(?:0[1-9]|1[0-2])[0-9]{2}",  # 1972 to 1984, straight year: month and year
    r"M[0-9]{2}[A-L]",  # 1972 to 1984, model year: M, year, month A (August) to L
)
_HIN = re.compile(f"{_BUILDER_AND_SERIAL}(?:{'|'.join(_LAYOUTS)})")


def checked_hin(text: str) -> str:
    """The number without spaces and hyphens, in capitals. Raises ValueError naming the broken rule."""
    number = re.sub(r"[\s-]", "", text).upper()
    hull = number
    if len(number) == 14:
        country, hull = number[:2], number[2:]
        if country_code(country) != country:
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


def masked_hin(number: str) -> str:
    """A checked number with its serial hidden: ``ABC•••••D404``.

    The builder and the date remain visible; hidden is what forged papers would need.
    """
    builder = len(number) - 9
    return f"{number[:builder]}•••••{number[-4:]}"
