"""Photos of your adverts, both listings and drafts.

Whoever changes what is there names the version that they saw (`If-Match`). Adding a photo undoes
nothing, so it needs no version: several may be sent at once, and each is added to what is there then.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Annotated, BinaryIO

from litestar import Response, delete, patch, post, put
from litestar.params import FromPath, JSONBody
from pydantic import Field

from ...accounts.idempotency import FIELD
from ...listings.media.attachments import Advert, seen_advert
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
from ..etags import etag, wanted_versions
from ..idempotency import asked_once
from ..security.access import AnyRequest, CurrentActor
from ..security.rate_limits import limited
from ..statuses import also
from ..uploads import LARGEST_SENDING, sent_pictures
from .answers.listings import Draft as DraftAnswer
from .answers.listings import Listing
from .listings import json


class ImageOrder(Model):
    """The id of every photo of the advert, in the new order."""

    order: Annotated[tuple[PhotoId, ...], Field(max_length=MOST_PHOTOS)]
    """The id of every photo, in the new order."""


class ImageCaption(Model):
    """A caption of at most 200 characters; null removes it."""

    caption: Annotated[str, Field(max_length=1000)] | None
    """The caption; null removes it."""


@post(
    "/listings/{listing_id:str}/images",
    status_code=201,
    summary="Upload photos",
    guards=[limited("media")],
    responses=also(408, 412, 413, 415),
    request_max_body_size=LARGEST_SENDING,
    operation_id="addImages",
    answers=Listing | DraftAnswer,
    sends=("ETag",),
    files="images",
    once=True,
    reads=("If-Match",),
)
async def add_images(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """One or more photos as `multipart/form-data`: either all are added or none.

    JPEG, PNG, WebP, GIF, HEIC or AVIF, up to 20 MB and 70 megapixels each, 20 photos per advert. Photos
    are re-encoded without their metadata. Returns the advert as its owner sees it. With an
    `Idempotency-Key`, the same photos sent again within a day are not added twice. Without
    `If-Match` they are added to whichever photos are there.
    """
    versions = wanted_versions(request) if "If-Match" in request.headers else None
    what, is_named = f"POST /listings/{listing_id}/images", FIELD in request.headers
    if not is_named:
        # A request that is sent again may have filled the advert itself.
        await check_room_for_photos(market.store, actor.user_id, listing_id)
    async with sent_pictures(request, MOST_PHOTOS) as files:
        lines = [await asyncio.to_thread(_digest, file) for file in files] if is_named else []
        once = asked_once(request, actor.user_id, what, lines)
        advert = await take_photos(
            market.trail, market.studio, actor, listing_id, files, once, versions
        )
    return _seen(advert, status=201)


@put(
    "/listings/{listing_id:str}/images/order",
    summary="Reorder the photos",
    operation_id="orderImages",
    answers=Listing | DraftAnswer,
    sends=("ETag",),
    responses=also(412, 428),
)
async def order_images(
    listing_id: FromPath[str],
    data: JSONBody[ImageOrder],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """The first photo is the one shown in results. `If-Match` as for an edit."""
    versions = wanted_versions(request)
    return _seen(await order_photos(market.trail, actor, listing_id, data.order, versions))


@patch(
    "/listings/{listing_id:str}/images/{image_id:str}",
    summary="Set the caption of a photo",
    operation_id="captionImage",
    answers=Listing | DraftAnswer,
    sends=("ETag",),
    responses=also(412, 428),
)
async def caption_image(
    listing_id: FromPath[str],
    image_id: FromPath[str],
    data: JSONBody[ImageCaption],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """Set the caption of a photo. `If-Match` as for an edit."""
    versions = wanted_versions(request)
    caption = data.caption
    return _seen(await caption_photo(market.trail, actor, listing_id, image_id, caption, versions))


@delete(
    "/listings/{listing_id:str}/images/{image_id:str}",
    summary="Remove a photo",
    operation_id="deleteImage",
    responses=also(412, 428),
)
async def remove_image(
    listing_id: FromPath[str],
    image_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> None:
    """Remove a photo. Its files are deleted once no restore can need them. `If-Match` as for an edit."""
    await remove_photo(market.trail, actor, listing_id, image_id, wanted_versions(request))


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = sha256()
    while piece := file.read(1_000_000):
        digest.update(piece)
    return digest.hexdigest()


def _seen(advert: Advert, *, status: int = 200) -> Response[bytes]:
    answer = json(seen_advert(advert), headers={"ETag": etag(advert.updated_at)})
    answer.status_code = status
    return answer
