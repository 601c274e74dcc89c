"""A studio for tests, with its processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marinemarket.media.blobs import blobs_at
from marinemarket.media.studio import Studio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    studio = Studio(blobs_at(str(tmp_path / "media")))
    yield studio
    studio.close()
