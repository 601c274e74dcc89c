"""Requests that are sent again (`Idempotency-Key`): carried out once, however often they come."""

from __future__ import annotations

from typing import Any

from litestar import Request

from ..accounts.idempotency import FIELD, IdempotencyKey


def asked_once(
    request: Request[Any, Any, Any], asker: str, what: str, payload: Any
) -> IdempotencyKey | None:
    """The key that a request names, if any, for this asker, operation and payload (JSON values).

    A handler that creates something declares it with ``once=True``. Raises Invalid for a malformed key.
    """
    key = request.headers.get(FIELD)
    return None if key is None else IdempotencyKey.of(asker, what, key, payload)
