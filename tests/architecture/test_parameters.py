"""Every API route refuses the parameters that it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from litestar.testing import TestClient

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def _asked(client: TestClient[Any]) -> Iterator[tuple[str, str]]:
    for route in client.app.routes:
        if route.path.startswith("/api/"):
            for method in METHODS & {str(method) for method in getattr(route, "methods", ())}:
                yield method, re.sub(r"\{[^}]*\}", "x", route.path)


def test_every_api_route_refuses_a_parameter_that_it_does_not_know(
    client: TestClient[Any],
) -> None:
    """Declare it in the handler's signature, as `QueryParameter`: whatever is not there is refused."""
    asked = sorted(_asked(client))
    assert len(asked) > 50
    for method, path in asked:
        answer = client.request(method, f"{path}?limt=5&campaign=boats")
        assert answer.status_code == 422, (method, path)
        fields = [error["field"] for error in answer.json()["errors"]]
        assert sorted(fields) == ["campaign", "limt"], (method, path)


def test_pages_ignore_the_parameters_of_others(client: TestClient[Any]) -> None:
    for path in ("/", "/compare", "/account/sign-in", "/account/register", "/watchlist"):
        assert client.get(f"{path}?utm_source=letter&fbclid=1").status_code == 200, path
