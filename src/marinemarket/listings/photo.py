"""Photos: what a listing stores about each, and the URLs of its files.

The files are created once, when a photo is uploaded, under an unguessable id; the content at a URL
never changes.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from ..links import DRAWINGS, PHOTO_FILES
from ..wire import CLEAN_LINE, Model

MOST_PHOTOS = 20

PhotoId = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{32}$")]
Caption = Annotated[str, Field(min_length=1, max_length=200), CLEAN_LINE]
Pixels = Annotated[int, Field(strict=True, ge=1, le=20_000)]


class Photo(Model):
    """One photo. `width` and `height` are of its largest file, in pixels.

    `tint` is its average colour, shown until the photo has loaded; `phash` is a perceptual hash of 64
    bits in hexadecimal, by which copies of the picture are recognised.
    """

    id: PhotoId
    """The photo's id, as in the addresses of its files."""
    width: Pixels
    """The width of its largest file, in pixels."""
    height: Pixels
    """The height of its largest file, in pixels."""
    tint: Annotated[str, Field(strict=True, pattern=r"^#[0-9a-f]{6}$")]
    """Its average colour, as `#rrggbb`."""
    phash: Annotated[str, Field(alias="print", strict=True, pattern=r"^[0-9a-f]{16}$")]
    """A perceptual hash of 64 bits, in hexadecimal."""
    caption: Caption | None = None
    """What it shows, in words."""


Photos = Annotated[tuple[Photo, ...], Field(max_length=MOST_PHOTOS)]


def photo_address(id: str, size: str, kind: str = "jpg") -> str:
    """The path of a photo's file of one size: ``/media/photos/<id>/600x400.webp``."""
    return f"{PHOTO_FILES}/{id}/{size}.{kind}"


LARGE, MEDIUM, SMALL, TINY = "1600", "600x400", "300x300", "150x150"
"""The sizes in which there are files, as in their URLs: the largest is named by its width."""
KINDS = ("webp", "jpg")


_OWN_PICTURE = re.compile(
    rf"{PHOTO_FILES}/[0-9a-f]{{32}}/({'|'.join((LARGE, MEDIUM, SMALL, TINY))})\.({'|'.join(KINDS)})"
    rf"|{DRAWINGS}/[a-z]{{1,20}}(-[a-z]{{1,20}})*/(outline|[0-9]{{1,9}}-[0-9])\.svg"
)


def is_own_picture(address: str) -> bool:
    """Is this the address of a photo or drawing on this site?

    Nothing else is ever shown: a picture that another host serves tells that host who looks at it, and
    may change after it was moderated.
    """
    return _OWN_PICTURE.fullmatch(address) is not None


def image_addresses(photos: tuple[Photo, ...]) -> dict[str, tuple[str, ...]]:
    """A listing's `images` and `thumbnails`, from its own photos."""
    return {
        "images": tuple(photo_address(photo.id, LARGE) for photo in photos),
        "thumbnails": tuple(photo_address(photo.id, SMALL) for photo in photos),
    }
