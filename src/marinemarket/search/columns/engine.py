"""The engine: a reader for every process, one writer, and rebuilding."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from ...errors import Unavailable
from ...store.cursors import Cursors
from ...store.store import Position
from ..index import Hits, IndexQuery
from .facet_counts import counted
from .index_folder import Contents, IndexFolder
from .segment import Array, DamagedIndex, Segment
from .selection import Selection
from .vocabulary import ColumnsVocabulary
from .writer import ColumnsWriter, read_marks

log = logging.getLogger(__name__)

_TRIES = 20


class ColumnsEngine:
    """The index in a folder."""

    def __init__(self, path: Path, *, secret_key: str) -> None:
        self.folder = IndexFolder(path)
        self.index = ColumnsIndex(self.folder, Cursors(secret_key))
        self._told_of = ""

    async def writer(self) -> ColumnsWriter | None:
        """The writer of the live index; None if there is no index, or it is damaged."""
        generation = self.folder.live
        if generation is None:
            return None
        try:
            if self.folder.contents_of(generation) is None:
                return None
            writer = ColumnsWriter(self.folder, generation)
        except (DamagedIndex, ValueError) as error:
            if generation.name != self._told_of:
                log.warning("%s", error)
                self._told_of = generation.name
            return None
        self.folder.clear_old()
        return writer

    @asynccontextmanager
    async def rebuilding(self) -> AsyncIterator[ColumnsWriter]:
        """A writer for a new index, which goes live when the block ends without an error."""
        with self.folder.building() as generation:
            writer = ColumnsWriter(self.folder, generation)
            try:
                yield writer
            finally:
                writer.close()

    async def close(self) -> None:
        """Nothing is held that needs closing."""


@dataclass(slots=True)
class _Open:
    """The contents of an index as one process has them open."""

    contents: Contents
    segments: dict[str, Segment] = field(default_factory=dict)
    live: dict[str, tuple[str | None, Array]] = field(default_factory=dict)

    @property
    def each(self) -> Iterator[tuple[Segment, Array]]:
        for part in self.contents.parts:
            yield self.segments[part.segment], self.live[part.segment][1]


class ColumnsIndex:
    """Reads the live generation, and notices when it was saved or replaced."""

    def __init__(self, folder: IndexFolder, cursors: Cursors) -> None:
        self._folder, self._cursors = folder, cursors
        self._stamp: tuple[str, int, int] | None = None
        self._open: _Open | None = None
        self._told_of = ""

    async def position(self) -> Position | None:
        generation = self._folder.live
        try:
            contents = self._folder.contents_of(generation) if generation else None
        except ValueError:
            return None
        return contents.position if contents else None

    async def vocabulary(self, tokens: Collection[str]) -> ColumnsVocabulary:
        with self._reading() as open_:
            return ColumnsVocabulary([segment for segment, _ in open_.each])

    async def search(self, wanted: IndexQuery) -> Hits:
        scope = f"search:{wanted.scope}"
        after = None if wanted.after is None else self._cursors.open(scope, wanted.after)
        with self._reading() as open_:
            selections = [Selection(segment, live, wanted) for segment, live in open_.each]
            keys = sorted(
                key for selection in selections for key in selection.first(wanted.limit + 1, after)
            )
            total = sum(len(selection.found) for selection in selections)
            facets = counted(selections) if wanted.facets else {}
        page = keys[: wanted.limit]
        return Hits(
            ids=[str(UUID(int=key[-2] << 64 | key[-1])) for key in page],
            total=total,
            next=self._cursors.seal(scope, page[-1]) if len(keys) > wanted.limit else None,
            facets=facets,
        )

    @contextmanager
    def _reading(self) -> Iterator[_Open]:
        """The current index. A damaged one is taken out of service, and the worker builds another."""
        try:
            yield self._current()
        except DamagedIndex as error:
            generation = self._folder.live
            name = generation.name if generation else ""
            if name != self._told_of:
                log.error("%s", error)
                self._told_of = name
            if generation is not None:
                with suppress(OSError):  # a folder that cannot be written: searches go on failing
                    self._folder.condemn(generation.name)
            self._open = self._stamp = None
            raise DamagedIndex("the search index is damaged and is being rebuilt") from None

    def _current(self) -> _Open:
        for _ in range(_TRIES):
            stamp = self._folder.stamp
            if stamp is None:
                raise Unavailable("the search index is being built; try again in a moment")
            if self._open is not None and stamp == self._stamp:
                return self._open
            try:
                self._open = self._opened(self._folder.path / stamp[0])
                self._stamp = stamp
            except FileNotFoundError:
                continue  # saved again since it was looked up: the files it named are gone
            return self._open
        raise DamagedIndex("the search index names files that do not exist")

    def _opened(self, generation: Path) -> _Open:
        """Open what is new in a generation, and reuse what is already open."""
        try:
            contents = self._folder.contents_of(generation)
        except ValueError as error:
            raise DamagedIndex(f"the search index is damaged: {error}") from None
        if contents is None:
            raise Unavailable("the search index is being built; try again in a moment")
        before = self._open or _Open(contents)
        opened = _Open(contents)
        for part in contents.parts:
            segment = before.segments.get(part.segment) or Segment(generation / part.segment)
            marked, live = before.live.get(part.segment, ("", None))
            if live is None or marked != part.live:
                live = read_marks(generation, part, segment.rows)
            opened.segments[part.segment] = segment
            opened.live[part.segment] = (part.live, live)
        return opened
