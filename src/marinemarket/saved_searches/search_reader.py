"""Reading saved searches with the index: what each asks of a boat, and boats that it may have missed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from ..search.index import IndexQuery, SearchIndex, Span
from ..search.query_parser import begin
from ..store.store import Position, Store
from .candidates import FiledSearch, conditions_of
from .saved_search import SavedSearch

MOST_MISSED = 200
"""How many boats one look back finds, the newest."""

_TRIES, _PAUSE_SECONDS = 5, 0.2


@dataclass(frozen=True, slots=True)
class SearchReader:
    """Reads searches with an index. Its methods raise Unavailable while there is none."""

    index: SearchIndex

    async def boats(self) -> int:
        """The number of boats in the index."""
        return (await self.index.search(IndexQuery(limit=1, facets=False))).total

    async def read(self, search: SavedSearch, boats: int, now: int) -> FiledSearch:
        """What a search asks of a boat, as understood with an index of this many boats."""
        half = begin(search.filters.query or "")
        words = await self.index.vocabulary(half.tokens())
        return conditions_of(search, half.finish(words), words, boats, now)

    async def listed_since(self, filed: FiledSearch, since: int, now: int) -> list[str]:
        """The ids of matching boats that were listed since a time (Unix milliseconds)."""
        wanted = filed.wanted_at(now)
        listed = wanted.spans.get("listed_at", Span())
        first = since if listed.lowest is None else max(since, listed.lowest)
        spans = wanted.spans | {"listed_at": replace(listed, lowest=first)}
        return await self._ids(replace(wanted, spans=spans))

    async def dropped(self, filed: FiledSearch, now: int) -> list[str]:
        """The ids of matching boats whose price fell at its last change."""
        return await self._ids(replace(filed.wanted_at(now), dropped=True))

    async def _ids(self, wanted: IndexQuery) -> list[str]:
        query = replace(
            wanted, order=IndexQuery().order, limit=MOST_MISSED, after=None, facets=False
        )
        return (await self.index.search(query)).ids

    async def has_followed(self, store: Store, head: Position) -> bool:
        """Does the index contain everything up to a position? It is given a second for it."""
        for number in range(_TRIES):
            if number:
                await asyncio.sleep(_PAUSE_SECONDS)
            if store.has_passed(await self.index.position(), head):
                return True
        return False
