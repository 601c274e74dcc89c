"""Synthetic boats for benchmarks: seeded random documents, as skewed as real markets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from marinemarket.clock import now_ms
from marinemarket.search.analysis import name_tokens, tokens_of
from marinemarket.search.document import IN_NAME, IN_TEXT, IN_TITLE, Document
from marinemarket.search.geography import UNIT
from marinemarket.search.synonyms import type_concept
from marinemarket.text import fold

TYPES = (
    "sailboat", "center-console", "motor-yacht", "bowrider", "cabin-cruiser", "catamaran", "fishing-boat",
    "express-cruiser", "pontoon", "flybridge", "trawler", "inflatable", "runabout", "ski-boat", "day-sailer",
    "motorboat", "houseboat", "classic", "deck-boat", "cuddy-cabin", "pilothouse", "dinghy", "sport-boat",
)  # fmt: skip
FIRST = (
    "Bay",
    "Sea",
    "Wind",
    "Harbor",
    "North",
    "Blue",
    "Storm",
    "Gull",
    "Reef",
    "Tide",
    "Cape",
    "Sound",
)
LAST = ("craft", "liner", "ray", "star", "line", "hawk", "wake", "runner", "master", "cat")
MAKERS = tuple(f"{first}{last}" for first in FIRST for last in LAST)
MODELS = (
    "Ocean",
    "Cruiser",
    "Sport",
    "Classic",
    "Explorer",
    "Fisher",
    "Express",
    "Family",
    "Pro",
    "Sundeck",
)
STATES = (
    "FL", "CA", "TX", "MI", "WA", "NY", "NC", "MD", "SC", "NJ", "MA", "VA", "OH", "WI", "MN", "LA", "GA", "AL",
    "RI", "CT", "ME", "OR", "MO", "TN", "IL", "IN", "PA", "DE", "MS", "NH", "AK", "HI",
)  # fmt: skip
FEATURES = (
    "Bow thruster", "Autopilot", "Solar panels", "Teak deck", "Trailer", "Radar", "Chart plotter", "Windlass",
    "Air conditioning", "Generator", "Life raft", "Bimini top", "Swim platform", "Fish finder", "Live well",
    "Outriggers", "Dinghy", "Water maker", "Shore power", "Inverter", "Heating", "Cockpit shower", "VHF", "AIS",
    "Spinnaker", "Furling mast", "Electric winches", "Sprayhood", "Stern thruster", "Hard top",
)  # fmt: skip
WORDS = tuple(f"{a}{b}{c}" for a in ("re", "un", "over", "pre") for b in ("fit", "sail", "paint", "ser", "key", "mod")
              for c in ("ted", "ing", "vice", "el", "ly", "er", "ment", "s", "or", "ness"))  # fmt: skip
CONDITIONS = ("Excellent", "Good", "Fair", "Needs Work")
FUELS = ("gasoline", "diesel", "electric", "none")


@dataclass(frozen=True, slots=True)
class Boat:
    """One synthetic boat, for any engine."""

    document: Document
    title: str
    text: str


def boats(count: int, *, seed: int = 1) -> Iterator[Boat]:
    """This many boats, always the same for a seed."""
    chance = Random(seed)
    now = now_ms()
    for number in range(count):
        yield _boat(number, chance, now)


def _skewed(chance: Random, of: tuple[str, ...]) -> str:
    return of[int(len(of) * chance.random() ** 2)]


def _boat(number: int, chance: Random, now: int) -> Boat:
    kind, maker = _skewed(chance, TYPES), _skewed(chance, MAKERS)
    model = f"{chance.choice(MODELS)} {chance.randrange(16, 60)}"
    year, feet = 2026 - int(50 * chance.random() ** 2), chance.randrange(1400, 6500)
    features = tuple(chance.sample(FEATURES, chance.randrange(2, 9)))
    state = _skewed(chance, STATES)
    title = f"{year} {maker} {model}"
    text = " ".join(_skewed(chance, WORDS) for _ in range(25))
    named = name_tokens(f"{maker} {model}")
    tokens = dict.fromkeys(tokens_of(f"{text} {' '.join(features)} {state}"), IN_TEXT)
    tokens |= dict.fromkeys(tokens_of(f"{title} {kind}") | {type_concept(kind)}, IN_TITLE)
    tokens |= dict.fromkeys(named, IN_NAME)
    lat, lon = int(chance.uniform(25, 48) * UNIT), int(chance.uniform(-124, -70) * UNIT)
    listed = now - int(chance.random() * 400 * 86_400_000)
    document = Document(
        id=f"{number:08x}-0000-4000-8000-{chance.getrandbits(48):012x}",
        owner="00000000-0000-4000-8000-000000000000",
        is_shown=True,
        version=listed,
        tokens=tokens,
        terms={
            "type": kind, "maker": maker, "state": f"US-{state}", "country": "US",
            "condition": chance.choice(CONDITIONS), "fuel": _skewed(chance, FUELS),
            "hull": "fiberglass", "usage": "used", "seller": ("private", "broker")[number % 3 == 0],
        },
        figures={
            "price": int(10 ** chance.uniform(5.5, 8.3)), "year": year, "length": feet,
            "beam": int(feet * 0.32), "draft": chance.randrange(100, 700), "air_draft": None,
            "hours": chance.randrange(3000), "cabins": chance.randrange(4), "berths": chance.randrange(8),
        },
        features=features,
        places=frozenset({fold(state), fold(f"us-{state}")}),
        dropped=chance.random() < 0.1,
        listed_at=listed,
        lat=lat,
        lon=lon,
        about=(lat, lon),
        merit=listed,
    )  # fmt: skip
    return Boat(document, title, text)
