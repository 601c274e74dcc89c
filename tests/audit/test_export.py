"""The exported trail is in order of time, and holds exactly what lies between two moments."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from marinemarket.audit import export
from marinemarket.audit.actions import Action
from marinemarket.audit.export import export_entries
from marinemarket.composition import Market
from marinemarket.wire import decode
from tests.builders import NOW
from tests.conftest import TESTS
from tests.store.stale_indexes import indexes_caught_up

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["jsonl", "csv"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"trail.{request.param}"


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 3)


@pytest.fixture
async def told(market: Market) -> list[str]:
    """Sixty entries of several actions, written in no order, some of them in one millisecond."""
    chance = random.Random(5)
    actions = [
        Action.LISTING_CREATED,
        Action.LISTING_CREATED,
        Action.USER_LOGIN,
        Action.CASE_OPENED,
    ]
    entries = [
        TESTS.entry(
            chance.choice(actions), "listing", f"{number}", NOW + chance.randrange(40) * 100
        )
        for number in range(60)
    ]
    for entry in entries:
        await market.trail.commit(entry)
    await indexes_caught_up(market.store)
    return [entry.timestamp for entry in entries]


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text().splitlines()
    return [*csv.DictReader(lines)] if path.suffix == ".csv" else [decode(line) for line in lines]


async def test_entries_are_exported_oldest_first(
    market: Market, told: list[str], path: Path
) -> None:
    written = await export_entries(market.store, path)
    rows = _rows(path)
    assert written == len(rows) == len(told) + 1  # the market's own account is one more
    assert [row["timestamp"] for row in rows][1:] == sorted(told)
    assert len({row["id"] for row in rows}) == len(rows)


async def test_bounds_are_inclusive(market: Market, told: list[str], path: Path) -> None:
    await export_entries(market.store, path, since=NOW + 1000, until=NOW + 2000)
    between = [moment for moment in sorted(told) if "01.000Z" <= moment[17:] <= "02.000Z"]
    assert [row["timestamp"] for row in _rows(path)] == between
    assert await export_entries(market.store, path, since=NOW + 10_000) == 0
    assert await export_entries(market.store, path, until=NOW - 1) == 0
