"""A place in words: ``Annapolis, MD``, ``FR-06600 Antibes``, ``Kroatien » Dalmatien » Split``."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from ....text import fold
from ...vocabulary import countries
from ...vocabulary.countries import STATES_REQUIRED_IN, country_of_part, state_code
from .vocabulary import key

_LANGUAGES = (
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "pt",
    "hr",
    "el",
    "tr",
    "ru",
    "cs",
)
_ALSO_CALLED = {
    "usvi": "VI",
    "bvi": "VG",
    "baleares": "ES",
    "balearicislands": "ES",
    "canaryislands": "ES",
}

_BIG_TO_SMALL = re.compile(r"[»›>]")
_PARTS = re.compile(r"\s*[,;|/\n»›>]\s*|\s+[-–—·]\s+")
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_CODE_BEFORE = re.compile(
    r"(?:(?P<country>[A-Z]{1,2})[- ])?"
    r"(?P<code>\d{4}\s?[A-Z]{2}(?=\s)|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4,6})\s+(?P<rest>\D.*)"
)
_US_CODE = re.compile(r"(?P<rest>.*?\D)\s+(?P<code>\d{5}(?:-\d{4})?)")
_UK_CODE = re.compile(r"(?P<rest>.*?)\s*\b(?P<code>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})")
_HARBOUR = re.compile(
    r"\b(marina|port|porto|puerto|harbou?r|hafen|haven|hamn|havn|boatyard|yard|dock|quay)\b"
)
# The letters that stand before a postal code on European envelopes.
_ON_ENVELOPES = {
    "D": "DE",
    "F": "FR",
    "I": "IT",
    "E": "ES",
    "A": "AT",
    "B": "BE",
    "L": "LU",
    "P": "PT",
    "S": "SE",
    "N": "NO",
}
# Where a state of the US and a country have the same letters, and hardly a boat lies in the country.
_NO_COAST = frozenset({
    "AR", "AZ", "CA", "CO", "GA", "ID", "IL", "IN", "KY", "LA", "MA", "MD", "MN", "MO", "MS", "NE", "SD", "VA",
})  # fmt: skip


@cache
def _names_elsewhere() -> dict[str, str]:
    """Countries by what other languages call them."""
    named = dict(_ALSO_CALLED)
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                named.setdefault(key(name), code)
    return named


def country_code(name: str) -> str | None:
    """The two letters of a country, called by any of its names in the languages of the table."""
    return countries.country_code(name) or _names_elsewhere().get(key(name))


def read_place(text: str, country: str | None = None) -> dict[str, str]:
    """A place as the wire has it; `country` (two letters) is that of a text which names none.

    Its last word may be a state: then so is the country. Without a country the result has none.
    """
    is_big_first = bool(_BIG_TO_SMALL.search(text))
    if inner := _IN_BRACKETS.search(text):
        text = f"{text[: inner.start()]}, {inner[1]}"
    parts = [part.strip(" .") for part in _PARTS.split(text) if part.strip(" .")]
    if is_big_first:
        parts.reverse()
    found: dict[str, str] = {}
    parts = _without_codes(parts, found)
    parts = _without_country(parts, found, country)
    if "country" not in found and country:
        found["country"] = country
    if found.get("country") in STATES_REQUIRED_IN:
        parts = _without_state(parts, found)
    named = [_as_written(part) for part in dict.fromkeys(parts) if not part.isdigit()]
    if len(named) > 1 and _HARBOUR.search(fold(named[0])):
        named = [named[1], named[0], *named[2:]] if len(named) == 2 else named[1:]
    if named:
        found["city"] = named[0][:100]
    if len(named) > 1:
        found["region"] = named[1][:100]
    return found


def _without_codes(parts: list[str], found: dict[str, str]) -> list[str]:
    rest = []
    for part in parts:
        code = _CODE_BEFORE.fullmatch(part) or _US_CODE.fullmatch(part) or _UK_CODE.fullmatch(part)
        if code is None or "zipCode" in found:
            rest.append(part)
            continue
        found["zipCode"] = code["code"]
        if letters := code.groupdict().get("country"):
            found["country"] = _ON_ENVELOPES.get(letters, letters)
        if code["rest"].strip():
            rest.append(code["rest"].strip())
    if known := found.get("country"):
        found["country"] = country_code(known) or known
    return rest


def _without_country(parts: list[str], found: dict[str, str], country: str | None) -> list[str]:
    if "country" in found or not parts:
        return parts
    *rest, last = parts
    if state_of := _state_here(last, rest, country):
        found["country"] = state_of
        return parts
    if code := country_code(last):
        found["country"] = code
        return rest
    # "Split Kroatien", "Croatia Split"
    first, _space, others = last.rpartition(" ")
    if first and len(others) > 3 and (code := country_code(others)):
        found["country"] = code
        return [*rest, first]
    if len(parts) > 1 and len(parts[0]) > 3 and (code := country_code(parts[0])):
        found["country"] = code
        return parts[1:]
    if country is None and (part_of := country_of_part(last)):
        found["country"] = part_of
    return parts


def _state_here(last: str, rest: list[str], country: str | None) -> str | None:
    """The country of which the last part of a place is a state, though another may be called the same."""
    if country not in (None, *STATES_REQUIRED_IN):
        return None
    code = country_code(last)
    order = ("US", "CA", "AU") if country is None else (country, "US", "CA", "AU")
    state_of = next((one for one in order if state_code(last, one)), None)
    if state_of is None or code is None or len(last) > 2:
        return state_of if code is None or rest else None
    # "Toronto, ON, CA" and "Miami, FL, US": then the letters are the country's.
    if not rest or (code in STATES_REQUIRED_IN and state_code(rest[-1], code)):
        return None
    return state_of if country == state_of or (state_of == "US" and code in _NO_COAST) else None


def _without_state(parts: list[str], found: dict[str, str]) -> list[str]:
    for position in range(len(parts) - 1, -1, -1):
        if code := state_code(parts[position], found["country"]):
            if position == 0 and len(parts) == 1 and len(parts[0]) > 3:
                found["state"] = code
                return []
            found["state"] = code
            return [*parts[:position], *parts[position + 1 :]]
        head, _space, tail = parts[position].rpartition(" ")
        if head and len(tail) == 2 and (code := state_code(tail, found["country"])):
            found["state"] = code
            return [*parts[:position], head, *parts[position + 1 :]]
    return parts


def _as_written(part: str) -> str:
    return part.title() if len(part) > 3 and (part.isupper() or part.islower()) else part
