"""Rate limits, declared on a handler: ``guards=[limited("auth")]``.

Sign-in, search, inquiries and reports are counted by address (IPv6 by /64, since one customer
usually has a whole /64); writes and uploads by user, or by address without a session. Counters
store keyed hashes. Answers carry the header fields of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Literal

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Scope

from ...composition import Market
from ...config.rate_limit import Limit
from ...errors import TooMany
from .access import SAFE, address_of, openness_of, visitor_of
from .rate_limit_store import RateLimitState, RateLimitStore

LimitName = Literal["auth", "search", "writes", "media", "inquiries", "reports"]

_BY_USER = frozenset({"writes", "media"})


@dataclass(frozen=True, slots=True)
class Limited:
    """A guard that counts requests and refuses with 429 once the named limit is reached."""

    name: LimitName

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        market: Market = connection.app.state.market
        limit = market.settings.limit(self.name)
        if limit is None:
            return
        request: Request[Any, Any, Any] = Request(connection.scope, connection.receive)
        key = _key(self.name, limit, await self._whose(request, market), market.secret_key)
        counters: RateLimitStore = connection.app.state.counters
        standing = counters.take(key, limit)
        if standing is None:
            return
        connection.scope["state"]["rate_limit"] = _headers(self.name, limit, standing)
        if not standing.is_admitted:
            raise TooMany(standing.seconds)

    async def _whose(self, request: Request[Any, Any, Any], market: Market) -> str:
        if self.name in _BY_USER:
            await visitor_of(request, market)
            if user := request.scope["state"].get("user_id"):
                return f"user {user}"
        return network_of(address_of(request))


def limited(name: LimitName) -> Limited:
    """The guard for the limit of that name (settings ``LIMIT_…``)."""
    return Limited(name)


async def limit_own_writes(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """The application's guard: every write by a signed-in user counts as a write."""
    if is_own_write(str(connection.scope.get("method")), handler):
        await Limited("writes")(connection, handler)


def is_own_write(method: str, handler: BaseRouteHandler) -> bool:
    """Whether this is a write that requires a session.

    So do staff views and the data export, because each adds an audit entry.
    """
    openness = openness_of(handler) if isinstance(handler, HTTPRouteHandler) else None
    if openness is None or openness.is_open:
        return False
    leaves_entry = openness.permission is not None or handler.opt.get("leaves_entry") is True
    return method not in SAFE or leaves_entry


def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), 64), strict=False))
    return address


def add_limit_headers(headers: MutableScopeHeaders, scope: Scope) -> None:
    """Add the state of its limit to an answer, if its handler is limited."""
    for name, value in scope.get("state", {}).get("rate_limit", {}).items():
        headers[name] = value


def _key(name: str, limit: Limit, whose: str, secret: str) -> bytes:
    message = f"{name} {limit.most}/{limit.seconds} {whose}"
    return blake2b(message.encode(), key=secret.encode()[:64], digest_size=16).digest()


def _headers(name: str, limit: Limit, standing: RateLimitState) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"{name}";q={limit.most};w={limit.seconds}',
        "RateLimit": f'"{name}";r={standing.remaining};t={standing.seconds}',
    }
