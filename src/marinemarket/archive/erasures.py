"""The record of erasures: who was erased, and when, so that no restore brings them back.

One small file per erasure, beside bases and segments, with only ids and times. It is kept as long
as the archive, and unencrypted, since whoever restores must be able to read it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import msgspec

from ..audit.actions import Action
from ..errors import Damaged, FieldError, Invalid
from ..store.schema import AUDIT_LOGS
from ..store.store import Change
from ..wire import Millis, Model, decode, encode
from .file_format import sha256
from .storage import Storage

FOLDER = "erasures"
_RECORDED = {Action.ERASURE_BEGUN, Action.USER_DELETED}
"""Its beginning, too: a market may be lost while somebody is being erased."""


class Erasure(Model):
    """A user was erased at this moment, in Unix milliseconds."""

    user: str
    at: Millis

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The erasure that a change of the feed records, if any."""
        entry = change.new or {}
        if change.table != AUDIT_LOGS.name or change.old is not None:
            return None
        if entry.get("action") not in _RECORDED or "resourceId" not in entry:
            return None
        return cls(user=entry["resourceId"], at=change.at)


def is_erasure(name: str) -> bool:
    return re.fullmatch(rf"{FOLDER}/[0-9a-f]{{64}}\.json", name) is not None


async def note_erasures(place: Storage, changes: Sequence[Change]) -> None:
    """Record every erasure among some changes. Recording one again changes nothing."""
    for erasure in filter(None, map(Erasure.from_change, changes)):
        content = encode(erasure.model_dump(by_alias=True))
        await place.put(f"{FOLDER}/{sha256(content)}.json", content)


async def read_erasures(place: Storage) -> list[Erasure]:
    """All recorded erasures, oldest first. Raises Damaged."""
    names = filter(is_erasure, await place.names(FOLDER))
    found = [erasure_of(name, await place.read(name)) for name in names]
    return sorted(found, key=lambda erasure: erasure.at)


def erasure_of(name: str, content: bytes) -> Erasure:
    """Parse one recorded erasure. Raises Damaged."""
    if name != f"{FOLDER}/{sha256(content)}.json":
        raise Damaged(name, "was altered: its SHA-256 does not match its name")
    return Erasure.parse(decode(content))


def erasures_in(path: Path) -> list[Erasure]:
    """More erasures from a JSON Lines file, such as ``{"user": "…", "at": 1767225600000}``.

    Raises Invalid, naming the line.
    """
    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise Invalid([FieldError("--erasures", f"cannot be read: {error}")]) from None
    for number, line in enumerate(lines, start=1):
        try:
            found.append(Erasure.parse(decode(line)))
        except (Invalid, msgspec.DecodeError) as error:
            raise Invalid([FieldError("--erasures", f"line {number}: {error}")]) from None
    return found
