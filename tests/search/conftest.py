from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from marinemarket.search.index import SearchEngine
from tests.servers import command

from .engines import ENGINES, an_engine


@pytest.fixture(params=[0, 12], ids=["fresh", "stale"])
def behind(request: pytest.FixtureRequest) -> int:
    """Every test in this folder also runs on indexes that lag by a dozen changes."""
    lag: int = request.param
    return lag


@pytest.fixture(params=ENGINES)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SearchEngine]:
    """Each available search engine, without an index."""
    async with an_engine(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture(scope="session")
def real_market(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a market with both real files; its tests only read from it."""
    data = tmp_path_factory.mktemp("real") / "data"
    for name, format in (("boats_for_sale", "boat24"), ("sailboats_monohull_2020", "mcm2020")):
        code, report = command(data, "import", str(real_data / f"{name}.csv"), "--format", format)
        assert code == 1
        assert report["accepted"] + report["rejected"] == report["rows"]
    return data


@pytest.fixture(scope="session")
def exported(real_market: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every real advert, as the public sees it."""
    target = tmp_path_factory.mktemp("exported") / "all.jsonl"
    command(real_market, "export", "listings", "--to", str(target))
    adverts = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(adverts) > 8000
    return adverts
