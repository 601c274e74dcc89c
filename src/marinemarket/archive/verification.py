"""Verification: reads every byte of an archive, and compares every base with what leads to it.

The strongest check needs no second copy: a base plus the changes after it must give the next base.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from ..errors import Damaged, Invalid, MarketError, NotFound
from .archive import HEAD, NO_BASE, Archive, Timeline, in_order, lines_of, tail_of
from .base_copies import FOLDER as BASES
from .base_copies import Base, is_manifest
from .base_copies import lines_of as items_of
from .erasures import erasure_of, is_erasure
from .file_format import sha256
from .ownership import OWNER, owner_in
from .quiet import Quiet, is_mark, quiet_in
from .scratch import scratch_folder
from .segments import Header, SegmentName, Tail, changes_of, folder_of
from .state import State, load_base, replay

Progress = Callable[[str, int], None]
"""Called with the current step, and how many of its files or items are done."""


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with one file."""

    file: str
    message: str


@dataclass(slots=True)
class Findings:
    """The result of a verification. `unread`: encrypted files that no identity opened."""

    problems: list[Defect] = field(default_factory=list)
    lines: list[Timeline] = field(default_factory=list)
    files: int = 0
    unread: int = 0
    compared: int = 0

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def wrong(self, file: str, message: str) -> None:
        self.problems.append(Defect(file, message))


async def verify(archive: Archive, progress: Progress = lambda doing, done: None) -> Findings:
    """Read everything; returns what is wrong, and what can be restored."""
    return await _Verification(archive, progress).run()


_KINDS: tuple[Callable[[str], bool], ...] = (
    lambda name: name in (HEAD, OWNER),
    is_manifest,
    is_erasure,
    is_mark,
)
"""The kinds of files besides segments and the parts of base copies."""


