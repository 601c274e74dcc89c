"""Photos and videos in an S3-compatible bucket. It needs an optional library."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ..errors import FieldError, Invalid, NotFound, Unavailable
from .blobs import AT_ONCE, SETTING


def open_bucket(url: str) -> S3Store:
    """The bucket at ``s3://bucket/prefix``; keys and region come from the usual AWS variables.

    Raises obstore's BaseError.
    """
    # A test server, or a store on one's own network, is often reached without TLS.
    address = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    return S3Store.from_url(url, client_options={"allow_http": address.startswith("http://")})


def bucket_blobs(place: str) -> BucketBlobs:
    """The files of a bucket. Raises Invalid."""
    try:
        return BucketBlobs(open_bucket(place))
    except BaseError as error:
        raise Invalid([FieldError(SETTING, f"{place} cannot be used: {error}")]) from None


class BucketBlobs:
    """`Blobs` in a bucket."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def put(self, files: Mapping[str, bytes | Path]) -> None:
        with _foreseeing():
            for name, content in files.items():
                await obstore.put_async(self._store, name, content)

    async def read(self, name: str) -> bytes:
        with _foreseeing(name):
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())

    async def size(self, name: str) -> int:
        with _foreseeing(name):
            return int((await obstore.head_async(self._store, name))["size"])

    async def pieces(self, name: str, first: int, end: int) -> AsyncIterator[bytes]:
        for start in range(first, end, AT_ONCE):
            stop = min(start + AT_ONCE, end)
            with _foreseeing(name):
                yield bytes(await obstore.get_range_async(self._store, name, start=start, end=stop))

    async def remove(self, names: Iterable[str]) -> None:
        with _foreseeing():
            for name in names:
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, name)

    async def check_room(self, needed: int) -> None:
        """A bucket has room."""


@contextmanager
def _foreseeing(name: str | None = None) -> Iterator[None]:
    """Translates network failures into the market's errors; `name` is that of the file to read."""
    try:
        yield
    except FileNotFoundError as error:
        if name is None:
            raise Unavailable(f"the pictures cannot be reached: {error}") from error
        raise NotFound("file", name) from None
    except OSError as error:
        raise Unavailable(f"the pictures cannot be reached: {error}") from error
    except BaseError as error:
        raise Unavailable("the pictures cannot be reached") from error
