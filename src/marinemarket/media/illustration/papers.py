"""Technical drawings on paper: the dimensioned profile, the deck plan, the silhouette.

Papers are in SVG px; boats on them in boat units under one transform.
"""

from __future__ import annotations

from .craft import Craft, Look, bounds
from .frame import Frame
from .notation import Part, extent
from .paint import Ink, Silhouette, painted
from .palette import QUIET_PAPER, Paper
from .rigs import Sailing

_GEAR = frozenset(("line", "cowl", "metal", "red", "edge"))


def profile(boat: Craft, look: Look, frame: Frame, uid: str) -> str:
    """Return the boat in profile, underwater body shown, with dimension lines."""
    paper = look.paper
    parts = boat.parts(look.picks, Sailing.FULL, technical=True)
    box = bounds(boat.hull, parts)
    left, top, right, bottom = box
    scale = min(660 / (right - left), 452 / (bottom - top))
    x = 490 - (left + right) / 2 * scale
    y = 306 - (top + bottom) / 2 * scale
    ink = Ink(paper, boat.fineness / scale)
    body = _lines(boat, parts, ink, uid)
    return (
        _ground(paper, frame)
        + f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.4f})" stroke-linejoin="round" '
        f'stroke-linecap="round">{body}</g>'
        + _measures(paper, boat, bounds(boat.hull, _solid(parts)), (x, y, scale), left)
        + _corner(paper)
    )


def _lines(boat: Craft, parts: list[Part], ink: Ink, uid: str) -> str:
    place = [part.role for part in parts].index("HULL")
    stations = "".join(f"M{x},-400V200" for x in range(100, 1000, 100))
    levels = "".join(f"M-100,{y}H1100" for y in (-120, -80, -40, 30, 60))
    thin, pen = 0.5 * ink.pen, ink.pen
    below = [part for part in parts[place + 1 :] if part.role == "fin"]
    above = [part for part in parts[place + 1 :] if part.role != "fin"]
    return (
        painted(below, ink)
        + painted(parts[:place], ink)
        + f'<clipPath id="h{uid}"><path d="{boat.hull}"/></clipPath>'
        f'<path d="{boat.hull}" {ink.attributes("hull")}/><g clip-path="url(#h{uid})">'
        f'<path d="M-100,0H1200V200H-100Z" fill="{ink.paper.wash}" fill-opacity=".5"/>'
        f'<path d="{boat.profile.heads["chine"]}{stations}{levels}" fill="none" '
        f'stroke="{ink.paper.ink}" stroke-width="{thin:.2f}" stroke-opacity=".6"/></g>'
        + painted(above, ink)
        + (
            f'<path d="{boat.hull}" fill="none" stroke="{ink.paper.ink}" stroke-widt'
            f'h="{1.7 * pen:.2f}"/>'
        )
    )


def _solid(parts: list[Part]) -> list[Part]:
    """Leave out what a surveyor would: aerials, rods, oars, motors and other gear."""
    return [part for part in parts if not part.group and part.role not in _GEAR]


