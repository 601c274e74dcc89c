"""Parsing an email to a relay address: who sent it, whether a program did, and its new text.

`email_body` turns its parts into one text, and `reply_text` takes the new text out of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from hashlib import sha256

from .automatic_mail import is_automatic
from .email_body import Sealed, body_of
from .inquiry import MOST_LEFT_OUT
from .mail_headers import decoded, field, raw_field
from .reply_text import HIDDEN, Background, new_text

LARGEST_MAIL = 10 * 1024 * 1024
"""In bytes; attachments, which are not forwarded, may account for most of it."""

_MOST_BOUNDARIES = 5_000
_MOST_MULTIPARTS = 100
_LONGEST_TYPE = 10_000
"""An email with more was written to hold its reader up, and only its header is read."""


_TYPE = re.compile(
    rb"^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """A parsed email to a relay address.

    `sender` is the address in From, in lower case; empty unless there is exactly one. `text` is its new
    text; `full_text` is empty unless something was cut, see `reply_text`. `fingerprint` is
    the same when the email is delivered again. `is_automatic`: a program wrote it, or it bounced.
    `sealed`: why its words cannot be read, if they are encrypted or enclosed in a signature.
    """

    sender: str
    text: str
    full_text: str
    left_out: int
    fingerprint: str
    is_automatic: bool
    sealed: Sealed | None = None


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
    message = _parsed(raw)
    sender = _sender(message)
    body = body_of(message)
    names = (*background.names, *_names(message))
    reply = new_text(body.text, replace(background, names=names, is_marked=body.is_rich))
    hidden = sorted({sender, *hiding} - {""}, key=len, reverse=True)
    return ParsedEmail(
        sender=sender,
        text=_hiding(reply.words, hidden),
        full_text=_hiding(reply.full_text, hidden),
        left_out=min(body.left_out, MOST_LEFT_OUT),
        fingerprint=_fingerprint(message, raw),
        is_automatic=is_automatic(message, envelope_from, reply.words),
        sealed=body.sealed,
    )


def _sender(message: Message) -> str:
    found = {
        address.casefold()
        for _, address in getaddresses([raw_field(message, "From")])
        if "@" in address
    }
    return found.pop() if len(found) == 1 else ""


def _names(message: Message) -> list[str]:
    """How the sender calls themselves, by name or in the address."""
    found = getaddresses([raw_field(message, "From")])
    return [one for name, at in found for one in (decoded(name), at.partition("@")[0]) if one]


def _hiding(text: str, addresses: Iterable[str]) -> str:
    for address in addresses:
        text = re.sub(re.escape(address), HIDDEN, text, flags=re.IGNORECASE)
    return text


def _fingerprint(message: Message, raw: bytes) -> str:
    id = field(message, "Message-ID")
    return sha256(id.encode("utf-8", "replace") if id else raw).hexdigest()


def _parsed(raw: bytes) -> Message:
    if (
        raw.count(b"\n--") > _MOST_BOUNDARIES
        or raw.lower().count(b"multipart/") > _MOST_MULTIPARTS
        or any(len(one[0]) > _LONGEST_TYPE for one in _TYPE.finditer(raw))
    ):
        message = BytesHeaderParser().parsebytes(raw)
        del message["Content-Type"], message["Content-Disposition"]
        message.set_payload("")
        return message
    return message_from_bytes(raw)
