"""The judged queries: what people type into a boat market, and what they mean."""

from __future__ import annotations

from .by_name import BY_NAME
from .by_wish import BY_WISH

QUERIES = (*BY_NAME, *BY_WISH)
