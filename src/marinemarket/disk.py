"""Writing files durably, and locking files between processes."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def make_private(folder: Path) -> None:
    """Make a folder that holds people's data; one that is there stays as it is. Raises OSError."""
    folder.mkdir(0o700, parents=True, exist_ok=True)


def flush(path: Path) -> None:
    """Return once a file's content, or a folder's list of entries, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(target: Path, content: bytes | Path, partial: Path) -> None:
    """Write a file that appears under its name only once all of it is on the disk.

    `content` is bytes, or a file to copy. Until then it lies in the folder `partial` on the same disk.
    Raises OSError. The caller flushes the folder that holds the file.
    """
    for folder in (target.parent, partial):
        folder.mkdir(parents=True, exist_ok=True)
    making = partial / secrets.token_hex(16)
    try:
        if isinstance(content, Path):
            shutil.copyfile(content, making)
        else:
            making.write_bytes(content)
        flush(making)
        making.replace(target)
    except OSError:
        making.unlink(missing_ok=True)
        raise


def kept_once(path: Path, text: str) -> str:
    """Create a file that only its owner may read, containing `text`, unless it exists; return its text.

    If several processes create it at once, the first one's text wins. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return path.read_text()
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    fresh.touch(mode=0o600)
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    # A link fails if another process was first; then we read that process's text.
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
    return path.read_text()


_LONGEST_LINE = 10_000


def kept_line(path: Path) -> str | None:
    """The line that a file holds; None if the file is missing or holds no valid line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return text.strip() or None if len(text) <= _LONGEST_LINE else None


def keep_line(path: Path, line: str) -> None:
    """Replace the line in a file atomically: after a crash it holds either the old line or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: another process may be replacing the same line.
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        part.write_text(line, encoding="utf-8")
        flush(part)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    flush(path.parent)


def take_lock(path: Path) -> BinaryIO | None:
    """Lock a file for this process until it closes the file or ends, however that happens.

    None while another process holds the lock. Raises OSError where the folder cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:
        file.close()
        raise
    return file


def is_locked(path: Path) -> bool:
    """Does some process hold this lock? Does not create the file."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
