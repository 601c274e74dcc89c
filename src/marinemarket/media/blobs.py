"""File storage for photos and videos: a folder, or an S3-compatible bucket.

Only the market chooses names. A file is written once and never changes.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from ..disk import flush, write_whole
from ..errors import FieldError, Invalid, NotFound, StorageFull, Unavailable
from ..extras import extra

AT_ONCE = 1_000_000
"""How many bytes of a large file are in memory at a time."""

SETTING = "MARINEMARKET_BLOBS"

_SHARED_FOLDERS = 2


class Blobs(Protocol):
    """Files by name, which may contain ``/``."""

    async def put(self, files: Mapping[str, bytes | Path]) -> None:
        """Write files, replacing any with these names; durable on return."""

    async def read(self, name: str) -> bytes:
        """Raises NotFound."""

    async def size(self, name: str) -> int:
        """The size in bytes. Raises NotFound."""

    def pieces(self, name: str, first: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `first` up to, but excluding, `end` of an existing file."""

    async def remove(self, names: Iterable[str]) -> None:
        """Remove files; missing ones are ignored."""

    async def check_room(self, needed: int) -> None:
        """Raises StorageFull unless this many bytes are free, where that can be known."""


def blobs_at(place: str) -> Blobs:
    """The storage that a user names: a folder, or ``s3://bucket/prefix``.

    A bucket's keys and region come from the usual AWS variables. Raises Invalid.
    """
    if not place.startswith("s3://"):
        folder = Path(place).absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{place} cannot be used as a folder: {error}"
            raise Invalid([FieldError(SETTING, message)]) from None
        return FolderBlobs(folder)
    if not place.removeprefix("s3://").strip("/"):
        raise Invalid([FieldError(SETTING, "must name a bucket: s3://bucket/prefix")])
    with extra("s3", SETTING):
        from .bucket import bucket_blobs
    return bucket_blobs(place)


class FolderBlobs:
    """`Blobs` in a local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, files: Mapping[str, bytes | Path]) -> None:
        await asyncio.to_thread(self._put, files)

    def _put(self, files: Mapping[str, bytes | Path]) -> None:
        paths = {self._folder / name: content for name, content in files.items()}
        with _foreseeing():
            for path, content in paths.items():
                write_whole(path, content, self._folder / ".partial")
            above = {folder for path in paths for folder in path.parents[:3]}
            for folder in above:
                if folder.is_relative_to(self._folder):
                    flush(folder)

    async def read(self, name: str) -> bytes:
        with _foreseeing(name):
            return await asyncio.to_thread((self._folder / name).read_bytes)

    async def size(self, name: str) -> int:
        with _foreseeing(name):
            return (await asyncio.to_thread((self._folder / name).stat)).st_size

    async def pieces(self, name: str, first: int, end: int) -> AsyncIterator[bytes]:
        with _foreseeing(name):
            file = await asyncio.to_thread((self._folder / name).open, "rb")
        with file:
            file.seek(first)
            for start in range(first, end, AT_ONCE):
                with _foreseeing(name):
                    piece = await asyncio.to_thread(file.read, min(AT_ONCE, end - start))
                yield piece

    async def remove(self, names: Iterable[str]) -> None:
        await asyncio.to_thread(self._remove, list(names))

    async def check_room(self, needed: int) -> None:
        with _foreseeing():
            if shutil.disk_usage(self._folder).free < needed:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _remove(self, names: list[str]) -> None:
        with _foreseeing():
            for name in names:
                path = self._folder / name
                path.unlink(missing_ok=True)
                # A photo's own folder, once all its sizes are gone. The folders above are shared, and
                # another process may be about to write into them.
                if len(Path(name).parts) > _SHARED_FOLDERS + 1:
                    with suppress(OSError):
                        path.parent.rmdir()


@contextmanager
def _foreseeing(name: str | None = None) -> Iterator[None]:
    """Translates disk failures into the market's errors; `name` is that of the file to read."""
    try:
        yield
    except OSError as error:
        if name is not None and isinstance(error, FileNotFoundError):
            raise NotFound("file", name) from None
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull("the disk that holds the pictures is full") from error
        raise Unavailable(f"the pictures cannot be reached: {error}") from error
