"""Whether an email that waits in the outbox may still be sent, asked when it is about to be.

Between writing and sending lie seconds, or two days while a mail server is away. The domains that know
the people concerned give the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ..store.items import Item


class Verdict(Enum):
    SEND = auto()
    WAIT = auto()
    """Not now, but perhaps later."""
    DROP = auto()
    """Not now, and never."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer. `why` is for the operator; `to` is the recipient's current address, if it changed."""

    verdict: Verdict
    why: str = ""
    to: str | None = None


SEND = Ruling(Verdict.SEND)

Rule = Callable[[Item, Mapping[str, Any]], Awaitable[Ruling]]
"""Asked with the item of an email and its values."""


async def send_all(letter: Item, values: Mapping[str, Any]) -> Ruling:
    """The rule where nobody has a say."""
    return SEND
