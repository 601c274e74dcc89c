"""The codes of countries, their parts and currencies, out of `pycountry`.

Most of that library's 23 MB are translations, and it keeps an object for each of 8,000 languages.
"""

from __future__ import annotations

from importlib.metadata import files
from pathlib import Path

import msgspec
import pycountry

from marinemarket.listings.vocabulary.iso_codes import Country, IsoCodes, Part


def write(path: Path) -> None:
    """Write the codes as JSON, in the library's order, and the library's license beside them."""
    countries = [
        Country(
            country.alpha_2,
            country.alpha_3,
            country.name,
            getattr(country, "official_name", None),
            getattr(country, "common_name", None),
        )
        for country in pycountry.countries
    ]
    parts = [Part(part.code, part.name) for part in pycountry.subdivisions]
    currencies = frozenset(currency.alpha_3 for currency in pycountry.currencies)
    path.write_bytes(msgspec.json.encode(IsoCodes(countries, parts, currencies), order="sorted"))
    licenses = [file for file in files("pycountry") or () if "LICENSE" in file.name]
    path.with_suffix(".LICENSE").write_text(licenses[0].read_text())
