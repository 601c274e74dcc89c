"""Postal codes as people write them, and where their places are.

Known are those of the United States, Canada (the first half), the United Kingdom (its first letters),
Germany, France, the Netherlands, Italy, and Spain (province and island). The file is under the Open Database
License 1.0; ``package_data`` creates it when the package is built.

One code may be of several countries: 75001 is in Paris and in Texas. The country that is named counts, else
the one of the site's language, then the United States, then the one with the largest town.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..i18n.texts import language
from .atlas import Atlas, Town, read_atlas

POSTAL_CODES = Path(__file__).with_name("postal_codes.bin")

_COUNTRIES = {
    "US": re.compile(r"(?:us |usa )?(\d{5})(?: \d{4})?"),
    "DE": re.compile(r"(?:d |de )?(\d{5})"),
    "FR": re.compile(r"(?:f |fr )?(\d{5})"),
    "IT": re.compile(r"(?:i |it )?(\d{5})"),
    "ES": re.compile(r"(?:e |es )?(\d{3})\d\d"),
    "NL": re.compile(r"(?:nl |n )?(\d{4})(?: ?[a-z]{2})?"),
    "CA": re.compile(r"(?:ca )?([abceghj-nprstvxy]\d[a-z])(?: ?\d[a-z]\d)?"),
    "GB": re.compile(r"(?:gb |uk )?([a-z]{1,2})\d[a-z\d]?(?: ?\d[a-z]{2})?"),
}
"""How codes look when folded; before them may be a country."""
_OF_LANGUAGE = {"de": "DE", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL"}
_LIKE_A_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 12
_DIGIT = re.compile(r"\d")


@cache
def load() -> Atlas:
    """The postal codes, memory-mapped on first use."""
    return read_atlas(POSTAL_CODES)


def has_digit(text: str) -> bool:
    """Has a text a digit, as every postal code does?"""
    return _DIGIT.search(text) is not None


def coded(key: str) -> Iterator[Town]:
    """The places of a folded postal code, one for each country that has it, the likeliest first."""
    if len(key) > _LONGEST or not has_digit(key):
        return
    atlas, own = load(), _OF_LANGUAGE.get(language().partition("-")[0])

    def likelihood(place: int) -> tuple[bool, bool, int]:
        country = atlas.area(atlas.owners[place] >> 1)[0]
        return country == own, country == "US", atlas.weights[place]

    for place in sorted(_places(atlas, key), key=likelihood, reverse=True):
        yield atlas.town(atlas.owners[place] >> 1)


def _places(atlas: Atlas, key: str) -> Iterator[int]:
    for country, pattern in _COUNTRIES.items():
        match = pattern.fullmatch(key)
        if match is None or (country == "NL" and _LIKE_A_YEAR.fullmatch(key)):
            continue
        codes = (match[1], match[1][:2]) if country == "ES" else (match[1],)
        for code in codes:
            if found := atlas.exactly(f"{country.lower()} {code}"):
                yield found.start
                break
