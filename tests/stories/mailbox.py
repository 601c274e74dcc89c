"""What somebody finds in their mail: the letters that the market has sent to their addresses."""

from __future__ import annotations

import email
import email.policy
import html
import re
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Letter:
    """One email, as its reader sees it."""

    to: str
    subject: str
    text: str
    message: EmailMessage

    def __str__(self) -> str:
        return f"To: {self.to}\nSubject: {self.subject}\n\n{self.text}"

    @cached_property
    def links(self) -> list[str]:
        """The addresses in its text, in order."""
        found = re.findall(r"https?://[^\s<>]+", self.text)
        return [html.unescape(link).rstrip(".,)") for link in found]

    def link(self, part: str) -> str:
        """The one link that contains this. Fails where there is none, or several different ones."""
        found = {link for link in self.links if part in link}
        assert len(found) == 1, f"{part}: {found or self.links}"
        return found.pop()

    @property
    def answer_to(self) -> str:
        """The address that a mail program answers to."""
        return str(self.message["Reply-To"] or self.message["From"])

    def mentions(self, words: str) -> bool:
        return words in self.subject or words in self.text


class MailFolder:
    """The folder into which the market delivers everybody's mail; reads each file once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Letter] = {}

    def letters(self) -> list[Letter]:
        """All that were ever sent, oldest first; those that the market has deleted since included.

        The market's folder stands for its readers' mailboxes, out of which nothing can be called back.
        """
        files = [file for file in self.folder.glob("*.eml") if file.name not in self._read]
        for file in sorted(files, key=lambda file: file.stat().st_mtime_ns):
            message = email.message_from_bytes(
                file.read_bytes(), EmailMessage, policy=email.policy.default
            )
            assert isinstance(message, EmailMessage)
            body = message.get_body(("plain",))
            text = str(body.get_content()) if body else ""
            self._read[file.name] = Letter(
                str(message["To"]), str(message["Subject"]), text, message
            )
        return [*self._read.values()]


class Mailbox:
    """The mail to some addresses. `new()` is what has come since the last look."""

    def __init__(self, folder: MailFolder, *addresses: str) -> None:
        self._folder, self.addresses = folder, [*addresses]
        self._seen = 0

    @property
    def letters(self) -> list[Letter]:
        return [one for one in self._folder.letters() if one.to in self.addresses]

    @property
    def latest(self) -> Letter:
        letters = self.letters
        assert letters, f"no letter to {self.addresses}"
        return letters[-1]

    def new(self) -> list[Letter]:
        letters = self.letters
        found, self._seen = letters[self._seen :], len(letters)
        return found

    def about(self, words: str) -> list[Letter]:
        """Those that mention some words in their subject or text."""
        return [letter for letter in self.letters if letter.mentions(words)]

    def subjects(self) -> list[str]:
        return [letter.subject for letter in self.letters]
