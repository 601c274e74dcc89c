"""Finds places by name: the world's towns, and the waters that boaters speak of.

Among places of the same name, one in the tables of waters or harbours wins, otherwise the one with the
largest population, of which only a tenth counts where the name is not the town's first. So `Newport` is
in Rhode Island, and `Newport GB` in Wales. Countries and states are not places here, since search has
filters for them, except for a water that is also a country (`Bahamas`, `BVI`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice, zip_longest

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
from .postal_codes import coded, has_digit
from .waters import WATERS

TOWN_RADIUS_MILES = 25.0
"""The radius around a town's centre that counts as near it."""

LONGEST = 100
"""The most characters of a text that may be a place."""

_MOST = 50
_SHORT_PREFIX = 2
_SHORTEST_LIKE = 4
_SHORTEST_NAME = 3
_MOST_OF_A_NAME = 20
_WORDS_OF_AREA = 8
_WORDS_OF_CODE = 3
_OF_TOWN = 60.0
"""Within how many miles of a town's middle a postal code is taken to be that town's."""
_NATIONS = {
    "england": "England",
    "scotland": "Scotland",
    "wales": "Wales",
    "northern ireland": "Northern Ireland",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: degrees north and east, and the radius in miles that counts as near it.

    `state` is the second part of an ISO 3166-2 code in the United States, Canada and Australia
    (``FL``), the nation's name in the United Kingdom, else None. `country` is None for waters
    between several.
    """

    name: str
    state: str | None
    country: str | None
    lat: float
    lon: float
    radius_miles: float

    @property
    def label(self) -> str:
        """Display name: ``Annapolis, MD, United States``."""
        country = country_name(self.country) if self.country else None
        # Without duplicates: the Bahamas are both a water and a country.
        return ", ".join(dict.fromkeys(filter(None, (self.name, self.state, country))))


@cache
def load() -> Atlas:
    """The towns, memory-mapped on first use."""
    return read_atlas()


def find_spot(text: str) -> Spot | None:
    """The place of this name, optionally followed by a state, country or water; None if unknown.

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
    if has_digit(key) and (spot := _with_code(parted)) is not None:
        return spot
    for end in range(len(parted) - 1, max(0, len(parted) - _WORDS_OF_AREA - 1), -1):
        name, where = " ".join(parted[:end]), " ".join(parted[end:])
        spot = _first(name, areas) if (areas := _areas(where)) else _first_near(name, where)
        if spot is not None:
            return spot
    return None


def spots_beginning(prefix: str, limit: int) -> list[Spot]:
    """Places whose names start with this, the most important first: at most `limit`, never over 50."""
    limit = min(limit, _MOST)
    key = _key(prefix)
    if not key or limit < 1 or len(prefix) > LONGEST:
        return []
    # "st" may become Saint Augustine or Stuart, "st " only the former.
    keys = (key + " ",) if prefix[-1:].isspace() else (key, " ".join(words(prefix)))
    found = [*_coded(key), *_beginning(*keys)]
    # After a state or country, the text is no longer the start of a name.
    if not found and (spot := find_spot(prefix)) is not None:
        found = [spot]
    return found[:limit]


def spots_like(text: str, limit: int) -> list[Spot]:
    """Places whose names differ by a typing error, the nearest first: at most `limit`, never over 50.

    One error, or two in names of eight letters or more; an error in the first letter is forgiven only
    if it was swapped with the second.
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
    """The approximate location of an advert from the names in it; None if they are not known.

    Its town within its country and state, otherwise its region, if that is a water or a town there.
    """
    areas: tuple[Area, ...] = ((country, state if country in STATES_REQUIRED_IN else None),)
    names = (_key(name) for name in (city, region) if name)
    return next((spot for name in names if name and (spot := _first(name, areas))), None)


def spots_of_code(code: str) -> Iterator[Spot]:
    """The places that have a postal code, one for each country, the likeliest first."""
    return _coded(_key(code))


@lru_cache(LATELY_READ)
def spot_of_code(country: str, code: str) -> Spot | None:
    """Where a postal code of a country is; None if it is not known."""
    return next((spot for spot in _coded(_key(code)) if spot.country == country), None)


def place_tokens(name: str) -> tuple[str, ...]:
    """The tokens of adverts that lie in a place of this name, whichever of its names that is.

    There may be several such places.
    """
    key = _key(name)
    if len(key) < _SHORTEST_NAME or key.isdigit():
        return ()
    return _tokens_called(key)


@lru_cache(LATELY_READ)
def _tokens_called(key: str) -> tuple[str, ...]:
    atlas = load()
    spots = [_water(_waters()[key])] if key in _waters() else []
    spots += [_town(atlas, number) for number in islice(atlas.called(key), _MOST_OF_A_NAME)]
    return tuple(dict.fromkeys(map(token_of, spots)))


def token_of(spot: Spot) -> str:
    """The token of every advert that lies in a place: ``^gothenburg SE``."""
    return f"^{_key(spot.name)} {spot.country or ''} {spot.state or ''}".rstrip()


def _key(text: str) -> str:
    # Cut before it is folded, since it may be as long as a whole request.
    return key_of(text[: LONGEST + 1])


@cache
def _waters() -> dict[str, int]:
    """Numbers by key: first names before others, and large waters before small ones."""
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
    """The countries and states that a folded name or code may mean; several for ``ca`` or ``de``."""
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
    """The place with that key, in one of the areas if any are given."""
    number = _waters().get(key)
    if number is not None and _within(_water_areas(number), areas):
        return _water(number)
    for coded_spot in _coded(key):
        if _within([(coded_spot.country or "", coded_spot.state)], areas):
            return coded_spot
    atlas = load()
    for town in atlas.called(key):
        if _within([atlas.area(town)], areas):
            return _town(atlas, town)
    return None


def _coded(key: str) -> Iterator[Spot]:
    """The places with a postal code, the likeliest first."""
    for town in coded(key):
        name = key.upper() if town.name.isascii() and town.name.lower() == key else town.name
        yield Spot(name, town.state, town.country, town.lat, town.lon, TOWN_RADIUS_MILES)


def _with_code(parted: list[str]) -> Spot | None:
    """The place of a postal code before or after a town: ``24103 Kiel``, ``Annapolis, MD 21403``.

    The code decides if it is of a town of that name, otherwise the town.
    """
    atlas = load()
    for end in range(1, min(len(parted), _WORDS_OF_CODE + 1)):
        for code, name in ((parted[:end], parted[end:]), (parted[-end:], parted[:-end])):
            spots = list(_coded(" ".join(code)))
            town = find_spot(" ".join(name)) if spots else None
            if town is not None:
                named = (_town(atlas, number) for number in atlas.called(" ".join(name)))
                towns = (town, *islice(named, _MOST))
                near = (s for t in towns for s in spots if _distance(s, t) < _OF_TOWN)
                return next(near, town)
    return None


def _first_near(key: str, water: str) -> Spot | None:
    """The town with that key in or on a water: ``Newport, Isle of Wight``."""
    if (number := _waters().get(water)) is None:
        return None
    there = _water(number)
    atlas = load()
    spots = (_town(atlas, town) for town in atlas.called(key))
    return next((spot for spot in spots if _distance(spot, there) <= there.radius_miles), None)


def _distance(one: Spot, other: Spot) -> float:
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
    # One or two letters start tens of thousands of names, and are what everyone types first.
    once = tuple(dict.fromkeys(keys))
    often = min(map(len, once)) <= _SHORT_PREFIX
    return _often_beginning(once) if often else _all_beginning(once)


def _all_beginning(keys: tuple[str, ...]) -> tuple[Spot, ...]:
    waters = dict.fromkeys(n for name, n in _waters().items() if name.startswith(keys))
    atlas = load()
    places = chain.from_iterable(map(atlas.beginning, keys))
    towns = atlas.weightiest(places, 2 * _MOST)
    # Alternating, or a single letter would suggest only waters.
    pairs = zip_longest(map(_water, waters), (_town(atlas, number) for number in towns))
    return tuple(_once(spot for pair in pairs for spot in pair if spot)[:_MOST])


_often_beginning = lru_cache(1024)(_all_beginning)


def _once(spots: Iterable[Spot]) -> list[Spot]:
    """The first of the spots with the same label: England has several Newports."""
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
