"""The error statuses that each API handler may answer, derived from its declaration for OpenAPI.

A handler declares only what cannot be derived, ``responses=also(409, 412)``. The rest follows: a
body may be invalid, an address may not exist, a limit may be reached.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from .api.answers.problem_documents import Problem
from .security.access import SIGNED_IN, STAFF
from .security.rate_limits import Limited, is_own_write

_EVERYWHERE = frozenset({400, 414, 422, 431, 500, 503})
_OF_BODIES = frozenset({408, 413, 415})
_OF_WRITES = frozenset({403, 409, 507})


def also(*statuses: int) -> dict[int, ResponseSpec]:
    """Error statuses that a handler may answer and that its declaration does not show."""
    return {status: ResponseSpec(Problem, generate_examples=False) for status in statuses}


def holding_nothing(status: int) -> dict[int, ResponseSpec]:
    """A successful answer without a body, such as 304."""
    return {status: ResponseSpec(None, description=HTTPStatus(status).phrase)}


def holding(status: int, kind: Any) -> dict[int, ResponseSpec]:
    """An answer that is no problem document: JSON of this model."""
    return {
        status: ResponseSpec(kind, generate_examples=False, description=HTTPStatus(status).phrase)
    }


def errors_of(handler: HTTPRouteHandler, path: str) -> list[int]:
    """The statuses of the problem documents that a handler may answer."""
    names = set(handler.parsed_fn_signature.parameters)
    reads = handler.http_methods <= {"GET", "HEAD"}
    statuses = _EVERYWHERE | (frozenset() if reads else _OF_WRITES)
    if "data" in names or "files" in handler.opt:
        statuses |= _OF_BODIES
    if names & {*SIGNED_IN, *STAFF}:
        statuses |= {401, 403}
    if "visitor" in names and not reads:
        statuses |= {403}
    if "{" in path:
        statuses |= {404}
    if is_limited(handler):
        statuses |= {429}
    if any(
        isinstance(guard, Limited) and guard.name == "auth" for guard in handler.resolve_guards()
    ):
        statuses |= {401}
    told = handler.responses or {}
    declared = {status for status, spec in told.items() if spec.data_container is Problem}
    return sorted((statuses | declared) - (told.keys() - declared))


def is_limited(handler: HTTPRouteHandler) -> bool:
    """Whether a limit applies to this handler."""
    has_limit = any(isinstance(guard, Limited) for guard in handler.resolve_guards())
    return has_limit or any(is_own_write(method, handler) for method in handler.http_methods)


def is_versioned(handler: HTTPRouteHandler) -> bool:
    """Whether a request must name the version it is based on (If-Match)."""
    return 428 in (handler.responses or {})
