"""Parsing an email to a relay address: who sent it, whether a program did, and its new text.

`email_body` turns its parts into one text, and `reply_text` takes the new text out of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from hashlib import sha256

from .email_body import text_and_attachments
from .inquiry import MOST_LEFT_OUT
from .reply_text import HIDDEN, Background, new_text

LARGEST_MAIL = 10 * 1024 * 1024
"""In bytes; attachments, which are not forwarded, may account for most of it."""

_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """A parsed email to a relay address.

    `sender` is the address in From, in lower case; empty unless there is exactly one. `text` is its new
    text; `whole` is empty unless something was cut, see `reply_text`. `fingerprint` is
    the same when the email is delivered again. `is_automatic`: a program wrote it, or it bounced.
    """

    sender: str
    text: str
    whole: str
    left_out: int
    fingerprint: str
    is_automatic: bool


def parse_email(
    raw: bytes,
    *,
    envelope_from: str | None,
    hiding: Iterable[str] = (),
    background: Background = Background(),  # noqa: B008 - it does not change
) -> ParsedEmail:
    """Parse a raw email. `envelope_from` is the envelope sender, None if unknown.

    The addresses in `hiding` and the sender's own are removed from the text.
    """
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    assert isinstance(message, EmailMessage)
    sender = _sender(message)
    text, left_out = text_and_attachments(message)
    names = (*background.names, *_names(message))
    reply = new_text(text, replace(background, names=names))
    hidden = sorted({sender, *hiding} - {""}, key=len, reverse=True)
    return ParsedEmail(
        sender=sender,
        text=_hiding(reply.words, hidden),
        whole=_hiding(reply.whole, hidden),
        left_out=min(left_out, MOST_LEFT_OUT),
        fingerprint=_fingerprint(message, raw),
        is_automatic=_is_automatic(message, envelope_from),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; empty if it cannot be parsed."""
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""  # what the standard library's parser raises for malformed headers


def _sender(message: EmailMessage) -> str:
    found = [address for _, address in getaddresses([_header(message, "From")]) if address]
    return found[0].casefold() if len(found) == 1 and "@" in found[0] else ""


def _names(message: EmailMessage) -> list[str]:
    """How the sender calls themselves, by name or in the address."""
    found = getaddresses([_header(message, "From")])
    return [one for name, address in found for one in (name, address.partition("@")[0]) if one]


def _hiding(text: str, addresses: Iterable[str]) -> str:
    for address in addresses:
        text = re.sub(re.escape(address), HIDDEN, text, flags=re.IGNORECASE)
    return text


def _fingerprint(message: EmailMessage, raw: bytes) -> str:
    id = _header(message, "Message-ID")
    return sha256(id.encode("utf-8", "replace") if id else raw).hexdigest()


def _is_automatic(message: EmailMessage, envelope_from: str | None) -> bool:
    return_path = _header(message, "Return-Path")
    came_from = return_path if envelope_from is None else envelope_from
    submitted = _header(message, "Auto-Submitted").casefold()
    return (
        came_from.strip() in ("<>",) + (("",) if envelope_from is not None else ())
        or submitted not in ("", "no")
        or _header(message, "Precedence").casefold() in _MACHINES
        or message.get_content_type() == "multipart/report"
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or _header(message, "X-Auto-Response-Suppress").casefold() == "all"
    )
