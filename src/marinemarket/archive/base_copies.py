"""Base copies: every item of every table as files in a folder, complete once there is a manifest."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal, Self

import msgspec

from .. import __version__
from ..clock import iso
from ..errors import Damaged, Invalid
from ..store.items import Item, canonical
from ..store.schema import TABLES
from ..store.store import Snapshot
from ..wire import Count, Flag, Millis, Model, decode, encode
from .file_format import Seal, sha256
from .storage import Storage

FOLDER = "base"
LARGEST_PART = 16 * 1024 * 1024
"""Size of a part in bytes before compression: a part is packed, and read, in memory."""

Progress = Callable[[int], None]
"""Called with the number of items written or read so far."""


class BasePart(Model):
    """One file of a base: some items of one table, as canonical JSON lines."""

    name: str
    table: str
    count: Count
    sha256: str


class Manifest(Model):
    """Describes a base. With the later segments, it gives every moment from `moment` on.

    `after` is the number of the last segment whose changes are already in the base. A base copied
    during writes is complete only together with the segments up to `until`, and is of no use while
    that is None: they are not archived yet. `begins`: no segment leads up to this base, since the
    feed was lost or new.
    """

    format: Literal[1] = 1
    market: str = __version__
    moment: Millis
    begins: Flag
    position: str
    after: Count
    after_sha256: str | None
    until: Count | None
    sealed: Flag
    parts: tuple[BasePart, ...]

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)


@dataclass(frozen=True, slots=True)
class Base:
    """A complete base: the name of its manifest, and the manifest."""

    name: str
    manifest: Manifest

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def is_whole(self) -> bool:
        return self.manifest.until is not None

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """Raises Damaged if a manifest does not match its name."""
        if sha256(content) != name.rpartition("-")[2].removesuffix(".json"):
            raise Damaged(name, "was altered: its SHA-256 is not the one in its name")
        try:
            return cls(name, Manifest.parse(decode(content)))
        except (Invalid, msgspec.DecodeError) as error:
            raise Damaged(name, f"is not a manifest: {error}") from None


def is_manifest(name: str) -> bool:
    return re.fullmatch(rf"{FOLDER}/[^/]+/manifest-[0-9a-f]{{64}}\.json", name) is not None


def folder_for(moment: int) -> str:
    """A new folder, whose name sorts by time."""
    stamp = re.sub("[-:]", "", iso(moment))
    return f"{FOLDER}/{stamp}-{secrets.token_hex(4)}"


async def write_parts(
    place: Storage, seal: Seal, folder: str, snapshot: Snapshot, progress: Progress
) -> tuple[BasePart, ...]:
    """Write every table of a snapshot into a folder."""
    parts: list[BasePart] = []
    written = 0
    for table in TABLES:
        number = 0
        async for lines in _in_parts(snapshot.items(table)):
            number += 1
            content = await asyncio.to_thread(seal.pack, lines)
            ending = "jsonl.gz" if seal.is_open else "jsonl.gz.age"
            name = f"{folder}/{table.name}-{number:06d}.{ending}"
            await place.put(name, content)
            parts.append(
                BasePart(name=name, table=table.name, count=len(lines), sha256=sha256(content))
            )
            written += len(lines)
            progress(written)
    return tuple(parts)


async def _in_parts(items: AsyncIterator[Item]) -> AsyncIterator[list[bytes]]:
    lines: list[bytes] = []
    size = 0
    async for item in items:
        lines.append(canonical(item))
        size += len(lines[-1])
        if size >= LARGEST_PART:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


async def write_manifest(place: Storage, folder: str, manifest: Manifest) -> Base:
    """Complete a base: without a manifest, its files count for nothing."""
    content = encode(manifest.model_dump(by_alias=True))
    name = f"{folder}/manifest-{sha256(content)}.json"
    await place.put(name, content)
    return Base(name, manifest)


def lines_of(part: BasePart, content: bytes, seal: Seal, *, sealed: bool) -> list[bytes]:
    """The items of a part as canonical lines. Raises Damaged."""
    if sha256(content) != part.sha256:
        raise Damaged(part.name, "was altered: its SHA-256 is not the one in the manifest")
    lines = seal.unpack(part.name, content, sealed=sealed)
    if len(lines) != part.count:
        raise Damaged(part.name, f"should hold {part.count} items")
    return lines
