"""Files uploaded with a form, limited in number and size by each handler."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final, cast

from litestar.datastructures import UploadFile

from ..errors import FieldError, Invalid, TooLarge
from ..i18n.texts import gettext as _
from ..i18n.texts import ngettext
from ..media.images import LARGEST_IMAGE
from .security.access import AnyRequest, form_of

LARGEST_SENDING: Final = 100_000_000
"""Maximum size of a request with pictures, in bytes."""


@asynccontextmanager
async def on_disk(file: UploadFile) -> AsyncIterator[Path]:
    """A file's content in a temporary file, which is deleted at the end of the block."""
    with NamedTemporaryFile(prefix="marinemarket-") as own:
        await asyncio.to_thread(copyfileobj, file.file, own, 1_000_000)
        await asyncio.to_thread(own.flush)
        yield Path(own.name)


@asynccontextmanager
async def sent_files(request: AnyRequest, most: int) -> AsyncIterator[list[UploadFile]]:
    """The files of a form, whatever the field names; closed at the end of the block.

    Raises Invalid for none, or for more than `most`.
    """
    form = await form_of(request)
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    try:
        if not files:
            message = _("send at least one file, as multipart/form-data")
            raise Invalid([FieldError("images", message)])
        if len(files) > most:
            raise Invalid(
                [
                    FieldError(
                        "images",
                        ngettext(
                            "send at most %(num)s file at a time",
                            "send at most %(num)s files at a time",
                            most,
                        ),
                    )
                ]
            )
        yield files
    finally:
        for file in files:
            await file.close()


@asynccontextmanager
async def sent_pictures(request: AnyRequest, most: int) -> AsyncIterator[list[BinaryIO]]:
    """As `sent_files`, for pictures, which stay where they arrived: large ones on disk.

    Raises TooLarge.
    """
    async with sent_files(request, most) as files:
        yield [picture_in(file) for file in files]


def picture_in(file: UploadFile) -> BinaryIO:
    """The content of a file that may be a picture. Raises TooLarge."""
    content = cast("BinaryIO", file.file)
    if content.seek(0, os.SEEK_END) > LARGEST_IMAGE:
        most = LARGEST_IMAGE // 1_000_000
        raise TooLarge(_("a picture may have at most %(megabytes)s MB", megabytes=most))
    return content
