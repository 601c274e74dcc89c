"""What a hang-up means: the terminal is gone, or somebody asks for a reload."""

from __future__ import annotations

import os


class Terminal:
    """The terminal that this process was started at, if any."""

    def __init__(self) -> None:
        self._was_there = _is_there()

    @property
    def is_gone(self) -> bool:
        """Has it been closed since? Then SIGHUP means that, and no reload."""
        return self._was_there and not _is_there()


def _is_there() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
