"""Which methods an address answers, told by `OPTIONS` and with every 405 (RFC 9110, 10.2.1).

The framework tells only those of the handler that was registered first.
"""

from __future__ import annotations

from collections.abc import Iterable

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def allowed(methods: Iterable[str]) -> str:
    """The value of `Allow`: HEAD is answered wherever GET is."""
    found = {str(method) for method in methods}
    return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))


def telling_methods(app: ASGIApp) -> ASGIApp:
    """The application, answering `OPTIONS` with all methods of the address."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "OPTIONS":
            await app(scope, receive, send)
            return
        path = scope["path_template"]
        methods = {
            str(method)
            for route in scope["litestar_app"].routes
            if path in (route.path, route.path_format)
            for method in getattr(route, "methods", ())
        }

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 204:
                MutableScopeHeaders.from_message(message)["Allow"] = allowed(methods)
            await send(message)

        await app(scope, receive, sending)

    return answer
