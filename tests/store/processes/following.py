"""A process with a follower, which keeps a copy of the market as files, and its position beside them.

    python -m tests.store.processes.following <file> <folder>

It applies a change first, then saves the position. If killed in between, it applies it once more.
"""

from __future__ import annotations

import asyncio
import os
import sys
from hashlib import sha256
from pathlib import Path

from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.store import Change, Position, Store
from marinemarket.wire import encode

AT_ONCE = 3


def kept_position(folder: Path) -> Position | None:
    path = folder / "position"
    return path.read_text() if path.exists() else None


def copy_of(folder: Path) -> set[bytes]:
    """The follower's contents: each item as it was written."""
    return {path.read_bytes() for path in folder.glob("*.json")}


def encoded(table: str, item: object) -> bytes:
    return encode([table, item])


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".fresh")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _apply(folder: Path, change: Change) -> None:
    name = sha256(encode([change.table, change.key])).hexdigest()
    path = folder / f"{name}.json"
    if change.new is None:
        path.unlink(missing_ok=True)
    else:
        _replace(path, encoded(change.table, change.new))


async def follow(store: Store, folder: Path) -> None:
    while True:
        changes = await store.changes(kept_position(folder), limit=AT_ONCE)
        for change in changes:
            _apply(folder, change)
        if changes:
            _replace(folder / "position", changes[-1].position.encode())
        else:
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    opened = SqliteStore(Path(sys.argv[1]), secret_key="a secret key")
    asyncio.run(follow(opened, Path(sys.argv[2])))
