"""Counts requests, and shows the counts to those allowed to see them."""

from __future__ import annotations

import time
from ipaddress import ip_address
from typing import Any, cast

from litestar import Request, Response, get
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ..composition import Market
from ..errors import NotFound
from ..metrics import CONTENT_TYPE, REQUEST_SECONDS, REQUESTS
from .dependencies import CurrentExposition, CurrentMarket
from .statuses import also

# Whatever else is asked for is counted as one, or visitors could make up labels without end.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@get(
    "/metrics",
    summary="Read the metrics",
    operation_id="getMetrics",
    answers="text/plain",
    responses=also(404),
    open_to_all=True,
)
async def show_metrics(
    request: Request[Any, Any, Any], market: CurrentMarket, exposition: CurrentExposition
) -> Response[bytes]:
    """What is counted, for Prometheus. The setting METRICS says who may read it."""
    demand_reader(request, market)
    # As a header, since the framework adds another charset to a media type that is text.
    return Response(await exposition(), headers={"Content-Type": CONTENT_TYPE})


def demand_reader(request: Request[Any, Any, Any], market: Market) -> None:
    """Raises NotFound for whoever may not read what the market measures of itself."""
    readers = market.settings.metrics
    if readers == "none" or (readers == "local" and not is_local(request)):
        raise NotFound("page", "metrics")


def is_local(request: Request[Any, Any, Any]) -> bool:
    """From this machine, and not handed on by a proxy that is on this machine."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback and not any(name in request.headers for name in _FORWARDED)


def counting(app: ASGIApp) -> ASGIApp:
    """The application, each of its answers counted by route and status."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, sending)
        finally:
            route = cast("dict[str, Any]", scope).get("path_template") or "none"
            asked = str(cast("dict[str, Any]", scope)["method"])
            method = asked if asked in _METHODS else "other"
            REQUESTS.labels(method, route, status).inc()
            REQUEST_SECONDS.labels(route).observe(time.perf_counter() - begun)

    return answer
