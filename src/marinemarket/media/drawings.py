"""Serves the drawings of boats: an address contains everything that a drawing depends on."""

from __future__ import annotations

import re

from ..links import DRAWINGS
from .illustration import VIEWS, draw, placeholder

OUTLINE = "outline.svg"
_DRAWN = re.compile(rf"(?P<seed>\d{{1,9}})-(?P<view>[0-{VIEWS - 1}])\.svg")


def drawing_address(boat_type: str, seed: int, view: int) -> str:
    """The address of one view of one boat."""
    return f"{DRAWINGS}/{boat_type}/{seed}-{view}.svg"


def outline_address(boat_type: str) -> str:
    """The address of a type's outline, shown for an advert without photos."""
    return f"{DRAWINGS}/{boat_type}/{OUTLINE}"


def drawing_at(boat_type: str, name: str) -> str:
    """The SVG at an address. Raises ValueError if it is not one of ours."""
    if name == OUTLINE:
        return placeholder(boat_type)
    found = _DRAWN.fullmatch(name)
    if not found:
        raise ValueError(f"there is no drawing named {name}")
    return draw(boat_type, seed=int(found["seed"]), view=int(found["view"]))
