"""Security headers on every answer.

A script runs only with the answer's own nonce: ``<script nonce="{{ csp_nonce() }}" …>``.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from ...config.settings import Settings
from ...config.types import tiles_host
from .caching import add_caching, shared_seconds
from .rate_limits import add_limit_headers

_PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:{tiles}; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_BARE_POLICY = "default-src 'none'; frame-ancestors 'none'"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TWO_YEARS = "max-age=63072000; includeSubDomains"


def security_headers(settings: Settings) -> Callable[[Message, Scope], Awaitable[None]]:
    """Middleware that adds our headers to every answer that does not set them itself.

    HSTS is sent only by a site that is served over TLS.
    """
    # Tiles of the map are the one thing that may come from a host that the settings name.
    tiles = f" {tiles_host(settings.map_tiles)}" if settings.map_tiles else ""
    always = _ALWAYS | ({"Strict-Transport-Security": _TWO_YEARS} if settings.is_secure else {})

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in always.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", _policy(headers, scope, tiles))
        add_caching(headers, message["status"], scope)
        if shared_seconds(scope) is None or message["status"] >= 400:
            # What shared caches keep must not tell others how often one reader has asked.
            add_limit_headers(headers, scope)

    return add


def nonce_of(scope: Scope) -> str:
    """The nonce of the answer to this request, created on first use."""
    state: dict[str, Any] = scope["state"]
    return str(state.setdefault("csp_nonce", secrets.token_urlsafe(16)))


def csp_nonce(context: Mapping[str, Any]) -> str:
    """For templates: the nonce that a script tag must carry to run."""
    return nonce_of(context["request"].scope)


def _policy(headers: MutableScopeHeaders, scope: Scope, tiles: str) -> str:
    if headers.get("content-type", "").startswith("text/html"):
        return _PAGE_POLICY.format(nonce=nonce_of(scope), tiles=tiles)
    return _BARE_POLICY
