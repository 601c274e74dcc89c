"""The tables in DynamoDB after they were created from the schema."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from marinemarket.cli import main
from marinemarket.errors import Refused, Unavailable
from marinemarket.store.dynamodb import Connection, DynamoStore, connected, create_tables
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, TABLES, Table
from tests.store.engines.dynamodb import REGION, prefix_of
from tests.store.engines.moto_server import moto_endpoint

pytestmark = pytest.mark.anyio

KMS_KEY = "arn:aws:kms:eu-central-1:123456789012:key/0b0c7b2e-5a4f-4b53-8f0a-5d6a8c1f2e3d"


@pytest.fixture
async def connection(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Connection]:
    async with connected(
        prefix=prefix_of(tmp_path), endpoint=moto_endpoint(), region=REGION
    ) as connection:
        yield connection


async def _made(connection: Connection, **options: Any) -> list[bool]:
    return [not made.was_there async for made in create_tables(connection, **options)]


async def _described(connection: Connection, table: Table) -> dict[str, Any]:
    answer = await connection.tables.describe_table(TableName=connection.name(table))
    described: dict[str, Any] = answer["Table"]
    return described


async def test_every_table_is_made_once(connection: Connection) -> None:
    assert await _made(connection) == [True] * len(TABLES)
    assert await _made(connection) == [False] * len(TABLES)


async def test_keys_and_indexes_are_those_of_the_declaration(connection: Connection) -> None:
    await _made(connection)
    listings = await _described(connection, LISTINGS)
    assert listings["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    indexes = {index["IndexName"]: index for index in listings["GlobalSecondaryIndexes"]}
    assert {
        name: [key["AttributeName"] for key in index["KeySchema"]]
        for name, index in indexes.items()
    } == {
        "location-index": ["locationState", "createdAt"],
        "public-index": ["public-index/partition", "createdAt"],
        "owner-index": ["ownerId", "createdAt"],
        "hin-index": ["hin", "createdAt"],
        "unconfirmed-index": ["unconfirmed-index/partition", "unconfirmedSince"],
    }
    kinds = {a["AttributeName"]: a["AttributeType"] for a in listings["AttributeDefinitions"]}
    assert kinds["createdAt"] == "N"
    assert kinds["locationState"] == kinds["public-index/partition"] == "S"
    assert {index["Projection"]["ProjectionType"] for index in indexes.values()} == {"ALL"}


async def test_tables_are_billed_by_request_streamed_and_kept_from_deletion(
    connection: Connection,
) -> None:
    await _made(connection)
    for table in TABLES:
        described = await _described(connection, table)
        assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert described["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        assert described["DeletionProtectionEnabled"] is True


async def test_every_second_of_35_days_can_be_restored(connection: Connection) -> None:
    await _made(connection)
    for table in TABLES:
        answer = await connection.tables.describe_continuous_backups(
            TableName=connection.name(table)
        )
        recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
        assert recovery["RecoveryPeriodInDays"] == 35


async def test_expired_items_are_removed_where_the_declaration_says_so(
    connection: Connection,
) -> None:
    await _made(connection)
    for table in TABLES:
        answer = await connection.tables.describe_time_to_live(TableName=connection.name(table))
        told = answer["TimeToLiveDescription"]
        assert told.get("AttributeName") == table.ttl
        assert told["TimeToLiveStatus"] == ("ENABLED" if table.ttl else "DISABLED")


async def test_the_customers_key_encrypts_when_there_is_one(connection: Connection) -> None:
    await _made(connection, kms_key=KMS_KEY)
    described = await _described(connection, LISTINGS)
    assert described["SSEDescription"]["SSEType"] == "KMS"
    assert described["SSEDescription"]["KMSMasterKeyArn"] == KMS_KEY


async def _make_by_hand(connection: Connection, table: Table, key: str) -> None:
    await connection.tables.create_table(
        TableName=connection.name(table),
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
    )


async def test_a_table_that_lacks_indexes_and_stream_is_given_them(connection: Connection) -> None:
    await _make_by_hand(connection, LISTINGS, "id")
    await _made(connection)
    described = await _described(connection, LISTINGS)
    assert len(described["GlobalSecondaryIndexes"]) == len(LISTINGS.indexes)
    assert described["StreamSpecification"]["StreamEnabled"] is True


async def test_a_table_of_other_keys_is_left_alone_and_named(connection: Connection) -> None:
    await _make_by_hand(connection, AUDIT_LOGS, "name")
    with pytest.raises(Refused, match="boat-audit-logs exists with other keys"):
        await _made(connection)


async def test_a_missing_table_is_reported_missing(connection: Connection) -> None:
    store = DynamoStore(connection, secret_key="a secret key")
    with pytest.raises(Unavailable, match="marinemarket tables create"):
        await store.get(LISTINGS, "boat")
    with pytest.raises(Unavailable, match="marinemarket tables create"):
        await store.changes(None)


def test_the_command_makes_them_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "STORE": "dynamodb",
        "SECRET_KEY": "x" * 40,
        "TABLE_PREFIX": prefix_of(tmp_path),
        "AWS_ENDPOINT_URL": moto_endpoint(),
        "AWS_REGION": REGION,
        "DATA": str(tmp_path),
    }.items():
        monkeypatch.setenv(f"MARINEMARKET_{name}", value)
    for made in (True, False):
        result = CliRunner().invoke(main, ["tables", "create", "--json"])
        assert result.exit_code == 0, result.output
        told = json.loads(result.stdout)["tables"]
        assert [table["made"] for table in told] == [made] * len(TABLES)
        assert told[0]["table"] == f"{prefix_of(tmp_path)}boat-users"


def test_many_machines_need_one_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARINEMARKET_STORE", "dynamodb")
    result = CliRunner().invoke(main, ["tables", "create"])
    assert result.exit_code == 2
    assert "SECRET_KEY: must be set" in result.stderr
