"""Every hostile case runs against the whole application."""

from __future__ import annotations

from tests.web.conftest import Reached, client, reached

__all__ = ["Reached", "client", "reached"]
