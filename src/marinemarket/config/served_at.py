"""The address at which the market is served: what links name where PUBLIC_URL is not set.

The parent of the web processes tells it to its children, in the environment, and leaves it in the data
folder for a worker of its own and for commands.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ..disk import keep_line, kept_line
from .types import origin_in

VARIABLE = "served_at"
"""The children's variable, after the prefix. It is no setting: nobody but the parent sets it."""


def served_at(folder: Path, told: str | None) -> str | None:
    """The address that the parent told, or the one at which the market was last served; else None."""
    with suppress(OSError, ValueError):
        if address := told or kept_line(_place_in(folder)):
            return origin_in(address)
    return None


def keep_served_at(folder: Path, address: str) -> None:
    """Leave the address for others. Raises OSError."""
    keep_line(_place_in(folder), address)


def _place_in(folder: Path) -> Path:
    return folder / "served-at"
