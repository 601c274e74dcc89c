"""The From header: the name that people see, which never holds an address and loses no space."""

from __future__ import annotations

import re
import unicodedata
from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueAddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, default
from email.utils import formataddr
from typing import Any, cast

from ..text import clean_line

_SEEN_WIDTH = 75
"""RFC 2047: the longest encoded word."""


def without_addresses(name: str) -> str:
    """A name without the words that are, or look like, an email address."""
    kept = [
        word for word in clean_line(name).split() if "@" not in unicodedata.normalize("NFKC", word)
    ]
    return re.sub(r"^[\W_]+$", "", " ".join(kept))


class _WholeName(UniqueAddressHeader):
    """An address header whose name arrives as it was written.

    The library's own folding loses a space between two encoded words, and the quotes around a name
    that is folded within them, so that what is in brackets becomes a comment.
    """

    def fold(self, *, policy: Any) -> str:
        header: Any = self
        [address] = header.addresses
        # An ASCII name that looks like an encoded word would be decoded by many programs.
        if address.display_name.isascii() and "=?" not in address.display_name:
            whole = formataddr((address.display_name, address.addr_spec))
            return f"{header.name}: {whole}{policy.linesep}"
        name = Header(
            address.display_name, "utf-8", maxlinelen=_SEEN_WIDTH, header_name=header.name
        ).encode(linesep=policy.linesep)
        return f"{header.name}: {name}{policy.linesep} <{address.addr_spec}>{policy.linesep}"


def message_policy() -> EmailPolicy[EmailMessage]:
    """The policy of an outgoing email."""
    registry = HeaderRegistry()
    registry.map_to_type(
        "from", cast("Any", _WholeName)
    )  # the library makes whole classes of these
    return default.clone(header_factory=registry)
