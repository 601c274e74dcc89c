"""The boat types, and the words that people use for them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ...i18n.texts import mark
from ...text import LATELY_READ, fold


class BoatType(NamedTuple):
    """One type: its name on the wire, its labels for readers, and its synonyms."""

    name: str
    label: str
    plural: str
    also: tuple[str, ...] = ()


OTHER = "other"

BOAT_TYPES: tuple[BoatType, ...] = (
    BoatType("bowrider", mark("Bowrider"), mark("Bowriders"), ("bow rider",)),
    BoatType("cabin-cruiser", mark("Cabin cruiser"), mark("Cabin cruisers"),
             ("cabin boat", "cruiser", "cabin", "aft cabin", "pocket cruiser")),
    BoatType("catamaran", mark("Catamaran"), mark("Catamarans"),
             ("sailing catamaran", "cruising catamaran", "cat", "multihull", "sail catamaran")),
    BoatType("center-console", mark("Center console"), mark("Center consoles"),
             ("center console boat", "centre console", "centre console boat", "cc", "console boat")),
    BoatType("classic", mark("Classic"), mark("Classics"),
             ("classic boat", "antique", "antique and classic", "wooden classic")),
    BoatType("cuddy-cabin", mark("Cuddy cabin"), mark("Cuddy cabins"),
             ("cuddy", "walkaround", "walk around", "day cruiser")),
    BoatType("day-sailer", mark("Day sailer"), mark("Day sailers"), ("daysailer", "day sailor", "daysailor")),
    BoatType("deck-boat", mark("Deck boat"), mark("Deck boats"), ()),
    BoatType("dinghy", mark("Dinghy"), mark("Dinghies"),
             ("sailing dinghy", "tender", "jolle", "skiff", "jon boat", "rowing boat")),
    BoatType("express-cruiser", mark("Express cruiser"), mark("Express cruisers"),
             ("express", "hardtop", "hard top", "sports cruiser", "sport cruiser", "open cruiser")),
    BoatType("fishing-boat", mark("Fishing boat"), mark("Fishing boats"),
             ("fishing", "sport fishing", "sportfisher", "sport fisherman", "sportfishing", "bass boat",
              "bay boat", "angler", "convertible", "offshore fishing")),
    BoatType("flybridge", mark("Flybridge"), mark("Flybridge yachts"),
             ("fly bridge", "flybridge yacht", "fly", "flybridge cruiser")),
    BoatType("houseboat", mark("Houseboat"), mark("Houseboats"),
             ("house boat", "barge", "narrowboat", "liveaboard barge")),
    BoatType("inflatable", mark("Inflatable / RIB"), mark("Inflatables and RIBs"),
             ("rib", "rigid inflatable", "inflatable boat", "zodiac")),
    BoatType("launch", mark("Launch"), mark("Launches"),
             ("picnic boat", "lobster boat", "downeast", "sloep", "sloop launch")),
    BoatType("mega-yacht", mark("Superyacht"), mark("Superyachts"),
             ("mega yacht", "megayacht", "superyacht", "super yacht")),
    BoatType("motor-yacht", mark("Motor yacht"), mark("Motor yachts"), ("motoryacht", "motor yachts", "power yacht")),
    BoatType("motorboat", mark("Motorboat"), mark("Motorboats"),
             ("motor boat", "power boat", "powerboat", "speedboat", "speed boat")),
    BoatType("motorsailer", mark("Motorsailer"), mark("Motorsailers"), ("motor sailer", "motorsailor", "motor sailor")),
    BoatType("pilothouse", mark("Pilothouse"), mark("Pilothouse boats"), ("pilot house", "wheelhouse")),
    BoatType("pontoon", mark("Pontoon"), mark("Pontoons"), ("pontoon boat", "tritoon")),
    BoatType("power-catamaran", mark("Power catamaran"), mark("Power catamarans"),
             ("power cat", "motor catamaran", "powercat")),
    BoatType("runabout", mark("Runabout"), mark("Runabouts"), ("jet boat", "dual console", "utility boat")),
    BoatType("sailboat", mark("Sailboat"), mark("Sailboats"),
             ("sail boat", "sail", "sailing boat", "sailing yacht", "sailing", "sloop", "ketch", "yawl", "cutter",
              "schooner", "monohull", "cruising sailboat", "racing sailboat", "yacht")),
    BoatType("ski-boat", mark("Ski / wake boat"), mark("Ski and wake boats"),
             ("ski boat", "water ski", "wakeboard", "wakesurf", "wakeboard wakesurf", "wake boat", "tow boat",
              "ski and wakeboard")),
    BoatType("sport-boat", mark("Sport boat"), mark("Sport boats"),
             ("sports boat", "sportboat", "offshore boat", "high performance", "performance", "go fast")),
    BoatType("trawler", mark("Trawler"), mark("Trawlers"),
             ("trawler yacht", "long range cruiser", "displacement cruiser")),
    BoatType("trimaran", mark("Trimaran"), mark("Trimarans"), ("tri",)),
    BoatType("workboat", mark("Workboat"), mark("Workboats"),
             ("working boat", "work boat", "commercial", "passenger boat", "ferry", "tug")),
    BoatType(OTHER, mark("Other boat"), mark("Other boats"), ()),
)  # fmt: skip

BY_NAME = {boat_type.name: boat_type for boat_type in BOAT_TYPES}

# Words for how a boat is kept, not what it is: another word beside them is the type.
_QUALITIES = frozenset({"classic"})


def _key(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


@cache
def _names() -> dict[str, str]:
    known = {}
    for boat_type in BOAT_TYPES:
        for name in (boat_type.name, boat_type.label, boat_type.plural, *boat_type.also):
            known[_key(name)] = boat_type.name
    return known


@lru_cache(LATELY_READ)
def boat_type_of(text: str) -> str | None:
    """The type that a text names, by any of its names; None if there is no such type.

    If several types are named, separated by commas or slashes, the first that is not just a quality:

    >>> boat_type_of("Sail Boat"), boat_type_of("Classic,Motor Yacht"), boat_type_of("teapot")
    ('sailboat', 'motor-yacht', None)
    """
    if whole := _names().get(_key(text)):
        return whole
    named = [_names().get(_key(part)) for part in re.split(r"[,/;|]", text)]
    found = [name for name in named if name]
    return next((name for name in found if name not in _QUALITIES), found[0] if found else None)
