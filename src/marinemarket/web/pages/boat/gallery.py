"""The pictures and videos of one boat, in several sizes for different screens."""

from __future__ import annotations

from dataclasses import dataclass

from ....i18n.texts import gettext as _
from ....listings.listing import Listing
from ....listings.photo import LARGE, MEDIUM, Photo, photo_address
from ...presentation.pictures import pictures_of

_DRAWN_WIDTH, _DRAWN_HEIGHT = 960, 640
_MEDIUM_WIDTH = 600
_OURS = "/"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture. `large` is its largest file, which the picture links to.

    `jpegs` and `webps` are its files as a srcset; empty where there is but the one file.
    """

    large: str
    large_webp: str
    jpegs: str
    webps: str
    width: int
    height: int
    alt: str
    caption: str
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Film:
    """A video. One that lies elsewhere is linked to: nothing of others' plays inside our pages."""

    address: str
    is_ours: bool


def shots_of(listing: Listing) -> list[Shot]:
    """The pictures in their seller's order; one that stands in where there are none."""
    if listing.photos:
        return [_photo(listing, photo, n) for n, photo in enumerate(listing.photos, start=1)]
    return [
        Shot(
            large=picture.address,
            large_webp="",
            jpegs="",
            webps="",
            width=_DRAWN_WIDTH,
            height=_DRAWN_HEIGHT,
            alt=picture.alt,
            caption="",
            stands_in=picture.stands_in,
        )
        for picture in pictures_of(listing)
    ]


def films_of(listing: Listing) -> list[Film]:
    """The videos in their seller's order."""
    return [Film(address, address.startswith(_OURS)) for address in listing.videos]


def _photo(listing: Listing, photo: Photo, number: int) -> Shot:
    jpegs, webps = (
        f"{photo_address(photo.id, MEDIUM, kind)} {_MEDIUM_WIDTH}w, "
        f"{photo_address(photo.id, LARGE, kind)} {photo.width}w"
        for kind in ("jpg", "webp")
    )
    numbered = _("%(boat)s, picture %(number)s") % {"boat": listing.title, "number": number}
    return Shot(
        large=photo_address(photo.id, LARGE),
        large_webp=photo_address(photo.id, LARGE, "webp"),
        jpegs=jpegs,
        webps=webps,
        width=photo.width,
        height=photo.height,
        alt=photo.caption or numbered,
        caption=photo.caption or "",
    )
