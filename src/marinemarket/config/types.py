"""Parsers for the values of some settings. Each raises ValueError with the rule that was broken."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import AfterValidator

MASTER_KEY_BYTES = 32

_WIDEST = {4: 8, 6: 16}
"""The shortest prefixes of networks whose forwarded addresses can be trusted, by version of IP."""
_MAPPED = IPv6Network("::ffff:0:0/96")
"""All of IPv4, as an IPv6 socket sees it."""


def networks_in(text: str) -> list[str]:
    """The networks in a list; IPv4 ones also in the form in which an IPv6 socket sees them."""
    try:
        named = [ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip()]
    except ValueError:
        raise ValueError("must be addresses or networks, separated by commas") from None
    if too_wide := next((network for network in named if _is_too_wide(network)), None):
        raise ValueError(
            f"must not trust nearly every address, as {too_wide} does: "
            "anyone could then pass for any visitor"
        )
    mapped = [
        f"::ffff:{network.network_address}/{network.prefixlen + 96}"
        for network in named
        if network.version == 4
    ]
    return [*map(str, named), *mapped]


def _is_too_wide(network: IPv4Network | IPv6Network) -> bool:
    """Wider than any provider's networks; private ones may be as wide as they are."""
    if network.version == 6 and network.subnet_of(_MAPPED):
        return network.prefixlen - _MAPPED.prefixlen < _WIDEST[4]
    if network.version == 6 and network.supernet_of(_MAPPED):
        return True
    if network.is_private:
        return False
    return network.prefixlen < _WIDEST[network.version]


def mail_server_in(text: str) -> SplitResult:
    """The address of a mail server, in its parts."""
    rule = "must be smtp://… or smtps://… with a host"
    try:
        parts = urlsplit(text)
        has_port = parts.port != 0
    except ValueError:
        raise ValueError(rule) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not has_port:
        raise ValueError(rule)
    if parts.path.strip("/") or parts.fragment:
        raise ValueError(f"{rule}, and /, ? and # in a password written as %2F, %3F and %23")
    try:
        options = parse_qs(parts.query, strict_parsing=bool(parts.query), keep_blank_values=True)
    except ValueError:
        options = {"": []}
    if options.keys() - {"starttls"}:
        raise ValueError("can be followed by ?starttls=always or ?starttls=never, and nothing else")
    if options.get("starttls", ["always"]) not in (["always"], ["never"], [""]):
        raise ValueError("starttls is always or never")
    return parts


def place_in(text: str) -> str:
    """A folder, or a bucket."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", text)
    if scheme is not None and not text.startswith("s3://"):
        raise ValueError("must be a folder, or s3://bucket/prefix")
    return text


def origin_in(text: str) -> str:
    """A scheme and a host, perhaps with a user and a port."""
    if not re.fullmatch(r"https?://[^/\s]+", text):
        raise ValueError(
            "must be an address such as https://boats.example or http://127.0.0.1:8000, without a path"
        )
    try:
        is_reachable = bool(urlsplit(text).hostname) and urlsplit(text).port != 0
    except ValueError:
        is_reachable = False
    if not is_reachable:
        raise ValueError("must be a scheme and a host, optionally a port, and nothing else")
    return text


def sender_in(text: str) -> tuple[str, str]:
    found = getaddresses([text]) if text.isprintable() else []
    if len(found) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+", found[0][1]):
        raise ValueError("must be one sender, such as Our Market <mail@market.example>")
    return found[0]


def loopback_in(text: str) -> tuple[str, int]:
    """A loopback address and a port."""
    host, _, port = text.rpartition(":")
    try:
        is_loopback = ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback or not port.isdecimal() or not int(port) < 65536:
        raise ValueError("must be a loopback address and a port, such as 127.0.0.1:2525")
    return host.strip("[]"), int(port)


def keys_in(text: str) -> list[bytes]:
    try:
        keys = [b64decode(part.strip(), altchars=b"-_", validate=True) for part in text.split(",")]
    except ValueError:
        raise ValueError("must be keys in base64, separated by commas") from None
    if any(len(key) != MASTER_KEY_BYTES for key in keys):
        raise ValueError(f"must be keys of {MASTER_KEY_BYTES} bytes each")
    return keys


def tiles_host(template: str) -> str:
    """The host of a map's tiles, as a content security policy names it: ``https://*.tiles.example``.

    Raises ValueError for anything but a tile address template.
    """
    found = re.fullmatch(r"(https?)://(\{s\}\.)?([A-Za-z0-9.-]+(?::\d+)?)/[^\s'\";,<>]*", template)
    if found is None or not all(part in template for part in ("{z}", "{x}", "{y}")):
        raise ValueError(
            "must be an address with {z}, {x} and {y}, such as https://host/{z}/{x}/{y}.png"
        )
    scheme, any_of, host = found.groups()
    return f"{scheme}://{'*.' if any_of else ''}{host}"


# -- Kinds of setting, for fields ---------------------------------------------------------------


def _read_by(reader: Callable[[str], Any]) -> AfterValidator:
    """A text that the reader can parse, kept as it was set."""

    def check(text: str) -> str:
        reader(text)
        return text

    return AfterValidator(check)


def _matches(pattern: str, rule: str) -> AfterValidator:
    """A text of this form. The rule says so in words, since a pattern is no help to operators."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(rule)
        return text

    return AfterValidator(check)


Origin = Annotated[str, _read_by(origin_in)]
MailServer = Annotated[str, _read_by(mail_server_in)]
StoragePlace = Annotated[str, _read_by(place_in)]
Language = Annotated[
    str,
    _matches(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", "must be the code of a language, such as en or pt-BR"),
]
Prefix = Annotated[
    str,
    _matches(
        r"[A-Za-z0-9_.-]{0,100}",
        "must be at most 100 letters, digits, dots, hyphens and underscores",
    ),
]
Networks = Annotated[str, _read_by(networks_in)]
MasterKeys = Annotated[str, _read_by(keys_in)]
Tiles = Annotated[str, _read_by(tiles_host)]
Loopback = Annotated[str, _read_by(loopback_in)]
Domain = Annotated[
    str,
    _matches(
        r"[A-Za-z0-9]([A-Za-z0-9.-]{0,180}[A-Za-z0-9])?",
        "must be a domain, such as mail.boats.example",
    ),
    AfterValidator(str.lower),
]