def _ground(paper: Paper, frame: Frame) -> str:
    left, right, top, bottom = frame.left, frame.right, frame.top, frame.bottom
    columns = "".join(
        f"M{x},{top:.0f}V{bottom:.0f}" for x in range(int(left // 40) * 40, int(right) + 40, 40)
    )
    rows = "".join(
        f"M{left:.0f},{y}H{right:.0f}" for y in range(int(top // 40) * 40, int(bottom) + 40, 40)
    )
    return (
        f'<path d="{frame.around()}" fill="{paper.ground}"/>'
        f'<path d="{columns}{rows}" fill="none" stroke="{paper.grid}" stroke-width="1"/>'
        f'<path d="M{left + 22:.0f},{top + 22:.0f}H{right - 22:.0f}V{bottom - 22:.0f}'
        f"H{left + 22:.0f}Z"
        f'M{left + 28:.0f},{top + 28:.0f}H{right - 28:.0f}V{bottom - 28:.0f}H{left + 28:.0f}Z" '
        f'fill="none" stroke="{paper.ink}" stroke-width="1" stroke-opacity=".45"/>'
    )


def _span(x0: float, y0: float, x1: float, y1: float) -> str:
    """Return a dimension line with architect's ticks at both ends."""
    return (
        f"M{x0:.0f},{y0:.0f}L{x1:.0f},{y1:.0f}M{x0 - 5:.0f},{y0 + 5:.0f}l10,-10"
        f"M{x1 - 5:.0f},{y1 + 5:.0f}l10,-10"
    )


def _measures(
    paper: Paper,
    boat: Craft,
    box: tuple[float, float, float, float],
    place: tuple[float, float, float],
    edge: float,
) -> str:
    """Return length overall, waterline length, height and draught; ``edge`` clears the gear."""
    x, y, scale = place
    _, top, _, bottom = box
    left, _, right, _ = extent(boat.hull)
    port, bow = x + left * scale, x + right * scale
    foot, head, keel = 566.0, y + top * scale, y + bottom * scale
    side = x + edge * scale - 30
    entry = x + boat.entry * scale
    marks = (
        _span(port, foot, bow, foot)
        + _span(x, foot - 24, entry, foot - 24)
        + _span(side, y, side, head)
        + _span(side, y, side, keel)
    )
    guides = (
        f"M{port:.0f},{y + 14:.0f}V{foot + 10:.0f}M{bow:.0f},{y - 60 * scale:.0f}V{foot + 10:.0f}"
        f"M{side - 10:.0f},{head:.0f}H{x + 300 * scale:.0f}M{side - 10:.0f},{keel:.0f}"
        f"H{x + 300 * scale:.0f}"
        f"M{x:.0f},{y + 6:.0f}V{foot - 14:.0f}M{entry:.0f},{y + 6:.0f}V{foot - 14:.0f}"
    )
    return (
        f'<g fill="none" stroke="{paper.ink}"><path d="{marks}" stroke-width="1.1"/>'
        f'<path d="{guides}" stroke-width=".6" stroke-opacity=".6" stroke-dasharray="2 4"/>'
        f'<path d="M60,{y:.1f}H900" stroke-width=".9" stroke-dasharray="22 5 3 5"/></g>'
    )


def _corner(paper: Paper) -> str:
    """Return a scale bar without figures, the only furniture of a sheet."""
    cells = "".join(f"M{700 + 40 * i},594h20v6h-20Z" for i in range(5))
    return (
        f'<path d="{cells}" fill="{paper.ink}" fill-opacity=".75"/>'
        f'<path d="M700,594h200v6h-200Z" fill="none" stroke="{paper.ink}" stroke-width=".9"/>'
    )


def plan(boat: Craft, look: Look, frame: Frame, uid: str) -> str:
    """Return the deck plan, bow to the right, with the centreline and its measures."""
    paper = look.paper
    parts = boat.plan.chosen(look.picks, technical=True)
    box = bounds("", parts)
    left, top, right, bottom = box
    scale = min(720 / (right - left), 430 / (bottom - top))
    x, y = 490 - (left + right) / 2 * scale, 300.0
    hull = bounds("", _solid(parts))
    port, bow, beam = x + hull[0] * scale, x + hull[2] * scale, hull[3] * scale
    side = x + left * scale - 30
    marks = _span(port, 566, bow, 566) + _span(side, y - beam, side, y + beam)
    guides = (
        f"M{port:.0f},{y + 20:.0f}V576M{bow:.0f},{y + 10:.0f}V576"
        f"M{side - 10:.0f},{y - beam:.0f}H{x + 460 * scale:.0f}"
        f"M{side - 10:.0f},{y + beam:.0f}H{x + 460 * scale:.0f}"
    )
    return (
        _ground(paper, frame)
        + f'<path d="{guides}" fill="none" stroke="{paper.ink}" stroke-width=".6" '
        'stroke-opacity=".6" stroke-dasharray="2 4"/>'
        + f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.4f})" stroke-linejoin="round" '
        f'stroke-linecap="round">{_deck(parts, Ink(paper, 1 / scale), uid)}</g>'
        + f'<g fill="none" stroke="{paper.ink}"><path d="{marks}" stroke-width="1.1"/>'
        f'<path d="M60,{y:.0f}H900" stroke-width=".8" stroke-opacity=".7" '
        'stroke-dasharray="22 5 3 5"/></g>' + _corner(paper)
    )


def _deck(parts: list[Part], ink: Ink, uid: str) -> str:
    """Paint a plan; laid planks are cut off at the ``edge`` outline."""
    edge = "".join(part.path for part in parts if part.role == "edge")
    clip = f'<clipPath id="d{uid}"><path d="{edge}"/></clipPath>' if edge else ""
    out: list[str] = [clip]
    for part in parts:
        if part.role == "plank":
            cut = f' clip-path="url(#d{uid})"' if edge else ""
            out.append(f'<path d="{part.path}" {ink.attributes("plank")}{cut}/>')
        elif part.role != "edge":
            out.append(painted([part], ink))
    return "".join(out)


def silhouette(boat: Craft, frame: Frame) -> str:
    """Return the plain shape of a type on quiet paper, its water one thin line."""
    paper = QUIET_PAPER
    picks = {group: choices[0] for group, choices in boat.profile.options().items()}
    parts = boat.parts(picks, Sailing.FULL, technical=False)
    left, top, right, _ = bounds(boat.hull, parts)
    scale = min(600 / (right - left), 430 / -top)
    x, y = 480 - (left + right) / 2 * scale, 340 - top * scale * 0.42
    tone = Silhouette(paper, boat.fineness / scale)
    place = [part.role for part in parts].index("HULL")
    body = (
        painted(parts[:place], tone)
        + f'<path d="{boat.hull}" {tone.attributes("hull")}/>'
        + painted([p for p in parts[place + 1 :] if p.role not in ("seam", "stripe")], tone)
    )
    return (
        f'<path d="{frame.around()}" fill="{paper.ground}"/>'
        f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.4f})" stroke-linejoin="round">'
        f"{body}</g>"
        f'<path d="M{frame.left:.0f},{y:.1f}H{frame.right:.0f}V{frame.bottom:.0f}'
        f'H{frame.left:.0f}Z" '
        f'fill="{paper.ground}"/>'
        f'<path d="M120,{y:.1f}H840M200,{y + 16:.1f}H420M520,{y + 16:.1f}H700" fill="none" '
        f'stroke="{paper.ink}" stroke-width="2"/>'
    )
