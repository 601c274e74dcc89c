"""Photos that a seller sent: what a listing remembers of each, and where its files are served.

The files are made once, when a photo is taken in, under an id that nobody can guess; an address
never shows anything else.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..links import PHOTO_FILES
from ..wire import CLEAN_LINE, Model

MOST_PHOTOS = 20

PhotoId = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{32}$")]
Caption = Annotated[str, Field(min_length=1, max_length=200), CLEAN_LINE]
Pixels = Annotated[int, Field(strict=True, ge=1, le=20_000)]


class Photo(Model):
    """One photo. `width` and `height` are of its largest file, in pixels.

    `tint` is its average colour, shown until it has arrived; `phash` is a perceptual hash of 64
    bits in hexadecimal, by which the same picture is known again.
    """

    id: PhotoId
    width: Pixels
    height: Pixels
    tint: Annotated[str, Field(strict=True, pattern=r"^#[0-9a-f]{6}$")]
    phash: Annotated[str, Field(alias="print", strict=True, pattern=r"^[0-9a-f]{16}$")]
    caption: Caption | None = None


Photos = Annotated[tuple[Photo, ...], Field(max_length=MOST_PHOTOS)]


def photo_address(id: str, size: str, kind: str = "jpg") -> str:
    """Where a photo's file of one size is served: ``/media/photos/<id>/600x400.webp``."""
    return f"{PHOTO_FILES}/{id}/{size}.{kind}"


LARGE, MEDIUM, SMALL, TINY = "1600", "600x400", "300x300", "150x150"
"""The sizes of which there is a file, as their addresses name them: the large one by its width."""
KINDS = ("webp", "jpg")


def image_addresses(photos: tuple[Photo, ...]) -> dict[str, tuple[str, ...]]:
    """A listing's `images` and `thumbnails` where its photos are here."""
    return {
        "images": tuple(photo_address(photo.id, LARGE) for photo in photos),
        "thumbnails": tuple(photo_address(photo.id, SMALL) for photo in photos),
    }
