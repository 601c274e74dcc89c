"""Every hostile case is tried through the running application."""

from __future__ import annotations

from tests.web.conftest import client

__all__ = ["client"]
