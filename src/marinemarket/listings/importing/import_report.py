"""What became of the rows of a file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class ImportReport:
    """The results of the rows. `left_out` counts absurd figures, which listings then lack.

    `media_elsewhere` counts addresses of pictures and videos on other hosts, which are never shown;
    `taken_for_same` the adverts whose price changed, and whose rows are known by their description alone.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    media_elsewhere: int = 0
    taken_for_same: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged
