"""What a camera writes between the pictures of an H.264 or H.265 stream, beside the pictures themselves.

Dash cameras, drones and AVCHD camcorders note positions, times and serial numbers there, as supplemental
enhancement information (ITU-T H.264 annex D, H.265 annex D). Messages that a player needs are kept. A unit
with any other becomes, in place, a message that the standards define as filling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from .video_buffer import MOST_PARTS, Buffer, DamagedVideo, Range, number

_FILLING: Final = 3
_NEEDED: Final = frozenset({0, 1, 6, 45, 47, 128, 129, 130, 132, 137, 144, 147, 148})
"""Buffering, timing, where playing may begin, how pictures are packed and turned, and their colours."""


@dataclass(frozen=True, slots=True)
class Stream:
    """How the units of a stream are written.

    `width` is the length of a unit's length, `header` that of its header, in bytes; `shift` is where in
    the first byte its type is, and `types` those of supplemental information.
    """

    width: int
    header: int
    shift: int
    types: frozenset[int]

    def is_message(self, first: int) -> bool:
        """Does the unit with this first byte hold supplemental information?"""
        return first >> self.shift & (0x1F if self.header == 1 else 0x3F) in self.types


def stream_of(data: Buffer, name: bytes, start: int, end: int) -> Stream | None:
    """What the configuration of a decoder (``avcC`` or ``hvcC``, its content) tells of its stream."""
    if name == b"avcC" and start + 5 <= end:
        return Stream((data[start + 4] & 3) + 1, 1, 0, frozenset({6}))
    if name in (b"hvcC", b"lhvC") and start + 22 <= end:
        at = 21 if name == b"hvcC" else 4
        return Stream((data[start + at] & 3) + 1, 2, 1, frozenset({39, 40}))
    return None


def blank_messages(data: Buffer, stream: Stream, ranges: Iterable[Range]) -> None:
    """Blank the messages that no player needs; each range holds whole pictures, one after another."""
    units, reached = 0, 0
    for start, end in sorted(ranges):
        if start < reached:
            continue  # a chunk that is played twice
        for unit in _units(data, stream.width, start, end):
            _blank_unit(data, stream, *unit)
            if (units := units + 1) > MOST_PARTS:
                raise DamagedVideo("there are too many units")
        reached = end


def blank_configured(data: Buffer, stream: Stream, start: int, end: int) -> None:
    """As `blank_messages`, for those that an ``hvcC`` holds beside the parameters of a decoder."""
    if stream.header != 2 or start + 23 > end:
        return
    at = start + 23
    for _array in range(data[start + 22]):
        count, at = number(data, at + 1, 2), at + 3
        for _unit in range(count):
            length, at = number(data, at, 2), at + 2
            if at + length > end:
                raise DamagedVideo("the configuration of a decoder is longer than its box")
            _blank_unit(data, stream, at, at + length)
            at += length


def _units(data: Buffer, width: int, start: int, end: int) -> Iterator[Range]:
    """Where units are. What is built otherwise cannot be played, and ends the search in its range."""
    while start + width < end:
        start, length = start + width, number(data, start, width)
        if not 0 < length <= end - start:
            return
        yield start, start + length
        start += length


def _blank_unit(data: Buffer, stream: Stream, start: int, end: int) -> None:
    content = start + stream.header
    if content + 3 > end or not stream.is_message(data[start]):
        return
    if not _NEEDED.issuperset(_kinds(bytes(data[content:end]).replace(b"\0\0\3", b"\0\0"))):
        data[content:end] = _filling(end - content)


def _kinds(messages: bytes) -> Iterator[int]:
    """The kinds of the messages in a unit; -1 if it ends amid one."""
    at, messages = 0, messages.rstrip(b"\0").removesuffix(b"\x80")
    while at < len(messages):
        found = []
        for _number in ("kind", "length"):
            value = 0
            while at < len(messages) and messages[at] == 0xFF:
                value, at = value + 255, at + 1
            if at >= len(messages):
                yield -1
                return
            found.append(value + messages[at])
            at += 1
        yield found[0]
        at += found[1]


def _filling(length: int) -> bytes:
    """A message of this many bytes (at least three) that says nothing, with the bit that ends a unit."""
    head = b""
    if (length - 2) % 256 == 0:
        head = bytes([_FILLING, 0])  # no single message has this length
    rest = length - 2 - len(head)
    size = rest - 1 - (rest - 1) // 256
    many, few = divmod(size, 255)
    return head + bytes([_FILLING]) + b"\xff" * many + bytes([few]) + b"\xff" * size + b"\x80"
