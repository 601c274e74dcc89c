from __future__ import annotations

import pytest


@pytest.fixture(params=[0, 12], ids=["fresh", "stale"])
def behind(request: pytest.FixtureRequest) -> int:
    """Run every test of this folder a second time with indexes that lag by a dozen changes."""
    lag: int = request.param
    return lag
