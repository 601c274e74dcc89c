"""What is looked at before a market opens, so that it is told once and in one line."""

from __future__ import annotations

import errno
import logging
import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from ..config.settings import PREFIX, Settings
from ..disk import make_private
from ..errors import FieldError, Invalid

log = logging.getLogger(__name__)

FEW_FILES = 1024
RESERVE_BYTES = 2_000_000
"""What SQLite needs to open a file, and some more."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def check_start(settings: Settings) -> None:
    """Raises Invalid for folders that cannot be written to; warns of what only limits the market.

    On a full disk it opens: pages can be read, and room may come. SQLite needs a little room for that,
    which a file in the data folder reserves.
    """
    full: dict[int, Path] = {}
    for folder in _full_folders(settings):
        full.setdefault(folder.stat().st_dev, folder)
    for folder in full.values():
        log.warning("the disk of %s is full: nothing can be written until there is room", folder)
    if full:
        _reserve_in(settings.data).unlink(missing_ok=True)
    else:
        _reserve_room(_reserve_in(settings.data))
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < FEW_FILES:
        log.warning(
            "only %s files may be open (ulimit -Hn), so few visitors can be connected at once; "
            "set LimitNOFILE=65536 in the service, or `ulimits` of the container", files,
        )  # fmt: skip


def _full_folders(settings: Settings) -> Iterator[Path]:
    folders = {f"{PREFIX}DATA": settings.data}
    if not settings.blobs_place.startswith("s3://"):
        folders[f"{PREFIX}BLOBS"] = Path(settings.blobs_place)
    if not settings.smtp_url:
        folders[f"{PREFIX}MAIL_FOLDER"] = settings.emails_folder
    for setting, folder in folders.items():
        try:
            make_private(folder)
            with TemporaryFile(dir=folder) as file:
                file.write(b"x")
                file.flush()
        except OSError as error:
            if error.errno not in _NO_ROOM:
                message = f"{folder.absolute()} cannot be written to: {error.strerror}"
                raise Invalid([FieldError(setting, message)]) from None
            yield folder if folder.exists() else settings.data


def _reserve_in(folder: Path) -> Path:
    return folder / "reserve"


def _reserve_room(path: Path) -> None:
    if path.exists() and path.stat().st_size == RESERVE_BYTES:
        return
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
    except OSError:  # too little room, or a file system that reserves nothing
        with suppress(OSError):
            path.unlink(missing_ok=True)
