"""The videos of an advert: adding and removing them."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from ...audit.entry import Actor
from ...audit.operational import Operational
from ...audit.trail import Trail
from ...errors import NotFound, Refused, TooLarge
from ...i18n.texts import gettext as _
from ...i18n.texts import ngettext
from ...media.studio import Studio, video_file
from ...media.videos import CleanVideo, clean_video
from ..video import MOST_VIDEOS, video_address, video_id
from .attachments import Advert, change_videos, own_advert
from .records import Medium, announce_put, hold_put, release_updates


async def take_video(
    trail: Trail, studio: Studio, actor: Actor, id: str, file: Path, *, largest: int
) -> tuple[Advert, CleanVideo]:
    """Append a video to those of an advert; the file is changed in place. `largest` is in bytes.

    Returns the advert, and what is known of the video.

    Raises NotFound for an advert that is not the actor's, Refused beyond MOST_VIDEOS, TooLarge,
    UnknownKind and Invalid.
    """
    advert = await own_advert(trail.store, actor.user_id, id)
    _refuse_beyond(len(advert.videos) + 1)
    cleaned = await asyncio.to_thread(_made_ready, file, largest)
    kind = cleaned.kind
    now = trail.clock()
    video = secrets.token_hex(16)
    medium = Medium(
        id=video, kind=kind, owner_id=advert.owner_id, advert_id=advert.id, created_at=now
    )
    await trail.commit_operational(Operational.MEDIA, announce_put(medium))
    await studio.blobs.put({video_file(video, kind): file})

    def with_it(old: tuple[str, ...]) -> tuple[str, ...]:
        _refuse_beyond(len(old) + 1)
        return (*old, video_address(video, kind))

    return await change_videos(trail, actor, id, with_it, hold_put(medium)), cleaned


async def remove_video(trail: Trail, actor: Actor, id: str, video: str) -> Advert:
    """Remove the video with this id from an advert. Raises NotFound."""

    def without(old: tuple[str, ...]) -> tuple[str, ...]:
        kept = tuple(address for address in old if video_id(address) != video)
        if kept == old:
            raise NotFound("video", video)
        return kept

    advert = await own_advert(trail.store, actor.user_id, id)
    without(advert.videos)
    gone = await release_updates(trail.store, advert.id, [video], trail.clock())
    return await change_videos(trail, actor, id, without, *gone)


def _made_ready(file: Path, largest: int) -> CleanVideo:
    if file.stat().st_size > largest:
        raise TooLarge(_("a video may have at most %(megabytes)s MB", megabytes=largest // 1000000))
    return clean_video(file)


def _refuse_beyond(count: int) -> None:
    if count > MOST_VIDEOS:
        raise Refused(
            ngettext(
                "an advert shows at most %(num)s video: remove one first",
                "an advert shows at most %(num)s videos: remove one first",
                MOST_VIDEOS,
            )
        )
