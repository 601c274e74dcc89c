"""Makers' names in a standard spelling, without what portals add to them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ...text import LATELY_READ, fold

# The makers' own spellings, where adverts differ in case, accents or additional words.
_KNOWN = (
    "Absolute", "Albin", "Alubat", "Archambault", "Axopar", "Azimut", "B-Yachts", "Bavaria",
    "Bayliner", "Beneteau", "Bénéteau=Beneteau", "Bertram", "Boston Whaler", "C&C", "Caliber",
    "Catalina", "Chaparral", "Chris-Craft", "Chris Craft=Chris-Craft", "Cobalt", "Cobrey",
    "Colin Archer", "Comar", "Contest", "Cranchi", "Crownline", "De Antonio", "Dehler", "Delphia",
    "Discovery", "Dufour", "Elan", "Fairline", "Ferretti", "Finnmaster", "Fjord", "Fountaine Pajot",
    "Four Winns", "Galeon", "Glastron", "Grady-White", "Grady White=Grady-White", "Grand Banks",
    "Grand Soleil", "Greenline", "Hallberg-Rassy", "Hallberg Rassy=Hallberg-Rassy", "Hanse",
    "Hatteras", "Hunter", "Hylas", "Invictus", "Island Packet",
    "Island Packet Yachts=Island Packet", "J Boats", "J/Boats=J Boats", "Jeanneau", "Karnic",
    "Lagoon", "Linssen", "Lund", "Mainship", "Malo", "Malö=Malo", "Maretti", "MasterCraft",
    "Mastercraft=MasterCraft", "Maxum", "Menorquin", "Mochi Craft", "Monterey", "Moody", "Nauticat",
    "Nidelv", "Nimbus", "Nordhavn", "Nordic Tugs", "Oyster", "Parker", "Pershing", "Prestige",
    "Princess", "Quicksilver", "Regal", "Rinker", "Riva", "RM", "RM Yachts=RM", "Sabre", "Salona",
    "San Remo", "Sanlorenzo", "Saver", "Saxdor", "Sea Ray", "SeaRay=Sea Ray", "Sealine", "Sessa",
    "Sessa Marine=Sessa", "Solaris", "Southerly", "Sunseeker", "Tartan", "Tiara", "Tofinou",
    "Uniesse", "Viking", "Wauquiez", "Wellcraft", "Windy", "X-Yachts", "Yamarin", "Zar",
)  # fmt: skip

# What portals and people append to a maker's name. "Yachts" or "Boats" alone may be the name's own.
_SUFFIXES = re.compile(
    r"\s*(?:\((?P<note>[^)]*)\)|\b(?:power ?boats|sail ?boats|sailing boats|motor ?boats|inflatables))\s*$",
    re.IGNORECASE,
)
_TRADE_WORDS = re.compile(
    r"\s+(?:yachts?|boats?|marine|yachting|yachtbau|werft|cantieri|cantiere)$", re.IGNORECASE
)


# Longer text is no maker's name, and removing its suffixes would take too long.
_LONGEST = 200


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9&]+", " ", fold(text)).strip()


@cache
def _spellings() -> dict[str, str]:
    pairs = (entry.partition("=") for entry in _KNOWN)
    return {_key(written): canonical or written for written, _, canonical in pairs}


@cache
def known_makers() -> tuple[str, ...]:
    """The makers with a standard spelling, in alphabetical order."""
    return tuple(sorted(set(_spellings().values()), key=str.casefold))


@lru_cache(LATELY_READ)
def maker_name(text: str) -> str | None:
    """The maker in its standard spelling; an unknown name stays as typed, without suffixes.

    >>> maker_name("Sea Ray power boats"), maker_name("BÉNÉTEAU"), maker_name(" ")
    ('Sea Ray', 'Beneteau', None)
    """
    name = " ".join(text.split())
    if len(name) > _LONGEST:
        return name
    while (shorter := _SUFFIXES.sub("", name).strip()) and shorter != name:
        name = shorter
    if not name:
        return None
    spellings = _spellings()
    without_trade = _TRADE_WORDS.sub("", name)
    return spellings.get(_key(name)) or spellings.get(_key(without_trade)) or name
