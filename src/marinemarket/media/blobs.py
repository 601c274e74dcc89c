"""Where the files of pictures and videos lie: a folder, or a bucket that speaks S3's protocol.

Names are made by the market alone. A file is written once and never changes.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from ..disk import flush
from ..errors import FieldError, Invalid, NotFound, StorageFull, Unavailable

AT_ONCE = 1_000_000
"""Bytes of a large file that are in memory at a time."""


class Blobs:
    """Files by name. `folder` is where they lie, unless they lie in a bucket."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, files: Mapping[str, bytes | Path]) -> None:
        """Write files, in place of any of these names; durable on return."""
        with _foreseeing():
            for name, content in files.items():
                await obstore.put_async(self._store, name, content)
            if self._folder is not None:
                await asyncio.to_thread(self._flush, list(files))

    def _flush(self, names: list[str]) -> None:
        assert self._folder is not None
        paths = [self._folder / name for name in names]
        above = {folder for path in paths for folder in path.parents[:3]}
        for path in [*paths, *(f for f in above if f.is_relative_to(self._folder))]:
            flush(path)

    async def read(self, name: str) -> bytes:
        """Raises NotFound."""
        with _foreseeing(), _finding(name):
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())

    async def size(self, name: str) -> int:
        """In bytes. Raises NotFound."""
        with _foreseeing(), _finding(name):
            return int((await obstore.head_async(self._store, name))["size"])

    async def pieces(self, name: str, first: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `first` up to `end`, that one left out, of a file that is there."""
        for start in range(first, end, AT_ONCE):
            stop = min(start + AT_ONCE, end)
            with _foreseeing(), _finding(name):
                yield bytes(await obstore.get_range_async(self._store, name, start=start, end=stop))

    async def remove(self, names: Iterable[str]) -> None:
        """Remove files; those that are not there stay so."""
        with _foreseeing():
            for name in names:
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, name)


def blobs_at(place: str) -> Blobs:
    """The files of a place that a person names: a folder, or ``s3://bucket/prefix``.

    A bucket's keys and region come from the usual AWS variables. Raises Invalid.
    """
    field = "MARINEMARKET_BLOBS"
    if not place.startswith("s3://"):
        folder = Path(place).absolute()
        try:
            return Blobs(LocalStore(folder, automatic_cleanup=True, mkdir=True), folder)
        except (BaseError, OSError) as error:
            message = f"{place} cannot be used as a folder: {error}"
            raise Invalid([FieldError(field, message)]) from None
    if not place.removeprefix("s3://").strip("/"):
        raise Invalid([FieldError(field, "must name a bucket: s3://bucket/prefix")])
    # A test server, or a store in one's own house, is often reached without TLS.
    address = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    plain = address.startswith("http://")
    try:
        return Blobs(S3Store.from_url(place, client_options={"allow_http": plain}))
    except BaseError as error:
        raise Invalid([FieldError(field, f"{place} cannot be used: {error}")]) from None


@contextmanager
def _finding(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound("file", name) from None


@contextmanager
def _foreseeing() -> Iterator[None]:
    """Turns the failures of disks and networks into the market's errors."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT} or "No space left" in str(error):
            raise StorageFull("the disk that holds the pictures is full") from error
        raise Unavailable(f"the pictures cannot be reached: {error}") from error
    except BaseError as error:
        if "No space left" in str(error):
            raise StorageFull("the disk that holds the pictures is full") from error
        raise Unavailable("the pictures cannot be reached") from error
