"""Creates the tables from the schema: keys, indexes, streams, expiry, recovery, encryption."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from botocore.exceptions import ClientError

from ...errors import Refused
from ..schema import TABLES, Attribute, Index, Kind, Made, Table
from .connection import Connection, code_of, foreseeing
from .values import partition_attribute

RECOVERY_DAYS = 35
_NOT_HERE = {"UnknownOperationException", "ValidationException", "InvalidAction"}
_POLL_SECONDS = 0.5


async def create_tables(
    connection: Connection, *, kms_key: str | None = None, protect: bool = True
) -> AsyncIterator[Made]:
    """Create what is missing of every table of the schema, one after another; safe to repeat.

    `kms_key` is a customer-managed key for encryption, by default AWS's own. `protect` guards the
    tables against accidental deletion. Raises Refused for a table that has other keys.
    """
    for table in TABLES:
        with foreseeing():
            yield await _make(connection, table, kms_key, protect)


async def has_table(connection: Connection, table: Table) -> bool:
    """Was this table created?"""
    with foreseeing():
        return await _description(connection.tables, connection.name(table)) is not None


async def drop_table(connection: Connection, table: Table) -> None:
    """Remove a table with all that it holds, protected or not. Does nothing without one."""
    tables, name = connection.tables, connection.name(table)
    with foreseeing():
        if await _description(tables, name) is None:
            return
        await tables.update_table(TableName=name, DeletionProtectionEnabled=False)
        await _until_active(tables, name)
        await tables.delete_table(TableName=name)
        while True:
            if await _description(tables, name) is None:
                return
            await asyncio.sleep(_POLL_SECONDS)


async def _make(connection: Connection, table: Table, kms_key: str | None, protect: bool) -> Made:
    tables, name = connection.tables, connection.name(table)
    found = await _description(tables, name)
    if found is None:
        await tables.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            DeletionProtectionEnabled=protect,
            SSESpecification=_encryption(kms_key),
            **declared(table),
        )
        await _until_active(tables, name)
    else:
        _check_keys(table, found)
        await _add_indexes(tables, table, name, found)
        if not found.get("StreamSpecification", {}).get("StreamEnabled"):
            await tables.update_table(TableName=name, StreamSpecification=_STREAM)
            await _until_active(tables, name)
    left_out = []
    if table.ttl and not await _expiry(tables, name, table.ttl):
        left_out.append("expiry")
    if not await _recovery(tables, name):
        left_out.append("point-in-time recovery")
    return Made(name, found is not None, tuple(left_out))


_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def declared(table: Table) -> dict[str, Any]:
    """A table's keys, indexes and stream as parameters of CreateTable."""
    kinds = {attribute.name: attribute.kind for attribute in table.all_key_attributes}
    kinds |= {partition_attribute(index): Kind.TEXT for index in table.indexes if index.shards > 1}
    indexed = [_index(index) for index in table.indexes]
    used = {key["AttributeName"] for index in indexed for key in index["KeySchema"]}
    used |= {attribute.name for attribute in table.key_attributes}
    return {
        "KeySchema": _schema(table.partition.name, table.sort),
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": kinds[attribute].value}
            for attribute in sorted(used)
        ],
        "StreamSpecification": _STREAM,
        **({"GlobalSecondaryIndexes": indexed} if indexed else {}),
    }


def _schema(partition: str, sort: Attribute | None) -> list[dict[str, str]]:
    schema = [{"AttributeName": partition, "KeyType": "HASH"}]
    return [*schema, *([{"AttributeName": sort.name, "KeyType": "RANGE"}] if sort else [])]


def _index(index: Index) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "KeySchema": _schema(partition_attribute(index), index.sort),
        "Projection": {"ProjectionType": "ALL"},
    }


def _encryption(kms_key: str | None) -> dict[str, Any]:
    if kms_key is None:
        return {"Enabled": False}  # with AWS's own key, which is always on
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": kms_key}


async def _description(tables: Any, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = (await tables.describe_table(TableName=name))["Table"]
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return None
        raise
    return found


async def _until_active(tables: Any, name: str) -> None:
    """Return once the table and all its indexes are active, which takes a while for a large index."""
    while True:
        found = await _description(tables, name) or {}
        parts = [found.get("TableStatus")]
        parts += [index.get("IndexStatus") for index in found.get("GlobalSecondaryIndexes", [])]
        if all(part == "ACTIVE" for part in parts):
            return
        await asyncio.sleep(_POLL_SECONDS)


def _check_keys(table: Table, found: dict[str, Any]) -> None:
    schema = _schema(table.partition.name, table.sort)
    if found["KeySchema"] != schema:
        raise Refused(f"{found['TableName']} exists with other keys: {found['KeySchema']}")
    there = {index["IndexName"]: index for index in found.get("GlobalSecondaryIndexes", [])}
    for index in table.indexes:
        if index.name in there and there[index.name]["KeySchema"] != _index(index)["KeySchema"]:
            raise Refused(f"{found['TableName']} has an index {index.name} with other keys")


async def _add_indexes(tables: Any, table: Table, name: str, found: dict[str, Any]) -> None:
    there = {index["IndexName"] for index in found.get("GlobalSecondaryIndexes", [])}
    for index in table.indexes:
        if index.name not in there:
            await tables.update_table(
                TableName=name,
                AttributeDefinitions=declared(table)["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": _index(index)}],
            )
            await _until_active(tables, name)


async def _expiry(tables: Any, name: str, attribute: str) -> bool:
    """Turn on the removal of expired items. False if the endpoint does not support it."""
    try:
        answer = await tables.describe_time_to_live(TableName=name)
        state = answer["TimeToLiveDescription"].get("TimeToLiveStatus")
        if state not in ("ENABLED", "ENABLING"):
            await tables.update_time_to_live(
                TableName=name,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute},
            )
    except ClientError as error:
        if code_of(error) in _NOT_HERE:
            return False
        raise
    return True


async def _recovery(tables: Any, name: str) -> bool:
    """Keep every second of the last 35 days restorable. False if the endpoint does not support it."""
    wanted = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": RECOVERY_DAYS}
    try:
        await tables.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification=wanted
        )
    except ClientError as error:
        if code_of(error) in _NOT_HERE:
            return False
        raise
    return True
