"""Pictures on other hosts become the market's own, or the boat has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.composition import Market
from marinemarket.listings.importing.importer import ACTOR
from marinemarket.listings.importing.pictures import FetchReport, PictureImport
from tests.builders import a_user
from tests.fetching.hosts import World, a_world, response
from tests.listings.samples import Desk, own_row, table
from tests.media.picture_files import a_photo

pytestmark = pytest.mark.anyio

HOST = "http://boats.example"


async def _run(market: Market, world: World, folder: Path, images: str) -> FetchReport:
    desk = Desk(market, folder)
    path = folder / "boats.csv"
    path.write_text(table([own_row(images=images)]))
    importer = desk.importer("csv")
    await importer.run(path, desk.rejects)
    run = PictureImport(market.trail, market.studio, world.fetcher(), owner=a_user(), actor=ACTOR)
    return await run.run(importer.pictures)


async def test_pictures_are_fetched_once_and_what_cannot_be_is_named(
    market: Market, tmp_path: Path
) -> None:
    async with a_world() as world:
        world.names = {"inside.example": ["127.0.0.2"]}
        world.answers = {
            "/1.jpg": response(body=a_photo(1, (300, 200))),
            "/2": response("302 Found", Location="/1.jpg"),
            "/page.jpg": response(body=b"<html><script>alert(1)</script></html>"),
            "/inside.jpg": response("302 Found", Location="http://inside.example/1.jpg"),
        }
        names = ("1.jpg", "2", "page.jpg", "inside.jpg", "none.jpg")
        images = " | ".join(f"{HOST}/{name}" for name in names)
        report = await _run(market, world, tmp_path, images)
        assert report.fetched == 2
        assert dict(report.failed) == {
            f"{HOST}/page.jpg": "this is a web page, not a picture: save the picture itself, and send that",
            f"{HOST}/inside.jpg": "leads to a private network",
            f"{HOST}/none.jpg": "answers 404",
        }
        [boat] = await Desk(market, tmp_path).listings()
        assert len(boat.photos) == 2
        assert all(address.startswith("/media/photos/") for address in boat.images)
        assert await market.studio.blobs.size(
            f"photos/{boat.photos[0].id[:2]}/{boat.photos[0].id}/1600.jpg"
        )
        world.asked.clear()
        again = await _run(market, world, tmp_path, images)
        assert (again.fetched, again.failed) == (0, report.failed)
        asked = {head.split()[1] for head in world.asked}
        assert asked == {"/page.jpg", "/inside.jpg", "/none.jpg"}, (
            "what is there is not fetched again"
        )


async def test_without_being_asked_for_an_import_fetches_nothing(
    market: Market, tmp_path: Path
) -> None:
    async with a_world() as world:
        desk = Desk(market, tmp_path)
        await desk.take(table([own_row(images=f"{HOST}/1.jpg")]), "csv")
        assert world.asked == world.resolved == []
        assert (await desk.only()).images == ()
