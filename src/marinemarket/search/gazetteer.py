"""Places by their names. None is known yet: a search near a place is refused by name."""

from __future__ import annotations

from typing import NamedTuple


class Spot(NamedTuple):
    """A place: its name, its middle in degrees, and how far it reaches."""

    name: str
    lat: float
    lon: float
    radius_miles: float


def find_spot(text: str) -> Spot | None:
    """The place that a text names; None where there is none of that name."""
    return None
