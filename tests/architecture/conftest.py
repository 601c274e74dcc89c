"""The whole application, for rules that hold for every route of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from litestar.testing import TestClient

from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    """Asks the site of an empty market, which limits nobody."""
    names = ("search", "auth", "writes", "inquiries", "reports", "media")
    limits: dict[str, Any] = {f"limit_{name}": "off" for name in names}
    settings = Settings(data=tmp_path_factory.mktemp("data"), **limits)
    anyio.run(_make, settings)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


async def _make(settings: Settings) -> None:
    async with open_market(settings):
        pass
