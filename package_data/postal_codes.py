"""Postal codes with their places, from `countrystatecity-postal-codes`, as the file that `Atlas` maps.

The package's data are under the Open Database License 1.0. For some countries they have coordinates, for
others names of towns, whose coordinates are those of GeoNames. Several towns of a country may have one
name: the one among the neighbours of the code is meant.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import files as files_of
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from marinemarket.search.atlas import Area, Atlas, Columns, key_of, write_atlas
from marinemarket.search.geography import UNIT, distance_miles

_WITH_COORDINATES = ("CA", "GB", "US")
_BY_TOWN = ("DE", "FR", "IT", "NL")
_FARTHEST = 120.0
"""In miles, from the middle of the codes that begin alike: towns farther away only have the name."""

# The package has no towns of Spanish codes. Two digits are the province, three of some its island.
_SPAIN = (
    "Vitoria-Gasteiz", "Albacete", "Alicante", "Almería", "Ávila", "Badajoz", "Palma", "Barcelona", "Burgos",
    "Cáceres", "Cádiz", "Castelló de la Plana", "Ciudad Real", "Córdoba", "A Coruña", "Cuenca", "Girona",
    "Granada", "Guadalajara", "San Sebastián", "Huelva", "Huesca", "Jaén", "León", "Lleida", "Logroño", "Lugo",
    "Madrid", "Málaga", "Murcia", "Pamplona", "Ourense", "Oviedo", "Palencia", "Las Palmas de Gran Canaria",
    "Pontevedra", "Salamanca", "Santa Cruz de Tenerife", "Santander", "Segovia", "Sevilla", "Soria",
    "Tarragona", "Teruel", "Toledo", "Valencia", "Valladolid", "Bilbao", "Zamora", "Zaragoza", "Ceuta",
    "Melilla",
)  # fmt: skip
_SPANISH_ISLANDS = {
    "077": "Maó", "078": "Ibiza", "355": "Arrecife", "356": "Puerto del Rosario",
    "387": "Los Llanos de Aridane", "388": "San Sebastián de la Gomera",
}  # fmt: skip


class _Record(msgspec.Struct, gc=False, rename="camel"):
    """What is read of a code in the package's files."""

    code: str
    state_code: str | None
    locality_name: str | None
    latitude: float | None
    longitude: float | None


class _Place(NamedTuple):
    code: str
    name: str
    area: Area
    lat: float
    lon: float
    weight: int


def write(path: Path, atlas: Atlas) -> None:
    """Write the file, and its license beside it; `atlas` holds the towns."""
    places = sorted(
        place
        for country in (*_WITH_COORDINATES, *_BY_TOWN, "ES")
        for place in _places(country, atlas)
    )
    areas = sorted({place.area for place in places}, key=str)
    numbers = {area: number for number, area in enumerate(areas)}
    keyed = sorted(
        (f"{place.area[0]} {place.code}".lower().encode() + b"\n", number)
        for number, place in enumerate(places)
    )
    names = [place.name.encode() for place in places]
    columns = Columns(
        names=memoryview(b"".join(names)),
        name_ends=_ends(names),
        lats=memoryview(array("f", (place.lat for place in places))),
        lons=memoryview(array("f", (place.lon for place in places))),
        areas=memoryview(array("H", (numbers[place.area] for place in places))),
        keys=memoryview(b"".join(key for key, _ in keyed)),
        key_ends=_ends([key for key, _ in keyed]),
        owners=memoryview(array("I", (number * 2 for _, number in keyed))),
        weights=memoryview(array("I", (places[number].weight for _, number in keyed))),
    )
    write_atlas(path, columns, areas)
    license = next(
        f for f in files_of("countrystatecity-postal-codes") or () if f.name == "LICENSE"
    )
    path.with_suffix(".LICENSE").write_text(license.read_text())


def _ends(texts: Iterable[bytes]) -> memoryview[int]:
    return memoryview(array("I", accumulate(map(len, texts), initial=0)))


