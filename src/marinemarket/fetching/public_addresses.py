"""Which addresses on the internet may be asked: public ones, and no detours into a private network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address

PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 2000
_UNICAST: Final = IPv6Network("2000::/3")
_DETOURS: Final = tuple(
    map(
        IPv6Network,
        # IPv4 inside IPv6: mapped, compatible, NAT64 (also local), 6to4, Teredo. Which host they reach
        # depends on the network, and none is how a public web server is addressed.
        ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)


class Forbidden(ValueError):
    """An address that must not be asked; the message says why, in words for whoever named it."""


def is_public(address: Address) -> bool:
    """Is this the address of a host on the public internet?"""
    if isinstance(address, IPv6Address) and (
        address.scope_id is not None
        or address not in _UNICAST
        or any(address in network for network in _DETOURS)
    ):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def checked_url(url: str, *, secure: bool = False) -> SplitResult:
    """The parts of an address that may be asked, as far as it tells itself; `secure` demands https.

    Raises Forbidden.
    """
    if len(url) > _LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise Forbidden("is no address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("is no address") from None
    if parts.scheme not in PORTS:
        raise Forbidden("must start with https:// or http://")
    if secure and parts.scheme != "https":
        raise Forbidden("leads from https:// to http://")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("must not hold a name or password")
    if not parts.hostname:
        raise Forbidden("names no host")
    if port not in (None, PORTS[parts.scheme]):
        raise Forbidden("must not name a port")
    return parts


def checked_addresses(
    found: Iterable[str], allows: Callable[[Address], bool] = is_public
) -> list[Address]:
    """A host's addresses, in order, if all of them may be asked. Raises Forbidden.

    One private address among public ones is how a name is made to lead inside, so it forbids all.
    """
    addresses = [ip_address(text) for text in dict.fromkeys(found)]
    if not addresses:
        raise Forbidden("leads to no host")
    if not all(map(allows, addresses)):
        raise Forbidden("leads to a private network")
    return addresses
