"""Land along the horizon, in SVG px."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .frame import Frame
from .palette import Light, mix


def shore(place: str, rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    """Return the land of one of the known places."""
    return _PLACES[place](rng, light, frame, horizon)


def _ridge(rng: Random, frame: Frame, base: float, height: float, step: float) -> str:
    """Return a rolling skyline from edge to edge, closed along ``base``."""
    x = frame.left - step
    y = base - height * rng.uniform(0.3, 0.8)
    out = [f"M{x:.0f},{base:.0f}L{x:.0f},{y:.0f}"]
    while x < frame.right + step:
        x += step * rng.uniform(0.7, 1.3)
        crest = base - height * rng.uniform(0.15, 1.0)
        out.append(f"S{x - step * 0.42:.0f},{crest:.0f} {x:.0f},{crest:.0f}")
    return "".join(out) + f"V{base:.0f}Z"


def _fill(data: str, colour: str) -> str:
    return f'<path d="{data}" fill="{colour}"/>'


def _hazy(light: Light, share: float) -> str:
    return mix(light.land, light.skyline, share)


def _open(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    x, w = rng.uniform(frame.left, 300), rng.uniform(360, 620)
    low = f"M{x:.0f},{horizon + 1:.0f}q{w * 0.3:.0f},-16 {w * 0.55:.0f},-9t{w * 0.45:.0f},9Z"
    return _fill(low, _hazy(light, 0.6))


def _hills(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    base = horizon + 1
    return (
        _fill(_ridge(rng, frame, base, 130, 190), _hazy(light, 0.62))
        + _fill(_ridge(rng, frame, base, 78, 130), _hazy(light, 0.38))
        + _fill(_ridge(rng, frame, base, 30, 90), _hazy(light, 0.12))
    )


def _islands(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    out: list[str] = []
    for place, haze in enumerate((0.66, 0.45, 0.2)):
        x = rng.uniform(frame.left - 80, frame.right - 240)
        w, h = rng.uniform(220, 400), rng.uniform(34, 92) * (1.1 - place * 0.25)
        lean = rng.uniform(0.3, 0.6)
        data = (
            f"M{x:.0f},{horizon + 1:.0f}c{w * 0.12:.0f},{-h * 0.3:.0f} "
            f"{w * lean * 0.6:.0f},{-h:.0f} "
            f"{w * lean:.0f},{-h:.0f}s{w * (1 - lean) * 0.4:.0f},{h * 0.62:.0f} "
            f"{w * (1 - lean) * 0.62:.0f},{h * 0.7:.0f}s{w * (1 - lean) * 0.26:.0f},{h * 0.24:.0f} "
            f"{w * (1 - lean) * 0.38:.0f},{h * 0.3:.0f}Z"
        )
        out.append(_fill(data, _hazy(light, haze)))
    return "".join(out)


def _headland(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    left = rng.random() < 0.5
    edge, sign = (frame.left, 1) if left else (frame.right, -1)
    w, h = rng.uniform(250, 340), rng.uniform(66, 92)
    base = horizon + 1
    far = (
        f"M{edge:.0f},{base:.0f}v{-h * 0.8:.0f}q{sign * w:.0f},6 "
        f"{sign * w * 2.1:.0f},{h * 0.8:.0f}Z"
    )
    near = (
        f"M{edge:.0f},{base:.0f}v{-h:.0f}c{sign * w * 0.3:.0f},-6 {sign * w * 0.55:.0f},6 "
        f"{sign * w * 0.72:.0f},{h * 0.36:.0f}s{sign * w * 0.2:.0f},{h * 0.44:.0f} "
        f"{sign * w * 0.34:.0f},{h * 0.64:.0f}Z"
    )
    x, y = edge + sign * w * 0.6, base - h * 0.78
    tower = f"M{x - 6:.0f},{y + 12:.0f}l2,-46h8l2,46Z"
    cap = f"M{x - 5:.0f},{y - 34:.0f}v-9l5,-6l5,6v9ZM{x - 4.9:.1f},{y - 10:.0f}h10l.4,9h-10.8Z"
    return (
        _fill(far, _hazy(light, 0.55))
        + _fill(near, _hazy(light, 0.18))
        + f'<path d="{tower}" fill="{mix("#fbf7ee", light.cast, light.strength)}" '
        f'stroke="{_hazy(light, 0.1)}" stroke-width=".8"/>'
        + _fill(cap, mix("#a8503f", light.cast, light.strength + 0.1))
    )


def _cliffs(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    base, x = horizon + 1, frame.left - 20
    y = base - rng.uniform(70, 110)
    top: list[tuple[float, float]] = [(x, y)]
    while x < frame.right + 60:
        x += rng.uniform(50, 130)
        y = min(base - 44, max(base - 130, y + rng.uniform(-30, 30)))
        top.append((x, y))
    line = " ".join(f"{a:.0f},{b:.0f}" for a, b in top)
    face = f"M{line}V{base:.0f}H{frame.left - 20:.0f}Z"
    turf = f"M{line}" + "".join(
        f"L{a + rng.uniform(-14, 14):.0f},{b + rng.uniform(9, 17):.0f}" for a, b in reversed(top)
    )
    clefts = "".join(
        f"M{a:.0f},{b + 8:.0f}l{rng.uniform(10, 24):.0f},0"
        f"L{a + rng.uniform(-8, 22):.0f},{base:.0f}Z"
        for a, b in top
    )
    chalk = mix(mix("#f3efe2", light.cast, light.strength * 1.6), light.skyline, 0.3)
    return (
        _fill(face, chalk)
        + _fill(clefts, mix(chalk, light.land, 0.28))
        + _fill(turf + "Z", mix(mix("#7d9272", light.land, 0.5), light.skyline, 0.25))
    )


def _pines(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    base = horizon + 1
    near = mix(mix("#3f5e55", light.land, 0.45), light.cast, light.strength)
    return (
        _fill(_ridge(rng, frame, base, 110, 170), _hazy(light, 0.55))
        + _fill(_trees(rng, frame, base, 46, 15), mix(near, light.skyline, 0.38))
        + _fill(_trees(rng, frame, base, 58, 27), near)
    )


def _trees(rng: Random, frame: Frame, base: float, height: float, step: float) -> str:
    x = frame.left - 10
    floor = base - height * 0.16
    out = [f"M{x:.0f},{base:.0f}V{floor:.0f}"]
    while x < frame.right + 10:
        h, w = height * rng.uniform(0.42, 1.0), step * rng.uniform(0.7, 1.2)
        out.append(f"L{x + w / 2:.0f},{base - h:.0f}L{x + w:.0f},{floor + rng.uniform(-6, 4):.0f}")
        x += w
    return "".join(out) + f"V{base:.0f}Z"


def _town(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    base, x = horizon + 1, frame.left - 20
    walls = [mix(mix(c, light.cast, light.strength), light.skyline, 0.36) for c in _WALLS]
    blocks: list[list[str]] = [[] for _ in walls]
    roofs: list[str] = []
    panes: list[str] = []
    spire = rng.uniform(200, 760)
    while x < frame.right + 20:
        w, h = rng.uniform(34, 62), rng.uniform(34, 70)
        blocks[rng.randrange(len(walls))].append(f"M{x:.0f},{base:.0f}v{-h:.0f}h{w:.0f}v{h:.0f}Z")
        rise = rng.uniform(10, 20)
        roofs.append(
            f"M{x - 2:.0f},{base - h:.0f}l{w / 2 + 2:.0f},{-rise:.0f}l{w / 2 + 2:.0f},{rise:.0f}Z"
        )
        panes.append(
            f"M{x + w * 0.3:.0f},{base - h + 12:.0f}v{h * 0.2:.0f}m{w * 0.4:.0f},0v{-h * 0.2:.0f}"
        )
        x += w
    church = f"M{spire:.0f},{base - 40:.0f}v-62l9,-46l9,46v62Z"
    return (
        _fill(_ridge(rng, frame, base, 120, 180), _hazy(light, 0.66))
        + _fill(church, _hazy(light, 0.3))
        + "".join(_fill("".join(block), wall) for block, wall in zip(blocks, walls, strict=True))
        + _fill("".join(roofs), mix(mix("#a4604a", light.cast, light.strength), light.skyline, 0.3))
        + f'<path d="{"".join(panes)}" fill="none" stroke="{_hazy(light, 0.1)}" stroke-width="4" '
        'stroke-opacity=".6"/>' + _fill(_wall(frame, base), mix(light.land, "#5d5a55", 0.35))
    )


_WALLS = ("#f0e4c8", "#e2c6a0", "#d9b3a0", "#cfd6d2")


def _wall(frame: Frame, base: float) -> str:
    return f"M{frame.left:.0f},{base - 9:.0f}H{frame.right:.0f}V{base + 1:.0f}H{frame.left:.0f}Z"


def _quay(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    base, x = horizon + 1, frame.left
    masts: list[str] = []
    hulls: list[str] = []
    while x < frame.right:
        w = rng.uniform(46, 96)
        hulls.append(
            f"M{x:.0f},{base - 16:.0f}q{w * 0.5:.0f},5 {w:.0f},-2l{-w * 0.1:.0f},20h{-w * 0.84:.0f}"
            f"Z"
            f"m{w * 0.24:.0f},2v-7h{w * 0.34:.0f}l9,8Z"
        )
        mast = x + w * 0.55
        h = rng.uniform(90, 190)
        masts.append(
            f"M{mast:.0f},{base - 14:.0f}v{-h:.0f}L{x + w:.0f},{base - 18:.0f}"
            f"M{mast:.0f},{base - 30:.0f}h{-w * 0.42:.0f}"
        )
        x += w + rng.uniform(8, 60)
    pale = mix(mix("#efece2", light.cast, light.strength), light.skyline, 0.35)
    return (
        _fill(_ridge(rng, frame, base, 84, 170), _hazy(light, 0.6))
        + (
            f'<path d="{"".join(masts)}" fill="none" stroke="{_hazy(light, 0.25)}" stroke-widt'
            f'h="1.6"/>'
        )
        + _fill("".join(hulls), pale)
        + _fill(_wall(frame, base + 4), mix(light.land, "#5d5a55", 0.35))
    )


def _reeds(rng: Random, light: Light, frame: Frame, horizon: float) -> str:
    base, x = horizon + 1, frame.left
    poplars: list[str] = []
    while x < frame.right:
        x += rng.uniform(24, 120)
        h, w = rng.uniform(60, 120), rng.uniform(9, 15)
        poplars.append(
            f"M{x:.0f},{base:.0f}c{-w:.0f},{-h * 0.3:.0f} {-w:.0f},{-h * 0.7:.0f} 0,{-h:.0f}"
            f"c{w:.0f},{h * 0.3:.0f} {w:.0f},{h * 0.7:.0f} 0,{h:.0f}Z"
        )
    near = mix(mix("#7f8f5e", light.land, 0.4), light.cast, light.strength)
    return (
        _fill(_ridge(rng, frame, base, 40, 200), _hazy(light, 0.6))
        + _fill("".join(poplars), mix(mix("#5f7d62", light.land, 0.5), light.skyline, 0.3))
        + _fill(_trees(rng, frame, base, 20, 7), near)
    )


_PLACES: dict[str, Callable[[Random, Light, Frame, float], str]] = {
    "open": _open,
    "hills": _hills,
    "islands": _islands,
    "headland": _headland,
    "cliffs": _cliffs,
    "pines": _pines,
    "town": _town,
    "quay": _quay,
    "reeds": _reeds,
}
