"""The new text of a reply, out of an email's whole text: without what it quotes, and without its signature.

This follows customs rather than a standard: what is not recognised stays, since a line too many does
less harm than one too few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .notifications import MARK

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


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The new text of an email."""

    words: str


def new_text(text: str) -> ReplyText:
    """Tell the new text of a reply from the rest of it."""
    return ReplyText(cut(text))


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
