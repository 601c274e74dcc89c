"""An archive in an S3-compatible bucket. It needs an optional library, so it is imported on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ..errors import FieldError, Invalid, NotFound, Unavailable
from ..media.bucket import open_bucket


def bucket_at(url: str, *, setting: str) -> BucketStorage:
    """The archive at ``s3://bucket/prefix``. Raises Invalid, with `setting` as the field."""
    try:
        return BucketStorage(open_bucket(url))
    except BaseError as error:
        raise Invalid([FieldError(setting, f"{url} cannot be used: {error}")]) from None


class BucketStorage:
    """An S3-compatible bucket; keys and region come from the usual AWS variables.

    S3 has no locks: only one process of one market may archive to a prefix. Verification reports it
    if two did.
    """

    is_cheap = False

    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def put(self, name: str, content: bytes) -> None:
        with _foreseeing():
            await obstore.put_async(self._store, name, content)

    async def read(self, name: str) -> bytes:
        with _foreseeing():
            try:
                found = await obstore.get_async(self._store, name)
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                raise NotFound("file", name) from None

    async def names(self, under: str = "") -> list[str]:
        with _foreseeing():
            listed = obstore.list(self._store, under or None)
            return sorted([entry["path"] async for batch in listed for entry in batch])

    async def remove(self, name: str) -> None:
        with _foreseeing():
            await obstore.delete_async(self._store, name)

    @asynccontextmanager
    async def alone(self, purpose: str) -> AsyncIterator[None]:
        yield


@contextmanager
def _foreseeing() -> Iterator[None]:
    """Translates network failures into the market's errors."""
    try:
        yield
    except (OSError, BaseError) as error:
        raise Unavailable(f"the archive cannot be used: {error}") from error
