"""The OpenAPI document of a market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from ... import __version__
from ...config.settings import Settings
from ..security.cookies import session_name
from .examples import EXAMPLES
from .operations import Operation
from .problem_responses import MODELS, problem_responses
from .schemas import components
from .tags import TAGS

_ABOUT = """\
Names are in camelCase. Money is in US cents, lengths in feet, weights in pounds, distances in statute
miles. The times of a listing are Unix milliseconds; all others are ISO 8601 in UTC with milliseconds.

Sign in with `POST /api/v1/auth/login`, and send the session's token as `Authorization: Bearer`. A browser
sends the session's cookie instead; its writes also need the `X-CSRF-Token` that the sign-in and `GET
/api/v1/me` answer.

An error is a problem document (RFC 9457); one of status 422 lists every broken rule with its field. An
unknown field is an error. A write to a listing names the version it is based on in `If-Match`. A creating
request may carry an `Idempotency-Key`, and then is carried out once however often it is sent. Lists come in
pages: send `next` as `after` to get the next one."""


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def document_of(app: Litestar, settings: Settings) -> dict[str, Any]:
    """The document, as JSON values. Raises TypeError for a handler that does not describe itself."""
    operations = [*operations_of(app)]
    wanted = [pair for one in operations for pair in one.models()]
    wanted += [(model, "serialization") for model in MODELS]
    shown, named = components(wanted)
    paths: dict[str, Any] = {}
    for one in operations:
        described = one.describe(lambda kind, direction: shown[kind, direction])
        paths.setdefault(one.path, {})[one.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.market_name} API",
            "version": __version__,
            "summary": "Boats for sale: search, listings, messages and moderation.",
            "description": _ABOUT,
        },
        "servers": [{"url": "/", "description": "This market."}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: part | _examples(name) for name, part in named.items()},
            "responses": problem_responses(lambda model: shown[model, "serialization"]),
            "securitySchemes": _security_schemes(settings),
        },
    }


def operations_of(app: Litestar) -> Iterator[Operation]:
    """Every operation that the document describes."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        by_method = {
            str(method): one for one in route.route_handlers for method in one.http_methods
        }
        for method in _METHODS:
            if method in by_method and _is_described(by_method[method], route):
                yield Operation(by_method[method], route, method)


def _is_described(handler: HTTPRouteHandler, route: HTTPRoute) -> bool:
    return bool(
        f"{route.path}/".startswith(("/api/", "/health/", "/metrics/"))
        and handler.resolve_include_in_schema()
    )


def _examples(name: str) -> dict[str, Any]:
    return {"examples": [EXAMPLES[name]]} if name in EXAMPLES else {}


def _security_schemes(settings: Settings) -> dict[str, Any]:
    return {
        "sessionToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a session, as signing in answers it.",
        },
        "sessionCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": session_name(settings),
            "description": "The session's cookie, as signing in sets it.",
        },
        "csrfToken": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRF-Token",
            "description": "What every write with the cookie must carry: `csrfToken` of the answer "
            "to signing in, or of `GET /api/v1/me`.",
        },
    }
