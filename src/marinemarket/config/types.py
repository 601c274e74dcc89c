"""Parsers for the values of some settings. Each raises ValueError with the rule that was broken."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from email.utils import getaddresses
from ipaddress import ip_address, ip_network
from typing import Annotated, Any

from pydantic import AfterValidator

MASTER_KEY_BYTES = 32


def networks_in(text: str) -> list[str]:
    """The networks in a list; IPv4 ones also in the form in which an IPv6 socket sees them."""
    try:
        named = [ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip()]
    except ValueError:
        raise ValueError("must be addresses or networks, separated by commas") from None
    mapped = [
        f"::ffff:{network.network_address}/{network.prefixlen + 96}"
        for network in named
        if network.version == 4
    ]
    return [*map(str, named), *mapped]


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


Origin = Annotated[
    str,
    _matches(
        r"https?://[^/\s]+",
        "must be an address such as https://boats.example or http://127.0.0.1:8000, without a path",
    ),
]
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
