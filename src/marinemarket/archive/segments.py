"""Segments: stretches of the feed, one per file, each naming the one before it.

A file is one line of JSON, the header, followed by the packed changes. The header is never
encrypted: it holds no item, and the archiver must read where the last segment ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import msgspec

from ..errors import Damaged, Invalid
from ..store.items import canonical
from ..store.store import Change, Position
from ..wire import Count, Flag, Millis, Model, decode, encode
from .file_format import Seal, sha256

FOLDER = "feed"
_IN_ONE_FOLDER = 1000


@dataclass(frozen=True, slots=True, order=True)
class SegmentName:
    """The information in a segment's file name.

    Every change up to `through` (Unix milliseconds) is in this segment or an earlier one.
    """

    number: int
    through: int
    sha256: str

    def __str__(self) -> str:
        return f"{folder_of(self.number)}/{self.number:012d}-{self.through:014d}-{self.sha256}.seg"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        fits = re.fullmatch(rf"{FOLDER}/[0-9]+/([0-9]+)-([0-9]+)-([0-9a-f]{{64}})\.seg", text)
        name = cls(int(fits[1]), int(fits[2]), fits[3]) if fits else None
        return name if str(name) == text else None


def folder_of(number: int) -> str:
    """The folder of a segment; a thousand share one, which keeps listings quick."""
    return f"{FOLDER}/{number // _IN_ONE_FOLDER:09d}"


class Header(Model):
    """The first line of a segment. Times are Unix milliseconds."""

    format: Literal[1] = 1
    number: Count
    previous: str | None
    """SHA-256 of the previous segment; None for the first of an archive."""
    after: str
    until: str
    first: Millis
    through: Millis
    count: Count
    sealed: Flag

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """The header of a segment. Raises Damaged."""
        try:
            return cls.parse(decode(content.partition(b"\n")[0]))
        except (Invalid, msgspec.DecodeError) as error:
            raise Damaged(name, f"has an invalid header: {error}") from None


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of an archive: its last segment, and the feed position up to which it is complete."""

    number: int = 0
    sha256: str | None = None
    position: Position | None = None


def segment_after(tail: Tail, changes: Sequence[Change], seal: Seal) -> tuple[SegmentName, bytes]:
    """The name and content of a segment with some changes, following the tail."""
    through = max(change.at for change in changes)
    header = Header(
        number=tail.number + 1,
        previous=tail.sha256,
        after=tail.position or "",
        until=changes[-1].position,
        first=min(change.at for change in changes),
        through=through,
        count=len(changes),
        sealed=not seal.is_open,
    )
    first = encode(header.model_dump(by_alias=True))
    content = first + b"\n" + seal.pack(map(_line, changes))
    return SegmentName(header.number, through, sha256(content)), content


def changes_of(name: str, content: bytes, seal: Seal) -> list[Change]:
    """The changes of a segment. Raises Damaged, or Invalid if it is encrypted and no key fits."""
    header = Header.of(name, content)
    lines = seal.unpack(name, content.partition(b"\n")[2], sealed=header.sealed)
    try:
        changes = [_change(line) for line in lines]
    except (msgspec.DecodeError, TypeError, KeyError) as error:
        raise Damaged(name, f"contains an invalid change: {error}") from None
    if len(changes) != header.count or changes[-1].position != header.until:
        raise Damaged(name, f"should contain {header.count} changes up to {header.until}")
    return changes


def _line(change: Change) -> bytes:
    return canonical(
        {
            "position": change.position,
            "table": change.table,
            "key": change.key,
            "old": change.old,
            "new": change.new,
            "at": change.at,
        }
    )


def _change(line: bytes) -> Change:
    values = decode(line)
    return Change(**(values | {"key": tuple(values["key"])}))
