"""Countries and states: their codes, and the names that people and portals use."""

from __future__ import annotations

from functools import cache, lru_cache

from msgspec.structs import astuple

from ...text import LATELY_READ, fold, words
from .iso_codes import iso_codes

STATES_REQUIRED_IN = frozenset({"US", "CA", "AU"})

# Names that portals and sailors use but ISO 3166 does not list.
_ALSO_CALLED = {
    "turkey": "TR", "turkiye": "TR", "russia": "RU", "slovakia": "SK", "slovak republic": "SK", "czechia": "CZ",
    "holland": "NL", "the netherlands": "NL", "niederlande": "NL", "nederland": "NL",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "uk": "GB",
    "great britain": "GB", "royaume uni": "GB", "grossbritannien": "GB",
    "usa": "US", "united states of america": "US", "u s a": "US", "etats unis": "US",
    "us virgin islands": "VI", "u s virgin islands": "VI", "british virgin islands": "VG", "bvi": "VG",
    "sint maarten": "SX", "st maarten": "SX", "saint martin": "MF", "curacao": "CW",
    "kroatien": "HR", "croatie": "HR", "hrvatska": "HR", "kroatie": "HR",
    "italien": "IT", "italie": "IT", "italia": "IT", "deutschland": "DE", "allemagne": "DE", "duitsland": "DE",
    "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "zwitserland": "CH",
    "osterreich": "AT", "autriche": "AT", "oostenrijk": "AT",
    "frankreich": "FR", "frankrijk": "FR", "spanien": "ES", "espagne": "ES", "espana": "ES", "spanje": "ES",
    "griechenland": "GR", "grece": "GR", "griekenland": "GR", "hellas": "GR",
    "belgien": "BE", "belgique": "BE", "belgie": "BE", "danmark": "DK", "danemark": "DK", "denemarken": "DK",
    "schweden": "SE", "suede": "SE", "sverige": "SE", "norge": "NO", "norwegen": "NO", "norvege": "NO",
    "suomi": "FI", "finnland": "FI", "polen": "PL", "pologne": "PL", "polska": "PL",
    "slowenien": "SI", "slovenie": "SI", "slovenija": "SI", "ungarn": "HU", "magyarorszag": "HU",
    "turkei": "TR", "turquie": "TR", "uae": "AE", "taiwan": "TW", "south korea": "KR", "vietnam": "VN",
    "cesko": "CZ", "ceska republika": "CZ", "tschechien": "CZ", "tsjechie": "CZ", "republique tcheque": "CZ",
    "slovensko": "SK", "slowakei": "SK", "eesti": "EE", "estland": "EE", "latvija": "LV", "lettland": "LV",
    "lietuva": "LT", "litauen": "LT", "rumanien": "RO", "bulgarien": "BG", "russland": "RU", "irland": "IE",
    "irlande": "IE", "ierland": "IE", "eire": "IE", "island": "IS", "turkije": "TR", "noorwegen": "NO", "zweden": "SE",
    "hongarije": "HU", "oesterreich": "AT", "vereinigtes konigreich": "GB", "verenigd koninkrijk": "GB",
    "vereinigte staaten": "US", "verenigde staaten": "US", "montenegro crna gora": "ME", "vae": "AE",
    "malte": "MT", "zypern": "CY", "chypre": "CY", "crna gora": "ME",
}  # fmt: skip


_CALLED = {"TR": "Turkey", "VG": "British Virgin Islands", "VI": "US Virgin Islands"}


@lru_cache(LATELY_READ)
def country_code(name: str) -> str | None:
    """ISO 3166-1 alpha-2 code of a country's name or code as people write it; None if unknown.

    >>> country_code("Croatia (Hrvatska)"), country_code("us"), country_code("Lake Constance")
    ('HR', 'US', None)
    """
    for candidate in (name, name.split("(")[0]):
        folded = _key(candidate)
        if folded in _ALSO_CALLED:
            return _ALSO_CALLED[folded]
        if folded in _countries():
            return _countries()[folded]
    return None


_TOWNS = frozenset({"granada", "dania"})
"""Names of countries abroad that here are a town's."""


@lru_cache(LATELY_READ)
def country_code_abroad(name: str) -> str | None:
    """As `country_code`, also for a name in another language than English: ``Grecia``.

    Only where a country must be meant: on its own a word such as ``Dania`` may be a town.
    """
    key = _key(name)
    return country_code(name) or (None if key in _TOWNS else _abroad().get(key))


@cache
def _abroad() -> dict[str, str]:
    named: dict[str, str] = {}
    for country in iso_codes().countries:
        for name in country.abroad:
            named.setdefault(_key(name), country.alpha_2)
    return named


def _key(name: str) -> str:
    return " ".join(words(name))


@cache
def _countries() -> dict[str, str]:
    named: dict[str, str] = {}
    for country in iso_codes().countries:
        for name in astuple(country):
            if isinstance(name, str):
                named[_key(name)] = country.alpha_2
    return named


@cache
def country_name(code: str) -> str:
    """A country's usual name: ``HR`` is Croatia. An unknown code is returned as is."""
    if code in _CALLED:
        return _CALLED[code]
    country = next((c for c in iso_codes().countries if c.alpha_2 == code), None)
    return (country.common_name or country.name).split(",")[0] if country else code


@cache
def states_of(country: str) -> dict[str, str]:
    """Codes and names of a country's states or provinces: ``{"FL": "Florida", …}``."""
    return {
        part.code.partition("-")[2]: part.name
        for part in iso_codes().parts
        if part.country == country
    }


@lru_cache(LATELY_READ)
def state_code(name: str, country: str) -> str | None:
    """The code of a state, given by code or name; None if the country has no such state."""
    states = states_of(country)
    wanted = fold(name.strip())
    for code, full_name in states.items():
        if wanted in (code.lower(), fold(full_name)):
            return code
    return None


@lru_cache(LATELY_READ)
def country_of_part(name: str) -> str | None:
    """The country with a state, province or county of this name, if only one country has it."""
    wanted = fold(name)
    found = {part.country for part in iso_codes().parts if fold(part.name) == wanted}
    return found.pop() if len(found) == 1 else None
