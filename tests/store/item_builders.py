"""Builders of minimal items: the store requires only their keys."""

from __future__ import annotations

from typing import Any

from marinemarket.store.items import Item
from tests.builders import NOW

NOW_SECONDS = NOW // 1000


def a_boat(*, id: str = "boat", **overrides: Any) -> Item:
    """An item of LISTINGS, in no index unless given its attributes."""
    return {"id": id, **overrides}


def an_offer(*, id: str = "boat", at: int = NOW, place: str = "US-FL", **overrides: Any) -> Item:
    """An item of LISTINGS that is in every index."""
    keys = {"ownerId": "ann", "locationState": place, "publicity": "public", "createdAt": at}
    return {"id": id, **keys, **overrides}


def a_note(
    *, id: str = "note", at: str = "2026-01-01", lasts: int | None = 60, **overrides: Any
) -> Item:
    """An item of AUDIT_LOGS, whose key has two parts; it `lasts` this many seconds from NOW."""
    ends = {} if lasts is None else {"ttl": NOW_SECONDS + lasts}
    return {"id": id, "timestamp": at, "userId": "ann", **ends, **overrides}


def a_session(*, id: str = "session", lasts: int | None = 60, **overrides: Any) -> Item:
    """An item of SESSIONS, whose key has one part; it `lasts` this many seconds from NOW."""
    ends = {} if lasts is None else {"expiresAt": NOW_SECONDS + lasts}
    seen = {"userId": "ann", "lastActivity": "2026-01-01T00:00:00.000Z"}
    return {"sessionId": id, **seen, **ends, **overrides}
