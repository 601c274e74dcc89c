"""Rate limits, and how a setting writes them: ``10/minute``, ``off``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_FORM = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most this many requests in this many seconds."""

    most: int
    seconds: int


@lru_cache(maxsize=64)
def limit_of(text: str) -> Limit | None:
    """Parse a limit; None for ``off``. Raises ValueError for anything else."""
    if text == "off":
        return None
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("must be like 10/minute (or second, hour, day), or off")
    return Limit(int(found[1]), _SECONDS[found[2]])
