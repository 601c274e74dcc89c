"""Header fields of an email as text, however they are written: encoded words, raw bytes, or broken."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from ..charsets import decode

_LONGEST = 2_000
"""In characters: what a field says beyond it is not read."""


def field(message: Message, name: str) -> str:
    """A field of a message on one line; empty if there is none."""
    return decoded(raw_field(message, name))


def raw_field(message: Message, name: str) -> str:
    """A field as it was sent, on one line; bytes that are no ASCII as lone surrogates."""
    for known, value in message.raw_items():
        if known.lower() == name.lower():
            return " ".join(str(value)[:_LONGEST].split())
    return ""


def decoded(value: str) -> str:
    """A field, or a piece of one, with its encoded words decoded, and bytes that came as they are."""
    value = value[:_LONGEST]
    if not value.isascii():
        return decode(value.encode("utf-8", "surrogateescape")).strip()
    if "=?" not in value:
        return value.strip()
    try:
        # Some mailers put words into quotation marks, which then belong to the field and not to the words.
        pieces = decode_header(re.sub(r"\"(=\?[^\"\s]+\?=)\"", r"\1", value))
    except (HeaderParseError, ValueError):
        return value.strip()
    return "".join(
        decode(one, charset) if isinstance(one, bytes) else one for one, charset in pieces
    ).strip()


def fields(message: Message) -> set[str]:
    """The names of a message's fields, in lower case."""
    return {name.lower() for name in message}


def content_type(part: Message) -> str:
    """The type of a part, as `text/plain`, in lower case."""
    written = re.match(r"\s*([\w.+-]+/[\w.+-]+)", raw_field(part, "Content-Type"))
    return written[1].lower() if written else part.get_content_type()


def parameter(part: Message, name: str, of: str = "Content-Type") -> str:
    """A parameter of a field, such as the charset or the name of a file; empty if there is none."""
    try:
        value = part.get_param(name, "", of)
    except (ValueError, IndexError, TypeError, LookupError, AttributeError):
        value = ""  # what the standard library's parser raises for malformed fields
    if isinstance(value, tuple):
        value = collapse_rfc2231_value(value)
    if not value:
        found = re.search(rf"[;\s]{name}\s*=\s*\"?([^\s\";]+)", raw_field(part, of), re.IGNORECASE)
        value = found[1] if found else ""
    return decoded(value)


def file_name(part: Message) -> str:
    """The name of the file that a part is; empty if it has none."""
    return parameter(part, "filename", "Content-Disposition") or parameter(part, "name")


def disposition(part: Message) -> str:
    """`attachment`, `inline`, or what else a part says of how it is to be shown; empty for nothing."""
    written = re.match(r"\s*([\w-]+)", raw_field(part, "Content-Disposition"))
    return written[1].lower() if written else ""
