"""The text of an email: one text out of its parts, and how many attachments it has."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html.parser import HTMLParser

LONGEST_TEXT = 100_000
"""In characters; what an email says beyond it is not read."""
_MOST_PARTS = 200


def text_and_attachments(message: EmailMessage) -> tuple[str, int]:
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
    text = text if text.strip() else "\n".join(map(_from_html, rich))
    return text[:LONGEST_TEXT], left_out


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
    words.feed(page[: 10 * LONGEST_TEXT])
    words.close()
    return re.sub(r"\n\s*\n+", "\n\n", "".join(words.parts)).strip()
