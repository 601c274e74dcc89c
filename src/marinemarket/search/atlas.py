"""The world's towns, from GeoNames, in one file for lookup by name.

GeoNames data are licensed under CC BY 4.0: whoever shows them must name GeoNames.

``package_data`` creates the file when the package is built. It is memory-mapped and never copied, so
that all processes of a machine share the parts they read. Names are folded, sorted, stored in one
byte string and found by bisection.
"""

from __future__ import annotations

import mmap
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from heapq import nlargest
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..text import words

TOWNS = Path(__file__).with_name("towns.bin")

OTHERWISE = 100
"""A town's weight is divided by this where it is suggested by a name other than its first."""

_OTHERWISE_ASKED_FOR = 10
_ALIGNED = 8

_SHORTENED = {
    "st": "saint", "ft": "fort", "mt": "mount", "ste": "sainte", "sankt": "saint", "sint": "saint", "pto": "puerto",
}  # fmt: skip
_POSSESSIVE = re.compile(r"['’`](?=s\b)", re.IGNORECASE)

Area = tuple[str, str | None]
"""A country's ISO code, and a state's code in it or None."""

Kind = Literal["B", "H", "I", "f"]


@dataclass(frozen=True, slots=True)
class Town:
    """A town: `state` as `Spot` has it, degrees north and east."""

    name: str
    country: str
    state: str | None
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Towns by number, and their keys in order.

    `names` and `keys` are UTF-8 text, each key followed by a line break; the name of town n is between
    `name_ends` n and n + 1. A key's owner is twice the town's number, plus one if the key is a name
    other than its first. `weights` belong to the keys: population and the weight of being a harbour,
    divided by `OTHERWISE` under another name.
    """

    names: memoryview[int]
    name_ends: memoryview[int]
    lats: memoryview[float]
    lons: memoryview[float]
    areas: memoryview[int]
    keys: memoryview[int]
    key_ends: memoryview[int]
    owners: memoryview[int]
    weights: memoryview[int]


KINDS: dict[str, Kind] = {
    "names": "B", "name_ends": "I", "lats": "f", "lons": "f", "areas": "H",
    "keys": "B", "key_ends": "I", "owners": "I", "weights": "I",
}  # fmt: skip


class _Header(msgspec.Struct):
    """The file's first line: the areas by number, and the start and end of each column."""

    areas: list[Area]
    columns: dict[str, tuple[int, int]]


