"""`OPTIONS` and `Allow` tell, of every route, exactly the methods that it answers."""

from __future__ import annotations

import re
from typing import Any

from litestar.routes import BaseRoute
from litestar.testing import TestClient

from marinemarket.web.app import answering_head

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}


def _allowed(answer: Any) -> set[str]:
    return {method.strip() for method in answer.headers.get("allow", "").split(",")}


def _address(route: BaseRoute) -> str:
    return re.sub(r"\{[^}]*\}", "x", route.path)


def test_every_route_tells_the_methods_that_it_answers_and_no_others(
    client: TestClient[Any],
) -> None:
    routes = client.app.routes
    assert len(routes) > 100
    for route in routes:
        answered = {str(method) for method in getattr(route, "methods", ())}
        if "GET" in answered:
            answered |= {"HEAD"}
        told = client.options(_address(route))
        assert (told.status_code, _allowed(told)) == (204, answered), route.path
        for method in METHODS - answered:
            refused = client.request(method, _address(route))
            assert (refused.status_code, _allowed(refused)) == (405, answered), (method, route.path)
        for method in answered - {"GET", "HEAD", "OPTIONS"}:
            assert client.request(method, _address(route)).status_code != 405, (method, route.path)


def test_what_answers_get_answers_head() -> None:
    """The server that runs the site answers HEAD, as `Allow` says, wherever it answers GET."""
    asked = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["method"])

    import asyncio

    asyncio.run(answering_head(app)({"type": "http", "method": "HEAD"}, None, None))  # type: ignore[arg-type]
    assert asked == ["GET"]
