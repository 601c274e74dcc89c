"""The photos of an advert: uploading, ordering and captions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....composition import Market
from ....errors import Invalid, MarketError
from ....i18n.texts import gettext as _
from ....i18n.texts import mark, ngettext
from ....listings.draft import Draft
from ....listings.media.attachments import Advert, own_advert
from ....listings.media.photos import caption_photo, move_photo, remove_photo, take_photos
from ....listings.media.videos import remove_video, take_video
from ....listings.photo import MOST_PHOTOS, Photo
from ....listings.video import MOST_VIDEOS, video_id
from ....media.images import LARGEST_IMAGE
from ....text import sentence
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentActor
from ...security.rate_limits import limited
from ...unsent import KeptForm
from ...uploads import LARGEST_SENDING, on_disk, picture_in, sent_files

_PRIVATE = {"Cache-Control": "no-store"}
_LONGEST_NAME = 80
_BY = {"first": -MOST_PHOTOS, "earlier": -1, "later": 1}


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken, by the name that its sender knows it by, and why in a sentence."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownVideo:
    """A video of ours, or one that lies elsewhere and has no `id`."""

    id: str | None
    address: str


@dataclass(frozen=True, slots=True)
class PhotosPage:
    """All that ``photos.html`` uses. `wrong_caption` is by the photo that it was meant for."""

    form: Form
    advert_id: str
    title: str
    photos: tuple[Photo, ...]
    most: int
    megabytes: int
    at_once: int
    refused: list[RefusedFile]
    wrong_caption: dict[str, str]
    news: str
    videos: list[ShownVideo]
    most_videos: int
    video_megabytes: int


@get("/sell/{advert_id:str}/photos", include_in_schema=False)
async def show_photos(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Template:
    advert = await own_advert(market.store, actor.user_id, advert_id)
    added = request.query_params.get("added", "")
    news = _added(int(added)) if added.isdigit() and 0 < len(added) < 3 else ""
    if added == "hevc":
        news = _(
            "The video was uploaded. It is in HEVC (H.265), of which many browsers play only the sound: "
            "an MP4 in H.264 plays everywhere."
        )
    return _page(request, market, advert, news=news)


@post(
    "/sell/{advert_id:str}/photos",
    include_in_schema=False,
    guards=[limited("media")],
    request_max_body_size=LARGEST_SENDING,
)
async def send_photos(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Each file by itself: one that is refused keeps none of the others out."""
    advert = await own_advert(market.store, actor.user_id, advert_id)
    refused, taken, status = [], 0, 200
    try:
        async with sent_files(request, MOST_PHOTOS) as files:
            for file in files:
                try:
                    picture = picture_in(file)
                    advert = await take_photos(
                        market.trail, market.studio, actor, advert_id, [picture]
                    )
                    taken += 1
                except MarketError as error:
                    status = error.status
                    refused.append(RefusedFile(file.filename[:_LONGEST_NAME], _reason(error)))
    except Invalid as error:
        refused, status = [RefusedFile("", _reason(error))], error.status
    if refused:
        news = _added(taken) if taken else ""
        return _page(request, market, advert, refused=refused, news=news, status=status)
    return seen_other(f"/sell/{advert_id}/photos?added={taken}")


@post("/sell/{advert_id:str}/videos", include_in_schema=False, guards=[limited("media")])
async def send_video(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    advert = await own_advert(market.store, actor.user_id, advert_id)
    largest = market.settings.video_megabytes * 1_000_000
    name = ""
    try:
        async with sent_files(request, 1) as [file]:
            name = file.filename[:_LONGEST_NAME]
            async with on_disk(file) as path:
                _advert, video = await take_video(
                    market.trail, market.studio, actor, advert_id, path, largest=largest
                )
    except MarketError as error:
        refused = [RefusedFile(name, _reason(error))]
        return _page(request, market, advert, refused=refused, status=error.status)
    news = "?added=hevc" if video.is_hevc else ""
    return seen_other(f"/sell/{advert_id}/photos{news}#videos")


@post("/sell/{advert_id:str}/videos/{video:str}/removal", include_in_schema=False)
async def send_video_removal(
    advert_id: FromPath[str], video: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    await remove_video(market.trail, actor, advert_id, video)
    return seen_other(f"/sell/{advert_id}/photos#videos")


@post(
    "/sell/{advert_id:str}/photos/{photo_id:str}/caption",
    include_in_schema=False,
    keeps=KeptForm("/sell/{advert_id}/photos", {"caption": mark("Caption")}),
)
async def send_caption(
    advert_id: FromPath[str],
    photo_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await caption_photo(market.trail, actor, advert_id, photo_id, sent.get("caption"))
    except Invalid as error:
        advert = await own_advert(market.store, actor.user_id, advert_id)
        wrong = {photo_id: _reason(error)}
        return _page(request, market, advert, wrong_caption=wrong, sent=sent, status=error.status)
    return seen_other(_at(advert_id, photo_id))


@post("/sell/{advert_id:str}/photos/{photo_id:str}/place", include_in_schema=False)
async def send_place(
    advert_id: FromPath[str],
    photo_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[Any]:
    sent = await sent_form(request)
    by = _BY.get(sent.get("to", ""), 0)
    await move_photo(market.trail, actor, advert_id, photo_id, by)
    return seen_other(_at(advert_id, photo_id))


@post("/sell/{advert_id:str}/photos/{photo_id:str}/removal", include_in_schema=False)
async def send_removal(
    advert_id: FromPath[str], photo_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    await remove_photo(market.trail, actor, advert_id, photo_id)
    return seen_other(f"/sell/{advert_id}/photos")


def _reason(error: MarketError) -> str:
    """What was wrong with a file or its caption, for whoever sent it."""
    if not isinstance(error, Invalid):
        return sentence(str(error))
    first = error.errors[0]
    is_of_file = first.field in ("image", "caption", "video")
    return f"It {first.message}." if is_of_file else sentence(first.message)


def _at(advert_id: str, photo_id: str) -> str:
    return f"/sell/{advert_id}/photos#photo-{photo_id}"


def _added(count: int) -> str:
    return ngettext("%(num)s photo uploaded.", "%(num)s photos uploaded.", count)


def _page(
    request: AnyRequest,
    market: Market,
    advert: Advert,
    *,
    refused: list[RefusedFile] | None = None,
    wrong_caption: dict[str, str] | None = None,
    sent: dict[str, str] | None = None,
    news: str = "",
    status: int = 200,
) -> Template:
    title = advert.values.get("title", "") if isinstance(advert, Draft) else advert.title
    page = PhotosPage(
        form=Form.of(request, market, **(sent or {})),
        advert_id=advert.id,
        title=title.strip() or _("Your boat"),
        photos=advert.photos,
        most=MOST_PHOTOS,
        megabytes=LARGEST_IMAGE // 1_000_000,
        at_once=LARGEST_SENDING // 1_000_000,
        refused=refused or [],
        wrong_caption=wrong_caption or {},
        news=news,
        videos=[ShownVideo(video_id(address), address) for address in advert.videos],
        most_videos=MOST_VIDEOS,
        video_megabytes=market.settings.video_megabytes,
    )
    return Template("photos.html", context={"page": page}, status_code=status, headers=_PRIVATE)