class _Verification:
    def __init__(self, archive: Archive, progress: Progress) -> None:
        self._archive, self._progress = archive, progress
        self._found = Findings()
        self._headers: dict[int, Header] = {}
        self._marks: dict[str, Quiet] = {}

    async def run(self) -> Findings:
        # What names segments is read before these are listed: the archive may grow meanwhile, and
        # then has at least what was named.
        earlier = await self._archive.place.names()
        head = await self._read_head()
        bases = in_order([base async for base in self._bases(earlier)])
        for name in filter(is_mark, earlier):
            await self._check(name, self._note_mark)
        names = await self._archive.place.names()
        segments = sorted(filter(None, map(SegmentName.parse, names)))
        self._name_strangers(names, bases)
        for segment in segments:
            await self._check_segment(segment)
        for base in bases:
            await self._check_base(base)
        for name in filter(is_erasure, names):
            await self._check(name, erasure_of)
        if OWNER in names:
            await self._check(OWNER, lambda _, content: owner_in(content))
        self._check_chain(segments, bases, self._check_head(head, segments, bases))
        self._found.lines = lines_of(bases, segments, self._marks)
        if self._found.is_sound and not self._found.unread:
            await self._compare_bases()
        return self._found

    # -- Files one by one ----------------------------------------------------------------------

    async def _bases(self, names: Sequence[str]) -> AsyncIterator[Base]:
        for name in filter(is_manifest, names):
            try:
                yield Base.of(name, await self._archive.place.read(name))
            except (Damaged, NotFound) as error:
                self._found.wrong(name, _message(error))
            self._count()

    def _name_strangers(self, names: Sequence[str], bases: Sequence[Base]) -> None:
        folders = {base.folder for base in bases}
        parts = {part.name for base in bases for part in base.manifest.parts}
        for name in names:
            known = name in parts or any(is_file(name) for is_file in _KINDS)
            # A base that was never completed is ignored, and the next one removes it.
            unfinished = name.startswith(f"{BASES}/") and name.rpartition("/")[0] not in folders
            if not known and not unfinished and SegmentName.parse(name) is None:
                self._found.wrong(name, "does not belong to an archive")

    async def _check_segment(self, segment: SegmentName) -> None:
        name = str(segment)
        try:
            content = await self._archive.place.read(name)
            if sha256(content) != segment.sha256:
                raise Damaged(name, "was altered: its SHA-256 is not the one in its name")
            header = Header.of(name, content)
            if (header.number, header.through) != (segment.number, segment.through):
                raise Damaged(name, f"is segment {header.number} under another name")
            self._headers[segment.number] = header
            if self._may_read(sealed=header.sealed):
                changes_of(name, content, self._archive.seal)
        except (Damaged, Invalid, NotFound) as error:
            self._found.wrong(name, _message(error))
        self._count()

    async def _check_base(self, base: Base) -> None:
        sealed = base.manifest.sealed
        for part in base.manifest.parts:
            try:
                content = await self._archive.place.read(part.name)
                if self._may_read(sealed=sealed):
                    items_of(part, content, self._archive.seal, sealed=sealed)
                elif sha256(content) != part.sha256:
                    raise Damaged(part.name, "was altered: see the manifest's SHA-256")
            except (Damaged, Invalid, NotFound) as error:
                self._found.wrong(part.name, _message(error))
            self._count()

    def _note_mark(self, name: str, content: bytes) -> None:
        self._marks[name.rpartition("/")[0]] = quiet_in(name, content)

    async def _check(self, name: str, read: Callable[[str, bytes], object]) -> None:
        try:
            read(name, await self._archive.place.read(name))
        except (Damaged, Invalid, NotFound) as error:
            self._found.wrong(name, _message(error))
        self._count()

    def _may_read(self, *, sealed: bool) -> bool:
        readable = not sealed or bool(self._archive.seal.identities)
        self._found.unread += not readable
        return readable

    def _count(self) -> None:
        self._found.files += 1
        self._progress("Reading files", self._found.files)

    # -- What holds them together --------------------------------------------------------------

    def _check_chain(
        self, segments: Sequence[SegmentName], bases: Sequence[Base], tail: Tail
    ) -> None:
        by_number = {segment.number: segment for segment in segments}
        for segment in segments:
            if by_number[segment.number] != segment:
                self._found.wrong(str(segment), "exists twice: another segment has the same number")
        named = [base.manifest.until or base.manifest.after for base in bases]
        named += [mark.number for mark in self._marks.values()]
        for number in range(_first_needed(bases), max([tail.number, *by_number, *named]) + 1):
            if number not in by_number:
                self._found.wrong(f"{folder_of(number)}/{number:012d}-…", "is missing")
        begun = {b.manifest.after: b.manifest.position for b in bases if b.manifest.begins}
        for number, header in self._headers.items():
            name, before = str(by_number[number]), by_number.get(number - 1)
            if before and header.previous != before.sha256:
                self._found.wrong(name, "does not follow the segment before it")
            ends = {self._headers[number - 1].until} if number - 1 in self._headers else set()
            if ends and header.after not in ends | {begun.get(number - 1)}:
                self._found.wrong(name, "does not begin where the segment before it ended")
        for base in bases:
            self._check_footing(base, by_number)
        if not bases:
            self._found.wrong(BASES, f"contains {NO_BASE}")

    def _check_footing(self, base: Base, by_number: dict[int, SegmentName]) -> None:
        """A base names the segment before it, and so does the segment after the base."""
        after, text = base.manifest.after, base.manifest.after_sha256
        before, behind = by_number.get(after), self._headers.get(after + 1)
        if (before and before.sha256 != text) or (behind and behind.previous != text):
            self._found.wrong(base.name, f"does not fit segment {after}, which it should follow")

    async def _read_head(self) -> Tail | Damaged | NotFound:
        """Where the archive says that it ends; after a crash, the last segment may lie beyond."""
        try:
            return tail_of(await self._archive.place.read(HEAD))
        except (Damaged, NotFound) as error:
            return error

    def _check_head(
        self,
        tail: Tail | Damaged | NotFound,
        segments: Sequence[SegmentName],
        bases: Sequence[Base],
    ) -> Tail:
        if not segments and not bases:
            return Tail()
        if isinstance(tail, MarketError):
            self._found.wrong(HEAD, _message(tail))
            return Tail()
        sums = {segment.number: segment.sha256 for segment in segments}
        if sums.get(tail.number, tail.sha256) != tail.sha256:
            self._found.wrong(HEAD, f"names another segment {tail.number} than there is")
        header = self._headers.get(tail.number)
        begun = {b.manifest.position for b in bases if b.manifest.after == tail.number}
        if header and tail.position not in {header.until} | begun:
            self._found.wrong(HEAD, f"names another position than segment {tail.number}")
        return tail

    # -- What the changes make of a base -------------------------------------------------------

    async def _compare_bases(self) -> None:
        with scratch_folder() as folder:
            for line in self._found.lines:
                for base, following in pairwise(line.bases):
                    await self._compare(line, base, following, folder)
                    self._found.compared += 1

    async def _compare(self, line: Timeline, base: Base, following: Base, folder: Path) -> None:
        """Does a base plus the changes after it give the next base?"""
        until = following.manifest.until
        sums = []
        for number, source in enumerate((base, following)):
            with closing(State(folder / f"state-{number}.sqlite3")) as state:
                self._progress("Comparing bases", self._found.compared)
                await load_base(self._archive, source, state, lambda read: None)
                after = source.manifest.after
                await replay(self._archive, line, state, after=after, until=until)
                sums.append(state.sum())
        if sums[0] != sums[1]:
            message = f"holds {sums[1]}; the base before it and the changes since give {sums[0]}"
            self._found.wrong(following.name, message)


def _first_needed(bases: Sequence[Base]) -> int:
    """The number of the oldest segment that a base needs; earlier ones may be gone."""
    return min((base.manifest.after for base in bases), default=0) + 1


def _message(error: MarketError) -> str:
    return error.message if isinstance(error, Damaged) else str(error)
