"""Ready-made shapes of the boat notation, all in boat units (see :mod:`.notation`)."""

from __future__ import annotations

import re
from collections.abc import Callable

Drawn = list[tuple[str, str]]

_PAIR = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")

# An outboard motor whose clamp sits at 0,0 and whose cowling is 100 units high.
_OUTBOARD: tuple[tuple[str, str], ...] = (
    ("metal", "M-30,4 L10,-14 L10,26 L-6,30 L-30,24Z"),
    ("cowl", "M-60,-20 L-22,-20 L-26,70 L-52,70Z"),
    (
        "cowl",
        "M-66,-112 C-82,-110 -86,-96 -84,-78 L-78,-18 L-14,-18 L-6,-62 C-4,-90 -20,-114 -44,-116Z",
    ),
    ("stripe", "M-83,-66 L-7,-56 L-9,-44 L-82,-52Z"),
)
_LEG = (
    "fin",
    "M-74,66 L-18,66 L-20,74 L-28,80 L-30,104 L-40,128 L-52,128 L-54,104 L-70,98 L-70,84 L-54,80Z",
)


def moved(path: str, x: float, y: float, scale: float = 1.0) -> str:
    """Return an absolute path scaled about the origin and shifted to x, y."""

    def shift(match: re.Match[str]) -> str:
        left, top = float(match[1]) * scale + x, float(match[2]) * scale + y
        return f"{left:.0f},{top:.0f}"

    return _PAIR.sub(shift, path)


def mirrored(path: str) -> str:
    """Return an absolute path reflected in the line y = 0."""
    return _PAIR.sub(lambda match: f"{match[1]},{-float(match[2]):g}", path)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> str:
    """Return a rectangle with rounded corners as a path of absolute commands."""
    r = min(radius, abs(right - left) / 2, abs(bottom - top) / 2)
    if r <= 0:
        return f"M{left:g},{top:g} L{right:g},{top:g} L{right:g},{bottom:g} L{left:g},{bottom:g}Z"
    return (
        f"M{left + r:g},{top:g} L{right - r:g},{top:g} Q{right:g},{top:g} {right:g},{top + r:g} "
        f"L{right:g},{bottom - r:g} Q{right:g},{bottom:g} {right - r:g},{bottom:g} "
        f"L{left + r:g},{bottom:g} Q{left:g},{bottom:g} {left:g},{bottom - r:g} "
        f"L{left:g},{top + r:g} Q{left:g},{top:g} {left + r:g},{top:g}Z"
    )


def oval(x: float, y: float, rx: float, ry: float) -> str:
    """Return an ellipse of half-axes rx, ry about x, y as four cubic arcs."""
    kx, ky = rx * 0.55, ry * 0.55
    return (
        f"M{x - rx:g},{y:g} C{x - rx:g},{y - ky:g} {x - kx:g},{y - ry:g} {x:g},{y - ry:g} "
        f"C{x + kx:g},{y - ry:g} {x + rx:g},{y - ky:g} {x + rx:g},{y:g} "
        f"C{x + rx:g},{y + ky:g} {x + kx:g},{y + ry:g} {x:g},{y + ry:g} "
        f"C{x - kx:g},{y + ry:g} {x - rx:g},{y + ky:g} {x - rx:g},{y:g}Z"
    )


def _outboard(numbers: list[float]) -> Drawn:
    """x y size [count]: motors hung on the transom, the far ones drawn first."""
    x, y, size = numbers[0], numbers[1], numbers[2] / 100
    count = int(numbers[3]) if len(numbers) > 3 else 1
    drawn: Drawn = []
    for place in range(count - 1, -1, -1):
        left, top = x - 22 * size * place, y - 7 * size * place
        drawn += [(role, moved(path, left, top, size)) for role, path in _OUTBOARD]
    return [(_LEG[0], moved(_LEG[1], x, y, size)), *drawn]


def _rail(numbers: list[float]) -> Drawn:
    """height x y x y ...: a guard rail through the points, a stanchion under each."""
    height, points = numbers[0], list(zip(numbers[1::2], numbers[2::2], strict=True))
    top = " L".join(f"{x:g},{y:g}" for x, y in points)
    posts = " ".join(f"M{x:g},{y:g} L{x:g},{y + height:g}" for x, y in points)
    return [("rail", f"M{top} {posts}")]


def _row(role: str, numbers: list[float], draw: Callable[[float, float], str]) -> Drawn:
    x, y, count, pitch = numbers[:4]
    lift = numbers[6] if len(numbers) > 6 else 0.0
    places = range(int(count))
    return [(role, " ".join(draw(x + pitch * place, y - lift * place) for place in places))]


def _windows(role: str, numbers: list[float]) -> Drawn:
    """x y count pitch width height [lift]: rounded panes, top left corner at x, y."""
    width, height = numbers[4], numbers[5]
    corner = min(width, height) * 0.22
    return _row(role, numbers, lambda x, y: rounded(x, y, x + width, y + height, corner))


def _ovals(role: str, numbers: list[float]) -> Drawn:
    """x y count pitch rx ry [lift]: portlights centred on x, y."""
    return _row(role, numbers, lambda x, y: oval(x, y, numbers[4], numbers[5]))


def _box(role: str, numbers: list[float]) -> Drawn:
    """x0 x1 half radius: a rounded box astride the centreline."""
    left, right, half, radius = numbers
    return [(role, rounded(left, -half, right, half, radius))]


