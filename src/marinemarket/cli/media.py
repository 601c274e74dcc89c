"""``media``: stored photos and videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..i18n.numbers import whole
from ..listings.media.stored_videos import clean_stored_videos
from .command import DONE, REFUSED, answer, json_option, keyless_market_command

if TYPE_CHECKING:
    from ..composition import Market


@click.group()
def media() -> None:
    """Stored photos and videos."""


@media.command("clean")
@json_option
@keyless_market_command
async def clean(market: Market, as_json: bool) -> int:
    """Clean stored videos of everything but picture and sound.

    Earlier versions left tracks of positions in them. Run this once after an upgrade, while the site
    runs or not; it can be repeated. Caches in front of the site may hold the old files: purge them.
    """
    report = await clean_stored_videos(market.store, market.studio.blobs)
    lines = [f"{whole(report.videos)} videos: {whole(report.cleaned)} were cleaned."]
    if report.missing:
        lines.append(f"{whole(report.missing)} have no file.")
    lines += [
        f"Video {id} of advert {advert} cannot be cleaned: ask its owner to upload it again, or remove it."
        for id, advert in report.refused
    ]
    document = {
        "videos": report.videos,
        "cleaned": report.cleaned,
        "missing": report.missing,
        "refused": [{"video": id, "advert": advert} for id, advert in report.refused],
    }
    answer(document, as_json=as_json, message="\n".join(lines))
    return REFUSED if report.refused else DONE
