"""Videos that a seller uploaded: their URLs, which a listing keeps among its `videos`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from ..links import VIDEO_FILES

MOST_VIDEOS = 3

VIDEO_ADDRESS = rf"^{VIDEO_FILES}/([0-9a-f]{{32}})\.(mp4|mov|webm)$"

Videos = Annotated[
    tuple[Annotated[str, Field(strict=True, pattern=VIDEO_ADDRESS)], ...],
    Field(max_length=MOST_VIDEOS),
]


def video_id(address: str) -> str | None:
    """The id of a video stored here, from its URL; None for one hosted elsewhere."""
    found = re.fullmatch(VIDEO_ADDRESS, address)
    return found[1] if found else None


def video_address(id: str, kind: str) -> str:
    """The path of a video's file: ``/media/videos/<id>.mp4``."""
    return f"{VIDEO_FILES}/{id}.{kind}"
