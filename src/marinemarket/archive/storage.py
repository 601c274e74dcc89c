"""Where an archive is stored: a folder, or an S3-compatible bucket."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from ..clock import DAY_SECONDS
from ..disk import flush, write_whole
from ..errors import FieldError, Invalid, NotFound, StorageFull, Unavailable
from ..extras import extra

PATIENCE_SECONDS = 60
_STALE_SECONDS = DAY_SECONDS


class Storage(Protocol):
    """Files by name (which may contain ``/``); each is complete or absent."""

    @property
    def is_cheap(self) -> bool:
        """Does writing cost nothing? In a bucket every request is paid."""

    async def put(self, name: str, content: bytes) -> None:
        """Write a file, replacing any with this name; durable on return."""

    async def read(self, name: str) -> bytes:
        """Raises NotFound."""

    async def names(self, under: str = "") -> list[str]:
        """The names of all files, or of those in one folder, sorted."""

    async def remove(self, name: str) -> None:
        """Remove a file; does nothing if there is none."""

    def alone(self, purpose: str) -> AbstractAsyncContextManager[None]:
        """A lock for one process at a time. Raises Unavailable if another holds it for a minute."""


def storage_at(text: str, *, setting: str = "place") -> Storage:
    """The storage that a user names: a folder, or ``s3://bucket/prefix``.

    Raises Invalid, with `setting` as the field.
    """
    if not text.startswith("s3://"):
        if "://" in text or text.lower().startswith("s3:"):
            raise Invalid([FieldError(setting, "must be a folder, or s3://bucket/prefix")])
        return FolderStorage(Path(text))
    if not text.removeprefix("s3://").strip("/"):
        raise Invalid([FieldError(setting, "must name a bucket: s3://bucket/prefix")])
    with extra("s3", setting):
        from .bucket import bucket_at
    return bucket_at(text, setting=setting)


class FolderStorage:
    """A local folder. A file appears under its name only once it is on disk."""

    is_cheap = True

    def __init__(self, path: Path) -> None:
        self.path = path

    async def put(self, name: str, content: bytes) -> None:
        writing = asyncio.ensure_future(asyncio.to_thread(self._put, name, content))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            # The thread goes on; a lock must not be released before it has ended.
            await asyncio.wait({writing})
            raise

    def _put(self, name: str, content: bytes) -> None:
        with _foreseeing():
            target = self.path / name
            write_whole(target, content, self.path / ".partial")
            for folder in (target.parent, target.parent.parent):
                flush(folder)

    async def read(self, name: str) -> bytes:
        with _foreseeing():
            try:
                return await asyncio.to_thread((self.path / name).read_bytes)
            except FileNotFoundError:
                raise NotFound("file", name) from None

    async def names(self, under: str = "") -> list[str]:
        return await asyncio.to_thread(self._names, under)

    def _names(self, under: str) -> list[str]:
        with _foreseeing():
            found = (path for path in (self.path / under).rglob("*") if path.is_file())
            named = (path.relative_to(self.path).as_posix() for path in found)
            return sorted(name for name in named if not name.startswith("."))

    async def remove(self, name: str) -> None:
        with _foreseeing():
            await asyncio.to_thread(self._remove, self.path / name)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent != self.path and path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    @asynccontextmanager
    async def alone(self, purpose: str) -> AsyncIterator[None]:
        with _foreseeing():
            self.path.mkdir(parents=True, exist_ok=True)
            # The system releases the lock when the process ends, however it ends.
            lock = (self.path / f".lock-{purpose}").open("ab")
        with lock:
            deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
            while not _is_locked(lock.fileno()):
                if asyncio.get_running_loop().time() > deadline:
                    raise Unavailable(f"another process is at work in {self.path} ({purpose})")
                await asyncio.sleep(0.05)
            self._clear_partial()
            yield

    def _clear_partial(self) -> None:
        """Remove what killed writers left long ago."""
        for path in (self.path / ".partial").glob("*"):
            # The holder of the other lock may be renaming it at this moment.
            with _foreseeing(), suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink(missing_ok=True)


@contextmanager
def _foreseeing() -> Iterator[None]:
    """Translates failures of disks and networks into the market's errors."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull("the disk that holds the archive is full") from error
        raise Unavailable(f"the archive cannot be used: {error}") from error


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
