"""Videos that an earlier version stored are cleaned by a command."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.errors import NotFound
from marinemarket.listings.media.records import Medium, announce_put
from marinemarket.listings.media.stored_videos import clean_stored_videos
from marinemarket.media.studio import video_file
from tests.builders import NOW, OWNER, uuid_of
from tests.media.video_files import PICTURE, TOLD, a_film, a_webm

pytestmark = pytest.mark.anyio


async def _stored(market: Market, id: str, kind: str, content: bytes | None) -> str:
    medium = Medium(
        id=id * 32, kind=kind, owner_id=OWNER, advert_id=uuid_of("boat"), created_at=NOW
    )
    await market.store.commit(announce_put(medium))
    name = video_file(id * 32, kind)
    if content is not None:
        await market.studio.blobs.put({name: content})
    return name


async def test_stored_videos_are_cleaned_once_and_those_that_cannot_be_are_named(
    market: Market,
) -> None:
    film = await _stored(market, "a", "mp4", a_film())
    webm = await _stored(market, "b", "webm", a_webm())
    await _stored(market, "c", "mp4", a_film()[:-60])
    gone = await _stored(market, "d", "mov", None)
    await _stored(market, "e", "photo", None)
    blobs = market.studio.blobs
    report = await clean_stored_videos(market.store, blobs)
    assert (report.videos, report.cleaned, report.missing) == (4, 2, 1)
    assert report.refused == [("c" * 32, uuid_of("boat"))]
    for name, before in ((film, a_film()), (webm, a_webm())):
        clean = await blobs.read(name)
        assert len(clean) == len(before)
        assert [told for told in TOLD if told in clean] == []
        assert PICTURE[0] in clean
    with pytest.raises(NotFound):
        await blobs.read(gone)
    again = await clean_stored_videos(market.store, blobs)
    assert (again.videos, again.cleaned) == (4, 0)
