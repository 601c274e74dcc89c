"""Boats put together: a profile, a deck plan and the look one seed gives them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from . import palette
from .cabin_boats import CABIN_BOATS
from .motor_plans import MOTOR_PLANS
from .notation import Part, Sketch, extent, read
from .open_boats import OPEN_BOATS
from .plans import LARGE_PLANS, SAIL_PLANS
from .rigs import Rig, Sailing, lugsail, rigged
from .sail_boats import SAIL_BOATS
from .yachts import YACHTS

PROFILES = OPEN_BOATS | CABIN_BOATS | YACHTS | SAIL_BOATS
PLANS = MOTOR_PLANS | LARGE_PLANS | SAIL_PLANS
BOAT_TYPES: tuple[str, ...] = tuple(sorted(PROFILES))

_PAINTS = "white white ivory navy grey green burgundy black blue"
_COWLS = ("#eceae2", "#2c343a", "#2c343a", "#8f9ba0")
_ORNAMENTS = frozenset(("stripe", "plank", "tyre", "seam", "coat"))
_ANTIFOULS = ("#2b3a4c", "#7c3a34", "#2a2f35", "#41615f")


# Noon comes up twice as often: most adverts are photographed in fine weather.
_WEATHER = (*palette.LIGHTS, next(light for light in palette.LIGHTS if light.name == "noon"))


@dataclass(frozen=True, slots=True)
class Craft:
    """One boat type: its parsed profile and plan. All lengths are boat units."""

    slug: str
    profile: Sketch
    plan: Sketch

    @property
    def gait(self) -> str:
        """How it moves: ``plane``, ``displace``, ``sail`` or ``drift``."""
        return self.profile.heads["gait"]

    @property
    def waters(self) -> str:
        """Where it lives: ``coast``, ``lake`` or ``harbour``."""
        return self.profile.heads.get("waters", "coast")

    @property
    def skin(self) -> str:
        """The role in which the hull itself is painted."""
        return self.profile.heads.get("skin", "coat")

    @property
    def fineness(self) -> float:
        """Factor on line widths; large yachts are drawn with a finer pen."""
        return float(self.profile.heads.get("fine", "1"))

    @property
    def sheer(self) -> str:
        """The deck edge, transom to stem head."""
        return self.profile.heads["sheer"]

    @property
    def hull(self) -> str:
        """The whole hull in profile, underwater body included."""
        heads = self.profile.heads
        return f"{heads['sheer']} {heads['stem']} {heads['under']}Z"

    @property
    def shaded(self) -> str:
        """The side below the chine, to be clipped to the hull."""
        return f"{self.profile.heads['chine']} L1200,200 L-200,200Z"

    @property
    def plain(self) -> bool:
        """Whether the topsides carry no ornament of their own."""
        return not any(part.role in _ORNAMENTS for part in self.profile.parts)

    @property
    def entry(self) -> float:
        """Where the stem meets the water at rest."""
        return float(self.profile.heads["stem"].split()[-1].split(",")[0])

    def parts(self, picks: dict[str, str], sailing: Sailing, *, technical: bool) -> list[Part]:
        """Return everything to paint, the rig included, with a HULL part in its place."""
        parts: list[Part] = []
        for part in self.profile.chosen(picks, technical=technical):
            parts += self._rig(picks, sailing) if part.role == "RIG" else [part]
        return parts

    def _rig(self, picks: dict[str, str], sailing: Sailing) -> list[Part]:
        if "rig" in self.profile.heads:
            return rigged(Rig.read(self.profile.heads["rig"]), sailing)
        afloat = picks.get("r") == "lug" and sailing is not Sailing.STOWED
        return lugsail() if afloat else []


@dataclass(frozen=True, slots=True)
class Look:
    """What one seed decides about a boat; the same in each of its four views."""

    paint: str
    dark: bool
    stripe: str
    boot: str
    antifoul: str
    canvas: str
    cushion: str
    accent: str
    cowl: str
    spinnaker: tuple[str, str]
    cove: bool
    stretch: float
    lights: tuple[palette.Light, palette.Light]
    paper: palette.Paper
    picks: dict[str, str]


@cache
def craft(slug: str) -> Craft:
    """Return the craft of a boat type; ValueError names an unknown one."""
    if slug not in PROFILES:
        raise ValueError(f"no drawing for boat type {slug!r}")
    return Craft(slug, read(PROFILES[slug]), read(PLANS[slug]))


def look(boat: Craft, rng: Random) -> Look:
    """Draw the lots that make one boat of a type differ from the next."""
    name = rng.choice(boat.profile.heads.get("paints", _PAINTS).split())
    dark = name in palette.DARK_PAINTS
    stripes = palette.STRIPES_ON_DARK if dark else palette.STRIPES
    first = rng.choice(_WEATHER)
    second = rng.choice([light for light in _WEATHER if light is not first])
    options = boat.plan.options() | boat.profile.options()
    return Look(
        paint=palette.PAINTS[name],
        dark=dark,
        stripe=rng.choice(stripes),
        boot=rng.choice(stripes),
        antifoul=rng.choice(_ANTIFOULS),
        canvas=rng.choice(palette.CANVASES),
        cushion=rng.choice(palette.CUSHIONS),
        accent=rng.choice(palette.STRIPES),
        cowl=rng.choice(_COWLS),
        spinnaker=rng.choice(palette.SPINNAKERS),
        cove=rng.random() < 0.6,
        stretch=rng.uniform(0.97, 1.05),
        lights=(first, second),
        paper=rng.choice(palette.PAPERS),
        picks={group: rng.choice(options[group]) for group in sorted(options)},
    )


def bounds(hull: str, parts: list[Part]) -> tuple[float, float, float, float]:
    """Return (left, top, right, bottom) around a hull and its parts."""
    boxes = [extent(part.path) for part in parts] + [extent(hull)]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