class Atlas:
    """The towns, found by number or by key."""

    def __init__(self, columns: Columns, countries_and_states: list[Area]) -> None:
        self.columns = columns
        self.countries_and_states = countries_and_states
        self.owners, self.weights = columns.owners, columns.weights

    def __len__(self) -> int:
        """The number of towns."""
        return len(self.columns.lats)

    def area(self, number: int) -> Area:
        """The area of the town with this number."""
        return self.countries_and_states[self.columns.areas[number]]

    def town(self, number: int) -> Town:
        """The town with this number."""
        held = self.columns
        name = str(held.names[held.name_ends[number] : held.name_ends[number + 1]], "utf-8")
        country, state = self.area(number)
        # Single-precision floats are good to about a yard; GeoNames gives five decimals.
        return Town(name, country, state, round(held.lats[number], 5), round(held.lons[number], 5))

    def called(self, key: str) -> Iterator[int]:
        """The numbers of the towns with exactly this key, the likeliest first."""
        found = self.exactly(key)
        return self._numbers(sorted(found, key=self.weight_asked_for, reverse=True))

    def exactly(self, key: str) -> range:
        """The places of the keys that are exactly this."""
        start = key.encode()
        return range(self._place(start), self._place(start + b"\0"))

    def beginning(self, prefix: str) -> range:
        """The places of the keys with this prefix."""
        start = prefix.encode()
        return range(self._place(start), self._place(start + b"\xff"))

    def weightiest(self, places: Iterable[int], limit: int) -> Iterator[int]:
        """The numbers of the towns whose keys are at these places, by weight, without duplicates."""
        # A town occurs once for each of its names, so more are examined than wanted.
        chosen = nlargest(limit * 4 + 20, places, key=self.weights.__getitem__)
        return islice(self._numbers(chosen), limit)

    def spelled(self, places: range) -> list[str]:
        """The keys at these places."""
        ends = self.columns.key_ends
        return str(self.columns.keys[ends[places.start] : ends[places.stop]], "utf-8").splitlines()

    def weight_asked_for(self, place: int) -> int:
        """The weight of a key that was typed in full: under another name, a tenth of the town's."""
        weight = self.weights[place]
        return weight * (OTHERWISE // _OTHERWISE_ASKED_FOR) if self.owners[place] & 1 else weight

    def _numbers(self, places: list[int]) -> Iterator[int]:
        return iter(dict.fromkeys(self.owners[place] >> 1 for place in places))

    def _place(self, key: bytes) -> int:
        return bisect_left(range(len(self.owners)), key, key=self._key)

    def _key(self, place: int) -> bytes:
        ends = self.columns.key_ends
        return bytes(self.columns.keys[ends[place] : ends[place + 1] - 1])


def key_of(text: str) -> str:
    """A name in comparable form: folded words, with St., Ft. and Mt. spelled out.

    >>> key_of("St. Mary's"), key_of("Ft Lauderdale"), key_of("København")
    ('saint marys', 'fort lauderdale', 'kobenhavn')
    """
    # Most names are plain words, and all 350,000 are folded when the file is built.
    if text.isascii() and text.isalpha():
        folded = text.lower()
        return _SHORTENED.get(folded, folded)
    plain = text.isascii() and text.replace(" ", "").isalpha()
    found = text.lower().split() if plain else words(_POSSESSIVE.sub("", text))
    return " ".join([_SHORTENED.get(word, word) for word in found])


def area_code(country: str, state: str | None) -> str:
    """The notation for areas in this package's tables: ``US-FL``, ``GB-Wales``, ``HR``."""
    return f"{country}-{state}" if state else country


def read_atlas(path: Path = TOWNS) -> Atlas:
    """Map the file. Raises FileNotFoundError in a checkout that ``scripts/setup`` has not set up."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; in a checkout, run scripts/setup")
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    begin = mapped.find(b"\n") + 1
    header = msgspec.json.decode(mapped[:begin], type=_Header)
    body = memoryview(mapped)[begin:]
    columns = {
        name: _column(body[slice(*header.columns[name])], kind) for name, kind in KINDS.items()
    }
    return Atlas(Columns(**columns), header.areas)


def write_atlas(path: Path, columns: Columns, areas: list[Area]) -> None:
    """Write the file for `read_atlas`: the same bytes on every machine."""
    places: dict[str, tuple[int, int]] = {}
    body = bytearray()
    for column in fields(columns):
        content = _little_endian(getattr(columns, column.name), KINDS[column.name])
        places[column.name] = len(body), len(body) + len(content)
        body += content
        body += bytes(-len(body) % _ALIGNED)
    line = msgspec.json.encode(_Header(areas, places))
    # A number must be aligned to a multiple of its size.
    line += b" " * (-(len(line) + 1) % _ALIGNED) + b"\n"
    # Never in place: a process that has it mapped would read beyond its end.
    part = path.with_suffix(".part")
    part.write_bytes(line + body)
    part.replace(path)


def _column(content: memoryview[int], kind: Kind) -> memoryview[Any]:
    if sys.byteorder == "little":
        return content.cast(kind)
    return memoryview(_swapped(content, kind))


def _little_endian(column: memoryview[Any], kind: Kind) -> bytes:
    return bytes(column) if sys.byteorder == "little" else _swapped(column, kind).tobytes()


def _swapped(content: memoryview[Any], kind: Kind) -> array[int] | array[float]:
    swapped: array[int] | array[float] = array(kind, content.tobytes())
    swapped.byteswap()
    return swapped
