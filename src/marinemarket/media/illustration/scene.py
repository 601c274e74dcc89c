"""Boats in a seascape: sky, shore, water, reflection, boat and wake, back to front.

Everything here is in SVG px of a 960 x 640 picture; wider or taller pictures show
more sky and sea around it. Boats are painted in boat units under a transform.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from . import shores, skies, wakes, waters
from .craft import Craft, Look, bounds
from .frame import Frame
from .notation import Part
from .paint import Colours, painted
from .palette import mix
from .rigs import Sailing

_SHORES: dict[tuple[str, int], tuple[str, ...]] = {
    ("coast", 0): ("open", "islands", "headland", "hills"),
    ("coast", 1): ("quay", "islands", "cliffs", "pines", "town"),
    ("lake", 0): ("hills", "pines", "islands", "hills"),
    ("lake", 1): ("pines", "town", "reeds", "quay"),
    ("harbour", 0): ("headland", "cliffs", "open"),
    ("harbour", 1): ("town", "quay"),
}
_REFLECTED = frozenset(
    ("house", "trim", "sail", "leech", "coat", "canvas", "spin", "spin2", "tan", "cream", "wood")
)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a boat sits in the picture. ``turn`` is degrees bow-up, the rest px."""

    x: float
    waterline: float
    scale: float
    stretch: float
    turn: float
    flipped: bool

    def transform(self, *, turned: bool = True) -> str:
        """Return the SVG transform from boat units to the picture."""
        sign = "-" if self.flipped else ""
        turn = f" rotate({-self.turn:.2f} 300 0)" if turned and self.turn else ""
        return (
            f"translate({self.x:.1f} {self.waterline:.1f}) "
            f"scale({sign}{self.scale:.4f} {self.scale * self.stretch:.4f}){turn}"
        )


def scene(boat: Craft, look: Look, rng: Random, view: int, frame: Frame, uid: str) -> str:
    """Return the picture of a boat underway (view 0) or lying quietly (view 1)."""
    light = look.lights[view]
    sailing = _sailing(rng, view)
    parts = boat.parts(look.picks, sailing, technical=False)
    gait = boat.gait if view == 0 else "drift"
    pose = _pose(boat, look, parts, gait, flipped=view == 1)
    horizon = pose.waterline - rng.uniform(52, 84)
    colours = Colours(look, light, boat.fineness / pose.scale)
    place = rng.choice(_SHORES[boat.waters, view])
    calm = gait == "drift"
    return "".join(
        (
            skies.sky(rng, light, frame, horizon),
            shores.shore(place, rng, light, frame, horizon),
            waters.sea(rng, light, frame, horizon),
            _reflection(boat, parts, colours, pose, calm),
            waters.ripples(rng, light, pose.waterline, calm),
            _afloat(boat, parts, colours, pose, frame, uid),
            wakes.wake(gait, boat.entry, light, pose.transform(turned=False)),
        )
    )


def _sailing(rng: Random, view: int) -> Sailing:
    if view == 1:
        return Sailing.STOWED
    return Sailing.SPINNAKER if rng.random() < 0.28 else Sailing.FULL


def _pose(boat: Craft, look: Look, parts: list[Part], gait: str, *, flipped: bool) -> Pose:
    left, top, right, _ = bounds(boat.hull, parts)
    scale = min(690 / (right - left), 540 / (-top * look.stretch))
    height = -top * scale * look.stretch
    waterline = min(590.0, max(420.0, 322 + height * 0.47))
    middle = (left + right) / 2 * scale
    return Pose(
        x=480 + middle if flipped else 480 - middle,
        waterline=waterline,
        scale=scale,
        stretch=look.stretch,
        turn=1.7 if gait == "plane" else 0.0,
        flipped=flipped,
    )


def _afloat(
    boat: Craft, parts: list[Part], colours: Colours, pose: Pose, frame: Frame, uid: str
) -> str:
    y = pose.waterline
    water = (
        f'<clipPath id="w{uid}"><path d="M{frame.left:.0f},{frame.top:.0f}H{frame.right:.0f}'
        f'V{y + 1:.0f}H{frame.left:.0f}Z"/></clipPath>'
    )
    place = [part.role for part in parts].index("HULL")
    body = (
        painted(parts[:place], colours)
        + _hull(boat, colours, uid)
        + painted(parts[place + 1 :], colours)
    )
    return (
        f'{water}<g clip-path="url(#w{uid})"><g transform="{pose.transform()}" '
        f'stroke-linecap="round" stroke-linejoin="round">{body}</g></g>'
    )


def _hull(boat: Craft, colours: Colours, uid: str) -> str:
    look, pen = colours.look, colours.pen
    coat = colours.attributes(boat.skin)
    shade = mix(colours.base(boat.skin), "#1d2b38", 0.3 if look.dark else 0.2)
    boot = colours.lit(look.boot)
    under = colours.lit(look.antifoul)
    gleam = colours.lit("#ffffff")
    return (
        f'<clipPath id="h{uid}"><path d="{boat.hull}"/></clipPath>'
        f'<path d="{boat.hull}" {coat}/><g clip-path="url(#h{uid})">'
        f'<path d="{boat.shaded}" fill="{colours.lit(shade)}"/>'
        f'<path d="M-100,-15H1100V90H-100Z" fill="{boot}"/>'
        f'<path d="M-100,-3H1100V90H-100Z" fill="{under}"/>'
        f'{_cove(boat, colours)}<path d="{boat.sheer}" fill="none" stroke="{gleam}" s'
        f'troke-opacity=".55" '
        f'stroke-width="{5 * pen:.1f}"/></g>'
    )


def _cove(boat: Craft, colours: Colours) -> str:
    """Return the thin stripe some owners paint below the sheer."""
    if not (colours.look.cove and boat.plain):
        return ""
    pen = colours.pen
    return (
        f'<path d="{boat.sheer}" transform="translate(0 {9 * pen:.1f})" fill="none" '
        f'stroke="{colours.lit(colours.look.stripe)}" stroke-width="{2.2 * pen:.1f}"/>'
    )


def _reflection(boat: Craft, parts: list[Part], colours: Colours, pose: Pose, calm: bool) -> str:
    light = colours.light
    mirror = [part for part in parts if part.role in _REFLECTED]
    share, opacity = (0.62, 0.34) if calm else (0.36, 0.2)
    deep = mix(colours.lit(colours.look.paint), light.sea_near, 0.45)
    tops = "".join(part.path for part in mirror)
    pale = mix(light.foam, light.sea_near, 0.25)
    turned = pose.transform()
    head, _, tail = turned.partition("scale(")
    return (
        f'<g transform="{head}scale(1 -{share}) scale({tail}" opacity="{opacity}">'
        f'<path d="{tops}" fill="{pale}"/><path d="{boat.hull}" fill="{deep}"/></g>'
    )
