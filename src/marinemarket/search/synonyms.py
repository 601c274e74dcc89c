"""The trade's vocabulary: which phrases mean the same, and what else a word may mean.

A *concept* is the shared meaning of several phrases. Adverts and queries are searched for the same
phrases, so that ``CC`` in one matches ``centre console`` in the other, whatever the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ..listings.vocabulary.boat_types import BOAT_TYPES, OTHER
from ..text import words

# One concept per line: all phrases of a line mean the same wherever they occur.
_SAME = (
    "sterndrive, stern drive, i/o, inboard outboard, inboard/outboard, z drive, z-drive, outdrive, out drive",
    "outboard, outboards, outboard engine, outboard motor",
    "inboard, inboards",
    "air conditioning, air conditioned, a/c, aircon, air con, air conditioner",
    "autopilot, auto pilot, auto-pilot",
    "bow thruster, bowthruster, bow-thruster",
    "stern thruster, sternthruster",
    "t top, t-top, ttop",
    "hard top, hardtop",
    "generator, genset, gen set",
    "chart plotter, chartplotter, plotter, gps plotter",
    "water maker, watermaker, desalinator",
    "live aboard, liveaboard",
    "teak deck, teak decks, teak decking",
    "solar panel, solar panels, solar",
    "swim platform, swimming platform, bathing platform, swim step",
    "roller furling, furling genoa, roller genoa, furler",
    "in mast furling, in-mast furling, mast furling",
    "trailer, road trailer, boat trailer, trailerable",
    "gasoline, petrol, gas engine, benzine, benzin, essence",
    "diesel, diesel engine, gasoil",
    "fiberglass, fibreglass, grp, gfk, frp, glassfibre, glass fibre, glass fiber, polyester",
    "aluminum, aluminium, alloy hull",
    "ferrocement, ferro cement, ferro-cement",
    "life raft, liferaft",
    "shallow draft, shoal draft, shallow draught, shoal draught, shoal keel",
    "bilge keel, bilge keels, twin keel, twin keels, bilge keeler",
    "lifting keel, lift keel, swing keel, centreboard, centerboard",
    "fin keel, fin keels",
    "owners version, owner's version, owner version",
    "one owner, 1 owner, single owner",
    "twin engine, twin engines, two engines, dual engine, twin screw",
    "single engine, single screw",
    "fish finder, fishfinder, sounder",
    "live well, livewell, bait well, baitwell",
    "outriggers, outrigger",
    "wind generator, wind turbine",
    "electric windlass, windlass, anchor winch, anchor windlass",
    "brand new, new boat",
    "horsepower, hp, ps, cv, pk",
)

# British and American spellings, and words that are written in several ways.
_SPELLINGS = {
    "st": "saint", "sankt": "saint", "sint": "saint",
    "centre": "center", "centres": "centers", "colour": "color", "grey": "gray", "draught": "draft",
    "metre": "meter", "metres": "meters", "harbour": "harbor", "tyre": "tire", "odour": "odor",
    "licence": "license", "mould": "mold", "organised": "organized", "aluminium": "aluminum",
    "fibreglass": "fiberglass", "fibre": "fiber", "armour": "armor", "favourite": "favorite",
    "theatre": "theater", "catamarane": "catamaran", "yachten": "yacht", "yates": "yacht",
}  # fmt: skip

# Names of types that also mean other things: they are searched only as words.
_AMBIGUOUS = frozenset({
    "cabin", "fly", "tri", "performance", "commercial", "express", "hardtop", "hard top", "cutter",
    "tender", "skiff", "angler", "convertible", "sail", "sailing", "yacht", "sloop", "ketch", "yawl",
    "schooner", "cruiser", "fishing", "barge", "zodiac", "ferry", "tug", "classic", "passenger boat",
})  # fmt: skip

# What else a buyer may mean by a word; such adverts come after those with the word itself.
_MAY_MEAN = {
    "yacht": ("sailboat", "motor-yacht"),
    "yachts": ("sailboat", "motor-yacht"),
    "sail": ("sailboat",),
    "sailing": ("sailboat",),
    "sloop": ("sailboat",),
    "sloops": ("sailboat",),
    "ketch": ("sailboat",),
    "cruiser": ("cabin-cruiser", "express-cruiser"),
    "cruisers": ("cabin-cruiser", "express-cruiser"),
    "fishing": ("fishing-boat",),
    "tender": ("dinghy", "inflatable"),
    "hardtop": ("express-cruiser",),
    "cabin": ("cabin-cruiser",),
    "barge": ("houseboat",),
    "zodiac": ("inflatable",),
    "classic": ("classic",),
    "convertible": ("fishing-boat",),
    "powerboat": ("motorboat", "motor-yacht", "sport-boat", "cabin-cruiser"),
    "motorboat": ("motor-yacht", "sport-boat", "cabin-cruiser", "flybridge", "express-cruiser"),
    "multihull": ("catamaran", "trimaran"),
    "cat": ("power-catamaran",),
    "catamaran": ("power-catamaran",),
}
_IS_A = {
    "cat": "catamaran",
    "catamaran": "catamaran",
    "motorboat": "motorboat",
    "powerboat": "motorboat",
}
_ALSO_TYPES = {
    "sailboat": ("day-sailer", "motorsailer", "catamaran", "trimaran"),
}


class Phrase(NamedTuple):
    """The meaning of a run of words: a concept, and further concepts that it may mean."""

    length: int
    concept: str | None
    also: tuple[str, ...]


def spelled(word: str) -> str:
    """The spelling under which a word is indexed: ``centre`` becomes ``center``."""
    return _SPELLINGS.get(word, word)


def type_concept(boat_type: str) -> str:
    """The concept of a boat type; every advert of that type has it."""
    return f"~{boat_type}"


def phrase_at(of: list[str], start: int) -> Phrase | None:
    """The longest known phrase that starts at a word; None if there is none."""
    for key in _beginning_with().get(of[start], ()):
        if tuple(of[start : start + len(key)]) == key:
            return _phrases()[key]
    return None


@cache
def trade_words() -> frozenset[str]:
    """Every word of the known phrases, for spelling correction."""
    return frozenset(word for key in _phrases() for word in key)


@cache
def _phrases() -> dict[tuple[str, ...], Phrase]:
    """Keyed by normalized words; if a phrase has two meanings, the first listed."""
    known: dict[tuple[str, ...], Phrase] = {}
    for text, concept, also in (*_words_with_kin(), *_types(), *_same()):
        key = tuple(map(spelled, words(text)))
        known.setdefault(key, Phrase(len(key), concept, tuple(map(type_concept, also))))
    return known


_Meaning = tuple[str, str | None, tuple[str, ...]]


def _words_with_kin() -> Iterator[_Meaning]:
    for word, types in _MAY_MEAN.items():
        of_its_own = _IS_A.get(word)
        yield word, of_its_own and type_concept(of_its_own), types


def _types() -> Iterator[_Meaning]:
    for boat_type in BOAT_TYPES:
        for name in (boat_type.label, boat_type.plural, boat_type.name, *boat_type.also):
            if boat_type.name != OTHER and name not in _AMBIGUOUS:
                yield name, type_concept(boat_type.name), _ALSO_TYPES.get(boat_type.name, ())


def _same() -> Iterator[_Meaning]:
    for line in _SAME:
        texts = line.split(", ")
        for text in texts:
            yield text, "~" + "-".join(words(texts[0])), ()


@cache
def _beginning_with() -> dict[str, list[tuple[str, ...]]]:
    """The phrases by their first word, the longest first."""
    by_word: dict[str, list[tuple[str, ...]]] = {}
    for key in sorted(_phrases(), key=len, reverse=True):
        by_word.setdefault(key[0], []).append(key)
    return by_word
