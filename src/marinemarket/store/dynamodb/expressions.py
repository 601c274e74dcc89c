"""Writes and their conditions as DynamoDB expressions, with placeholders for all names and values."""

from __future__ import annotations

from typing import Any

from ..items import Item
from ..schema import Table
from ..writes import Absent, Check, Condition, Delete, Equals, Exists, IsDamaged, Put, Update, Write
from .values import Stored, encode, shard_attributes, stored_item, stored_key


class Placeholders:
    """The names and values in an expression, each with its own placeholder."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: Stored = {}

    def name(self, attribute: str) -> str:
        return self.names.setdefault(attribute, f"#n{len(self.names)}")

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = encode(value)
        return placeholder

    def parameters(self) -> dict[str, Any]:
        """As request parameters; empty ones are left out, since DynamoDB refuses them."""
        parameters: dict[str, Any] = {}
        if self.names:
            parameters["ExpressionAttributeNames"] = {
                mark: name for name, mark in self.names.items()
            }
        if self.values:
            parameters["ExpressionAttributeValues"] = self.values
        return parameters


def transaction_part(name: str, write: Write, now: int) -> dict[str, Any]:
    """One write as part of a transaction. `name` is the table's name, `now` is in milliseconds."""
    marks = Placeholders()
    part: dict[str, Any] = {"TableName": name, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if write.when is not None:
        part["ConditionExpression"] = _condition(write.table, write.when, marks, now)
    action = "ConditionCheck"
    match write:
        case Put():
            action, part["Item"] = "Put", stored_item(write.table, write.item)
        case Delete():
            action = "Delete"
        case Update():
            if change := _change(write, marks):
                action, part["UpdateExpression"] = "Update", change
        case Check():
            pass
    if not isinstance(write, Put):
        part["Key"] = stored_key(write.table, write.key)
    return {action: part | marks.parameters()}


def _condition(table: Table, when: Condition, marks: Placeholders, now: int) -> str:
    there = marks.name(table.partition.name)
    ended = f"{marks.name(table.ttl)} <= {marks.value(now // 1000)}" if table.ttl else ""
    match when:
        case Absent():
            return f"attribute_not_exists({there})" + (f" OR {ended}" if ended else "")
        case Exists():
            return _alive(there, ended)
        case IsDamaged():
            # The service checks what it stores, and never returns a damaged item.
            return f"attribute_exists({there}) AND attribute_not_exists({there})"
        case Equals():
            equal = (_equal(name, value, marks) for name, value in when.values.items())
            return " AND ".join((_alive(there, ended), *equal))


def _alive(there: str, ended: str) -> str:
    return f"attribute_exists({there})" + (f" AND NOT ({ended})" if ended else "")


def _equal(name: str, value: Any, marks: Placeholders) -> str:
    attribute, wanted = marks.name(name), marks.value(value)
    if value is None:
        return f"(attribute_not_exists({attribute}) OR {attribute} = {wanted})"
    return f"{attribute} = {wanted}"


def _change(write: Update, marks: Placeholders) -> str:
    """The update expression; empty if the update only requires that the item exists."""
    removed = [name for name in write.remove if name not in write.set]
    gone: Item = dict.fromkeys(removed, "")
    setting = write.set | shard_attributes(write.table, write.key, write.set)
    removing = [*removed, *shard_attributes(write.table, write.key, gone)]
    steps = []
    if setting:
        pairs = (f"{marks.name(name)} = {marks.value(value)}" for name, value in setting.items())
        steps.append(f"SET {', '.join(pairs)}")
    if removing:
        steps.append(f"REMOVE {', '.join(map(marks.name, removing))}")
    return " ".join(steps)
