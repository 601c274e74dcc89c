"""Bands of water and the ripples on them, in SVG px."""

from __future__ import annotations

from random import Random

from .frame import Frame
from .palette import Light, mix


def sea(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    """Return flat bands of water that deepen towards the viewer."""
    bands = 7
    depth = frame.bottom - horizon
    out: list[str] = []
    for band in range(bands):
        y = horizon + depth * (band / bands) ** 1.5
        swell = band * 0.9
        wave = 90 + band * 26
        start = frame.left - rng.uniform(0, wave)
        humps = int((frame.right - start) / wave) + 2
        edge = f"q{wave / 2:.0f},{-swell:.1f} {wave},0" + f"t{wave},0" * (humps - 1)
        colour = mix(light.sea_far, light.sea_near, (band / (bands - 1)) ** 0.8)
        out.append(
            f'<path d="M{start:.0f},{y:.0f}{edge}V{frame.bottom:.0f}H{start:.0f}Z" fil'
            f'l="{colour}"/>'
        )
    return "".join(out)


def ripples(rng: Random, light: Light, waterline: float, calm: bool) -> str:
    """Return tapering strokes of light and shade on the water."""
    bright: list[str] = []
    dull: list[str] = []
    for place in range(26):
        y = waterline + 10 + (640 - waterline) * (place / 26) ** 1.1 + rng.uniform(-4, 4)
        w = rng.uniform(40, 110) * (0.6 + (y - waterline) / 200)
        x = rng.uniform(-40, 960)
        h = 1.2 + (y - waterline) / 70
        lens = f"M{x:.0f},{y:.0f}q{w / 2:.0f},{-h:.1f} {w:.0f},0q{-w / 2:.0f},{h:.1f} {-w:.0f},0"
        (bright if place % 2 else dull).append(lens)
    sparkle = 0.5 if calm else 0.62
    return (
        f'<path d="{"".join(dull)}" fill="{mix(light.sea_near, "#0d2233", 0.22)}" fill-opaci'
        f'ty=".5"/>'
        f'<path d="{"".join(bright)}" fill="{mix(light.sea_far, light.foam, 0.5)}" '
        f'fill-opacity="{sparkle}"/>'
    )
