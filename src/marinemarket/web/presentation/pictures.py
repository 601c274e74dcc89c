"""Pictures of boats: the advert's own, or a drawing labelled as one."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath

from ...errors import NotFound
from ...i18n.texts import gettext as _
from ...listings.listing import Listing
from ...listings.photo import LARGE, Photo, photo_address
from ...media.drawings import drawing_at, outline_address
from ..security.caching import FOR_EVER
from .labels import type_label


@dataclass(frozen=True, slots=True)
class Picture:
    """`stands_in` says that the advert has no picture of its own, and this one is of the type.

    `photo` is there where its seller sent it: then there are files in several sizes.
    """

    address: str
    alt: str
    stands_in: bool = False
    photo: Photo | None = None


def pictures_of(listing: Listing) -> list[Picture]:
    """Every picture of an advert; one that stands in when it has none."""
    if listing.photos:
        return [
            Picture(
                photo_address(photo.id, LARGE),
                photo.caption or _numbered(listing, number),
                photo=photo,
            )
            for number, photo in enumerate(listing.photos, start=1)
        ]
    if listing.images:
        return [
            Picture(address, _numbered(listing, number))
            for number, address in enumerate(listing.images, start=1)
        ]
    boat_type = listing.boat_details.type
    payload = {"type": type_label(boat_type).lower()}
    alt = _("Drawing of a %(type)s: this advert has no photo") % payload
    return [Picture(outline_address(boat_type), alt, stands_in=True)]


def _numbered(listing: Listing, number: int) -> str:
    return _("%(title)s, picture %(number)d") % {"title": listing.title, "number": number}


def first_picture(listing: Listing) -> Picture:
    return pictures_of(listing)[0]


@get(
    "/pictures/{boat_type:str}/{name:str}",
    include_in_schema=False,
    open_to_all=True,
    shared_for=FOR_EVER,
)
async def show_drawing(boat_type: FromPath[str], name: FromPath[str]) -> Response[str]:
    """A drawing, made when it is asked for: the same address always gives the same drawing."""
    try:
        drawing = drawing_at(boat_type, name)
    except ValueError:
        raise NotFound("picture", name) from None
    return Response(
        drawing,
        media_type="image/svg+xml",
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
