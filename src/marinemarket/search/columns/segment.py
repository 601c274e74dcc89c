"""One segment: arrays and lists of names in one file, memory-mapped and checked once.

A segment has one row per boat. Its file starts with a line of JSON that gives the place of each
array, and the checksum of all of them.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import Unavailable
from ..analysis import is_correctable

Array = NDArray[Any]
_ALIGNED = 64
ABSENT = -1
"""Stands for a figure that the advert does not give."""
NOWHERE = 2**31 - 1
"""The latitude of a boat whose coordinates are not known."""


class DamagedIndex(Unavailable):
    """The files of an index are damaged; a rebuild replaces them."""


def write_segment(path: Path, arrays: Mapping[str, Array], names: Mapping[str, list[str]]) -> None:
    """Write a segment's file; durable on return."""
    parts: dict[str, tuple[str, tuple[int, ...], int]] = {}
    blobs = {f"names of {name}": _packed(values) for name, values in names.items()}
    offset = 0
    laid = []
    for name, array in (*arrays.items(), *blobs.items()):
        whole = np.ascontiguousarray(array)
        parts[name] = (whole.dtype.str, whole.shape, offset)
        padding = -whole.nbytes % _ALIGNED
        laid.append((whole, padding))
        offset += whole.nbytes + padding
    checksum = 0
    for whole, padding in laid:
        checksum = zlib.crc32(b"\0" * padding, zlib.crc32(whole.tobytes(), checksum))
    header = {"arrays": parts, "names": sorted(names), "crc": checksum, "bytes": offset}
    line = json.dumps(header).encode()
    line += b" " * (-(len(line) + 1) % _ALIGNED) + b"\n"
    with path.open("wb") as file:
        file.write(line)
        for whole, padding in laid:
            file.write(whole.tobytes())
            file.write(b"\0" * padding)
        file.flush()
        os.fsync(file.fileno())


def _packed(values: list[str]) -> Array:
    return np.frombuffer("\0".join(values).encode() + b"\0" if values else b"", np.uint8)


class Segment:
    """A segment on disk. Raises DamagedIndex if its file is not as it was written."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        with path.open("rb") as file:
            try:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                end = mapped.find(b"\n") + 1
                header = json.loads(mapped[:end])
                data = memoryview(mapped)[end:]
                sound = len(data) == header["bytes"] and zlib.crc32(data) == header["crc"]
            except (ValueError, KeyError, TypeError, UnicodeError) as error:
                raise DamagedIndex(f"the search index is damaged: {path.name}: {error}") from None
        if not sound:
            raise DamagedIndex(f"the search index is damaged: {path.name} fails its checksum")
        self.arrays: dict[str, Array] = {}
        for name, (kind, shape, offset) in header["arrays"].items():
            count = int(np.prod(shape))
            self.arrays[name] = np.frombuffer(data, kind, count, offset).reshape(shape)
        self.names: dict[str, list[str]] = {
            name: _unpacked(self.arrays.pop(f"names of {name}")) for name in header["names"]
        }
        self.rows = len(self.arrays["tie"])
        self._whole: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def whole(self, name: str, size: int) -> Array:
        """How often each number occurs in a column, over all rows."""
        if name not in self._whole:
            self._whole[name] = np.bincount(self[name], minlength=size)
        return self._whole[name]

    def token(self, token: str) -> int | None:
        """The number of a token; None if no boat of this segment has it."""
        tokens = self.names["tokens"]
        place = bisect_left(tokens, token)
        return place if place < len(tokens) and tokens[place] == token else None

    def postings(self, token: str) -> tuple[Array, Array]:
        """The rows with a token, ascending, and the token's cost in each."""
        number = self.token(token)
        if number is None:
            return _NO_ROWS, _NO_COSTS
        start, end = self["token_ends"][number : number + 2]
        return self["posted_rows"][start:end], self["posted_costs"][start:end]

    @cached_property
    def named(self) -> tuple[list[str], Array]:
        """The words of names and titles that a query may mean, with the number of boats for each."""
        counts = self["named_counts"]
        kept = [
            number
            for number in np.flatnonzero(counts).tolist()
            if is_correctable(self.names["tokens"][number])
        ]
        return [self.names["tokens"][number] for number in kept], counts[kept]

    def row_of(self, key: int) -> list[int]:
        """The rows whose ids have this hash."""
        by_tie = self["by_tie"]
        start = int(np.searchsorted(self["tie"], np.uint64(key), sorter=by_tie))
        rows = []
        while start < len(by_tie) and int(self["tie"][by_tie[start]]) == key:
            rows.append(int(by_tie[start]))
            start += 1
        return rows


_NO_ROWS, _NO_COSTS = np.empty(0, np.uint32), np.empty(0, np.uint8)


def _unpacked(blob: Array) -> list[str]:
    return blob.tobytes()[:-1].decode().split("\0") if len(blob) else []
