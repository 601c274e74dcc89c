"""DynamoDB throttles, fails and drops connections: nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from botocore.exceptions import ClientError

from marinemarket.errors import Conflict, Contended, Unavailable
from marinemarket.store.dynamodb import Connection, DynamoStore, connected
from marinemarket.store.dynamodb.connection import foreseen
from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.store import Change
from marinemarket.store.writes import Absent, Equals, Put, Update
from tests.store.engines import SECRET
from tests.store.engines.dynamodb import DYNAMODB_LOCAL, REGION, make_tables
from tests.store.engines.moto_server import moto_endpoint
from tests.store.engines.proxy import Faults, proxied
from tests.store.item_builders import a_boat
from tests.store.paging import feed

pytestmark = pytest.mark.anyio

A_MINUTE = 60
ATTEMPTS = 4
"""Fewer than in production, where the last pauses take many seconds."""

READS_OF_TABLES = frozenset({"DescribeTable", "DescribeStream"})

Through = Callable[[Faults], AbstractAsyncContextManager[DynamoStore]]


LOCAL = pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)


@pytest.fixture(params=["moto", *([LOCAL] if DYNAMODB_LOCAL else [])])
def endpoint(request: pytest.FixtureRequest) -> str:
    if request.param == "moto":
        return moto_endpoint()
    return str(DYNAMODB_LOCAL)


@pytest.fixture
async def direct(endpoint: str, anyio_backend: str) -> AsyncIterator[Connection]:
    """A separate market, reached without the proxy."""
    prefix = f"{uuid.uuid4().hex[:12]}-"
    async with connected(prefix=prefix, endpoint=endpoint, region=REGION) as connection:
        await make_tables(connection)
        yield connection


@pytest.fixture
def through(direct: Connection, endpoint: str) -> Through:
    """The same market, reached through a proxy with the given faults."""

    @asynccontextmanager
    async def through(faults: Faults) -> AsyncIterator[DynamoStore]:
        async with (
            proxied(endpoint, faults) as address,
            connected(
                prefix=direct.prefix, endpoint=address, region=REGION, attempts=ATTEMPTS
            ) as connection,
        ):
            yield DynamoStore(connection, secret_key=SECRET)

    return through


async def test_a_third_of_the_requests_throttled_loses_and_doubles_nothing(
    direct: Connection, through: Through
) -> None:
    faults = Faults(seed=1, throttled=0.3, clashing=0.2, failing=0.05, delayed=0.1)
    async with through(faults) as store:
        commits = (
            store.commit(Put(LISTINGS, a_boat(id=f"{n:02}"), when=Absent())) for n in range(90)
        )
        outcomes = await asyncio.gather(*commits, return_exceptions=True)
    assert faults.struck["throttled"] > 5
    assert faults.struck["clashing"] > 0
    assert all(outcome is None or isinstance(outcome, Unavailable) for outcome in outcomes)
    acknowledged = [(f"{n:02}",) for n, outcome in enumerate(outcomes) if outcome is None]
    told = [change.key for change in await feed(DynamoStore(direct, secret_key=SECRET))]
    assert len(acknowledged) > 10
    assert sorted(told) == acknowledged


async def test_when_everything_is_throttled_the_caller_is_told_when_to_come_back(
    through: Through,
) -> None:
    faults = Faults(throttled=1)
    async with through(faults) as store:
        for asking in (
            store.get(CLAIMS, "a"),
            store.commit(Put(CLAIMS, {"claim": "a"})),
            store.get_many(CLAIMS, [("a",)]),
        ):
            before = len(faults.asked)
            with pytest.raises(Unavailable) as caught:
                await asyncio.wait_for(asking, A_MINUTE)
            assert caught.value.retry_after >= 1
            assert len(faults.asked) - before == ATTEMPTS


async def test_a_clash_that_never_ends_writes_nothing_and_is_told(
    direct: Connection, through: Through
) -> None:
    async with through(Faults(clashing=1)) as store:
        with pytest.raises(Contended):
            await store.commit(Put(CLAIMS, {"claim": "a"}), Put(LISTINGS, a_boat()))
    assert await feed(DynamoStore(direct, secret_key=SECRET)) == []


async def test_a_line_cut_before_or_after_the_commit_leaves_one_effect(
    direct: Connection, endpoint: str, through: Through
) -> None:
    if endpoint != DYNAMODB_LOCAL:
        pytest.skip("moto ignores the token by which a transaction is known again")
    store = DynamoStore(direct, secret_key=SECRET)
    await store.commit(Put(CLAIMS, {"claim": "counter", "count": 0}))
    faults = Faults(seed=3, dropped_before=0.15, dropped_after=0.25, spared=READS_OF_TABLES)
    acknowledged = unknown = 0

    async def add(through_proxy: DynamoStore) -> None:
        nonlocal acknowledged, unknown
        for _ in range(5):
            try:
                count = (await through_proxy.get(CLAIMS, "counter") or {})["count"]
            except Unavailable:
                continue
            change = {"count": count + 1}
            try:
                await through_proxy.commit(
                    Update(CLAIMS, ("counter",), set=change, when=Equals(count=count))
                )
                acknowledged += 1
            except Conflict:
                continue
            except Unavailable:
                unknown += 1

    async with through(faults) as proxied_store:
        await asyncio.wait_for(asyncio.gather(*(add(proxied_store) for _ in range(6))), A_MINUTE)
    assert faults.struck["dropped_after"] > 0
    counter = await store.get(CLAIMS, "counter") or {}
    assert 0 < acknowledged <= counter["count"] <= acknowledged + unknown
    counts = [(change.new or {})["count"] for change in await feed(store)]
    assert counts == [*range(counter["count"] + 1)]


async def test_only_the_keys_left_over_are_asked_for_again(
    direct: Connection, through: Through
) -> None:
    boats = [a_boat(id=f"{n:02}") for n in range(40)]
    await DynamoStore(direct, secret_key=SECRET).commit(*(Put(LISTINGS, boat) for boat in boats))
    faults = Faults(seed=2, unprocessed=0.5)
    async with through(faults) as store:
        assert await store.get_many(LISTINGS, [(boat["id"],) for boat in boats]) == boats
    sizes = [
        len(wanted["Keys"])
        for _, asked in faults.asked
        for wanted in asked["RequestItems"].values()
    ]
    assert sum(sizes) == len(boats)
    assert len(sizes) > 1


async def test_the_feed_through_a_failing_line_has_each_change(
    direct: Connection, through: Through
) -> None:
    store = DynamoStore(direct, secret_key=SECRET)
    for n in range(10):
        await store.commit(Put(LISTINGS, a_boat(n=n)), Put(CLAIMS, {"claim": "a", "n": n}))
    faults = Faults(seed=5, throttled=0.15, dropped_after=0.05)
    async with through(faults) as failing:
        told: list[Change] = []
        after: str | None = None
        while len(told) < 20:
            try:
                changes = await failing.changes(after, limit=7)
            except Unavailable:
                continue
            told += changes
            after = changes[-1].position if changes else after
    assert faults.struck["throttled"] > 0
    assert told == await feed(store)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("ResourceNotFoundException", "Not set up completely"),
        ("ProvisionedThroughputExceededException", "Busy, please try again"),
        ("InternalServerError", "Not available at the moment"),
    ],
)
def test_a_fault_is_titled_by_what_it_is(code: str, title: str) -> None:
    """Whoever reads “Busy, please try again” of a missing table tries again for ever."""
    error = foreseen(ClientError({"Error": {"Code": code, "Message": "…"}}, "GetItem"))
    assert (error.status, error.title) == (503, title)
