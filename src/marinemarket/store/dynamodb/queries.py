"""Queries and scans: full pages, however many partitions an index has."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from typing import Any

from ...clock import Clock
from ..cursors import Cursors
from ..items import Item, has_expired
from ..schema import Table
from ..store import Between, Page, Query
from .connection import Connection, foreseeing
from .expressions import Placeholders
from .values import encode, item_of, partition_attribute, partitions

_Place = list[Any] | None
"""The key attributes of the last item read in a partition; None at its beginning."""


class Queries:
    """Runs queries on tables and indexes. A cursor holds the last place read in each partition."""

    def __init__(self, connection: Connection, cursors: Cursors, clock: Clock) -> None:
        self._connection, self._cursors, self._clock = connection, cursors, clock

    async def page(self, query: Query) -> Page:
        """A page of a query, merged from its partitions. Raises Invalid for another query's cursor."""
        index = query.index
        values = partitions(index, query.partition) if index else [query.partition]
        places: list[_Place] = [None] * len(values)
        if query.after is not None:
            places = self._cursors.open(query.cursor_scope, query.after)
        found = await asyncio.gather(
            *(self._partition(query, *one) for one in zip(values, places, strict=True))
        )
        sort = _sort_name(query)
        numbered = [[(item, n) for item in items] for n, items in enumerate(found)]
        merged = list(
            heapq.merge(
                *numbered,
                key=lambda one: one[0][sort] if sort else 0,
                reverse=query.newest_first,
            )
        )
        taken, names = merged[: query.limit], _place_names(query)
        for item, n in taken:
            places[n] = [item[name] for name in names]
        more = len(merged) > len(taken)
        after = self._cursors.seal(query.cursor_scope, places) if more else None
        return Page([item for item, _ in taken], after)

    async def scan(self, table: Table, limit: int, after: str | None) -> Page:
        """A page of a whole table, in DynamoDB's own order."""
        scope = f"{table.name}/scan"
        start = None if after is None else self._cursors.open(scope, after)
        names = [attribute.name for attribute in table.key_attributes]
        asked = {"TableName": self._connection.name(table), "ConsistentRead": True}
        if start is not None:
            asked["ExclusiveStartKey"] = dict(zip(names, map(encode, start), strict=True))
        items = await self._fill(self._connection.tables.scan, table, asked, limit)
        more = None
        if len(items) > limit:
            more = self._cursors.seal(scope, list(table.key_of(items[limit - 1])))
        return Page(items[:limit], more)

    async def _partition(self, query: Query, value: Any, place: _Place) -> list[Item]:
        """The next items of one partition, up to one more than fit on the page."""
        if _asks_for_nothing(query.between):
            return []
        marks = Placeholders()
        asked: dict[str, Any] = {
            "TableName": self._connection.name(query.table),
            "KeyConditionExpression": _condition(query, value, marks),
            "ScanIndexForward": not query.newest_first,
        }
        if query.index is not None:
            asked["IndexName"] = query.index.name
        else:
            asked["ConsistentRead"] = True
        if place is not None:
            names = [_partition_name(query), *_place_names(query)]
            start = zip(names, map(encode, [value, *place]), strict=True)
            asked["ExclusiveStartKey"] = dict(start)
        return await self._fill(
            self._connection.tables.query,
            query.table,
            asked | marks.parameters(),
            query.limit,
            lambda item: not _is_end_left_out(query, item),
        )

    async def _fill(
        self,
        call: Callable[..., Awaitable[dict[str, Any]]],
        table: Table,
        asked: dict[str, Any],
        limit: int,
        counts: Callable[[Item], bool] = lambda item: True,
    ) -> list[Item]:
        """Read on until there is one item more than the limit, or none left."""
        items: list[Item] = []
        while True:
            with foreseeing():
                answer = await call(**asked, Limit=limit + 1 - len(items))
            now = self._clock()
            found = (item_of(table, stored) for stored in answer["Items"])
            items += (item for item in found if not has_expired(table, item, now) and counts(item))
            start = answer.get("LastEvaluatedKey")
            if start is None or len(items) > limit:
                return items
            asked = asked | {"ExclusiveStartKey": start}


def _partition_name(query: Query) -> str:
    return partition_attribute(query.index) if query.index else query.table.partition.name


def _place_names(query: Query) -> list[str]:
    """The attributes that, besides the partition, fix an item's place in the results."""
    key = query.table.key_attributes
    if query.index is None:
        return [attribute.name for attribute in key[1:]]
    sort = [query.index.sort] if query.index.sort else []
    return [attribute.name for attribute in (*sort, *key)]


def _sort_name(query: Query) -> str | None:
    sort = (query.index or query.table).sort
    return sort.name if sort else None


def _condition(query: Query, value: Any, marks: Placeholders) -> str:
    conditions = [f"{marks.name(_partition_name(query))} = {marks.value(value)}"]
    low, high, sort = query.between.lowest, query.between.highest, _sort_name(query)
    if sort is None or (low is None and high is None):
        return conditions[0]
    name = marks.name(sort)
    if low is not None and high is not None:
        # BETWEEN always includes both bounds; an excluded one is filtered out here.
        conditions.append(f"{name} BETWEEN {marks.value(low)} AND {marks.value(high)}")
    elif low is not None:
        sign = ">" if query.between.without_lowest else ">="
        conditions.append(f"{name} {sign} {marks.value(low)}")
    else:
        sign = "<" if query.between.without_highest else "<="
        conditions.append(f"{name} {sign} {marks.value(high)}")
    return " AND ".join(conditions)


def _asks_for_nothing(between: Between) -> bool:
    low, high = between.lowest, between.highest
    # Both are of the sort key's type, as `check_query` has seen.
    return low is not None and high is not None and low > high  # type: ignore[operator]  # one type


def _is_end_left_out(query: Query, item: Item) -> bool:
    between, value = query.between, item.get(_sort_name(query) or "")
    return (between.without_lowest and value == between.lowest is not None) or (
        between.without_highest and value == between.highest is not None
    )
