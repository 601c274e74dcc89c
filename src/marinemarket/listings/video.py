"""Videos that a seller sent: their addresses, which a listing remembers among its `videos`."""

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
    """The id of a video of ours by its address; None for one that lies elsewhere."""
    found = re.fullmatch(VIDEO_ADDRESS, address)
    return found[1] if found else None


def video_address(id: str, kind: str) -> str:
    """Where a video's file is served: ``/media/videos/<id>.mp4``."""
    return f"{VIDEO_FILES}/{id}.{kind}"