def _pair(role: str, numbers: list[float]) -> Drawn:
    """x0 x1 y0 y1 radius: the same rounded box to port and to starboard."""
    left, right, near, far, radius = numbers
    return [
        (role, rounded(left, -far, right, -near, radius)),
        (role, rounded(left, near, right, far, radius)),
    ]


def _taper(role: str, numbers: list[float]) -> Drawn:
    """x0 half0 x1 half1 bulge: a cabin top, aft edge at x0, rounded front at x1."""
    left, aft, right, front, bulge = numbers
    middle = (left + right) / 2
    wide = max(aft, front) + (max(aft, front) - min(aft, front)) * 0.12
    half = (
        f"M{left:g},{-aft:g} Q{middle:g},{-wide:g} {right:g},{-front:g} "
        f"Q{right + bulge:g},{-front * 0.8:g} {right + bulge:g},0 "
        f"Q{right + bulge:g},{front * 0.8:g} {right:g},{front:g} "
        f"Q{middle:g},{wide:g} {left:g},{aft:g}Z"
    )
    return [(role, half)]


def _outline(role: str, numbers: list[float]) -> Drawn:
    """half-beam half-transom x-of-beam fullness [inset]: a hull seen from above."""
    beam, transom, widest, full = numbers[:4]
    inset = numbers[4] if len(numbers) > 4 else 0.0
    return [(role, outline(beam - inset, transom - inset, widest, full, inset))]


def outline(beam: float, transom: float, widest: float, full: float, inset: float) -> str:
    """Return the deck edge of a hull; ``full`` 0.3 is a fine bow, 0.8 a blunt one."""
    left, right = inset, 1000 - inset * 1.8
    run = right - widest
    swell = transom + (beam - transom) * 0.8
    a, b = left + (widest - left) * 0.35, left + (widest - left) * 0.7
    c, d = widest + run * full, right - run * 0.12
    nose = beam * (0.25 + 0.35 * full)
    return (
        f"M{left:.0f},{-transom:.0f} C{a:.0f},{-swell:.0f} {b:.0f},{-beam:.0f} "
        f"{widest:.0f},{-beam:.0f} C{c:.0f},{-beam:.0f} {d:.0f},{-nose:.0f} {right:.0f},0 "
        f"C{d:.0f},{nose:.0f} {c:.0f},{beam:.0f} {widest:.0f},{beam:.0f} "
        f"C{b:.0f},{beam:.0f} {a:.0f},{swell:.0f} {left:.0f},{transom:.0f}Z"
    )


def _planks(role: str, numbers: list[float]) -> Drawn:
    """x0 x1 half count: laid-deck seams parallel to the centreline."""
    left, right, half, count = numbers
    step = 2 * half / (count + 1)
    seams = (half - step * (place + 1) for place in range(int(count)))
    return [(role, " ".join(f"M{left:g},{y:.0f} L{right:g},{y:.0f}" for y in seams))]


def _motors(numbers: list[float]) -> Drawn:
    """count size [x]: outboard motors seen from above, abaft the transom."""
    count, size = int(numbers[0]), numbers[1]
    x = numbers[2] if len(numbers) > 2 else 0.0
    drawn: Drawn = []
    for place in range(count):
        y = (place - (count - 1) / 2) * size * 1.15
        drawn.append(("metal", rounded(x - size * 0.3, y - size * 0.2, x + 12, y + size * 0.2, 0)))
        drawn.append(
            (
                "cowl",
                rounded(x - size * 1.5, y - size / 2, x - size * 0.2, y + size / 2, size * 0.4),
            )
        )
    return drawn


def _screen(numbers: list[float]) -> Drawn:
    """foot-x foot-y head-x head-y aft-x heel-x heel-y pillar-x: a raked windscreen."""
    x, y, head, top, aft, heel, low, pillar = numbers
    rise = y + (low - y) * (x - pillar) / (x - heel)
    side = f"M{pillar:g},{rise:.0f} L{head:g},{top:g} L{aft:g},{top + 3:g} L{heel:g},{low:g}Z"
    front = f"M{x:g},{y:g} L{head:g},{top:g} L{pillar:g},{rise:.0f}Z"
    frame = f"M{x + 4:g},{y:g} L{head:g},{top:g} L{aft:g},{top + 3:g} L{heel:g},{low:g}"
    return [
        ("screen", side),
        ("screen2", front),
        ("frame2", f"{frame} M{head:g},{top:g} L{pillar:g},{rise:.0f}"),
    ]


def _twin(role: str, rest: str) -> Drawn:
    return [(role, rest), (role, mirrored(rest))]


_WITH_ROLE: dict[str, Callable[[str, list[float]], Drawn]] = {
    "windows": _windows,
    "ovals": _ovals,
    "box": _box,
    "pair": _pair,
    "taper": _taper,
    "outline": _outline,
    "planks": _planks,
}
_BARE: dict[str, Callable[[list[float]], Drawn]] = {
    "outboard": _outboard,
    "rail": _rail,
    "screen": _screen,
    "motors": _motors,
}


def expand(shape: str, rest: str) -> Drawn:
    """Return the (role, path) pairs of one ``@shape`` line."""
    if shape in _BARE:
        return _BARE[shape]([float(number) for number in rest.split()])
    role, _, tail = rest.partition(" ")
    if shape == "twin":
        return _twin(role, tail)
    return _WITH_ROLE[shape](role, [float(number) for number in tail.split()])
