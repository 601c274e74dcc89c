"""Videos that a seller uploaded: their URLs, which a listing keeps among its `videos`."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from ..errors import FieldError
from ..i18n.texts import gettext as _
from ..links import VIDEO_FILES

MOST_VIDEOS = 3
MOST_VIDEOS_SENT = 20
"""How many addresses a listing's `videos` may hold on the wire."""

VIDEO_ADDRESS = rf"^{VIDEO_FILES}/([0-9a-f]{{32}})\.(mp4|mov|webm)$"

Videos = Annotated[
    tuple[Annotated[str, Field(strict=True, pattern=VIDEO_ADDRESS)], ...],
    Field(max_length=MOST_VIDEOS),
]


def video_id(address: str) -> str | None:
    """The id of a video stored here, from its URL; None for one hosted elsewhere."""
    found = re.fullmatch(VIDEO_ADDRESS, address)
    return found[1] if found else None


def is_shown(address: str) -> bool:
    """Is this a video stored here, or a link to another site from an earlier import?

    Any other path of this site, such as ``/account/sign-out``, would be opened by the player.
    """
    is_link = address.startswith(("https://", "http://"))
    return is_link or video_id(address) is not None


def videos_not_held(wanted: object, known: Collection[str] = ()) -> list[FieldError]:
    """What is wrong with naming videos that an advert does not have yet: they are uploaded.

    `wanted` is a field `videos` as it was sent; whether it is a list of addresses is checked elsewhere.
    """
    if not isinstance(wanted, list | tuple):
        return []
    if any(address not in known for address in wanted if isinstance(address, str)):
        return [FieldError("videos", _("must be uploaded; an address cannot be given"))]
    return []


def video_address(id: str, kind: str) -> str:
    """The path of a video's file: ``/media/videos/<id>.mp4``."""
    return f"{VIDEO_FILES}/{id}.{kind}"
