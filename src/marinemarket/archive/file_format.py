"""The file format: JSON lines, compressed, and encrypted for one recipient if asked."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyrage
from pyrage import x25519

from ..errors import Damaged, FieldError, Invalid
from ..wire import decode, encode

_LEVEL = 6


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def with_sum(values: dict[str, Any]) -> bytes:
    """A small JSON document that carries its own SHA-256."""
    return encode(values | {"sha256": sha256(encode(values))})


def checked(name: str, content: bytes) -> dict[str, Any]:
    """The values of such a document. Raises Damaged."""
    try:
        values = decode(content)
        kept = {key: value for key, value in values.items() if key != "sha256"}
    except (msgspec.DecodeError, AttributeError) as error:
        raise Damaged(name, f"cannot be read: {error}") from None
    if with_sum(kept) != content:
        raise Damaged(name, "was altered: its SHA-256 does not match its content")
    return kept


@dataclass(frozen=True, slots=True)
class Seal:
    """Who can read the files: everyone, or only the holder of the identity of an age recipient.

    Writing needs only the recipient, so that whoever steals the market's machine can read nothing.
    """

    recipient: x25519.Recipient | None = None
    identities: tuple[x25519.Identity, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, recipient: str | None = None, identity: Path | None = None) -> Seal:
        """From user input: ``age1…``, and a file with ``AGE-SECRET-KEY-1…``. Raises Invalid."""
        return cls(
            _recipient(recipient) if recipient else None, _identities(identity) if identity else ()
        )

    @property
    def is_open(self) -> bool:
        return self.recipient is None

    def pack(self, lines: Iterable[bytes]) -> bytes:
        packed = gzip.compress(b"".join(line + b"\n" for line in lines), _LEVEL, mtime=0)
        if self.recipient is None:
            return packed
        return bytes(pyrage.encrypt(packed, [self.recipient]))

    def unpack(self, name: str, content: bytes, *, sealed: bool) -> list[bytes]:
        """The lines of a file. Raises Damaged, or Invalid if no identity opens it."""
        try:
            packed = self._opened(name, content) if sealed else content
            return gzip.decompress(packed).splitlines()
        except (OSError, EOFError, zlib.error) as error:
            raise Damaged(name, f"is incomplete: {error}") from None

    def _opened(self, name: str, content: bytes) -> bytes:
        if not self.identities:
            raise Invalid([FieldError("--identity", f"is needed: {name} is encrypted")])
        try:
            return bytes(pyrage.decrypt(content, list(self.identities)))
        except pyrage.DecryptError as error:
            message = f"{name} does not open with this identity: {error}"
            raise Invalid([FieldError("--identity", message)]) from None


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        message = "must be an age recipient, such as age1… (age-keygen makes one)"
        raise Invalid([FieldError("MARINEMARKET_BACKUP_RECIPIENT", message)]) from None


def _identities(path: Path) -> tuple[x25519.Identity, ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        found = tuple(map(x25519.Identity.from_str, keys))
    except (OSError, UnicodeError, pyrage.IdentityError) as error:
        message = f"{path} cannot be read as an age identity: {error}"
        raise Invalid([FieldError("--identity", message)]) from None
    if not found:
        raise Invalid([FieldError("--identity", f"{path} contains no identity")])
    return found
