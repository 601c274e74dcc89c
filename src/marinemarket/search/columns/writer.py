"""Writes a generation: new segments, marks on old ones, and merging."""

from __future__ import annotations

import fcntl
import logging
import secrets
import zlib
from pathlib import Path
from typing import IO
from uuid import UUID

import numpy as np

from ...errors import Unavailable
from ...store.store import Position
from ..document import Document, hash_of
from .index_folder import Contents, IndexFolder, SegmentEntry, write_whole
from .segment import Array, DamagedIndex, Segment, write_segment
from .segment_builder import MASK_64, Packed, merged, pack

log = logging.getLogger(__name__)

MOST_PENDING = 4000
"""So many documents are made into a segment at once."""
_ALIKE = 8
"""This many segments of similar size are merged, so that each document is copied only a few times."""
_ROTTEN = 0.3
"""A segment of which this share was taken out is written anew without it."""


class ColumnsWriter:
    """Writes one generation. A lock on it keeps other processes out until `close`."""

    def __init__(self, folder: IndexFolder, generation: Path) -> None:
        self._folder, self._generation = folder, generation
        self._lock: IO[str] = (generation / "writing.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise Unavailable("another process is writing the search index") from None
        try:
            contents = folder.contents_of(generation)
            self._position = contents.position if contents else None
            self._segments = [
                _Written(generation, part) for part in (contents.parts if contents else ())
            ]
        except (ValueError, OSError) as error:
            self.close()
            raise DamagedIndex(f"the search index cannot be written: {error}") from None
        except DamagedIndex:
            self.close()
            raise
        self._pending: dict[str, Document | None] = {}

    async def position(self) -> Position | None:
        return self._position

    async def is_live(self) -> bool:
        return self._folder.live == self._generation

    async def put(self, document: Document) -> None:
        self._pending[document.id] = document
        if len(self._pending) >= MOST_PENDING:
            self._write_pending()

    async def remove(self, id: str, version: int) -> None:
        self._pending[id] = None

    async def owned_by(self, owner_id: str) -> list[str]:
        self._write_pending()
        owner = np.uint64(hash_of(owner_id))
        ids = []
        for written in self._segments:
            rows = np.flatnonzero((written.segment["owner"] == owner) & written.live)
            ids += [_id_of(written.segment, int(row)) for row in rows]
        return sorted(ids)

    async def save(self, position: Position) -> None:
        self._write_pending()
        self._merge()
        for written in self._segments:
            written.save_marks(self._generation)
        parts = tuple(written.part for written in self._segments)
        self._folder.save(self._generation, Contents(position, parts))
        self._position = position
        kept = {name for part in parts for name in (part.segment, part.live) if name}
        for path in self._generation.glob("[sl]-*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        self._lock.close()

    def _write_pending(self) -> None:
        """Remove what is replaced or deleted, and write what is new."""
        for id in self._pending:
            for written in self._segments:
                written.take_out(id)
        fresh = [document for document in self._pending.values() if document is not None]
        if fresh:
            self._add(pack(fresh))
        self._pending.clear()

    def _add(self, packed: Packed) -> None:
        name = f"s-{secrets.token_hex(6)}"
        write_segment(self._generation / name, *packed)
        self._segments.append(_Written(self._generation, SegmentEntry(name)))

    def _merge(self) -> None:
        """Merge segments of similar size, and compact those with many removed rows."""
        while together := self._worth_merging():
            left = [(w.segment, w.live) for w in together if w.live.any()]
            self._segments = [w for w in self._segments if w not in together]
            if left:
                self._add(merged(left))

    def _worth_merging(self) -> list[_Written]:
        by_size: dict[int, list[_Written]] = {}
        for written in self._segments:
            left = int(np.count_nonzero(written.live))
            if left < (1 - _ROTTEN) * written.segment.rows:
                return [written]
            by_size.setdefault(max(left, 64).bit_length() // 3, []).append(written)
        for _, alike in sorted(by_size.items()):
            if len(alike) >= _ALIKE:
                return alike
        return []


class _Written:
    """A segment and the marks on its rows, from the writer's point of view."""

    def __init__(self, generation: Path, part: SegmentEntry) -> None:
        self.segment = Segment(generation / part.segment)
        self.live = read_marks(generation, part, self.segment.rows).copy()
        self.part = part
        self._is_marked = False

    def take_out(self, id: str) -> None:
        number = UUID(id).int
        for row in self.segment.row_of(hash_of(id)):
            is_it = (
                int(self.segment["id_high"][row]) == number >> 64
                and int(self.segment["id_low"][row]) == number & MASK_64
            )
            if is_it and self.live[row]:
                self.live[row] = False
                self._is_marked = True

    def save_marks(self, generation: Path) -> None:
        if self._is_marked:
            name = f"l-{secrets.token_hex(6)}"
            marks = np.packbits(self.live).tobytes()
            write_whole(generation / name, zlib.crc32(marks).to_bytes(4, "big") + marks)
            self.part, self._is_marked = SegmentEntry(self.part.segment, name), False


def read_marks(generation: Path, part: SegmentEntry, rows: int) -> Array:
    """The remaining rows of a segment. Raises DamagedIndex if the marks are damaged."""
    if part.live is None:
        return np.ones(rows, np.bool_)
    content = (generation / part.live).read_bytes()
    checksum, marks = content[:4], content[4:]
    if zlib.crc32(marks).to_bytes(4, "big") != checksum or len(marks) != (rows + 7) // 8:
        raise DamagedIndex(f"the search index is damaged: {part.live} fails its checksum")
    return np.unpackbits(np.frombuffer(marks, np.uint8), count=rows).astype(np.bool_)


def _id_of(segment: Segment, row: int) -> str:
    return str(UUID(int=int(segment["id_high"][row]) << 64 | int(segment["id_low"][row])))
