"""Marks of quiet: up to when nothing has happened since the last segment.

Without one, an archive that nobody writes to could not be told from a market in which nothing happens.
The archiver rewrites a small file beside the newest base copy; older ones stay, and go with their copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..errors import Damaged, Invalid
from ..wire import Count, Millis, Model
from .base_copies import FOLDER
from .file_format import checked, with_sum

NAME = "until.json"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Every change up to `until` (Unix milliseconds) is in segment `number` or an earlier one."""

    number: int
    until: int

    def to_file(self) -> bytes:
        return with_sum({"format": 1, "number": self.number, "until": self.until})


class _Content(Model):
    format: Literal[1]
    number: Count
    until: Millis


def mark_in(folder: str) -> str:
    """The name of a base copy's mark."""
    return f"{folder}/{NAME}"


def is_mark(name: str) -> bool:
    return re.fullmatch(rf"{FOLDER}/[^/]+/{re.escape(NAME)}", name) is not None


def quiet_in(name: str, content: bytes) -> Quiet:
    """The mark in a file. Raises Damaged."""
    try:
        read = _Content.parse(checked(name, content))
    except Invalid as error:
        raise Damaged(name, f"cannot be read: {error}") from None
    return Quiet(read.number, read.until)
