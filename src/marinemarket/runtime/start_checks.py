"""What is looked at before a market opens, so that it is told once and in one line."""

from __future__ import annotations

import errno
import logging
import resource
from pathlib import Path
from tempfile import TemporaryFile

from ..config.settings import PREFIX, Settings
from ..errors import FieldError, Invalid

log = logging.getLogger(__name__)

FEW_FILES = 1024
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def check_start(settings: Settings) -> None:
    """Raises Invalid for folders that cannot be written to; warns of what only limits the market.

    On a full disk it opens: pages can be read, and room may come.
    """
    _check_folder(settings.data, f"{PREFIX}DATA")
    if not settings.blobs_place.startswith("s3://"):
        _check_folder(Path(settings.blobs_place), f"{PREFIX}BLOBS")
    if not settings.smtp_url:
        _check_folder(settings.emails_folder, f"{PREFIX}MAIL_FOLDER")
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < FEW_FILES:
        log.warning(
            "only %s files may be open (ulimit -Hn), so few visitors can be connected at once; "
            "set LimitNOFILE=65536 in the service, or `ulimits` of the container", files,
        )  # fmt: skip


def _check_folder(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            message = f"{folder.absolute()} cannot be written to: {error.strerror}"
            raise Invalid([FieldError(setting, message)]) from None
        log.warning("the disk of %s is full: nothing can be written until there is room", folder)
