"""Extracting the reply from an email: only its new text.

Quoted emails, signatures and the sender's own address are removed. This follows customs rather than a
standard: what is not recognised stays, since a line too many does less harm than one too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from hashlib import sha256
from html.parser import HTMLParser

from .inquiry import MOST_LEFT_OUT
from .notifications import MARK

LARGEST_MAIL = 10 * 1024 * 1024
"""In bytes; attachments, which are not forwarded, may account for most of it."""
_LONGEST_TEXT = 100_000
_MOST_PARTS = 200

_QUOTE_BEGINS = re.compile(
    r"""^\s*(?:
      >.*
    | -{2,}\s*(?:original\ message|forwarded\ message|ursprüngliche\ nachricht)\s*-{2,}
    | -{2,}\s*(?:message\ d'origine|mensaje\ original)\s*-{2,}
    | _{10,}
    | (?:on|le|el|il|op)\b.{0,200}\b(?:wrote|écrit|escribió|scritto)\s?:?\s*
    | (?:am|op)\b.{0,200}\b(?:schrieb|schreef)\b.{0,120}:\s*
    | (?:from|von|de|van):\s.{0,200}(?:@|\[mailto:).{0,200}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTION = re.compile(
    r"^(?:on|le|el|il|am|op)\b.{5,250}\b(?:wrote|écrit|escribió|scritto|schrieb|schreef)\b.{0,120}:$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:--\s?|sent from (?:my|outlook|yahoo|mail)\b.{0,60}|get outlook for .{0,40}|von meinem \S.{0,40} gesendet)$",
    re.IGNORECASE,
)
_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})
HIDDEN = "[address]"


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """A parsed email to a relay address.

    `sender` is the address in From, in lower case; empty unless there is exactly one. `fingerprint` is
    the same when the email is delivered again. `is_automatic`: a program wrote it, or it bounced.
    """

    sender: str
    text: str
    left_out: int
    fingerprint: str
    is_automatic: bool


def parse_email(
    raw: bytes, *, envelope_from: str | None, hiding: Iterable[str] = ()
) -> ParsedEmail:
    """Parse a raw email. `envelope_from` is the envelope sender, None if unknown.

    The addresses in `hiding` and the sender's own are removed from the text.
    """
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    assert isinstance(message, EmailMessage)
    sender = _sender(message)
    text, left_out = _text_and_rest(message)
    words = cut(text[:_LONGEST_TEXT])
    for address in sorted({sender, *hiding} - {""}, key=len, reverse=True):
        words = re.sub(re.escape(address), HIDDEN, words, flags=re.IGNORECASE)
    return ParsedEmail(
        sender=sender,
        text=words,
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


def _text_and_rest(message: EmailMessage) -> tuple[str, int]:
    """An email's text, from HTML if there is no other, and its number of attachments."""
    plain: list[str] = []
    rich: list[str] = []
    left_out = 0
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            break
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in (
            "text/plain",
            "text/html",
        ):
            left_out += 1
        else:
            (plain if kind == "text/plain" else rich).append(_content(part))
    text = "\n".join(plain)
    return (text if text.strip() else "\n".join(map(_from_html, rich))), left_out


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


class _Words(HTMLParser):
    """The text of an HTML page, one line per block, without quoted parts."""

    _BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "hr"})
    _SILENT = frozenset({"style", "script", "head", "title", "blockquote"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self._SILENT
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self._SILENT))
        if tag in ("p", "div"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _from_html(page: str) -> str:
    words = _Words()
    words.feed(page[: 10 * _LONGEST_TEXT])
    words.close()
    return re.sub(r"\n\s*\n+", "\n\n", "".join(words.parts)).strip()


def cut(text: str) -> str:
    """The new text of a reply, without the quoted original and the signature."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if MARK.casefold() in line.casefold():
            # In any language: the line above our email says who wrote it.
            while kept and (not kept[-1].strip() or kept[-1].rstrip().endswith(":")):
                kept.pop()
            break
        if _SIGNATURE.match(line.strip()):
            break
        # The line that introduces a quotation is often wrapped.
        both = f"{line.strip()} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
        begins = _QUOTE_BEGINS.match(line) or (line.strip() and _attribution(both))
        if begins and not _answered_below(lines[number:]):
            break
        kept.append(line)
    new = (one for one in kept if not one.lstrip().startswith(">") and not _attribution(one))
    return "\n".join(new).strip()


def _attribution(line: str) -> bool:
    return _ATTRIBUTION.match(line) is not None


def _answered_below(lines: list[str]) -> bool:
    """Is there new text between or below quoted lines, and none of our markers among them?"""
    if any(MARK.casefold() in line.casefold() for line in lines):
        return False
    if not any(line.lstrip().startswith(">") for line in lines):
        return False
    # The line that introduces a quotation may be wrapped.
    begins_in_one = lines[0].lstrip().startswith(">") or _QUOTE_BEGINS.match(lines[0])
    below = lines[1:] if begins_in_one or _attribution(lines[0]) else lines[2:]
    new = [one for one in below if one.strip() and not one.lstrip().startswith(">")]
    return any(not _attribution(one) and not _QUOTE_BEGINS.match(one) for one in new)
