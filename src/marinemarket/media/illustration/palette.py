"""Colours of the series: five kinds of light, the hull paints and two papers.

Every colour is a ``#rrggbb`` string. A boat's own colours are pulled towards the
light of its scene, so that boat, sea and sky always look printed with the same inks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=4096)
def mix(first: str, second: str, share: float) -> str:
    """Return ``first`` blended with ``share`` (0..1) of ``second``."""
    channels = (
        round(int(first[i : i + 2], 16) * (1 - share) + int(second[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)


@dataclass(frozen=True, slots=True)
class Light:
    """One time of day: sky, land and sea inks, and the cast it throws on a boat."""

    name: str
    zenith: str
    skyline: str
    sun: str
    cloud: str
    land: str
    sea_far: str
    sea_near: str
    foam: str
    cast: str
    strength: float


LIGHTS: tuple[Light, ...] = (
    Light(
        "dawn",
        zenith="#a3c1cc",
        skyline="#f7dccb",
        sun="#fdf1e2",
        cloud="#fbe9dd",
        land="#8f98ab",
        sea_far="#d3c8c6",
        sea_near="#6b93a4",
        foam="#fdf4ec",
        cast="#d9a79a",
        strength=0.10,
    ),
    Light(
        "noon",
        zenith="#6fb0cf",
        skyline="#d9ecec",
        sun="#fffbea",
        cloud="#f8faf5",
        land="#6d97a0",
        sea_far="#7fbcc6",
        sea_near="#23758f",
        foam="#f7fbf8",
        cast="#ffffff",
        strength=0.0,
    ),
    Light(
        "overcast",
        zenith="#b3c0c5",
        skyline="#e6e8e2",
        sun="#f3f2ea",
        cloud="#d2d9d9",
        land="#87989b",
        sea_far="#a9bbbb",
        sea_near="#5c8187",
        foam="#f1f3ee",
        cast="#8b999e",
        strength=0.12,
    ),
    Light(
        "golden",
        zenith="#ecc285",
        skyline="#fbeac4",
        sun="#fff6d8",
        cloud="#f8d9a3",
        land="#b48a6c",
        sea_far="#e6c493",
        sea_near="#4d8284",
        foam="#fdf2d8",
        cast="#d99a55",
        strength=0.13,
    ),
    Light(
        "dusk",
        zenith="#3f5478",
        skyline="#eeb095",
        sun="#fbdcb4",
        cloud="#8d7a95",
        land="#4d5276",
        sea_far="#b98a94",
        sea_near="#2d4767",
        foam="#eddcd6",
        cast="#5a5580",
        strength=0.26,
    ),
)

PAINTS: dict[str, str] = {
    "white": "#f6f3ea",
    "ivory": "#ece0c4",
    "navy": "#22395a",
    "grey": "#8f9ba0",
    "green": "#4f8079",
    "burgundy": "#7a2e38",
    "black": "#2a2f35",
    "mahogany": "#7f4227",
    "walnut": "#6b3a26",
    "oak": "#a5683a",
    "red": "#a8402f",
    "blue": "#3f6f8f",
    "sand": "#d3b98c",
    "alloy": "#b9c2c4",
    "orange": "#d26a35",
}

DARK_PAINTS = frozenset(
    ("navy", "green", "burgundy", "black", "mahogany", "walnut", "red", "blue", "oak")
)

# Boot stripe and accent inks that sit well beside every paint above.
STRIPES: tuple[str, ...] = ("#22395a", "#a8402f", "#4f8079", "#b48a4a", "#2a2f35")
STRIPES_ON_DARK: tuple[str, ...] = ("#f2ead8", "#c9a25c", "#b6c4c6", "#a8402f")
CANVASES: tuple[str, ...] = ("#2b4566", "#cbb58c", "#7d898d", "#74333a", "#42706a", "#ece3cf")
CUSHIONS: tuple[str, ...] = ("#ece2cc", "#d8c3a0", "#c9d2d0", "#b9604a", "#5e7f8c")
SPINNAKERS: tuple[tuple[str, str], ...] = (
    ("#a8402f", "#f4ecda"),
    ("#22395a", "#f4ecda"),
    ("#4f8079", "#ead9a8"),
    ("#c98f3c", "#f4ecda"),
    ("#3f6f8f", "#e9d3b0"),
)

MATERIALS: dict[str, str] = {
    "house": "#f5f2e9",
    "trim": "#dcdad1",
    "shadow": "#b3b5b2",
    "glass": "#33505f",
    "glint": "#6c8b97",
    "wood": "#9a5c33",
    "teak": "#c79c68",
    "dark": "#2c343a",
    "metal": "#a3aeb2",
    "tube": "#6e7a80",
    "fin": "#59666c",
    "sail": "#f7f1e1",
    "leech": "#e6dcc6",
    "tan": "#b4623f",
    "tanleech": "#9d5235",
    "cream": "#e9d9b4",
    "red": "#b4472f",
    "orange": "#d9752f",
    "leaf": "#5f7f5a",
    "rail": "#c3cbcd",
    "pole": "#9aa5a9",
    "spar": "#ccc8b9",
    "bronze": "#a97e3f",
    "line": "#4c5860",
    "seam": "#56626a",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """Ground and inks of a technical drawing."""

    ground: str
    grid: str
    ink: str
    wash: str


PAPERS: tuple[Paper, ...] = (
    Paper(ground="#e6eef2", grid="#cfdde5", ink="#2f4d6b", wash="#bcd0dc"),
    Paper(ground="#f4eedd", grid="#e6dcc3", ink="#3d4b57", wash="#dccfae"),
    Paper(ground="#e9efe8", grid="#d5e0d6", ink="#35544f", wash="#bfd1c6"),
)
QUIET_PAPER = Paper(ground="#efece4", grid="#e3dfd4", ink="#bab6ab", wash="#dedacf")
