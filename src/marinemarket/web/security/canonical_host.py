"""One host name: what was asked for under another is redirected to the market's public address.

Sessions and passkeys belong to one name, so that under another, such as ``www.``, nobody can sign in.
Only a market whose PUBLIC_URL is set redirects, and never to anywhere else.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from litestar.types import ASGIApp, Receive, Scope, Send

from ...config.settings import Settings

_EXEMPT = ("/health/", "/api/v1/health/", "/metrics")
"""Asked by machines beside this one, under whatever name they know it."""
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"via")
_PATH_SIGNS = "/:@!$&'()*+,;=~%-._"


def redirecting_other_hosts(app: ASGIApp, settings: Settings) -> ASGIApp:
    """The application, redirecting (308) requests for other host names to the market's own."""
    if "public_url" not in settings.model_fields_set:
        return app
    site = settings.public_url
    own = urlsplit(site).hostname or ""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http" and _is_elsewhere(scope, own):
            await _redirect(f"{site}{_target(scope)}", send)
        else:
            await app(scope, receive, send)

    return answer


def _is_elsewhere(scope: Scope, own: str) -> bool:
    host = _host(scope)
    if not host or host == own or str(scope["path"]).startswith(_EXEMPT):
        return False
    if _is_internal(host):
        # A name from a network of one's own. If a web server in front passes its own name for us
        # instead of the visitor's, redirecting would never end.
        return False
    is_address = _address(host) is not None
    is_forwarded = any(name in _FORWARDED for name, _ in scope["headers"])
    return not (is_address and is_forwarded)


def _host(scope: Scope) -> str:
    """The host name in the request; empty if there is none, or no valid one."""
    named = [value for name, value in scope["headers"] if name == b"host"]
    try:
        return (urlsplit(f"//{named[-1].decode('latin-1')}").hostname or "") if named else ""
    except ValueError:
        return ""


def _is_internal(host: str) -> bool:
    """Whether this is a bare name such as ``web``, which no visitor can use."""
    return "." not in host and ":" not in host and host != "localhost"


def _address(host: str) -> object | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _target(scope: Scope) -> str:
    """The path and query as they were asked for, in signs that a header may hold."""
    raw = scope.get("raw_path") or str(scope["path"]).encode()
    path = quote(raw.partition(b"?")[0], safe=_PATH_SIGNS)
    query = quote(scope["query_string"], safe=f"{_PATH_SIGNS}?[]|")
    return f"/{path.lstrip('/')}" + (f"?{query}" if query else "")


async def _redirect(address: str, send: Send) -> None:
    headers = [
        (b"location", address.encode("ascii")),
        (b"cache-control", b"private, no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
