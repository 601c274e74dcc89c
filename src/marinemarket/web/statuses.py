"""The statuses that each API handler may answer, derived from its declaration for OpenAPI.

A handler declares only what cannot be derived, ``responses=also(409, 412)``. The rest follows: a
body may be invalid, an address may not exist, a limit may be reached.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from ..wire import Model
from .security.access import SIGNED_IN, STAFF
from .security.rate_limits import Limited, is_own_write

_EVERYWHERE = frozenset({400, 422, 500, 503})
_OF_BODIES = frozenset({408, 413, 415})
_OF_WRITES = frozenset({403, 409, 507})


class ProblemField(Model):
    """One validation error, with the path of its field."""

    field: str
    message: str


class Problem(Model):
    """A problem document (RFC 9457). Of invalid fields it names twenty, and counts `moreErrors`."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[ProblemField] | None = None
    more_errors: int | None = None
    current: dict[str, Any] | None = None


def also(*statuses: int) -> dict[int, ResponseSpec]:
    """Error statuses that a handler may answer and that its declaration does not show."""
    return {status: _problem(status) for status in statuses}


def holding_nothing(status: int) -> dict[int, ResponseSpec]:
    """A successful answer without a body, such as 304."""
    return {status: ResponseSpec(None, description=HTTPStatus(status).phrase)}


def holding_json(status: int) -> dict[int, ResponseSpec]:
    """A successful answer with a JSON object."""
    phrase = HTTPStatus(status).phrase
    return {status: ResponseSpec(dict[str, Any], generate_examples=False, description=phrase)}


def declare_statuses(app: Litestar) -> None:
    """Add the derived statuses to each handler; what it declares itself takes precedence."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and route.path.startswith("/api/"):
                told = {status: _problem(status) for status in _implied(handler, route.path)}
                handler.responses = {**told, **_success(handler), **(handler.responses or {})}


def _implied(handler: HTTPRouteHandler, path: str) -> list[int]:
    names = set(handler.parsed_fn_signature.parameters)
    reads = handler.http_methods <= {"GET", "HEAD"}
    statuses = _EVERYWHERE | (frozenset() if reads else _OF_WRITES)
    if "data" in names:
        statuses |= _OF_BODIES
    if names & {*SIGNED_IN, *STAFF}:
        statuses |= {401, 403}
    if "{" in path:
        statuses |= {404}
    limits = {guard.name for guard in handler.resolve_guards() if isinstance(guard, Limited)}
    if limits or any(is_own_write(method, handler) for method in handler.http_methods):
        statuses |= {429}
    if "auth" in limits:
        statuses |= {401}
    return sorted(statuses)


def _success(handler: HTTPRouteHandler) -> dict[int, ResponseSpec]:
    """Handlers encode their JSON themselves; unless declared otherwise, it is an object."""
    if handler.parsed_fn_signature.return_type.annotation != Response[bytes]:
        return {}
    return holding_json(handler.status_code)


def _problem(status: int) -> ResponseSpec:
    return ResponseSpec(
        Problem,
        generate_examples=False,
        description=HTTPStatus(status).phrase,
        media_type="application/problem+json",
    )
