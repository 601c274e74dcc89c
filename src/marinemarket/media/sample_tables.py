"""Where the samples of a track are in its file: the tables of MP4 (ISO/IEC 14496-12, 8.7 and 8.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from .video_buffer import MOST_PARTS, Buffer, DamagedVideo, Range, number


class _Box(Protocol):
    @property
    def name(self) -> bytes: ...
    @property
    def start(self) -> int: ...
    @property
    def content(self) -> int: ...
    @property
    def end(self) -> int: ...


Sizes = int
"""The size of a sample where none is given, in bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample entry: its codec, its start, the start of the boxes in it, and its end.

    `frame` is the number of bytes of all channels at one moment, for uncompressed sound.
    """

    codec: bytes
    start: int
    fields: int
    end: int
    frame: int


def sample_ranges(data: Buffer, tables: dict[bytes, Range], frame: int) -> list[Range]:
    """The ranges of a track's chunks, from its sample table. Raises DamagedVideo."""
    if b"stsc" not in tables or not {b"stco", b"co64"} & tables.keys():
        raise DamagedVideo("a track has no table of samples")
    offsets = _offsets(data, tables)
    if not offsets:
        return []
    sizes = _Sizes(data, tables, frame)
    ranges, first = [], 0
    for chunk, count in zip(range(len(offsets)), _counts(data, *tables[b"stsc"]), strict=False):
        length = sizes.of(first, count)
        ranges.append((offsets[chunk], offsets[chunk] + length))
        first += count
    return ranges


def _offsets(data: Buffer, tables: dict[bytes, Range]) -> list[int]:
    name, width = (b"co64", 8) if b"co64" in tables else (b"stco", 4)
    return _column(data, *tables[name], width)


def _column(data: Buffer, start: int, end: int, width: int, header: int = 8) -> list[int]:
    count = number(data, start + header - 4, 4)
    if count > MOST_PARTS or start + header + count * width > end:
        raise DamagedVideo("a table is longer than its box")
    raw = bytes(data[start + header : start + header + count * width])
    return [int.from_bytes(raw[n : n + width], "big") for n in range(0, len(raw), width)]


def _counts(data: Buffer, start: int, end: int) -> Iterator[int]:
    """How many samples each chunk has, chunk by chunk, without end."""
    rows = number(data, start + 4, 4)
    if rows == 0 or rows > MOST_PARTS or start + 8 + rows * 12 > end:
        raise DamagedVideo("a table is longer than its box")
    chunk = 1
    for row in range(rows):
        at = start + 8 + row * 12
        count = number(data, at + 4, 4)
        following = number(data, at + 12, 4) if row + 1 < rows else None
        while following is None or chunk < following:
            yield count
            chunk += 1


class _Sizes:
    """The sizes of a track's samples."""

    def __init__(self, data: Buffer, tables: dict[bytes, Range], frame: int) -> None:
        self._each = 0
        self._sums = [0]
        if b"stsz" in tables:
            start, end = tables[b"stsz"]
            self._each = number(data, start + 4, 4)
            self._count = number(data, start + 8, 4)
            sizes = [] if self._each else _column(data, start, end, 4, header=12)
        elif b"stz2" in tables:
            start, end = tables[b"stz2"]
            sizes = _small(data, start, end)
        else:
            raise DamagedVideo("a track has no sizes of samples")
        if self._each == 1 and frame:
            self._each = frame  # QuickTime counts uncompressed sound like this
        total = 0
        for size in sizes:
            total += size
            self._sums.append(total)

    def of(self, first: int, count: int) -> int:
        """The bytes of so many samples."""
        if self._each:
            return self._each * max(min(count, self._count - first), 0)
        last = min(first + count, len(self._sums) - 1)
        return self._sums[last] - self._sums[min(first, last)]


def _small(data: Buffer, start: int, end: int) -> list[int]:
    """Sizes of 4, 8 or 16 bits."""
    width, count = data[start + 7], number(data, start + 8, 4)
    if width not in (4, 8, 16) or count > MOST_PARTS or start + 12 + (count * width + 7) // 8 > end:
        raise DamagedVideo("a table is longer than its box")
    if width != 4:
        return _column(data, start, end, width // 8, header=12)
    raw = data[start + 12 : start + 12 + (count + 1) // 2]
    return [half for both in raw for half in (both >> 4, both & 15)][:count]


# -- Fragments ---------------------------------------------------------------------------------


def track_defaults(data: Buffer, boxes: Iterable[_Box]) -> dict[int, Sizes]:
    """The sizes of samples that fragments do not state, by track, from its `trex` boxes."""
    return {number(data, box.content + 4, 4): number(data, box.content + 16, 4) for box in boxes}


def fragment_ranges(
    data: Buffer, start: int, parts: Sequence[Sequence[_Box]], defaults: dict[int, Sizes]
) -> Iterator[tuple[int, list[Range]]]:
    """The tracks and ranges of a fragment that starts at `start`; `parts` are the boxes of each `traf`."""
    after = start
    for boxes in parts:
        headers = [box for box in boxes if box.name == b"tfhd"]
        if len(headers) != 1:
            raise DamagedVideo("a part of a fragment has no header")
        id, base, size = _header(data, headers[0], defaults)
        if base is None:
            base = start if number(data, headers[0].content, 4) & 0x020000 else after
        ranges, at = [], base
        for box in boxes:
            if box.name == b"trun":
                at, length = _run(data, box, base, at, size)
                ranges.append((at, at + length))
                at += length
        after = at
        yield id, ranges


def _header(data: Buffer, box: _Box, defaults: dict[int, Sizes]) -> tuple[int, int | None, Sizes]:
    flags, id = number(data, box.content, 4), number(data, box.content + 4, 4)
    at, base = box.content + 8, None
    if flags & 0x01:
        base, at = number(data, at, 8), at + 8
    at += 4 * bool(flags & 0x02) + 4 * bool(flags & 0x08)
    return id, base, number(data, at, 4) if flags & 0x10 else defaults.get(id, 0)


def _run(data: Buffer, box: _Box, base: int, at: int, size: Sizes) -> tuple[int, int]:
    """Where a run of samples starts, and its length."""
    flags, count = number(data, box.content, 4), number(data, box.content + 4, 4)
    place = box.content + 8
    if flags & 0x01:
        offset = number(data, place, 4)
        at, place = base + (offset - (1 << 32) if offset >> 31 else offset), place + 4
    place += 4 * bool(flags & 0x04)
    widths = [4 * bool(flags & flag) for flag in (0x100, 0x200, 0x400, 0x800)]
    row = sum(widths)
    if count > MOST_PARTS or place + count * row > box.end:
        raise DamagedVideo("a table is longer than its box")
    if not flags & 0x200:
        return at, count * size
    first = place + widths[0]
    return at, sum(number(data, first + n * row, 4) for n in range(count))
