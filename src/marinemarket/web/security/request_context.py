"""The outermost layer of a request: client address, request id and access log line.

Forwarded addresses and request ids are accepted only from a trusted proxy.
"""

from __future__ import annotations

import logging
import re
import time
from ipaddress import ip_address
from typing import Any, cast
from uuid import uuid4

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ...logs import REQUEST_ID, REQUESTS

log = logging.getLogger(REQUESTS)

_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def with_request_context(app: ASGIApp, proxies: list[str]) -> ASGIApp:
    """The application behind its proxies; each request gets an id and, optionally, a log line.

    `proxies` are the trusted networks. The client is the last forwarded address that is not one of
    theirs; if that is not an address, the proxy's own is used.
    """
    forwarded = ProxyHeadersMiddleware(cast("Any", _with_an_address(app)), proxies)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await app(scope, receive, send)
            return
        is_trusted = (scope.get("client") or ("",))[0] in forwarded.trusted_hosts
        scope.setdefault("state", {})["peer"] = scope.get("client")
        id = (_brought_id(scope) if is_trusted else None) or uuid4().hex
        await _logged(cast("ASGIApp", forwarded), id, scope, receive, send)

    return answer


def request_id_of(scope: Scope) -> str:
    """The id of a request; empty if it did not pass through this layer."""
    return str(scope.get("state", {}).get("request_id", ""))


async def _logged(app: ASGIApp, id: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request and log one line, without address and with the route instead of the path."""
    begun, status = time.perf_counter(), 500
    is_ambiguous = _has_two_lengths(scope)
    scope["state"]["request_id"] = id
    token = REQUEST_ID.set(id)

    async def sending(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = MutableScopeHeaders.from_message(message)
            headers["X-Request-ID"] = id
            if is_ambiguous:
                headers["Connection"] = "close"
        await send(message)

    try:
        await app(scope, receive, sending)
    finally:
        seen = {
            "method": str(cast("dict[str, Any]", scope)["method"])[:20],
            "route": cast("dict[str, Any]", scope).get("path_template") or "none",
            "status": status,
            "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
        }
        log.info("answered", extra=seen)
        REQUEST_ID.reset(token)


def _has_two_lengths(scope: Scope) -> bool:
    """Whether where the body ends is told twice: what follows may be meant as another request.

    Closing the connection is what RFC 9112, 6.1, asks for.
    """
    return {b"content-length", b"transfer-encoding"} <= {name for name, _value in scope["headers"]}


def _brought_id(scope: Scope) -> str | None:
    brought = [value for name, value in scope["headers"] if name == b"x-request-id"]
    return brought[0].decode() if len(brought) == 1 and _ID.fullmatch(brought[0]) else None


def _with_an_address(app: ASGIApp) -> ASGIApp:
    """The application, given the proxy's own address when the forwarded one is not an address."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        client, state = scope.get("client"), scope.get("state", {})
        if client is not None and not _is_address(client[0]):
            scope["client"] = state.get("peer", client)
        await app(scope, receive, send)

    return answer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
