"""The store as a plain dictionary, from which every engine must be indistinguishable."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marinemarket.store.items import Item, Key
from marinemarket.store.schema import TABLES, Table
from marinemarket.store.store import Query
from marinemarket.store.writes import (
    Absent,
    Check,
    Condition,
    Delete,
    Equals,
    Exists,
    IsDamaged,
    Put,
    Update,
    Write,
)

Place = tuple[str, Key]


@dataclass(frozen=True)
class Lost:
    """A commit that did not take place: the key of the failed condition, and the item there."""

    table: str
    key: Key
    item: Item | None


@dataclass
class Model:
    """`kept` has every item that is not swept; `seen` only those that have not expired."""

    now: int
    kept: dict[Place, Item] = field(default_factory=dict)

    def seen(self, table: Table, key: Key) -> Item | None:
        item = self.kept.get((table.name, key))
        return None if item is None or self._ended(table, item) else item

    def all_seen(self, table: Table) -> list[Item]:
        """Every item of a table, by key."""
        items = (item for (name, _), item in self.kept.items() if name == table.name)
        return sorted((i for i in items if not self._ended(table, i)), key=table.key_of)

    def commit(self, writes: list[Write]) -> Lost | None:
        for write in writes:
            current = self.seen(write.table, write.key)
            if not _holds(write.when, current):
                return Lost(write.table.name, write.key, current)
        for write in writes:
            self._apply(write)
        return None

    def _apply(self, write: Write) -> None:
        place = (write.table.name, write.key)
        match write:
            case Put():
                self.kept[place] = write.item
            case Update():
                item = {n: v for n, v in self.kept[place].items() if n not in write.remove}
                self.kept[place] = {**item, **write.set}
            case Delete():
                self.kept.pop(place, None)
            case Check():
                pass

    def sweep(self) -> int:
        ended = [
            (table.name, table.key_of(item))
            for table in TABLES
            for (name, _), item in self.kept.items()
            if name == table.name and self._ended(table, item)
        ]
        for place in ended:
            del self.kept[place]
        return len(ended)

    def query(self, query: Query) -> list[Item]:
        asked = query.index or query.table
        names = [asked.partition.name, *([asked.sort.name] if asked.sort else [])]
        listed = [item for item in self.all_seen(query.table) if all(n in item for n in names)]
        ours = [item for item in listed if item[names[0]] == query.partition]
        if asked.sort:
            sort = asked.sort.name
            ours = [item for item in ours if _within(item[sort], query)]
            ours.sort(key=lambda item: item[sort])
        return ours[::-1] if query.newest_first else ours

    def _ended(self, table: Table, item: Item) -> bool:
        ends = item.get(table.ttl or "")
        return ends is not None and ends * 1000 <= self.now


def plain(value: Any) -> Any:
    """A value that equals another exactly if engines must treat the two as the same."""
    match value:
        case bool():
            return ("flag", value)
        case int() | Decimal():
            return ("number", Decimal(value))
        case dict():
            return {name: plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
    return value


def _holds(when: Condition | None, item: Item | None) -> bool:
    match when:
        case None:
            return True
        case Exists():
            return item is not None
        case Absent():
            return item is None
        case IsDamaged():
            return False
        case Equals():
            wanted = when.values.items()
            return item is not None and all(plain(item.get(n)) == plain(v) for n, v in wanted)


def _within(value: Any, query: Query) -> bool:
    low, high = query.between.lowest, query.between.highest
    if low is not None and (value < low or (value == low and query.between.without_lowest)):
        return False
    return high is None or value < high or (value == high and not query.between.without_highest)
