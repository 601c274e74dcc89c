"""Who asks: handlers say in their signature whom they answer.

A session's secret comes as ``Authorization: Bearer``. Addresses are those of the connection: what
a request says of its own origin counts for nothing.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from ..accounts.sessions import SignedIn, signed_in
from ..audit.entry import LOCAL, Actor
from ..errors import NotSignedIn
from ..text import clean_line
from .given import GivenMarket

AnyRequest = Request[Any, Any, Any]

MaybeSignedIn = NamedDependency[SignedIn | None]
"""Whoever asks, or None for a visitor."""

GivenSignedIn = NamedDependency[SignedIn]
"""Whoever asks; without a valid session the answer is 401."""

GivenActor = NamedDependency[Actor]
"""Whoever asks, as the audit trail names them; without a valid session the answer is 401."""

_LONGEST_AGENT = 1000


async def _visitor(request: AnyRequest, market: GivenMarket) -> SignedIn | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return await signed_in(market.store, secret.strip(), market.clock())


def _somebody(visitor: MaybeSignedIn) -> SignedIn:
    if visitor is None:
        raise NotSignedIn
    return visitor


def _actor(request: AnyRequest, somebody: GivenSignedIn) -> Actor:
    agent = clean_line(request.headers.get("User-Agent", ""))[:_LONGEST_AGENT].strip()
    return Actor(
        user_id=somebody.user.id,
        user_email=somebody.user.email,
        ip_address=address_of(request),
        user_agent=agent or "none given",
        session_id=somebody.session.session_id,
    )


def address_of(request: AnyRequest) -> str:
    """The address at the other end of the connection; LOCAL where it has none."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return LOCAL
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


ACCESS = {
    "visitor": Provide(_visitor),
    "somebody": Provide(_somebody, sync_to_thread=False),
    "actor": Provide(_actor, sync_to_thread=False),
}
