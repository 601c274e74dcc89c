"""Headers that every answer carries, so that a browser holds the pages to what they need."""

from __future__ import annotations

from typing import Any

from litestar import Response

_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' https:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def with_headers(response: Response[Any]) -> Response[Any]:
    """The answer with our headers, where it has none of its own by that name."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    return response
