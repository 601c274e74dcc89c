"""The archive as a whole: its contents, its end, and what can be restored from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise

import msgspec

from ..errors import Damaged, NotFound
from ..store.store import Change
from ..wire import decode, encode
from .base_copies import FOLDER as BASES
from .base_copies import Base, is_manifest
from .file_format import Seal, sha256
from .quiet import Quiet, is_mark, mark_in, quiet_in
from .segments import FOLDER as FEED
from .segments import Header, SegmentName, Tail, changes_of, folder_of, segment_after
from .storage import Storage

FOREVER = 10**12
"""A number below that of every segment."""

HEAD = "head.json"
"""The file that records where the archive ends, so that a missing last segment is noticed."""

NO_BASE = "no complete base copy: it is no archive, or its first backup did not end"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Complete bases and segments without a gap: any moment from `start` to `end` can be restored."""

    bases: tuple[Base, ...]
    segments: tuple[SegmentName, ...]
    quiet_until: int = 0
    """Up to here it is known that nothing followed the last segment. Unix milliseconds."""

    @property
    def start(self) -> int:
        """Unix milliseconds, like `end`."""
        return self.bases[0].manifest.moment

    @property
    def end(self) -> int:
        reached = max((segment.through for segment in self.segments), default=0)
        return max(reached, self.bases[-1].manifest.moment, self.quiet_until)

    def base_for(self, moment: int) -> Base | None:
        """The base with the fewest segments to replay up to a moment; None if outside the timeline."""
        fit = [base for base in self.bases if base.manifest.moment <= moment <= self.end]
        return fit[-1] if fit else None

    def between(self, after: int, until: int | None = None) -> list[SegmentName]:
        """The segments numbered above `after`, up to and including `until`."""
        last = self.segments[-1].number if until is None and self.segments else until or 0
        return [segment for segment in self.segments if after < segment.number <= last]


class Archive:
    """Reads and writes the files of one archive."""

    def __init__(self, place: Storage, seal: Seal) -> None:
        self.place, self.seal = place, seal

    # -- What there is -----------------------------------------------------------------------

    async def bases(self) -> list[Base]:
        """The complete bases, oldest first. Raises Damaged."""
        names = filter(is_manifest, await self.place.names(BASES))
        return in_order([Base.of(name, await self.place.read(name)) for name in names])

    async def segments(self) -> list[SegmentName]:
        """The segments by number."""
        return _segments(await self.place.names(FEED))

    async def lines(self) -> list[Timeline]:
        """What can be restored, oldest first. A new timeline starts where the feed was lost."""
        return lines_of(await self.bases(), await self.segments(), await self._marks())

    async def _marks(self) -> dict[str, Quiet]:
        """The readable marks of quiet, by the folder of their base copy."""
        found = {}
        for name in filter(is_mark, await self.place.names(BASES)):
            with suppress(Damaged, NotFound):
                found[name.rpartition("/")[0]] = quiet_in(name, await self.place.read(name))
        return found

    async def header(self, segment: SegmentName) -> Header:
        return Header.of(str(segment), await self.place.read(str(segment)))

    async def changes(self, segment: SegmentName) -> list[Change]:
        """The changes of a segment. Raises Damaged."""
        content = await self.place.read(str(segment))
        if sha256(content) != segment.sha256:
            raise Damaged(str(segment), "was altered: its SHA-256 is not the one in its name")
        return changes_of(str(segment), content, self.seal)

    # -- Where it ends -----------------------------------------------------------------------

    async def tail(self) -> Tail:
        """Where the archive ends, even if its last writer was killed between two files."""
        try:
            tail = tail_of(await self.place.read(HEAD))
            found: list[SegmentName] = []
            for folder in {folder_of(tail.number), folder_of(tail.number + 1)}:
                found += _segments(await self.place.names(folder))
            newer = [segment for segment in found if segment.number > tail.number]
        except (NotFound, Damaged):
            tail, newer = Tail(), await self.segments()
        if not newer:
            return tail
        last = max(newer)
        return Tail(last.number, last.sha256, (await self.header(last)).until)

    async def through(self, tail: Tail) -> int:
        """The time up to which the last segment goes, in Unix milliseconds; 0 without one."""
        segments = _segments(await self.place.names(folder_of(tail.number)))
        return max((one.through for one in segments if one.number == tail.number), default=0)

    async def append(self, tail: Tail, changes: Sequence[Change]) -> Tail:
        """Write the next segment; returns the new end of the archive."""
        name, content = segment_after(tail, changes, self.seal)
        await self.place.put(str(name), content)
        return await self.end_at(Tail(name.number, name.sha256, changes[-1].position))

    async def mark_quiet(self, folder: str, quiet: Quiet) -> None:
        """Record beside a base copy that nothing has followed the last segment."""
        await self.place.put(mark_in(folder), quiet.to_file())

    async def end_at(self, tail: Tail) -> Tail:
        await self.place.put(HEAD, encode(asdict(tail)))
        return tail


def in_order(bases: Sequence[Base]) -> list[Base]:
    """Oldest first, one per folder: a completed manifest replaces the earlier one."""
    by_folder: dict[str, Base] = {}
    for base in sorted(bases, key=lambda base: base.is_whole):
        by_folder[base.folder] = base
    return sorted(by_folder.values(), key=_place_in_time)


def _place_in_time(base: Base) -> tuple[int, int, bool, str]:
    # Two bases of the same moment have the same contents; the one that starts a timeline comes first.
    text = base.manifest
    return text.after, text.moment, not text.begins, base.name


def tail_of(content: bytes) -> Tail:
    """The tail recorded in HEAD. Raises Damaged."""
    try:
        tail = Tail(**decode(content))
    except (TypeError, msgspec.DecodeError) as error:
        raise Damaged(HEAD, f"cannot be read: {error}") from None
    if encode(asdict(tail)) != content:
        raise Damaged(HEAD, "was altered")
    return tail


def lines_of(
    bases: Sequence[Base], segments: Sequence[SegmentName], marks: Mapping[str, Quiet]
) -> list[Timeline]:
    """Timelines from bases (in order) and segments, split where a base starts a new one.

    `marks` are the marks of quiet by the folder of their base.
    """
    starts = [at for at, base in enumerate(bases) if base.manifest.begins or at == 0]
    lines = []
    for start, end in pairwise([*starts, len(bases)]):
        first = bases[start].manifest.after
        last = bases[end].manifest.after if end < len(bases) else FOREVER
        whole = tuple(base for base in bases[start:end] if base.is_whole)
        if whole:
            ours = tuple(s for s in segments if first < s.number <= last)
            quiet = [marks[base.folder] for base in whole if base.folder in marks]
            # A mark says nothing if the segment that it was made after is missing.
            reached = max((segment.number for segment in ours), default=first)
            until = max((mark.until for mark in quiet if mark.number <= reached), default=0)
            lines.append(Timeline(whole, ours, until))
    return lines


def _segments(names: Sequence[str]) -> list[SegmentName]:
    return sorted(filter(None, map(SegmentName.parse, names)))
