"""The engine: readers use one alias, behind which is the live index."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

from opensearchpy import AsyncOpenSearch
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ...store.cursors import Cursors
from ...store.store import Position
from ..facets import FACETS, RANGE_FACETS, Count, Counts, ranged
from ..index import Hits, IndexQuery
from .alias import live_index, position_of
from .errors import refusals_told
from .mapping import MAPPING, SCHEMA_VERSION, SETTINGS, TOKEN_FIELDS
from .query_body import body_of
from .writer import OpenSearchWriter

_WHOLE = {"allow_partial_search_results": "false"}
"""A search that misses a part of the index must fail, not find fewer boats."""
_NAMES_SECONDS = 60.0
"""How long the words of all names are kept before they are read again."""
_NAMES_AT_ONCE = 10_000
_MOST_NEAR = 50


class OpenSearchEngine:
    """An index behind an alias. `name` separates markets that share a cluster."""

    def __init__(self, client: AsyncOpenSearch, name: str, *, secret_key: str) -> None:
        self.client, self._alias = client, name
        self.index = OpenSearchIndex(client, name, Cursors(secret_key))

    async def writer(self) -> OpenSearchWriter | None:
        """The writing side of the live index; None if there is none that this version can read."""
        with refusals_told():
            live = await live_index(self.client, self._alias)
            if live is None:
                return None
            writer = OpenSearchWriter(self.client, self._alias, live)
            return None if await writer.position() is None else writer

    @asynccontextmanager
    async def rebuilding(self) -> AsyncIterator[OpenSearchWriter]:
        """A writer for a new index, which goes live when the block ends without an error."""
        name = f"{self._alias}-v{SCHEMA_VERSION}-{secrets.token_hex(4)}"
        with refusals_told():
            body = {"settings": SETTINGS, "mappings": MAPPING}
            await self.client.indices.create(index=name, body=body)
        try:
            yield OpenSearchWriter(self.client, self._alias, name)
        except BaseException:
            with refusals_told():
                await self.client.indices.delete(index=name)
            raise
        with refusals_told():
            await self._go_live(name)

    async def _go_live(self, name: str) -> None:
        """Point the alias at another index and remove the earlier ones, in one step."""
        await self.client.indices.refresh(index=name)
        old = await self.client.indices.get(index=f"{self._alias}-v*")
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self._alias}}]
        actions += [
            {"remove_index": {"index": other}}
            for other, found in old.items()
            if other != name and self._alias in found["aliases"]
        ]
        await self.client.indices.update_aliases(body={"actions": actions})

    async def close(self) -> None:
        await self.client.close()


class OpenSearchIndex:
    """Reads what is behind the alias."""

    def __init__(self, client: AsyncOpenSearch, alias: str, cursors: Cursors) -> None:
        self._client, self._alias, self._cursors = client, alias, cursors
        self._names: dict[str, int] = {}
        self._names_until = 0.0
        self._reading_names = asyncio.Lock()

    async def position(self) -> Position | None:
        with refusals_told():
            live = await live_index(self._client, self._alias)
            return None if live is None else await position_of(self._client, live)

    async def search(self, wanted: IndexQuery) -> Hits:
        scope = f"search:{wanted.scope}"
        after = None if wanted.after is None else self._cursors.open(scope, wanted.after)
        with refusals_told():
            answer = await self._client.search(
                index=self._alias, body=body_of(wanted, after), params=_WHOLE
            )
        hits = answer["hits"]["hits"]
        page = hits[: wanted.limit]
        return Hits(
            ids=[hit["_id"] for hit in page],
            total=answer["hits"]["total"]["value"],
            next=self._cursors.seal(scope, page[-1]["sort"]) if len(hits) > len(page) else None,
            facets=_counts(answer["aggregations"]) if wanted.facets else {},
        )

    async def vocabulary(self, tokens: Collection[str]) -> OpenSearchVocabulary:
        if not tokens:
            return OpenSearchVocabulary({}, {})
        with refusals_told():
            frequencies = await self._frequencies(tokens)
            if any(not frequency for frequency in frequencies.values()):
                await self._read_names()
        return OpenSearchVocabulary(frequencies, self._names)

    async def _frequencies(self, tokens: Collection[str]) -> dict[str, int]:
        fields = TOKEN_FIELDS.values()
        asked = {
            token: {"bool": {"should": [{"term": {field: token}} for field in fields]}}
            for token in tokens
        }
        body = {"size": 0, "aggs": {"tokens": {"filters": {"filters": asked}}}}
        answer = await self._client.search(index=self._alias, body=body)
        buckets = answer["aggregations"]["tokens"]["buckets"]
        return {token: buckets[token]["doc_count"] for token in tokens}

    async def _read_names(self) -> None:
        """Reload the words of all names if they are old; concurrent callers wait."""
        async with self._reading_names:
            if time.monotonic() < self._names_until:
                return
            names: dict[str, int] = {}
            after: dict[str, Any] = {}
            while True:
                sources = [{"named": {"terms": {"field": "named"}}}]
                composite = {"size": _NAMES_AT_ONCE, "sources": sources} | after
                body = {"size": 0, "aggs": {"names": {"composite": composite}}}
                answer = await self._client.search(index=self._alias, body=body)
                found = answer["aggregations"]["names"]
                names |= {one["key"]["named"]: one["doc_count"] for one in found["buckets"]}
                if "after_key" not in found:
                    break
                after = {"after": found["after_key"]}
            self._names, self._names_until = names, time.monotonic() + _NAMES_SECONDS


def _counts(answer: dict[str, Any]) -> Counts:
    counts: Counts = {}
    for facet in FACETS:
        buckets = answer[facet]["counts"]["buckets"]
        if facet in RANGE_FACETS:
            counts[facet] = ranged(facet, [bucket["doc_count"] for bucket in buckets])
        else:
            counts[facet] = [Count(bucket["key"], bucket["doc_count"]) for bucket in buckets]
    return counts


class OpenSearchVocabulary:
    """Looked-up frequencies of an index's words, and the words of all names as of a moment ago."""

    def __init__(self, frequencies: dict[str, int], names: dict[str, int]) -> None:
        self._frequencies, self._names = frequencies, names

    def frequency(self, token: str) -> int:
        return self._frequencies.get(token, 0)

    def near(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        found = process.extract(
            word, self._names.keys(), scorer=OSA.distance, score_cutoff=distance, limit=_MOST_NEAR
        )
        near = [(name, int(slips), self._names[name]) for name, slips, _ in found]
        return sorted(near, key=lambda one: (one[1], -one[2], one[0]))

    def beginning(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        found = Counter({name: n for name, n in self._names.items() if name.startswith(prefix)})
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
