"""The Lambda function: each call handles the changes in the feed, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from marinemarket.archive.archive import Archive
from marinemarket.archive.file_format import Seal
from marinemarket.archive.storage import FolderStorage
from marinemarket.archive.verification import verify
from marinemarket.composition import open_market
from marinemarket.config.settings import PREFIX, load
from marinemarket.runtime.lambda_handler import catch_up, handler
from marinemarket.store.schema import LISTINGS
from marinemarket.store.writes import Put
from marinemarket.stores import make_tables
from tests.store.engines.dynamodb import REGION, prefix_of
from tests.store.engines.moto_server import moto_endpoint
from tests.store.item_builders import a_boat

pytestmark = pytest.mark.anyio


@pytest.fixture
def on_dynamodb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings in the environment, as in Lambda; returns the archive's folder."""
    for name, value in {
        "STORE": "dynamodb",
        "SECRET_KEY": "x" * 40,
        "TABLE_PREFIX": prefix_of(tmp_path),
        "AWS_ENDPOINT_URL": moto_endpoint(),
        "AWS_REGION": REGION,
        "DATA": str(tmp_path / "data"),
        "BACKUPS": str(tmp_path / "archive"),
    }.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    return tmp_path / "archive"


async def test_each_call_archives_what_came_since_the_last(on_dynamodb: Path) -> None:
    settings = load()
    _ = [made async for made in make_tables(settings)]
    archive = Archive(FolderStorage(on_dynamodb), Seal())
    for number in range(3):
        async with open_market(settings) as market:
            await market.store.commit(Put(LISTINGS, a_boat(id=f"{number}")))
        async with open_market(settings) as market:  # another call, perhaps on another machine
            assert await catch_up(market) > 0
            assert await catch_up(market) == 0
    found = await verify(archive)
    assert found.problems == []
    segments = [name for name in await archive.place.names() if name.endswith(".seg")]
    assert len(segments) == 2  # the first call took a base


def test_lambda_calls_it_by_its_entry(on_dynamodb: Path) -> None:
    async def make() -> None:
        _ = [made async for made in make_tables(load())]

    asyncio.run(make())
    assert handler({"Records": []}, None)["followed"] >= 1
    assert handler({"Records": []}, None) == {"followed": 0}
