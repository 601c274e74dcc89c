"""Masts, sails and standing rigging, computed from a few measurements.

All measures are boat units in profile (see :mod:`.notation`): y is negative upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .notation import Part

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


class Sailing(StrEnum):
    """What the boat carries."""

    FULL = "full"
    SPINNAKER = "spinnaker"
    STOWED = "stowed"


@dataclass(frozen=True, slots=True)
class Rig:
    """Where a rig meets the boat.

    ``hoist`` is how far up the mast the forestay reaches (0..1), ``overlap`` how far
    the headsail's clew lies abaft the mast; ``clew`` is the after end of the boom.
    """

    mast: float
    step: float
    top: float
    boom: float
    clew: float
    bow: Point
    stern: Point
    hoist: float
    overlap: float
    mizzen: float = 0.0
    mizzentop: float = 0.0
    mizzenclew: float = 0.0

    @classmethod
    def read(cls, text: str) -> Rig:
        """Build a rig from ``key=value`` words; points are written ``x,y``."""
        numbers: dict[str, float] = {}
        points: dict[str, Point] = {}
        for word in text.split():
            key, _, value = word.partition("=")
            if "," in value:
                x, _, y = value.partition(",")
                points[key] = (float(x), float(y))
            else:
                numbers[key] = float(value)
        return cls(bow=points["bow"], stern=points["stern"], **numbers)

    @property
    def stay(self) -> Point:
        """The upper end of the forestay."""
        return (self.mast, self.step + (self.top - self.step) * self.hoist)


def rigged(rig: Rig, sailing: Sailing) -> list[Part]:
    """Return the parts of the rig, far side first."""
    parts = _standing(rig)
    if rig.mizzen:
        parts += _mizzen(rig, sailing)
    if sailing is Sailing.STOWED:
        return parts + _spars(rig) + _stowed(rig.mast, rig.clew, rig.boom) + _furled(rig)
    parts += _mainsail(rig.mast, rig.top, rig.clew, rig.boom)
    parts += _spars(rig)
    parts += _spinnaker(rig) if sailing is Sailing.SPINNAKER else _headsail(rig)
    return parts


def _at(point: Point) -> str:
    return f"{point[0]:.0f},{point[1]:.0f}"


def _between(first: Point, last: Point, share: float) -> Point:
    return (
        first[0] + (last[0] - first[0]) * share,
        first[1] + (last[1] - first[1]) * share,
    )


def _on(curve: Curve, t: float) -> Point:
    """Return the point of a cubic Bezier curve at ``t``."""
    a, b, c, d = curve
    u = 1 - t
    weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    return (
        sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
        sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
    )


def _standing(rig: Rig) -> list[Part]:
    stays = (
        f"M{_at(rig.stern)} L{rig.mast:.0f},{rig.top:.0f} "
        f"M{rig.mast - 14:.0f},{rig.step + 50:.0f} L{_at(rig.stay)}"
    )
    forestay = f"M{_at(rig.bow)} L{_at(rig.stay)}"
    return [Part("line", stays), Part("line", forestay)]


def _spars(rig: Rig) -> list[Part]:
    m, height = rig.mast, rig.step - rig.top
    spreaders = " ".join(
        f"M{m - 16:.0f},{rig.step - height * share + 8:.0f} "
        f"L{m + 4:.0f},{rig.step - height * share:.0f}"
        for share in (0.36, 0.66)
    )
    return [
        Part("spar", f"M{m:.0f},{rig.step + 40:.0f} L{m:.0f},{rig.top:.0f}"),
        Part("spar", f"M{m:.0f},{rig.boom:.0f} L{rig.clew:.0f},{rig.boom + 8:.0f}"),
        Part("pole", spreaders),
    ]


def _mainsail(mast: float, top: float, clew: float, boom: float, tone: str = "sail") -> list[Part]:
    foot, height = mast - clew, boom - top
    head, tack, corner = (mast - 6, top + 24), (mast - 5, boom - 8), (clew + 14, boom - 6)
    leech: Curve = (
        (mast - foot * 0.07, top + 22),
        (mast - foot * 0.62, top + height * 0.22),
        (clew + foot * 0.1, boom - height * 0.36),
        corner,
    )
    edge = f"C{_at(leech[1])} {_at(leech[2])} {_at(corner)}"
    inner = (clew + foot * 0.42, boom - height * 0.3)
    band = (
        f"M{_at(leech[0])} {edge} L{clew + foot * 0.3:.0f},{boom - 6:.0f} "
        f"C{_at(inner)} {mast - foot * 0.3:.0f},{top + height * 0.3:.0f} {_at(leech[0])}Z"
    )
    shape = (
        f"M{_at(head)} L{_at(leech[0])} {edge} Q{mast - foot * 0.5:.0f},{boom + 4:.0f} {_at(tack)}Z"
    )
    seams = " ".join(
        f"M{_at(_on(leech, t))} L{_at(_between(head, tack, min(0.97, t + 0.05)))}"
        for t in (0.2, 0.4, 0.6, 0.8)
    )
    shaded = "leech" if tone == "sail" else "tanleech"
    return [Part(tone, shape), Part(shaded, band), Part("cloth", seams)]


def _headsail(rig: Rig) -> list[Part]:
    tack = _between(rig.bow, rig.stay, 0.035)
    head = _between(rig.bow, rig.stay, 0.955)
    clew = (rig.mast - rig.overlap, rig.boom + 26)
    bulge = (head[0] + (clew[0] - head[0]) * 0.62 + 26, head[1] + (clew[1] - head[1]) * 0.55)
    leech: Curve = (head, _between(head, bulge, 0.6), _between(clew, bulge, 0.6), clew)
    edge = f"C{_at(leech[1])} {_at(leech[2])} {_at(clew)}"
    foot = f"Q{(tack[0] + clew[0]) / 2:.0f},{max(tack[1], clew[1]) + 44:.0f}"
    low = _between(clew, tack, 0.32)
    shape = f"M{_at(head)} {edge} {foot} {_at(tack)}Z"
    belly = (leech[2][0] + (tack[0] - clew[0]) * 0.26, leech[2][1])
    band = f"M{_at(head)} {edge} L{low[0]:.0f},{low[1] + 18:.0f} Q{_at(belly)} {_at(head)}Z"
    seams = " ".join(
        f"M{_at(_on(leech, t))} L{_at(_between(head, tack, t))}" for t in (0.3, 0.52, 0.74)
    )
    sheet = f"M{_at(clew)} L{rig.clew + 60:.0f},{rig.step + 50:.0f}"
    return [
        Part("sail", shape),
        Part("leech", band),
        Part("cloth", seams),
        Part("line", sheet),
    ]


def _spinnaker(rig: Rig) -> list[Part]:
    """An asymmetric spinnaker of three panels, tacked to a short bowsprit."""
    head = (rig.mast + 8, rig.top + 40)
    tack = (rig.bow[0] + 70, rig.bow[1] - 14)
    clew = (rig.mast + 70, rig.boom - 70)
    reach = rig.mast + (tack[0] - rig.mast) * 1.5
    luff: Curve = (head, (rig.mast + 330, rig.top + 60), (reach, rig.boom - 560), tack)
    leech: Curve = (head, (rig.mast + 130, rig.top + 130), (clew[0] + 110, clew[1] - 330), clew)
    parts = [
        Part(
            "line", f"M{_at(rig.bow)} L{_at(tack)} M{_at(clew)} L{rig.clew:.0f},{rig.step + 40:.0f}"
        )
    ]
    cuts = (0.0, 0.3, 0.62, 1.0)
    for role, start, stop in zip(("spin", "spin2", "spin"), cuts, cuts[1:], strict=False):
        steps = [start + (stop - start) * i / 5 for i in range(6)]
        out = [_at(_on(luff, t)) for t in steps]
        back = [_at(_on(leech, t)) for t in reversed(steps)]
        middle = _between(_on(luff, stop), _on(leech, stop), 0.5)
        sag = f" Q{middle[0]:.0f},{middle[1] + 70 * stop:.0f} "
        parts.append(Part(role, "M" + " L".join(out) + sag + " L".join(back) + "Z"))
    return parts


def _stowed(mast: float, clew: float, boom: float) -> list[Part]:
    cover = (
        f"M{mast + 8:.0f},{boom - 66:.0f} C{mast - 60:.0f},{boom - 40:.0f} "
        f"{clew + 80:.0f},{boom - 34:.0f} {clew + 10:.0f},{boom - 10:.0f} "
        f"L{clew + 10:.0f},{boom + 10:.0f} L{mast + 8:.0f},{boom + 6:.0f}Z"
    )
    lazy = f"M{mast:.0f},{boom - 330:.0f} L{clew + 120:.0f},{boom - 20:.0f}"
    return [Part("canvas", cover), Part("line", lazy)]


def _furled(rig: Rig) -> list[Part]:
    low, high = _between(rig.bow, rig.stay, 0.05), _between(rig.bow, rig.stay, 0.93)
    return [Part("roll", f"M{_at(low)} L{_at(high)}")]


def _mizzen(rig: Rig, sailing: Sailing) -> list[Part]:
    x, boom = rig.mizzen, rig.boom + 16
    spars = [
        Part("spar", f"M{x:.0f},{rig.step + 60:.0f} L{x:.0f},{rig.mizzentop:.0f}"),
        Part("spar", f"M{x:.0f},{boom:.0f} L{rig.mizzenclew:.0f},{boom + 4:.0f}"),
    ]
    if sailing is Sailing.STOWED:
        return spars + _stowed(x, rig.mizzenclew, boom)
    return _mainsail(x, rig.mizzentop, rig.mizzenclew, boom) + spars


def lugsail() -> list[Part]:
    """Return the standing lug of a dinghy, tan-barked, with its mast and yard."""
    leech: Curve = ((330, -1060), (250, -800), (130, -480), (110, -236))
    shape = "M330,-1060 C250,-800 130,-480 110,-236 Q420,-200 742,-226 Q776,-440 744,-640Z"
    band = "M330,-1060 C250,-800 130,-480 110,-236 L300,-218 C300,-480 300,-800 330,-1060Z"
    luff: Curve = ((744, -640), (766, -500), (768, -360), (742, -226))
    seams = " ".join(f"M{_at(_on(leech, t))} L{_at(_on(luff, t))}" for t in (0.3, 0.55, 0.8))
    return [
        Part("spar", "M650,-110 L650,-800"),
        Part("tan", shape),
        Part("tanleech", band),
        Part("cloth", seams),
        Part("spar", "M300,-1084 L770,-614"),
        Part("spar", "M90,-226 L770,-216"),
        Part("line", "M120,-226 L200,-140"),
    ]
