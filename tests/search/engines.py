"""The search engines that must meet the contract, and how documents are indexed in them."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from marinemarket.listings.listing import Listing
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.document import document_of
from marinemarket.search.index import SearchEngine
from marinemarket.search.opensearch.connection import opensearch_at

OPENSEARCH = os.environ.get("TEST_OPENSEARCH_URL")
SECRET = "k" * 40

ENGINES = [
    "columns",
    *([pytest.param("opensearch", marks=pytest.mark.opensearch)] if OPENSEARCH else []),
]


@asynccontextmanager
async def an_engine(name: str, folder: Path) -> AsyncIterator[SearchEngine]:
    """An engine without an index."""
    if name == "columns":
        yield ColumnsEngine(folder / "search", secret_key=SECRET)
        return
    alias = f"test-{secrets.token_hex(6)}"
    engine = opensearch_at(str(OPENSEARCH), name=alias, secret_key=SECRET)
    try:
        yield engine
    finally:
        await engine.client.indices.delete(index=f"{alias}-*")
        await engine.close()


async def index_all(engine: SearchEngine, listings: Iterable[Listing]) -> None:
    """Index the listings in several steps, as a feed would: with changes and removals."""
    async with engine.rebuilding() as writer:
        await writer.save("feed:0")
    writer_ = await engine.writer()
    assert writer_ is not None
    for number, listing in enumerate(listings):
        if number % 5 == 0:  # first in another version
            await writer_.put(document_of(listing.changed(title="Another boat", price=100)))
        if number % 7 == 0:
            await writer_.save(f"feed:{number}")
        if listing.is_offered:
            await writer_.put(document_of(listing))
        else:
            await writer_.remove(listing.id, listing.updated_at)
    await writer_.save("feed:end")
    writer_.close()
