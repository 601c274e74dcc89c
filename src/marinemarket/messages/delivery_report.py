"""Reports of mail servers about emails that they could not deliver (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from ..mail.failures import Refusal, refusal_of
from ..text import clean_line

_MOST_PARTS = 50
_MOST_RECIPIENTS = 50
_LONGEST_REASON = 200
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"<?[^\s<>,;:()\"']{1,200}@[^\s<>,;:()\"']{1,200}>?")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a report says: whether delivery was given up, what that says of the address, and why."""

    has_failed: bool
    refusal: Refusal
    reason: str


def delivery_report(raw: bytes) -> DeliveryReport | None:
    """The report in an email; None for one that holds none, such as an automatic reply.

    An email of ours has one recipient; of several in a report, one that failed counts.
    """
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    reports = [_report(fields) for fields in _recipients(message)]
    known = [report for report in reports if report is not None]
    return next((report for report in known if report.has_failed), known[0] if known else None)


def _recipients(message: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """The fields about each recipient in the parts of a message that are for machines."""
    found = 0
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS or found >= _MOST_RECIPIENTS:
            return
        blocks = part.get_payload()
        if part.get_content_type() != "message/delivery-status" or not isinstance(blocks, list):
            continue
        for block in blocks:
            if isinstance(block, Message) and _field(block, "Action"):
                found += 1
                yield block


def _report(fields: Message[Any, Any]) -> DeliveryReport | None:
    action = _field(fields, "Action").casefold()
    if action not in ("failed", "delayed"):
        return None
    diagnostic = _field(fields, "Diagnostic-Code").partition(";")[2].strip()
    found = _STATUS.search(_field(fields, "Status")) or _STATUS.search(diagnostic)
    status = found[0] if found else "5.0.0"
    has_failed = action == "failed" and not status.startswith("2")
    refusal = refusal_of(status) if has_failed else Refusal.OTHER
    return DeliveryReport(has_failed, refusal, _reason(status, diagnostic))


def _reason(status: str, diagnostic: str) -> str:
    """In words, without the addresses that servers like to repeat."""
    try:
        line = clean_line(re.sub(r"[<>]", " ", _ADDRESS.sub("…", diagnostic)))
    except ValueError:
        line = ""
    return f"{status} {line}".strip()[:_LONGEST_REASON]


def _field(fields: Message[Any, Any], name: str) -> str:
    try:
        return " ".join(str(fields.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""  # what the standard library's parser raises for malformed headers
