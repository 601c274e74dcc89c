"""The problem documents of each status, described once for all operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..api.answers.problem_documents import InvalidProblem, OutdatedProblem, Problem
from .headers import FIELDS

_TOLD: dict[int, tuple[str, str, str]] = {
    400: ("BadRequest", "The request cannot be read: no JSON, a name twice, nested too deep.", "Bad Request"),
    401: ("Unauthorized", "There is no valid session, or the password or code is wrong.", "Please sign in"),
    403: ("Forbidden", "Signed in, but not allowed; or a write by cookie without its CSRF token.", "Not allowed"),
    404: ("NotFound", "It does not exist, or you may not see it.", "Not found"),
    408: ("RequestTimeout", "The body did not arrive in time.", "Request Timeout"),
    409: ("Conflict", "The market's rules forbid it as things stand.", "Not possible as things stand"),
    412: ("PreconditionFailed", "It has changed since the version that was named.", "Changed meanwhile"),
    413: ("ContentTooLarge", "The body is larger than the market takes.", "Request Entity Too Large"),
    414: ("URITooLong", "The address is longer than the market takes.", "Request-URI Too Long"),
    415: ("UnsupportedMediaType", "The body is of a type that is not taken here.", "Unsupported Media Type"),
    422: ("UnprocessableContent", "Some fields break rules; nothing was written.", "Some fields need attention"),
    428: ("PreconditionRequired", "`If-Match` must name the version that this is based on.", "Which version?"),
    429: ("TooManyRequests", "More often than the market's limit allows.", "Too many requests"),
    431: ("HeadersTooLarge", "More headers, or longer ones, than the market takes.", "Request Header Fields Too Large"),
    500: ("InternalServerError", "An error of the market's own, which has been logged.", "Something went wrong"),
    503: ("ServiceUnavailable", "A part of the market is busy or away; try again.", "Not available at the moment"),
    507: ("InsufficientStorage", "The disk is full; nothing was written.", "No room left for writing"),
}  # fmt: skip

_HEADERS = {
    401: ("WWW-Authenticate",),
    412: ("ETag",),
    429: ("Retry-After", "RateLimit-Policy", "RateLimit"),
    503: ("Retry-After",),
}


def model_of(status: int) -> type[Problem]:
    """The model of a status's problem document."""
    if status == 422:
        return InvalidProblem
    return OutdatedProblem if status == 412 else Problem


MODELS = (Problem, InvalidProblem, OutdatedProblem)


def reference_to(status: int) -> dict[str, str]:
    """The response of a status. Raises TypeError for one that is not described here."""
    if status not in _TOLD:
        raise TypeError(f"{__name__} does not describe {status}")
    return {"$ref": f"#/components/responses/{_TOLD[status][0]}"}


def problem_responses(schema_of: Callable[[type[Problem]], dict[str, Any]]) -> dict[str, Any]:
    """All of them, for the document's components."""
    return {
        name: {
            "description": text,
            "headers": {
                field: FIELDS[field] | {"required": False} for field in _HEADERS.get(status, ())
            },
            "content": {
                "application/problem+json": {
                    "schema": schema_of(model_of(status)),
                    "example": _example(status, title),
                }
            },
        }
        for status, (name, text, title) in _TOLD.items()
    }


def _example(status: int, title: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": "",
        "requestId": "0f8fad5b",
    }
    if status == 422:
        document["detail"] = "price: must be at least 100"
        document["errors"] = [{"field": "price", "message": "must be at least 100"}]
    return document
