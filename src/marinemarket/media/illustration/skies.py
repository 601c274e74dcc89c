"""Bands of sky, sun and clouds, in SVG px."""

from __future__ import annotations

from random import Random

from .frame import Frame
from .palette import Light, mix


def sky(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    """Return flat bands of sky, a sun and clouds."""
    top, bands = frame.top, 6
    depth = horizon - top
    out = [f'<path d="{frame.around()}" fill="{light.zenith}"/>']
    for band in range(1, bands + 1):
        share = band / bands
        y = top + depth * (0.98 * share**0.8 if band < bands else 1.0) - depth * 0.12
        sag = rng.uniform(-10, 10)
        middle = (frame.left + frame.right) / 2
        out.append(
            f'<path d="M{frame.left:.0f},{y:.0f}Q{middle:.0f},{y + sag:.0f} '
            f"{frame.right:.0f},{y:.0f}"
            f'V{horizon + 2:.0f}H{frame.left:.0f}Z" fil'
            f'l="{mix(light.zenith, light.skyline, share)}"/>'
        )
    return "".join(out) + _sun(rng, light, horizon) + _clouds(rng, light, frame, horizon)


def _sun(rng: Random, light: Light, horizon: float) -> str:
    low = light.name in ("dawn", "golden", "dusk")
    x = rng.uniform(130, 830)
    y = horizon - (rng.uniform(40, 110) if low else rng.uniform(230, 300))
    radius = rng.uniform(30, 42) if low else 24
    discs = [(radius * 2.7, 0.2), (radius * 1.75, 0.3), (radius, 0.95)]
    if light.name == "overcast":
        discs = [(radius * 2.4, 0.22), (radius * 1.2, 0.5)]
    return "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="{light.sun}" fill-opacity="{o}"/>'
        for r, o in discs
    )


def _clouds(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    count = rng.randint(3, 5) if light.name == "overcast" else rng.randint(1, 3)
    piled = light.name == "noon" and rng.random() < 0.6
    out: list[str] = []
    for _ in range(count):
        x = rng.uniform(frame.left + 40, frame.right - 200)
        y = rng.uniform(horizon * 0.14, horizon * 0.72)
        out.append(_heap(rng, x, y) if piled else _streak(rng, x, y))
    return f'<path d="{"".join(out)}" fill="{light.cloud}" fill-opacity=".75"/>'


def _streak(rng: Random, x: float, y: float) -> str:
    w, h = rng.uniform(180, 380), rng.uniform(7, 14)
    return (
        f"M{x:.0f},{y:.0f}q{w * 0.22:.0f},{-h:.0f} {w * 0.46:.0f},{-h * 0.9:.0f}"
        f"t{w * 0.54:.0f},{h * 0.9:.0f}q{-w * 0.3:.0f},{h * 0.5:.0f} {-w:.0f},0Z"
        f"M{x + w * 0.3:.0f},{y + h + 7:.0f}h{w * 0.5:.0f}q{-w * 0.2:.0f},{h * 0.6:.0f} "
        f"{-w * 0.5:.0f},0Z"
    )


def _heap(rng: Random, x: float, y: float) -> str:
    s = rng.uniform(0.7, 1.25)
    return (
        f"M{x:.0f},{y:.0f}c{4 * s:.0f},{-20 * s:.0f} {34 * s:.0f},{-24 * s:.0f} "
        f"{46 * s:.0f},{-12 * s:.0f}"
        f"c{8 * s:.0f},{-34 * s:.0f} {66 * s:.0f},{-40 * s:.0f} {84 * s:.0f},{-8 * s:.0f}"
        f"c{20 * s:.0f},{-14 * s:.0f} {50 * s:.0f},{-4 * s:.0f} {56 * s:.0f},{20 * s:.0f}Z"
    )
