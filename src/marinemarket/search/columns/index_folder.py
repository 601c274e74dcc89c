"""Where the index's files lie: one folder for each generation, and which of them is live.

``current`` names the live generation and is replaced in one step, so that readers see the old
index or the new one and nothing between. A generation is built under another name; one that was
never finished is cleared away by the next building. Within it ``contents`` says which segments
count, with which rows taken out, as of which position; it too is replaced in one step.
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

SCHEMA_VERSION = 5
"""Raise it when the documents change: an index of another version counts as none, and is rebuilt."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment's file, and the file that marks which of its rows are left; None for all."""

    segment: str
    live: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation consists of, as of a position of the feed."""

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
        """What a generation consists of; None before anything was saved in it.

        Raises ValueError where what says so is damaged.
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
        """Put other contents in place. Raises OSError where the generation is gone."""
        _replace(generation / "contents", json.dumps(asdict(contents)))

    @property
    def stamp(self) -> tuple[str, int, int] | None:
        """What differs whenever something was saved: of the live generation, or None."""
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
        """A folder to build a generation in; it goes live when the block ends without an error.

        Raises Unavailable while another process builds.
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
        """Take a damaged generation out of service, so that whoever follows rebuilds."""
        if _text(self._pointer) == generation:
            self._pointer.unlink(missing_ok=True)

    def clear_old(self) -> None:
        """Remove the generations that are no longer live. Open readers keep what they hold."""
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
