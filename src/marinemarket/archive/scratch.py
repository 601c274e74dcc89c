"""A folder for what is built on the way. Of a process that was killed, the next one removes it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..disk import take_lock

_BEGINNING = "marinemarket-archive-"
_LOCK = ".lock"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for this process alone, removed at the end of the block. Raises OSError."""
    _clear_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_BEGINNING))
    lock = take_lock(folder / _LOCK)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            lock.close()


def _clear_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_BEGINNING}*"):
        try:
            is_ours = folder.is_dir() and folder.lstat().st_uid == os.geteuid()
            # Without a lock file, its owner is about to make one.
            if not is_ours or folder.is_symlink() or not (folder / _LOCK).exists():
                continue
            if (lock := take_lock(folder / _LOCK)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                lock.close()
        except OSError:
            continue
