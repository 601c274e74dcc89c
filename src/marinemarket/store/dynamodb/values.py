"""Items in DynamoDB's notation, in which each value stands under the letter of its type."""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import Any

from ..items import Item, Key
from ..schema import Index, Table

Stored = dict[str, dict[str, Any]]


def encode(value: Any) -> dict[str, Any]:
    """A value under its type: ``{"N": "5"}``."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int() | Decimal():
            return {"N": str(value)}
        case dict():
            return {"M": {name: encode(inner) for name, inner in value.items()}}
    return {"L": [encode(inner) for inner in value]}


def decode(stored: dict[str, Any]) -> Any:
    """The reverse of `encode`; whole numbers become int, others Decimal."""
    (kind, value), *_ = stored.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(value) if value.lstrip("-").isdecimal() else Decimal(value)
        case "M":
            return {name: decode(inner) for name, inner in value.items()}
        case "L":
            return [decode(inner) for inner in value]
    return value


# -- Write shards: one hot value of an index, spread over several partitions ---------------------


def partition_attribute(index: Index) -> str:
    """The partition attribute of an index: its own, or the sharded copy of it."""
    return index.partition.name if index.shards == 1 else f"{index.name}/partition"


def partitions(index: Index, value: Any) -> list[Any]:
    """Every partition in which an index holds a value."""
    if index.shards == 1:
        return [value]
    return [f"{value}/{shard}" for shard in range(index.shards)]


def partition_of(index: Index, value: Any, key: Key) -> Any:
    """The one of those partitions that holds the item with this key."""
    return partitions(index, value)[zlib.crc32(repr(key).encode()) % index.shards]


def shard_attributes(table: Table, key: Key, attributes: Item) -> Item:
    """The extra attributes that make sharded indexes list an item."""
    return {
        partition_attribute(index): partition_of(index, attributes[index.partition.name], key)
        for index in table.indexes
        if index.shards > 1 and index.partition.name in attributes
    }


def stored_item(table: Table, item: Item) -> Stored:
    whole = item | shard_attributes(table, table.key_of(item), item)
    return {name: encode(value) for name, value in whole.items()}


def stored_key(table: Table, key: Key) -> Stored:
    names = (attribute.name for attribute in table.key_attributes)
    return {name: encode(part) for name, part in zip(names, key, strict=True)}


def item_of(table: Table, stored: Stored) -> Item:
    ours = {partition_attribute(index) for index in table.indexes if index.shards > 1}
    return {name: decode(value) for name, value in stored.items() if name not in ours}
