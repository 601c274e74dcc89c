"""An index on OpenSearch: replays, rebuilding, rejected documents, and a whole market using it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserStatus
from marinemarket.audit.actions import Action
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.errors import Unavailable
from marinemarket.listings.listing import Status
from marinemarket.listings.records import add_listing, replace_listing
from marinemarket.search.columns.engine import ColumnsEngine
from marinemarket.search.document import document_of
from marinemarket.search.filters import Search
from marinemarket.search.finder import look_up
from marinemarket.search.index import Hits, SearchEngine
from marinemarket.search.index_follower import SearchFollower, reach, rebuild
from marinemarket.search.opensearch.connection import opensearch_at
from marinemarket.search.opensearch.engine import OpenSearchEngine
from marinemarket.store.schema import LISTINGS, USERS
from marinemarket.store.writes import Delete, Update
from tests.builders import NOW, OWNER, ManualClock, a_listing, a_user
from tests.conftest import TESTS

from .. import fleet
from ..engines import OPENSEARCH, SECRET, an_engine, index_all

pytestmark = [pytest.mark.anyio, pytest.mark.opensearch]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[OpenSearchEngine]:
    async with an_engine("opensearch", tmp_path) as engine:
        assert isinstance(engine, OpenSearchEngine)
        yield engine


async def _hits(engine: SearchEngine, **asked: object) -> Hits:
    return (await look_up(engine.index, Search.parse(asked), NOW))[0]


async def test_both_engines_answer_alike_to_the_order_of_equals(
    engine: OpenSearchEngine, tmp_path: Path
) -> None:
    listings = fleet.fleet(300, seed=5)
    columns = ColumnsEngine(tmp_path / "columns", secret_key=SECRET)
    for each in (engine, columns):
        await index_all(each, listings)
    chance = Random(11)
    found = 0
    for _ in range(200):
        asked = fleet.filters(chance) | {"limit": 100}
        one, other = await _hits(engine, **asked), await _hits(columns, **asked)
        assert (one.total, one.facets) == (other.total, other.facets), asked
        assert one.ids == other.ids, asked
        found += one.total
    assert found > 2000


async def test_a_feed_that_is_replayed_or_reordered_ends_alike(engine: OpenSearchEngine) -> None:
    async with engine.rebuilding() as writer:
        await writer.save("feed:0")
    first = a_listing(name="one", title="Boat of yesterday")
    second = first.changed(title="Boat of today", updated_at=first.updated_at + 1)
    gone = a_listing(name="two", title="Boat that is gone")
    writer_ = await engine.writer()
    assert writer_ is not None
    for _ in range(2):
        await writer_.put(document_of(first))
        await writer_.put(document_of(gone))
        await writer_.save("feed:1")
        await writer_.put(document_of(second))
        await writer_.remove(gone.id, gone.updated_at + 1)
        await writer_.save("feed:2")
        assert (await _hits(engine, query="today")).total == 1
    # On its own, late, and long after the removal was flushed.
    await writer_.put(document_of(gone))
    await writer_.put(document_of(first))
    await writer_.save("feed:3")
    assert (await _hits(engine)).ids == [first.id]
    assert (await _hits(engine, query="yesterday")).total == 0


async def test_a_rebuild_swaps_in_one_step_or_not_at_all(engine: OpenSearchEngine) -> None:
    with pytest.raises(Unavailable):
        await _hits(engine)
    assert await engine.index.position() is None
    assert await engine.writer() is None
    async with engine.rebuilding() as writer:
        await writer.put(document_of(a_listing(name="one")))
        await writer.save("feed:1")
    old = await engine.writer()
    assert old is not None
    with pytest.raises(RuntimeError):  # noqa: PT012 - raised in the middle of the block
        async with engine.rebuilding() as writer:
            await writer.save("feed:9")
            raise RuntimeError("the power went")
    assert ((await _hits(engine)).total, await engine.index.position()) == (1, "feed:1")
    assert await old.is_live()
    async with engine.rebuilding() as writer:
        await writer.put(document_of(a_listing(name="two")))
        await writer.put(document_of(a_listing(name="three")))
        await writer.save("feed:2")
        assert (await _hits(engine)).total == 1, "what is built is not seen"
    assert ((await _hits(engine)).total, await engine.index.position()) == (2, "feed:2")
    assert not await old.is_live()


async def test_one_document_that_is_refused_does_not_hold_up_the_rest(
    engine: OpenSearchEngine, caplog: pytest.LogCaptureFixture
) -> None:
    documents = [document_of(a_listing(name=name)) for name in ("one", "two")]
    documents[0].figures["price"] = 2**40  # too large for its field
    async with engine.rebuilding() as writer:
        for document in documents:
            await writer.put(document)
        await writer.save("feed:1")
    assert (await _hits(engine)).ids == [documents[1].id]
    assert f"listing {documents[0].id} is left out" in caplog.text


async def test_an_engine_that_is_not_there_is_unavailable() -> None:
    engine = opensearch_at("http://127.0.0.1:9", name="nobody", secret_key=SECRET)
    with pytest.raises(Unavailable):
        await _hits(engine)
    with pytest.raises(Unavailable):
        await engine.index.position()
    await engine.close()


@pytest.fixture
async def market(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Market]:
    settings = Settings(
        data=tmp_path / "data", search="opensearch", opensearch_url=str(OPENSEARCH),
        table_prefix=f"test-{tmp_path.name[-20:].replace('_', '-')}-",
    )  # fmt: skip
    async with open_market(settings, clock=clock) as market:
        await add_user(market.trail, TESTS, a_user())
        yield market
        assert isinstance(market.engine, OpenSearchEngine)
        await market.engine.client.indices.delete(index="boats-test-*")


async def test_a_market_lives_upon_it(market: Market) -> None:
    first, second = (a_listing(name=name, title=f"Boat {name}") for name in ("one", "two"))
    for listing in (first, second):
        await add_listing(market.trail, TESTS, listing)
    await reach(market.store, market.engine)
    assert (await _hits(market.engine)).total == 2

    sold = first.changed(status=Status.SOLD, updated_at=first.updated_at + 1)
    await replace_listing(market.trail, TESTS, first, sold)
    await reach(market.store, market.engine)
    assert (await _hits(market.engine)).ids == [second.id]

    for status, shown in ((UserStatus.BANNED, 0), (UserStatus.ACTIVE, 1)):
        entry = TESTS.entry(Action.USER_STATUS_CHANGED, "user", OWNER, market.clock())
        update = Update(USERS, (OWNER,), set={"status": status.value})
        await market.trail.commit(entry, update)
        await reach(market.store, market.engine)
        assert (await _hits(market.engine)).total == shown

    follower = SearchFollower(market.store, market.engine)
    await follower.catch_up()
    assert await rebuild(market.store, market.engine) == 1
    entry = TESTS.entry(Action.LISTING_DELETED, "listing", second.id, market.clock())
    await market.trail.commit(entry, Delete(LISTINGS, (second.id,)))
    await follower.catch_up()  # its writer belongs to the previous index
    follower.close()
    assert (await _hits(market.engine)).total == 0
