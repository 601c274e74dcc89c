"""The writing side: bulk requests, each document with its version."""

from __future__ import annotations

import logging
from typing import Any

from opensearchpy import AsyncOpenSearch
from opensearchpy.helpers import async_streaming_bulk

from ...errors import Unavailable
from ...store.store import Position
from ..document import Document
from .alias import live_index, position_of
from .errors import refusals_told
from .mapping import POSITION_ID, source_of

log = logging.getLogger(__name__)

MOST_PENDING = 1000
_TRIES = 6
_PAGE = 1000


class OpenSearchWriter:
    """Writes one index.

    A document is written or removed under its listing's version, and never replaces a newer one. So
    changes can be applied twice, or by two writers at once, with the same result, without a lock.
    """

    def __init__(self, client: AsyncOpenSearch, alias: str, index: str) -> None:
        self._client, self._alias, self._index = client, alias, index
        self._pending: dict[str, dict[str, Any]] = {}
        self._position: Position | None = None

    async def position(self) -> Position | None:
        if self._position is None:
            with refusals_told():
                self._position = await position_of(self._client, self._index)
        return self._position

    async def is_live(self) -> bool:
        with refusals_told():
            return await live_index(self._client, self._alias) == self._index

    async def put(self, document: Document) -> None:
        await self._take(document.id, "index", document.version, {"_source": source_of(document)})

    async def remove(self, id: str, version: int) -> None:
        await self._take(id, "delete", version, {})

    async def owned_by(self, owner_id: str) -> list[str]:
        await self._flush()
        await self._refresh()
        ids: list[str] = []
        after: list[Any] | None = None
        while True:
            body: dict[str, Any] = {
                "size": _PAGE, "_source": False, "sort": ["id"], "query": {"term": {"owner": owner_id}},
            }  # fmt: skip
            if after is not None:
                body["search_after"] = after
            with refusals_told():
                answer = await self._client.search(index=self._index, body=body)
            hits = answer["hits"]["hits"]
            ids += [hit["_id"] for hit in hits]
            if len(hits) < _PAGE:
                return ids
            after = hits[-1]["sort"]

    async def save(self, position: Position) -> None:
        """Flush and refresh, and only then save the new position."""
        await self._flush()
        await self._refresh()
        with refusals_told():
            body = {"position": position}
            await self._client.index(index=self._index, id=POSITION_ID, body=body)
        self._position = position

    def close(self) -> None:
        self._pending.clear()

    async def _take(self, id: str, kind: str, version: int, rest: dict[str, Any]) -> None:
        self._pending[id] = {
            "_op_type": kind, "_index": self._index, "_id": id, "version": version,
            "version_type": "external_gte", **rest,
        }  # fmt: skip
        if len(self._pending) >= MOST_PENDING:
            await self._flush()

    async def _refresh(self) -> None:
        with refusals_told():
            await self._client.indices.refresh(index=self._index)

    async def _flush(self) -> None:
        """Write what is pending. A document that is rejected for good is logged and left out."""
        if not self._pending:
            return
        with refusals_told():
            async for is_done, result in async_streaming_bulk(
                self._client,
                list(self._pending.values()),
                raise_on_error=False,
                max_retries=_TRIES,
                initial_backoff=0.2,
                max_backoff=10,
            ):
                if not is_done:
                    self._check(result)
        self._pending.clear()

    def _check(self, result: dict[str, Any]) -> None:
        [(kind, text)] = result.items()
        status = text.get("status")
        if status == 409 or (kind == "delete" and status == 404):
            return  # there is a newer one already, or nothing to remove
        if status != 400:
            # A full disk (403, 429), a shard that moves (503), a deleted index (404): none of these
            # is the document's fault, and without it the boat would never be found.
            raise Unavailable(f"the search index cannot be written: {text.get('error')}")
        log.error("search index: listing %s is left out: %s", text.get("_id"), text.get("error"))
