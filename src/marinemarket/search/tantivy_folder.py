"""Where Tantivy's files lie: one folder for each generation of the index, and which one is live.

``current`` names the live generation and is replaced in one step, so that readers see the old
index or the new one and nothing between. A generation is built under another name; one that was
never finished is cleared away by the next building.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import Unavailable
from ..store.store import Position

SCHEMA_VERSION = 2
"""Raise it when the documents change: an index of another version counts as none, and is rebuilt."""


class IndexFolder:
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

    def state(self) -> tuple[str | None, Position | None]:
        """What tells a reader that something changed: the generation and its saved position."""
        generation = self.live
        if generation is None:
            return None, None
        return generation.name, self.position_of(generation)

    def position_of(self, generation: Path) -> Position | None:
        return _text(generation / "position")

    def save_position(self, generation: Path, position: Position) -> None:
        _replace(generation / "position", position)

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

    def condemn(self, generation: str | None) -> None:
        """Take a damaged generation out of service, so that whoever follows rebuilds."""
        if generation and _text(self._pointer) == generation:
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
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
