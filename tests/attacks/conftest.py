"""Every hostile case is tried through the running application."""

from __future__ import annotations

from tests.web.conftest import Reached, client, reached

__all__ = ["Reached", "client", "reached"]