def _places(country: str, atlas: Atlas) -> Iterator[_Place]:
    if country == "ES":
        yield from _spanish(atlas)
    elif country in _BY_TOWN:
        yield from _by_town(country, atlas)
    else:
        for record in _records(country):
            if record.latitude is not None and record.longitude is not None:
                state = record.state_code if country in ("CA", "US") else None
                name = (record.locality_name or "") if country == "GB" else record.code
                yield _Place(
                    record.code, name, (country, state), record.latitude, record.longitude, 1
                )


def _records(country: str) -> list[_Record]:
    source = files("countrystatecity_postal_codes") / "data" / "by-country" / country
    return msgspec.json.decode((source / "postcodes.json").read_bytes(), type=list[_Record])


class _Spot(NamedTuple):
    lat: float
    lon: float
    weight: int


@cache
def _weights(atlas: Atlas) -> dict[int, int]:
    """How much each town weighs, by its number."""
    held = zip(atlas.owners, atlas.weights, strict=True)
    return {owner >> 1: weight for owner, weight in held if not owner & 1}


def _spots(name: str, country: str, atlas: Atlas) -> list[_Spot]:
    """The towns of this name in a country, the likeliest first."""
    weights = _weights(atlas)
    for key in dict.fromkeys((key_of(name), key_of(name.partition("(")[0]))):
        towns = ((number, atlas.town(number)) for number in atlas.called(key) if key)
        if found := [_Spot(t.lat, t.lon, weights[n]) for n, t in towns if t.country == country]:
            return found
    return []


def _by_town(country: str, atlas: Atlas) -> Iterator[_Place]:
    candidates: dict[str, list[list[_Spot]]] = defaultdict(list)
    for record in _records(country):
        candidates[record.code].append(_spots(record.locality_name or "", country, atlas))
    middles = _middles(candidates)
    found: dict[str, _Spot] = {}
    for code, named in candidates.items():
        middle = middles.get(code[:2])
        near = [spot for spots in named for spot in _nearest(spots, middle)]
        if near:
            found[code] = near[0]
    known = sorted(found)
    for code in candidates:
        spot = found.get(code) or _neighbour(code, known, found)
        if spot is not None:
            yield _Place(code, code, (country, None), spot.lat, spot.lon, spot.weight)


def _middles(candidates: dict[str, list[list[_Spot]]]) -> dict[str, _Spot]:
    """The middle of each region of codes, by the towns whose names are of no other town."""
    sure: dict[str, list[_Spot]] = defaultdict(list)
    for code, named in candidates.items():
        sure[code[:2]] += [spots[0] for spots in named if len(spots) == 1]
    return {
        region: _Spot(median(s.lat for s in spots), median(s.lon for s in spots), 1)
        for region, spots in sure.items()
        if spots
    }


def _nearest(spots: list[_Spot], middle: _Spot | None) -> list[_Spot]:
    if middle is None or not spots:
        return spots[:1]
    nearest = min(spots, key=lambda spot: _miles(spot, middle))
    return [nearest] if _miles(nearest, middle) <= _FARTHEST else []


def _miles(one: _Spot, other: _Spot) -> float:
    return distance_miles(
        (round(one.lat * UNIT), round(one.lon * UNIT)),
        (round(other.lat * UNIT), round(other.lon * UNIT)),
    )


def _neighbour(code: str, known: list[str], found: dict[str, _Spot]) -> _Spot | None:
    """The place of the nearest code that begins alike."""
    alike = [other for other in known if other[:2] == code[:2]]
    if not alike:
        return None
    return found[min(alike, key=lambda other: abs(int(other) - int(code)))]


def _spanish(atlas: Atlas) -> Iterator[_Place]:
    codes = {f"{number:02}": name for number, name in enumerate(_SPAIN, 1)} | _SPANISH_ISLANDS
    for code, name in codes.items():
        [spot, *_] = _spots(name, "ES", atlas)
        yield _Place(code, name, ("ES", None), spot.lat, spot.lon, spot.weight)
