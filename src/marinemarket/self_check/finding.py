"""What a check finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from ..clock import DAY, HOUR, MINUTE, SECOND


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `todo` is what the operator can do; empty if there is nothing to do."""

    name: str
    state: State
    message: str
    todo: str = ""

    def to_wire(self) -> dict[str, str]:
        return asdict(self)


def good(name: str, message: str) -> Finding:
    return Finding(name, State.OK, message)


def doubtful(name: str, message: str, todo: str) -> Finding:
    """For something that works, but may cause trouble."""
    return Finding(name, State.WARNING, message, todo)


def bad(name: str, message: str, todo: str) -> Finding:
    return Finding(name, State.FAILURE, message, todo)


def duration(milliseconds: int) -> str:
    """A duration in its largest unit of which there are at least two."""
    for name, length in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if milliseconds >= 2 * length:
            return f"{milliseconds // length} {name}"
    return f"{milliseconds // SECOND} seconds"
