"""A video file in memory or mapped into it, and how parts of it are blanked in place."""

from __future__ import annotations

from collections.abc import Iterable
from mmap import mmap
from typing import Final

Buffer = bytearray | mmap
Range = tuple[int, int]
"""The first byte, and the one after the last."""

MOST_PARTS: Final = 2_000_000
"""How many boxes, elements or samples are looked at. An hour of video has about 300,000."""
_PIECE: Final = 1_000_000


class DamagedVideo(ValueError):
    """The file is not built as its format demands, so nobody can tell what it holds."""


def number(data: Buffer, start: int, length: int) -> int:
    """An unsigned number. Raises DamagedVideo beyond the end."""
    found = data[start : start + length]
    if len(found) < length or start < 0:
        raise DamagedVideo("the file has ended")
    return int.from_bytes(found, "big")


def zero(data: Buffer, start: int, end: int) -> None:
    """Overwrite a range with zeros, if it is not all zeros already: that leaves a mapped page unwritten."""
    while start < end:
        stop = min(start + _PIECE, end)
        nothing = bytes(stop - start)
        if data[start:stop] != nothing:
            data[start:stop] = nothing
        start = stop


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same bytes as fewer ranges, in order."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return joined


def zero_between(data: Buffer, kept: Iterable[Range], start: int, end: int) -> None:
    """Overwrite a range except for what is to be kept in it; `kept` is in order and does not overlap."""
    for first, last in kept:
        if last <= start:
            continue
        if first >= end:
            break
        zero(data, start, first)
        start = max(start, last)
    zero(data, start, end)
