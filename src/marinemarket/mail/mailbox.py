"""The folder of saved emails, for anybody who tries the market on their own machine."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from ..i18n.dates import at_moment


@dataclass(frozen=True, slots=True)
class SavedEmail:
    """An email saved in the folder. `date` is in the site's language."""

    id: str
    to: str
    subject: str
    date: str
    text: str


def saved_emails(folder: Path, *, most: int = 50) -> list[SavedEmail]:
    """The emails in a folder, newest first."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files[:most]]


def find_saved_email(folder: Path, id: str) -> SavedEmail | None:
    """One email of a folder, by its id."""
    if not re.fullmatch(r"[0-9a-f-]{36}", id) or not (folder / f"{id}.eml").is_file():
        return None
    return _read(folder / f"{id}.eml")


def remove_saved_emails(folder: Path, ids: Collection[str], mentions: Collection[str]) -> int:
    """Remove emails: those with these ids, and those that mention any of these texts."""
    removed = 0
    looked_for = [text.casefold() for text in mentions]
    for file in folder.glob("*.eml"):
        if file.stem in ids or _mentions(file, looked_for):
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def remove_unfinished(folder: Path, *, older_than: int = 3600) -> None:
    """Remove what a process that was killed has left of an email; `older_than` is in seconds."""
    for file in folder.glob(".*"):
        if file.is_file() and time.time() - file.stat().st_mtime > older_than:
            file.unlink(missing_ok=True)


def _mentions(file: Path, looked_for: Collection[str]) -> bool:
    try:
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    except FileNotFoundError:
        return False
    heads = " ".join(str(value) for value in message.values())
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    bodies = [str(part.get_content()) for part in parts if isinstance(part, EmailMessage)]
    text = " ".join([heads, *bodies]).casefold()
    return any(one in text for one in looked_for)


def _read(file: Path) -> SavedEmail:
    message = email.message_from_bytes(file.read_bytes(), EmailMessage, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return SavedEmail(
        id=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=_date_of(message),
        text=body.get_content() if body else "",
    )


def _date_of(message: EmailMessage) -> str:
    sent = message["Date"].datetime if message["Date"] else None
    return at_moment(int(sent.timestamp() * 1000)) if sent else ""
