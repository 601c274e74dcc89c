"""The market of a story, on the engines that stories are run on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, Type

from marinemarket.accounts import accounts, passwords
from marinemarket.config.settings import Settings
from marinemarket.media import studio
from marinemarket.media.image_process import ImageProcess
from tests.builders import ManualClock
from tests.store.engines.dynamodb import DYNAMODB_LOCAL

from .engines import ENGINES, StoryEngine
from .market import RELAY, SITE, StoryMarket

_processes: dict[int, ImageProcess] = {}


class _SharedProcess(ImageProcess):
    """Picture processes are kept from story to story: to start one takes longer than many stories."""

    def __new__(cls, memory: int) -> Any:
        if memory not in _processes:
            _processes[memory] = super().__new__(cls)
            ImageProcess.__init__(_processes[memory], memory)
        return _processes[memory]

    def __init__(self, memory: int) -> None:
        pass

    def stop(self) -> None:
        pass


@pytest.fixture(scope="session", autouse=True)
def _end_processes() -> Any:
    yield
    for process in _processes.values():
        ImageProcess.stop(process)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what takes long on purpose: hashing, hiding how long a sign-in takes, waiting for disks."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, type=Type.ID)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(accounts, "SAME_TIME_SECONDS", 0)
    monkeypatch.setattr(studio, "ImageProcess", _SharedProcess)
    monkeypatch.setattr(os, "fsync", lambda file: None)  # no machine fails in a story


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Stories marked so run on both engines; with STORY_ENGINES=all in the environment, all do."""
    if "engine" not in metafunc.fixturenames:
        return
    engines: list[Any] = ["sqlite"]
    is_marked = metafunc.definition.get_closest_marker("on_both_engines") is not None
    if DYNAMODB_LOCAL and (is_marked or os.environ.get("STORY_ENGINES") == "all"):
        engines.append(pytest.param("dynamodb", marks=pytest.mark.dynamodb_local))
    metafunc.parametrize("engine", engines, indirect=True)


@pytest.fixture
async def engine(
    request: pytest.FixtureRequest,
    clock: ManualClock,
    anyio_backend: str,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[StoryEngine]:
    """An empty engine of the story's own."""
    async with ENGINES[request.param](clock, monkeypatch) as engine:
        yield engine


@pytest.fixture
async def market(
    tmp_path: Path, clock: ManualClock, engine: StoryEngine, request: pytest.FixtureRequest
) -> AsyncIterator[StoryMarket]:
    """An empty market, which approves what no rule objects to; `@pytest.mark.market(review="all")` changes some."""
    marker = request.node.get_closest_marker("market")
    # A whole copy each day would take most of a story's time.
    usual = {"review": "flagged", "backup_hours": 24 * 90}
    chosen = usual | (marker.kwargs if marker else {})
    settings = Settings(
        data=tmp_path / "data",
        blobs=str(tmp_path / "media"),
        backups=str(tmp_path / "archive"),
        mail_folder=tmp_path / "mail",
        public_url=SITE,
        relay_domain=RELAY,
        **engine.settings,
        **chosen,
    )
    market = StoryMarket(settings, clock, engine)
    await market.start()
    yield market
    await market.stop()
