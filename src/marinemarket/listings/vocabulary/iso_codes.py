"""The codes of ISO 3166 and ISO 4217: countries, their states and provinces, and currencies.

``package_data`` creates the file when the package is built.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

ISO_CODES = Path(__file__).with_name("iso_codes.json")


class Country(msgspec.Struct, frozen=True, array_like=True):
    """A country: `alpha_2` is ``HR``, `alpha_3` is ``HRV``."""

    alpha_2: str
    alpha_3: str
    name: str
    official_name: str | None
    common_name: str | None
    abroad: list[str] = []
    """Its names in other languages than English."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A state, province or county: `code` is ``US-FL``."""

    code: str
    name: str

    @property
    def country(self) -> str:
        return self.code.partition("-")[0]


class IsoCodes(msgspec.Struct, frozen=True):
    """All codes. `currencies` are three-letter codes, such as ``EUR``."""

    countries: list[Country]
    parts: list[Part]
    currencies: frozenset[str]


@cache
def iso_codes() -> IsoCodes:
    """The codes, read once. Raises FileNotFoundError in a checkout before ``scripts/setup`` has run."""
    if not ISO_CODES.is_file():
        raise FileNotFoundError(f"{ISO_CODES} is missing; in a checkout scripts/setup makes it")
    return msgspec.json.decode(ISO_CODES.read_bytes(), type=IsoCodes)
