"""From roles to SVG attributes: full colour for scenes, ink for papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from .craft import Look
from .notation import Part
from .palette import MATERIALS, Light, Paper, mix

# Roles drawn as a line rather than filled, with the pen width in SVG px.
PENS: dict[str, float] = {
    "rail": 1.5,
    "pole": 2.6,
    "spar": 4.4,
    "line": 1.0,
    "seam": 1.0,
    "cloth": 0.9,
    "plank": 1.1,
    "frame": 4.6,
    "frame2": 2.0,
    "wheel": 2.0,
    "roll": 5.4,
}


class Paint(Protocol):
    """Anything that can say how a role is painted."""

    def attributes(self, role: str) -> str:
        """Return the presentation attributes for one role."""
        ...


@dataclass(frozen=True, slots=True)
class Colours:
    """Full-colour paint of one boat under one light; ``pen`` is boat units per px."""

    look: Look
    light: Light
    pen: float

    def lit(self, colour: str) -> str:
        """Return a local colour as it appears under this light."""
        return mix(colour, self.light.cast, self.light.strength)

    def base(self, role: str) -> str:
        """Return the local colour of a role."""
        look = self.look
        own = {
            "coat": look.paint,
            "shade": mix(look.paint, "#1d2b38", 0.3 if look.dark else 0.2),
            "far": mix(look.paint, "#3a4a58", 0.38),
            "plank": mix(look.paint, "#1d1712", 0.4),
            "stripe": look.stripe,
            "stripe2": mix(look.stripe, look.paint, 0.45),
            "canvas": look.canvas,
            "fringe": mix(look.canvas, "#f7f1e1", 0.55),
            "roll": mix(look.canvas, "#f7f1e1", 0.35),
            "cush": look.cushion,
            "accent": look.accent,
            "cowl": look.cowl,
            "spin": look.spinnaker[0],
            "spin2": look.spinnaker[1],
            "frame": "#47525a",
            "frame2": "#7d898d",
            "wheel": "#47525a",
            "tyre": "#23292e",
            "hole": "#4d565b",
            "screen": MATERIALS["glass"],
            "screen2": MATERIALS["glint"],
            "cloth": "#c9bea6",
        }
        return own.get(role) or MATERIALS[role]

    def attributes(self, role: str) -> str:
        """Return fill or stroke attributes for one role."""
        colour = self.lit(self.base(role))
        if role in PENS:
            return f'fill="none" stroke="{colour}" stroke-width="{PENS[role] * self.pen:.1f}"'
        sheer = ' fill-opacity=".8"' if role in ("screen", "screen2") else ""
        return f'fill="{colour}"{sheer}'


_WASHED = frozenset(("glass", "dark", "canvas", "coat", "far", "tyre", "cowl", "screen"))
_WASHED_LIGHT = frozenset(
    ("teak", "wood", "cush", "trim", "tan", "spin2", "accent", "fin", "leech")
)


_FINE_PENS = {"rail": 1.0, "seam": 0.7, "cloth": 0.7, "plank": 0.7, "line": 0.8}


@dataclass(frozen=True, slots=True)
class Ink:
    """Pen and wash on paper; ``pen`` is boat units per px."""

    paper: Paper
    pen: float

    def attributes(self, role: str) -> str:
        """Return an outline in ink over a pale wash."""
        paper = self.paper
        line = _FINE_PENS.get(role, 1.4)
        stroke = f'stroke="{paper.ink}" stroke-width="{line * self.pen:.2f}"'
        if role in PENS or role == "none":
            return f'fill="none" {stroke}'
        fill = mix(paper.ground, "#ffffff", 0.55)
        if role in _WASHED:
            fill = paper.wash
        elif role in _WASHED_LIGHT:
            fill = mix(paper.ground, paper.wash, 0.42)
        return f'fill="{fill}" {stroke}'


@dataclass(frozen=True, slots=True)
class Silhouette:
    """One quiet tone, with windows left lighter."""

    paper: Paper
    pen: float

    def attributes(self, role: str) -> str:
        """Return the single tone of the silhouette."""
        if role in PENS:
            width = max(PENS[role], 1.4) * self.pen
            return f'fill="none" stroke="{self.paper.ink}" stroke-width="{width:.1f}"'
        light = role in ("glass", "glint", "leech", "tanleech", "screen", "screen2")
        return f'fill="{self.paper.wash if light else self.paper.ink}"'


def painted(parts: Iterable[Part], paint: Paint) -> str:
    """Return the paths of the parts, runs of one role joined into one element."""
    out: list[str] = []
    for role, run in groupby(parts, key=lambda part: part.role):
        data = "".join(part.path for part in run)
        out.append(f'<path d="{data}" {paint.attributes(role)}/>')
    return "".join(out)
