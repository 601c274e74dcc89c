"""The notation in which boats are written down, and its reader.

A boat is a block of lines. Lengths are in *boat units*: 1000 units from transom to
stem head, x growing towards the bow, y growing downwards, waterline (profile) or
centreline (plan) at y = 0. A line is one of

``role PATH``
    paint PATH (absolute SVG path data) in the material ``role``;
``@shape role numbers...``
    paint a ready-made shape, see :mod:`.shapes`;
``! ...``
    the same, but only on technical drawings (keels, rudders, propellers);
``~g:name`` ... ``~``
    the lines between belong to choice ``name`` of option group ``g``;
``HULL``
    the hull is painted here;
``+ ...``
    the line above, continued;
``key words...``
    one of the heads listed in :data:`HEADS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from . import shapes

HEADS = frozenset(
    ("sheer", "stem", "under", "chine", "gait", "paints", "waters", "rig", "fine", "skin")
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """One painted path. ``group``/``choice`` tell on which option it depends."""

    role: str
    path: str
    group: str = ""
    choice: str = ""
    technical: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """A parsed block: head lines by key, and parts in painting order."""

    heads: dict[str, str]
    parts: tuple[Part, ...]

    def options(self) -> dict[str, tuple[str, ...]]:
        """Return the choices of every option group, in order of appearance."""
        found: dict[str, dict[str, None]] = {}
        for part in self.parts:
            if part.group:
                found.setdefault(part.group, {})[part.choice] = None
        return {group: tuple(choices) for group, choices in found.items()}

    def chosen(self, picks: dict[str, str], *, technical: bool) -> list[Part]:
        """Return the parts that remain when one choice of each group is taken."""
        return [
            part
            for part in self.parts
            if (not part.group or picks.get(part.group) == part.choice)
            and (technical or not part.technical)
            and part.role != "none"
        ]


def read(text: str) -> Sketch:
    """Parse one block of the notation."""
    heads: dict[str, str] = {}
    parts: list[Part] = []
    group = choice = ""
    for line in filter(None, text.replace("\n+", "").splitlines()):
        word, _, rest = line.partition(" ")
        if word in HEADS:
            heads[word] = rest
        elif word.startswith("~"):
            group, _, choice = word[1:].partition(":")
            if group:
                parts.append(Part("none", "", group, choice))
        else:
            parts.extend(_parts(line, group, choice))
    return Sketch(heads, tuple(parts))


def _parts(line: str, group: str, choice: str) -> list[Part]:
    technical = line.startswith("!")
    word, _, rest = line.lstrip("! ").partition(" ")
    drawn = shapes.expand(word[1:], rest) if word.startswith("@") else [(word, rest)]
    return [Part(role, path, group, choice, technical) for role, path in drawn]


@lru_cache(maxsize=2048)
def extent(path: str) -> tuple[float, float, float, float]:
    """Return (left, top, right, bottom) of the points of an absolute path."""
    if not path:
        return (500.0, 0.0, 500.0, 0.0)
    numbers = [float(number) for number in _NUMBER.findall(path)]
    return (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))
