"""The visible rectangle of a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible rectangle, in SVG px."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self) -> str:
        """Return the frame as a closed path."""
        return (
            f"M{self.left:.0f},{self.top:.0f}H{self.right:.0f}V{self.bottom:.0f}H{self.left:.0f}Z"
        )
