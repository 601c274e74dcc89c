"""Drawings of boats for adverts that have no photographs of their own.

:func:`draw` makes one of four views of a boat of a given type, :func:`placeholder` the
silhouette shown until an advert has a photograph. Both return a standalone SVG that
refers to nothing outside itself, and both are pure: the same arguments give the same
bytes on every machine.
"""

from __future__ import annotations

from random import Random
from zlib import crc32

from . import craft as crafts
from . import papers
from .craft import BOAT_TYPES
from .frame import Frame
from .scene import scene

__all__ = ["BOAT_TYPES", "VIEWS", "draw", "placeholder"]

VIEWS = 4
_WIDTH, _HEIGHT = 960, 640


def draw(
    boat_type: str, *, seed: int, view: int = 0, width: int = _WIDTH, height: int = _HEIGHT
) -> str:
    """Return an SVG of a boat of ``boat_type``; ``width`` and ``height`` in SVG px.

    Views: 0 under way, 1 lying quietly in another light and place, 2 dimensioned
    profile, 3 deck plan. One seed is one boat: its four views agree with each other.
    """
    boat = crafts.craft(boat_type)
    if view not in range(VIEWS):
        raise ValueError(f"no view {view!r}: views are 0 to {VIEWS - 1}")
    look = crafts.look(boat, Random(f"{boat_type}/{seed}"))
    frame = _frame(width, height)
    uid = f"{crc32(f'{boat_type}/{seed}/{view}'.encode()):x}"
    if view == 2:
        body = papers.profile(boat, look, frame, uid)
    elif view == 3:
        body = papers.plan(boat, look, frame, uid)
    else:
        body = scene(boat, look, Random(f"{boat_type}/{seed}/{view}"), view, frame, uid)
    return _document(body, _title(boat_type, view), frame, width, height)


def placeholder(boat_type: str, *, width: int = _WIDTH, height: int = _HEIGHT) -> str:
    """Return an SVG silhouette of ``boat_type``; ``width`` and ``height`` in SVG px."""
    frame = _frame(width, height)
    body = papers.silhouette(crafts.craft(boat_type), frame)
    return _document(body, f"Silhouette: {_name(boat_type)}", frame, width, height)


def _frame(width: int, height: int) -> Frame:
    """Grow the 960 x 640 picture to the asked proportions without cropping it."""
    if width <= 0 or height <= 0:
        raise ValueError(f"no picture of {width} x {height}")
    wide = max(_WIDTH, _HEIGHT * width / height)
    high = max(_HEIGHT, _WIDTH * height / width)
    left, top = (_WIDTH - wide) / 2, (_HEIGHT - high) / 2
    return Frame(left, top, left + wide, top + high)


def _name(boat_type: str) -> str:
    return "boat" if boat_type == "other" else boat_type.replace("-", " ")


def _title(boat_type: str, view: int) -> str:
    forms = ("{} under way", "{} at rest", "{}, profile drawing", "{}, deck plan")
    return "Illustration: " + forms[view].format(_name(boat_type))


def _document(body: str, title: str, frame: Frame, width: int, height: int) -> str:
    box = " ".join(
        f"{value:g}"
        for value in (frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{width}" '
        f'height="{height}" preserveAspectRatio="xMidYMid slice" role="img">'
        f"<title>{title}</title>{body}</svg>\n"
    )
