"""The codes of countries, their parts and currencies, out of `pycountry`.

Most of that library's 23 MB are translations, and it keeps an object for each of 8,000 languages.
"""

from __future__ import annotations

from importlib.metadata import files
from pathlib import Path

import msgspec
import pycountry
from babel import Locale

from marinemarket.listings.vocabulary.iso_codes import Country, IsoCodes, Part

_LANGUAGES = (
    "bg", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "it", "ja", "ko", "lt", "lv", "nb",
    "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh",
)  # fmt: skip


def _names_abroad(country: str) -> list[str]:
    names = (Locale(language).territories.get(country) for language in _LANGUAGES)
    return list(dict.fromkeys(filter(None, names)))


def write(path: Path) -> None:
    """Write the codes as JSON, in the library's order, and the library's license beside them."""
    countries = [
        Country(
            country.alpha_2,
            country.alpha_3,
            country.name,
            getattr(country, "official_name", None),
            getattr(country, "common_name", None),
            _names_abroad(country.alpha_2),
        )
        for country in pycountry.countries
    ]
    parts = [Part(part.code, part.name) for part in pycountry.subdivisions]
    currencies = frozenset(currency.alpha_3 for currency in pycountry.currencies)
    path.write_bytes(msgspec.json.encode(IsoCodes(countries, parts, currencies), order="sorted"))
    licenses = [file for file in files("pycountry") or () if "LICENSE" in file.name]
    path.with_suffix(".LICENSE").write_text(licenses[0].read_text())
