"""Each engine compared with a dictionary, through any sequence that hypothesis generates."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from marinemarket.errors import Conflict
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, SESSIONS, Kind, Table
from marinemarket.store.store import Between, Position, Query, Store
from marinemarket.store.writes import (
    Absent,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    Put,
    Update,
    Write,
)
from tests.builders import NOW, ManualClock
from tests.store.engines import ENGINES
from tests.store.item_builders import NOW_SECONDS
from tests.store.model import Lost, Model, Place, plain
from tests.store.paging import answers, scanned

T = TypeVar("T")

USED = (LISTINGS, SESSIONS, AUDIT_LOGS)

words = st.sampled_from(["a", "b", "aa", "é", "\U0001f6a4"])
times = st.integers(-2, 3)
ends = st.one_of(st.none(), st.integers(NOW_SECONDS - 1, NOW_SECONDS + 40))
values = st.sampled_from([None, "", 1, True, 0, False, Decimal("1.5"), [1], [True], {"x": [None]}])

SPARE: dict[Table, dict[str, st.SearchStrategy[Any]]] = {
    LISTINGS: {"ownerId": words, "locationState": words, "createdAt": times, "value": values},
    SESSIONS: {"userId": words, "lastActivity": words, "expiresAt": ends, "value": values},
    AUDIT_LOGS: {"userId": words, "action": words, "ttl": ends, "value": values},
}

tables = st.sampled_from(USED)


def _keys(table: Table) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(*(words for _ in table.key_attributes))


def _some(table: Table) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=SPARE[table])


conditions: st.SearchStrategy[Condition] = st.one_of(
    st.just(Exists()), st.just(Absent()), values.map(lambda value: Equals(value=value))
)
those_of_updates = st.one_of(st.just(Exists()), values.map(lambda value: Equals(value=value)))


@st.composite
def writes(draw: st.DrawFn) -> Write:
    table = draw(tables)
    key = draw(_keys(table))
    match draw(st.sampled_from(["put", "put", "put", "update", "update", "delete", "check"])):
        case "put":
            names = (attribute.name for attribute in table.key_attributes)
            item = dict(zip(names, key, strict=True)) | draw(_some(table))
            return Put(table, item, when=draw(st.none() | conditions))
        case "update":
            removed = draw(st.lists(st.sampled_from(sorted(SPARE[table])), max_size=2, unique=True))
            when = draw(those_of_updates)
            return Update(table, key, set=draw(_some(table)), remove=tuple(removed), when=when)
        case "delete":
            return Delete(table, key, when=draw(st.none() | conditions))
        case _:
            return Check(table, key, when=draw(conditions))


commits = st.lists(writes(), min_size=1, max_size=6, unique_by=lambda w: (w.table.name, w.key))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    table = draw(tables)
    index = draw(st.sampled_from([None, *table.indexes]))
    sort = (index or table).sort
    bounds = st.none() | (times if sort and sort.kind is Kind.NUMBER else words)
    between = st.builds(Between, bounds, bounds, st.booleans(), st.booleans())
    return Query(
        table,
        draw(words),
        index,
        draw(between) if sort else Between(),
        draw(st.booleans()),
        draw(st.integers(1, 4)),
    )


class StoreBesideModel(RuleBasedStateMachine):
    """For SQLite, whose answers are fully determined; the others follow below."""

    engine = ENGINES["sqlite"]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.clock = ManualClock()
        self.model = Model(now=NOW)
        self.store = self._open()
        self.followed: dict[Place, Any] = {}
        self.position: Position | None = None

    def _open(self) -> Store:
        self.opened = AsyncExitStack()
        opening = self.engine.open(Path(self.folder.name), self.clock)
        return self.run(self.opened.enter_async_context(opening))

    def expected(self, query: Query, items: list[Item]) -> Any:
        """The required answer: for SQLite, item by item."""
        return plain(items)

    def run(self, awaitable: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await awaitable

        return self.runner.run(awaited())

    @rule(commit=commits)
    def commit(self, commit: list[Write]) -> None:
        expected = self.model.commit(commit)
        lost = None
        try:
            self.run(self.store.commit(*commit))
        except Conflict as conflict:
            item = dict(conflict.item) if conflict.item is not None else None
            lost = Lost(conflict.table, conflict.key, item)
        assert lost == expected
        assert lost is None or expected is None or plain(lost.item) == plain(expected.item)

    @rule(commits=st.lists(commits, min_size=2, max_size=5))
    def commit_together(self, commits: list[list[Write]]) -> None:
        """Commits in one group of the writer, which takes them in order of arrival."""

        async def together() -> list[BaseException | None]:
            made = (self.store.commit(*commit) for commit in commits)
            return await asyncio.gather(*made, return_exceptions=True)

        found = self.run(together())
        expected = [self.model.commit(commit) for commit in commits]
        assert [error and isinstance(error, Conflict) for error in found] == [
            lost and True for lost in expected
        ]

    @rule(seconds=st.sampled_from([0.5, 1, 5, 30]))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += int(seconds * 1000)
        self.model.now = self.clock.now

    @rule()
    def sweep(self) -> None:
        assert self.run(self.engine.sweep(self.store, self.clock)) == self.model.sweep()

    @rule(query=queries())
    def query(self, query: Query) -> None:
        found = self.run(answers(self.store, query))
        assert self.expected(query, found) == self.expected(query, self.model.query(query))

    @rule(table=tables, data=st.data())
    def get(self, table: Table, data: st.DataObject) -> None:
        key = data.draw(_keys(table))
        expected = plain(self.model.seen(table, key))
        assert plain(self.run(self.store.get(table, *key))) == expected
        assert plain(self.run(self.store.get_many(table, [key]))) == [expected]

    @rule(limit=st.integers(1, 5))
    def follow(self, limit: int) -> None:
        """Read a few more changes; each must start from the item that the last one left."""
        for change in self.run(self.store.changes(self.position, limit=limit)):
            place = (change.table, change.key)
            assert plain(change.old) == self.followed.pop(place, None)
            assert plain(change.new) != plain(change.old)
            if change.new is not None:
                self.followed[place] = plain(change.new)
            self.position = change.position

    @precondition(lambda self: self.model.kept)
    @rule()
    def open_again(self) -> None:
        self.run(self.opened.aclose())
        self.store = self._open()

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        for table in USED:
            found = sorted(self.run(scanned(self.store, table, limit=3)), key=table.key_of)
            assert plain(found) == plain(self.model.all_seen(table))

    def teardown(self) -> None:
        self.follow(10_000)
        assert self.followed == {place: plain(item) for place, item in self.model.kept.items()}
        self.run(self.opened.aclose())
        self.runner.close()
        self.folder.cleanup()


StoreBesideModel.TestCase.settings = settings(
    settings.get_profile("market"), max_examples=40, stateful_step_count=25
)


TestStoreBesideModel = StoreBesideModel.TestCase


class DynamoBesideModel(StoreBesideModel):
    """DynamoDB leaves some things open: which concurrent commit goes first, and the order of ties."""

    engine = ENGINES["moto"]

    @rule(commits=st.lists(commits, min_size=2, max_size=3))
    def commit_together(self, commits: list[list[Write]]) -> None:
        for commit in commits:
            self.commit(commit)

    def expected(self, query: Query, items: list[Item]) -> Any:
        sort = (query.index or query.table).sort
        keyed = [(item[sort.name] if sort else 0, query.table.key_of(item)) for item in items]
        places = [place for place, _ in keyed]
        assert places == sorted(places, reverse=query.newest_first)
        return plain(
            [item for _, item in sorted(zip(keyed, items, strict=True), key=itemgetter(0))]
        )


class LocalBesideModel(DynamoBesideModel):
    engine = ENGINES.get("dynamodb-local", ENGINES["moto"])


FEW = settings(settings.get_profile("market"), max_examples=6, stateful_step_count=12)

DynamoBesideModel.TestCase.settings = FEW
TestDynamoBesideModel = DynamoBesideModel.TestCase

if "dynamodb-local" in ENGINES:
    LocalBesideModel.TestCase.settings = FEW
    TestLocalBesideModel = pytest.mark.dynamodb_local(LocalBesideModel.TestCase)


@pytest.mark.parametrize("pair", [(1, True), (0, False), ([1], [True]), (None, ""), (1, "1")])
def test_the_model_tells_apart_what_python_may_not(pair: tuple[Any, Any]) -> None:
    assert plain(pair[0]) != plain(pair[1])
