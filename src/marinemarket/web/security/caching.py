"""What caches may keep of an answer: nothing, unless its handler declares otherwise.

A handler whose answers are the same for everyone says so, ``shared_for=300``, in seconds: then shared
caches may keep them. Any other answer is `private, no-store`, or as the handler sets it, if that keeps
it out of shared caches: ``private, no-cache`` for a page that the browser may show again after asking.

Errors, redirects and answers that set a cookie are never kept, whatever a handler declares.
"""

from __future__ import annotations

from typing import Any, cast

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Scope

from ...clock import YEAR_SECONDS

OPTION = "shared_for"
NOTHING_KEPT = "private, no-store"
FOR_EVER = YEAR_SECONDS
"""For an address whose content never changes."""
ASKED_EACH_TIME = 0
"""Caches may keep the answer, but must ask each time whether it has changed."""
_ANSWERS = frozenset({200, 206, 304})
_READERS = ("Cookie", "Authorization")
"""The headers of a request that say who asks."""


def add_caching(headers: MutableScopeHeaders, status: int, scope: Scope) -> None:
    """Set Cache-Control, and Vary where an answer may differ by reader."""
    seconds = shared_seconds(scope)
    if seconds is not None and status in _ANSWERS and "Set-Cookie" not in headers:
        headers["Cache-Control"] = _shared(seconds)
        return
    wanted = headers.get("Cache-Control", "")
    is_kept = wanted.startswith("private,") and "no-store" not in wanted
    if not is_kept or status not in _ANSWERS:
        headers["Cache-Control"] = NOTHING_KEPT
    _vary(headers)


def shared_seconds(scope: Scope) -> int | None:
    """For how long shared caches may keep the answers of a request's handler; None for not at all."""
    handler = cast("dict[str, Any]", scope).get("route_handler")
    if handler is None:
        return None
    seconds: int | None = scope.get("state", {}).get(OPTION, handler.opt.get(OPTION))
    return seconds


def _shared(seconds: int) -> str:
    if seconds == ASKED_EACH_TIME:
        return "public, no-cache"
    return f"public, max-age={seconds}{', immutable' if seconds >= FOR_EVER else ''}"


def _vary(headers: MutableScopeHeaders) -> None:
    named = [part.strip() for part in headers.get("Vary", "").split(",") if part.strip()]
    known = {part.casefold() for part in named}
    headers["Vary"] = ", ".join([*named, *(one for one in _READERS if one.casefold() not in known)])
