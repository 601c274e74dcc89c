"""Files in a folder and in a bucket: complete, readable, and gone once removed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiobotocore.session
import pytest

from marinemarket.errors import Invalid, NotFound, StorageFull, Unavailable
from marinemarket.media.blobs import AT_ONCE, Blobs, blobs_at
from marinemarket.media.images import develop
from marinemarket.media.studio import Studio, files_of
from tests.store.engines.moto_server import moto_endpoint

from .picture_files import a_photo

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["folder", "bucket"])
async def blobs(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Blobs]:
    if request.param == "folder":
        yield blobs_at(str(tmp_path / "media"))
        return
    endpoint = moto_endpoint()
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    session = aiobotocore.session.get_session()
    async with session.create_client("s3", endpoint_url=endpoint, region_name="us-east-1") as s3:
        await s3.create_bucket(Bucket="media-of-a-market")
    yield blobs_at("s3://media-of-a-market/boats")


async def test_files_are_read_as_they_were_put_and_gone_once_removed(blobs: Blobs) -> None:
    await blobs.put({"photos/ab/one": b"first", "photos/ab/two": b"second"})
    assert [await blobs.read("photos/ab/one"), await blobs.size("photos/ab/two")] == [b"first", 6]
    await blobs.remove(["photos/ab/one", "photos/ab/never"])
    await blobs.remove(["photos/ab/one"])
    for asked in (blobs.read("photos/ab/one"), blobs.size("photos/ab/never")):
        with pytest.raises(NotFound):
            await asked
    assert await blobs.read("photos/ab/two") == b"second"


async def test_a_part_of_a_large_file_comes_in_pieces(blobs: Blobs) -> None:
    content = bytes(range(256)) * 10_000
    await blobs.put({"videos/ab/one": content})
    pieces = [piece async for piece in blobs.pieces("videos/ab/one", 5, len(content) - 3)]
    assert b"".join(pieces) == content[5:-3]
    assert max(map(len, pieces)) <= AT_ONCE


def _files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


async def test_a_file_is_taken_in_from_where_it_lies(blobs: Blobs, tmp_path: Path) -> None:
    sent = tmp_path / "sent.mp4"
    sent.write_bytes(b"a film")
    await blobs.put({"videos/ab/one.mp4": sent})
    assert await blobs.read("videos/ab/one.mp4") == b"a film"
    assert sent.exists()


async def test_a_folder_holds_whole_files_alone_and_of_a_discarded_photo_nothing(
    tmp_path: Path,
) -> None:
    blobs = blobs_at(str(tmp_path))
    photo, film = f"photos/ab/{'ab' * 16}/large.webp", "videos/ab/one.mp4"
    await blobs.put({photo: b"a photo", film: b"a film"})
    assert _files_in(tmp_path) == {photo, film}
    await blobs.remove([photo, film])
    assert not (tmp_path / photo).parent.exists()
    assert (tmp_path / "videos/ab").is_dir(), "others may be written into it at this moment"


async def test_all_files_of_a_photo_are_kept_and_discarded(blobs: Blobs) -> None:
    studio = Studio(blobs)
    await studio.keep("ab" * 16, develop(a_photo(size=(60, 40))))
    assert min([await blobs.size(name) for name in files_of("ab" * 16, "photo")]) > 0
    await studio.discard("ab" * 16, "photo")
    for name in files_of("ab" * 16, "photo"):
        with pytest.raises(NotFound):
            await blobs.size(name)
    studio.close()


@pytest.mark.parametrize("place", ["s3://", "s3:///", "/proc/nowhere/media"])
def test_a_place_that_cannot_be_is_named(place: str) -> None:
    with pytest.raises(Invalid, match="MARINEMARKET_BLOBS"):
        blobs_at(place)


async def test_a_folder_that_went_away_is_unavailable_and_not_a_bug(tmp_path: Path) -> None:
    blobs = blobs_at(str(tmp_path / "media"))
    (tmp_path / "media" / "photos").write_text("a file where a folder should be")
    with pytest.raises((Unavailable, NotFound)):
        await blobs.put({"photos/ab/one": b"first"})


async def test_a_disk_without_room_takes_no_picture(tmp_path: Path) -> None:
    blobs = blobs_at(str(tmp_path / "media"))
    await blobs.check_room(1)
    with pytest.raises(StorageFull):
        await blobs.check_room(10**18)
