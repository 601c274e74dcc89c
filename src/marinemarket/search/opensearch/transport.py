"""Requests to OpenSearch: how long each may take, which are repeated, and what counts as away."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from opensearchpy import (
    AsyncTransport,
    ConnectionTimeout,
    OpenSearchException,
    SerializationError,
    TransportError,
)

from .circuit_breaker import CircuitBreaker, ServiceFailure

SEARCH_SECONDS, OTHER_SECONDS = 4, 30
"""How long a request may take: people wait for a search, only the worker for the rest."""
_TRIES = 3
_PAUSE = 0.1
_ANSWERS = frozenset({400, 404, 405, 406, 409, 413, 414, 415})
"""Statuses with which a server that works answers what it was asked."""


class BreakingTransport(AsyncTransport):
    """Sends each request through the circuit breaker.

    A request that finds no server, or a throttled one, is sent again after a moment. One that timed
    out is not: whoever asked has waited long enough.
    """

    def __init__(self, hosts: Any, *, breaker: CircuitBreaker, **given: Any) -> None:
        super().__init__(hosts, **given | {"max_retries": 0, "retry_on_timeout": False})
        self._breaker = breaker

    async def perform_request(
        self,
        method: str,
        url: str,
        params: Any = None,
        body: Any = None,
        timeout: Any = None,  # noqa: ASYNC109 - the client's own parameter
        ignore: Any = (),
        headers: Any = None,
    ) -> Any:
        with self._breaker.calling():
            seconds = timeout or (SEARCH_SECONDS if _is_for_people(method, url) else OTHER_SECONDS)
            for tried in range(1, _TRIES + 1):
                try:
                    return await super().perform_request(
                        method, url, params, body, seconds, ignore, headers
                    )
                except OpenSearchException as error:
                    if _is_answer(error):
                        raise
                    if (
                        tried == _TRIES
                        or self._breaker.is_away
                        or isinstance(error, ConnectionTimeout)
                    ):
                        raise ServiceFailure(_reason(error)) from None
                await asyncio.sleep(_PAUSE * tried * (0.5 + random.random() / 2))  # noqa: S311 - no secret
        raise AssertionError("the last try returns or raises")


def _is_for_people(method: str, url: str) -> bool:
    return url.endswith("/_search") or method == "GET"


def _is_answer(error: OpenSearchException) -> bool:
    return isinstance(error, TransportError) and error.status_code in _ANSWERS


def _reason(error: OpenSearchException) -> str:
    """Why a request failed, in a few words and without the request itself."""
    if isinstance(error, ConnectionTimeout):
        return "it does not answer in time"
    if isinstance(error, SerializationError):
        return "it answers what is not JSON"
    if isinstance(error, TransportError):
        if isinstance(error.status_code, int):
            return f"it answers {error.status_code}"
        return str(error.error)[:200]
    return type(error).__name__
