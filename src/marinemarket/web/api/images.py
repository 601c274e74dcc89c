"""Photos of your adverts, both listings and drafts.

No `If-Match` is needed: each request names the photo it changes, or the new order of all of them,
and applies to the current photos. An order that names other photos is refused.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Annotated, Any, BinaryIO

from litestar import Response, delete, patch, post, put
from litestar.params import FromPath, JSONBody
from pydantic import Field

from ...accounts.idempotency import IdempotencyKey
from ...listings.draft import Draft
from ...listings.lifecycle.editing import seen_by_owner
from ...listings.media.attachments import Advert
from ...listings.media.photos import (
    caption_photo,
    check_room_for_photos,
    order_photos,
    remove_photo,
    take_photos,
)
from ...listings.photo import MOST_PHOTOS, PhotoId
from ...wire import Model
from ..dependencies import CurrentMarket
from ..etags import etag_of
from ..security.access import AnyRequest, CurrentActor
from ..security.rate_limits import limited
from ..statuses import also
from ..uploads import LARGEST_SENDING, sent_pictures
from .answers.listings import Draft as DraftAnswer
from .answers.listings import Listing
from .listings import json


class Order(Model):
    """The id of every photo of the advert, in the new order."""

    order: Annotated[tuple[PhotoId, ...], Field(max_length=MOST_PHOTOS)]


class Captioned(Model):
    """A caption of at most 200 characters; null removes it."""

    caption: Annotated[str, Field(max_length=1000)] | None


@post(
    "/listings/{listing_id:str}/images",
    status_code=201,
    summary="Upload photos",
    guards=[limited("media")],
    responses=also(408, 413, 415),
    request_max_body_size=LARGEST_SENDING,
    operation_id="addImages",
    answers=Listing | DraftAnswer,
    sends=("ETag",),
    files="images",
    once=True,
)
async def add_images(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """One or more photos as `multipart/form-data`: either all are added or none.

    JPEG, PNG, WebP, GIF or HEIC, up to 20 MB and 70 megapixels each, 20 photos per advert. Photos
    are re-encoded without their metadata. Returns the advert as its owner sees it. With an
    `Idempotency-Key`, the same photos sent again within a day are not added twice.
    """
    await check_room_for_photos(market.store, actor.user_id, listing_id)
    key = request.headers.get("Idempotency-Key")
    what = f"POST /listings/{listing_id}/images"
    async with sent_pictures(request, MOST_PHOTOS) as files:
        once = None
        if key is not None:
            lines = [await asyncio.to_thread(_digest, file) for file in files]
            once = IdempotencyKey.of(actor.user_id, what, key, lines)
        advert = await take_photos(market.trail, market.studio, actor, listing_id, files, once)
    return _seen(advert, status=201)


@put(
    "/listings/{listing_id:str}/images/order",
    summary="Reorder the photos",
    operation_id="orderImages",
    answers=Listing | DraftAnswer,
    sends=("ETag",),
)
async def order_images(
    listing_id: FromPath[str], data: JSONBody[Order], market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """The first photo is the one shown in results."""
    return _seen(await order_photos(market.trail, actor, listing_id, data.order))


@patch(
    "/listings/{listing_id:str}/images/{image_id:str}",
    summary="Set the caption of a photo",
    operation_id="captionImage",
    answers=Listing | DraftAnswer,
    sends=("ETag",),
)
async def caption_image(
    listing_id: FromPath[str],
    image_id: FromPath[str],
    data: JSONBody[Captioned],
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """Set the caption of a photo."""
    return _seen(await caption_photo(market.trail, actor, listing_id, image_id, data.caption))


@delete(
    "/listings/{listing_id:str}/images/{image_id:str}",
    summary="Remove a photo",
    operation_id="deleteImage",
)
async def remove_image(
    listing_id: FromPath[str], image_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> None:
    """Remove a photo. Its files are deleted once no restore can need them."""
    await remove_photo(market.trail, actor, listing_id, image_id)


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = sha256()
    while piece := file.read(1_000_000):
        digest.update(piece)
    return digest.hexdigest()


def _seen(advert: Advert, *, status: int = 200) -> Response[bytes]:
    if isinstance(advert, Draft):
        wire: dict[str, Any] = {"listingId": advert.id} | advert.to_wire()
        answer = json(wire)
    else:
        answer = json(seen_by_owner(advert), headers={"ETag": etag_of(advert)})
    answer.status_code = status
    return answer
