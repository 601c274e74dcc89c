"""Where a place is that people name: towns of the world, and the waters that boaters speak of.

Among places of one name the one is meant that is in the tables of waters or harbours, else the one
with most inhabitants, of whom a tenth count where it is not the town's first name. So `Newport` is the
one in Rhode Island, and `Newport GB` the one in Wales. Countries and states are no places here: search
filters by those. Only a water that is also a country (`Bahamas`, `BVI`) is found all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, zip_longest

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from ..listings.vocabulary.countries import (
    STATES_REQUIRED_IN,
    country_code,
    country_name,
    state_code,
)
from ..text import LATELY_READ, words
from .atlas import Area, Atlas, key_of, read_atlas
from .geography import UNIT, Point, distance_miles
from .waters import WATERS

TOWN_RADIUS_MILES = 25.0
"""How far from a town's middle is still near it."""

LONGEST = 100
"""Characters of the longest text that may be a place."""

_MOST = 50
_SHORT_PREFIX = 2
_SHORTEST_LIKE = 4
_WORDS_OF_AREA = 8
_NATIONS = {
    "england": "England",
    "scotland": "Scotland",
    "wales": "Wales",
    "northern ireland": "Northern Ireland",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: degrees north and east, and the miles around it that are near it.

    `state` is the part of an ISO 3166-2 code in the United States, Canada and Australia (``FL``), the
    nation's name in the United Kingdom, else None. `country` is None for a water between several.
    """

    name: str
    state: str | None
    country: str | None
    lat: float
    lon: float
    radius_miles: float

    @property
    def label(self) -> str:
        """How to write it: ``Annapolis, MD, United States``."""
        country = country_name(self.country) if self.country else None
        # Once each: the Bahamas are a water and a country.
        return ", ".join(dict.fromkeys(filter(None, (self.name, self.state, country))))


@cache
def load() -> Atlas:
    """The towns, mapped into memory when they are first wanted."""
    return read_atlas()


def find_spot(text: str) -> Spot | None:
    """The place of this name, which a state, country or water may follow; None when there is none.

    >>> find_spot("Newport, Wales").label, find_spot("Florida")
    ('Newport, Wales, United Kingdom', None)
    """
    key = _key(text)
    if not key or len(text) > LONGEST:
        return None
    if key in _waters():
        return _water(_waters()[key])
    if _areas(key):
        return None
    if (spot := _first(key, ())) is not None:
        return spot
    parted = key.split()
    for end in range(len(parted) - 1, max(0, len(parted) - _WORDS_OF_AREA - 1), -1):
        name, where = " ".join(parted[:end]), " ".join(parted[end:])
        spot = _first(name, areas) if (areas := _areas(where)) else _first_near(name, where)
        if spot is not None:
            return spot
    return None


def spots_beginning(prefix: str, limit: int) -> list[Spot]:
    """Places whose names begin so, the most important first: at most `limit`, and at most 50."""
    limit = min(limit, _MOST)
    key = _key(prefix)
    if not key or limit < 1 or len(prefix) > LONGEST:
        return []
    # "st" may become Saint Augustine or Stuart, "st " no longer.
    keys = (key + " ",) if prefix[-1:].isspace() else (key, " ".join(words(prefix)))
    found = list(_beginning(*keys))
    # Whoever has gone on to the state or country begins no name any more.
    if not found and (spot := find_spot(prefix)) is not None:
        found = [spot]
    return found[:limit]


def spots_like(text: str, limit: int) -> list[Spot]:
    """Places whose names are a typing slip away, the nearest first: at most `limit`, and at most 50.

    One slip, or two in eight letters and more; a slip in the first letter is forgiven only where it
    changed places with the second.
    """
    limit = min(limit, _MOST)
    key = _key(text)
    if len(key) < _SHORTEST_LIKE or limit < 1 or len(text) > LONGEST:
        return []
    slips = 2 if len(key) >= 8 else 1
    atlas = load()
    near: dict[Spot, tuple[int, int]] = {}
    for name, distance, _ in extract(
        key, list(_waters()), scorer=OSA.distance, score_cutoff=slips, limit=None
    ):
        near[_water(_waters()[name])] = (int(distance), 0)
    for places in _alike(atlas, key):
        for _, distance, place in extract(
            key,
            _comparable(atlas, places, len(key), slips),
            scorer=OSA.distance,
            score_cutoff=slips,
            limit=None,
        ):
            rank = (int(distance), -atlas.weight_asked_for(place))
            spot = _town(atlas, atlas.owners[place] >> 1)
            near[spot] = min(rank, near.get(spot, rank))
    return _once(sorted(near, key=near.__getitem__))[:limit]


@lru_cache(LATELY_READ)
def spot_of(country: str, state: str | None, region: str | None, city: str | None) -> Spot | None:
    """Where about an advert lies that names its place in words; None where that says nothing.

    Its town within its country and state, else its region, if that is a water or a town there.
    """
    areas: tuple[Area, ...] = ((country, state if country in STATES_REQUIRED_IN else None),)
    names = (_key(name) for name in (city, region) if name)
    return next((spot for name in names if name and (spot := _first(name, areas))), None)


def _key(text: str) -> str:
    # Cut before it is folded, as it may be as long as a request.
    return key_of(text[: LONGEST + 1])


@cache
def _waters() -> dict[str, int]:
    """Numbers by key: first names before others, and of each kind the largest waters first."""
    largest_first = sorted(range(len(WATERS)), key=lambda number: -WATERS[number].radius_miles)
    named = {key_of(WATERS[number].name): number for number in largest_first}
    for number in largest_first:
        for name in WATERS[number].also:
            named.setdefault(key_of(name), number)
    return named


def _water(number: int) -> Spot:
    water = WATERS[number]
    areas = _water_areas(number)
    country, state = areas[0] if len(areas) == 1 else (None, None)
    return Spot(water.name, state, country, water.lat, water.lon, float(water.radius_miles))


def _water_areas(number: int) -> list[Area]:
    split = (area.partition("-") for area in WATERS[number].area.split())
    return [(country, state or None) for country, _, state in split]


@lru_cache(1024)
def _areas(key: str) -> tuple[Area, ...]:
    """What a folded name or code says of where: countries and states, several for ``ca`` or ``de``."""
    if key in _NATIONS:
        return (("GB", _NATIONS[key]),)
    areas: list[Area] = [
        (country, state)
        for country in sorted(STATES_REQUIRED_IN)
        if (state := state_code(key, country)) is not None
    ]
    if (code := country_code(key)) is not None:
        areas.append((code, None))
    return tuple(areas) or _state_and_country(key)


def _state_and_country(key: str) -> tuple[Area, ...]:
    parted = key.split()
    for end in range(1, len(parted)):
        country = country_code(" ".join(parted[end:]))
        if country is not None:
            inner = _areas(" ".join(parted[:end]))
            if found := tuple(area for area in inner if area[1] and area[0] == country):
                return found
    return ()


def _first(key: str, areas: tuple[Area, ...]) -> Spot | None:
    """The place of that key, in one of the areas if there are any."""
    number = _waters().get(key)
    if number is not None and _within(_water_areas(number), areas):
        return _water(number)
    atlas = load()
    for town in atlas.called(key):
        if _within([atlas.area(town)], areas):
            return _town(atlas, town)
    return None


def _first_near(key: str, water: str) -> Spot | None:
    """The town of that key in or at a water: ``Newport, Isle of Wight``."""
    if (number := _waters().get(water)) is None:
        return None
    there = _water(number)
    atlas = load()
    spots = (_town(atlas, town) for town in atlas.called(key))
    return next((spot for spot in spots if _apart(spot, there) <= there.radius_miles), None)


def _apart(one: Spot, other: Spot) -> float:
    return distance_miles(_point(one), _point(other))


def _point(spot: Spot) -> Point:
    return round(spot.lat * UNIT), round(spot.lon * UNIT)


def _within(held: Iterable[Area], areas: tuple[Area, ...]) -> bool:
    return not areas or any(
        country == wanted and (state is None or state == own or own is None)
        for country, own in held
        for wanted, state in areas
    )


def _town(atlas: Atlas, number: int) -> Spot:
    town = atlas.town(number)
    return Spot(town.name, town.state, town.country, town.lat, town.lon, TOWN_RADIUS_MILES)


def _beginning(*keys: str) -> tuple[Spot, ...]:
    # A letter or two begin tens of thousands of names, and are what everyone types first.
    once = tuple(dict.fromkeys(keys))
    often = min(map(len, once)) <= _SHORT_PREFIX
    return _often_beginning(once) if often else _all_beginning(once)


def _all_beginning(keys: tuple[str, ...]) -> tuple[Spot, ...]:
    waters = dict.fromkeys(n for name, n in _waters().items() if name.startswith(keys))
    atlas = load()
    places = chain.from_iterable(map(atlas.beginning, keys))
    towns = atlas.weightiest(places, 2 * _MOST)
    # In turns, or a letter would suggest nothing but waters.
    pairs = zip_longest(map(_water, waters), (_town(atlas, number) for number in towns))
    return tuple(_once(spot for pair in pairs for spot in pair if spot)[:_MOST])


_often_beginning = lru_cache(1024)(_all_beginning)


def _once(spots: Iterable[Spot]) -> list[Spot]:
    """Of spots that read alike, the first: England has several Newports."""
    return list({spot.label: spot for spot in reversed(list(spots))}.values())[::-1]


def _alike(atlas: Atlas, key: str) -> Iterator[range]:
    yield atlas.beginning(key[0])
    if key[0] != key[1]:
        yield atlas.beginning(key[1] + key[0])


def _comparable(atlas: Atlas, places: range, length: int, slips: int) -> dict[int, str]:
    return {
        place: name
        for place, name in zip(places, atlas.spelled(places), strict=True)
        if -slips <= len(name) - length <= slips
    }
