"""The index's files: one folder per generation, and a record of which one is live.

``current`` names the live generation and is replaced atomically, so that readers see either the old
index or the new one. A generation is built under another name; the next build removes one that was
never finished. Within a generation, ``contents`` lists its segments, the rows removed from them, and
the feed position they reflect; it too is replaced atomically.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ...errors import Unavailable
from ...store.store import Position

SCHEMA_VERSION = 8
"""Raise this when documents change: an index of another version is ignored and rebuilt."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment's file, and the file that marks its remaining rows; None if all remain."""

    segment: str
    live: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a generation, and the feed position they reflect."""

    position: Position
    parts: tuple[SegmentEntry, ...]


class IndexFolder:
    """The folder of all generations."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = path / "current"

    @property
    def live(self) -> Path | None:
        """The live generation, if there is one that this version can read."""
        name = _text(self._pointer)
        if not name or not name.startswith(f"v{SCHEMA_VERSION}-"):
            return None
        generation = self.path / name
        return generation if generation.is_dir() else None

    def contents_of(self, generation: Path) -> Contents | None:
        """The contents of a generation; None before its first save.

        Raises ValueError if the record is damaged.
        """
        text = _text(generation / "contents")
        if text is None:
            return None
        try:
            found = json.loads(text)
            return Contents(
                found["position"], tuple(SegmentEntry(**part) for part in found["parts"])
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"contents: {error}") from None

    def save(self, generation: Path, contents: Contents) -> None:
        """Replace the contents. Raises OSError if the generation is gone."""
        _replace(generation / "contents", json.dumps(asdict(contents)))

    @property
    def stamp(self) -> tuple[str, int, int] | None:
        """A value that changes with every save of the live generation; None if there is none."""
        generation = self.live
        if generation is None:
            return None
        try:
            found = (generation / "contents").stat()
        except FileNotFoundError:
            return None
        return generation.name, found.st_mtime_ns, found.st_ino

    @contextmanager
    def building(self) -> Iterator[Path]:
        """A folder for building a generation; it goes live when the block ends without an error.

        Raises Unavailable while another process is building.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "building.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Unavailable("another process is rebuilding the index") from None
            for unfinished in self.path.glob("building-*"):
                shutil.rmtree(unfinished)
            token = secrets.token_hex(4)
            folder = self.path / f"building-{token}"
            folder.mkdir()
            yield folder
            finished = f"v{SCHEMA_VERSION}-{token}"
            folder.rename(self.path / finished)
            _replace(self._pointer, finished)

    def condemn(self, generation: str) -> None:
        """Take a damaged generation out of service, so that the follower rebuilds it."""
        if _text(self._pointer) == generation:
            self._pointer.unlink(missing_ok=True)

    def clear_old(self) -> None:
        """Remove generations that are no longer live. Open readers keep their files."""
        live = self.live
        for generation in self.path.glob("v*-*"):
            if generation != live:
                shutil.rmtree(generation, ignore_errors=True)


def _text(path: Path) -> str | None:
    try:
        return path.read_text() or None
    except FileNotFoundError:
        return None


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    write_whole(fresh, text.encode())
    fresh.replace(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
