"""The photos that a seller's file names are fetched by a job: in order, once, and failures are named by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.jobs.job import Job, JobState
from marinemarket.jobs.records import QUEUE, due_queues, find_job, slow_queue
from marinemarket.jobs.runner import Runner
from marinemarket.listings.importing import pictures
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.listing import Listing
from marinemarket.listings.media.photos import remove_photo
from marinemarket.listings.records import find_listing, owned_by
from marinemarket.seller_dashboard.bulk_jobs import outcomes_of
from marinemarket.seller_dashboard.import_jobs import followed_upload, start_import
from marinemarket.seller_dashboard.photo_jobs import photo_runner
from marinemarket.seller_dashboard.taking_back import take_back
from marinemarket.store.schema import JOBS
from marinemarket.store.store import Query
from marinemarket.web.pages.account.job_progress import outcome_of, title_of
from tests.builders import OWNER
from tests.conftest import TESTS
from tests.fetching.hosts import World, a_world, response
from tests.listings.importing.test_uploads import HEADER, row
from tests.listings.sellers import SELLER
from tests.media.picture_files import a_photo

pytestmark = pytest.mark.anyio
HOST = "http://boats.example"


@pytest.fixture
def behind() -> int:
    """These tests find results by an index, which may lag; nothing under test relies on one."""
    return 0


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(pictures, "PATIENCE_SECONDS", (0, 0))


async def _sent(market: Market, folder: Path, *boats: tuple[str, str], token: str = "") -> Job:
    """Import a file of boats, each with its photo addresses; returns its finished job."""
    path = folder / "boats.csv"
    rows = (f"{row(name)},{images}" for name, images in boats)
    path.write_text("\n".join([f"{HEADER},images", *rows]))
    sent = await start_import(
        market.trail, SELLER, path, name="boats.csv", format=FORMATS["csv"], token=token
    )
    while await market.jobs().run_once():
        pass
    job = (await followed_upload(market.store, OWNER, sent.id)).job
    assert job is not None
    return job


def _runner(market: Market, world: World) -> Runner:
    return photo_runner(market.trail, market.studio, fetcher=world.fetcher(most=1_000_000))


async def _photos(market: Market, of: Job) -> Job:
    followed = await followed_upload(market.store, OWNER, of.parameters["upload"])
    assert followed.photos is not None
    return followed.photos


async def _boats(market: Market) -> dict[str, Listing]:
    found = (await owned_by(market.store, OWNER)).listings
    return {boat.source.reference or "": boat for boat in found if boat.source}


async def test_photos_are_fetched_in_order_once_and_what_cannot_be_is_named_by_row(
    market: Market, tmp_path: Path
) -> None:
    async with a_world() as world:
        world.answers = {
            "/1.jpg": response(body=a_photo(1, (300, 200))),
            "/2.jpg": response(body=a_photo(2, (300, 200))),
            "/page.jpg": response(body=b"<html>gone</html>"),
            "/busy.jpg": response("503 Service Unavailable"),
        }
        names = ("busy", "1", "2", "page", "none")
        first = " | ".join(f"{HOST}/{name}.jpg" for name in names)
        boats = (("A", first), ("B", f"{HOST}/2.jpg"), ("C", ""))
        job = await _sent(market, tmp_path, *boats)
        assert world.asked == []
        assert (await _boats(market))["A"].images == ()
        runner = _runner(market, world)
        while await runner.run_once():
            pass
        photos = await _photos(market, job)
        assert (photos.state, photos.total, photos.done, photos.refused) == (JobState.DONE, 6, 6, 3)
        assert title_of(photos) == "Photos of boats.csv"
        assert outcome_of(photos) == "3 photos are there, 3 could not be fetched"
        found = [one for _n, one in await outcomes_of(market.store, photos, refused=True, limit=9)]
        assert [(one.title, one.why_not) for one in found] == [
            ("Row 2", f"{HOST}/busy.jpg answers 503"),
            ("Row 2", f"{HOST}/page.jpg this is a web page, not a picture: save the picture itself, and send that"),
            ("Row 2", f"{HOST}/none.jpg answers 404"),
        ]  # fmt: skip
        boat = (await _boats(market))["A"]
        assert [len(boat.photos) for boat in (await _boats(market)).values()].count(0) == 1
        assert len(boat.photos) == len(boat.images) == 2
        assert all(address.startswith("/media/photos/") for address in boat.images)

        # What failed comes later, and takes its place; what is there is not asked for again.
        world.answers["/busy.jpg"] = response(body=a_photo(3, (300, 200)))
        before = boat.photos
        world.asked.clear()
        again = await _sent(market, tmp_path, *boats, token="again")
        while await runner.run_once():
            pass
        assert (await _photos(market, again)).refused == 2
        asked = {head.split()[1] for head in world.asked}
        assert asked == {"/busy.jpg", "/page.jpg", "/none.jpg"}
        after = (await _boats(market))["A"].photos
        assert after[1:] == before
        assert after[0] not in before

        # The same picture at a new address is the same.
        world.answers["/moved.jpg"] = world.answers["/2.jpg"]
        moved = await _sent(market, tmp_path, ("A", ""), ("B", f"{HOST}/moved.jpg"))
        while await runner.run_once():
            pass
        assert (
            (await _photos(market, moved)).refused,
            len((await _boats(market))["B"].photos),
        ) == (0, 1)


async def test_it_is_taken_back_stopped_and_erased_with_its_owner(
    market: Market, tmp_path: Path
) -> None:
    async with a_world() as world:
        world.answers = {"/1.jpg": response(body=a_photo(1, (300, 200)))}
        address = f"{HOST}/1.jpg"
        job = await _sent(market, tmp_path, ("A", address), ("B", address))
        runner = _runner(market, world)
        assert await runner.run_queue(slow_queue(OWNER), most=1) == 1
        boat = (await _boats(market))["A"]
        assert len(boat.photos) == 1
        # A boat that the file added goes with the photos that it named.
        await take_back(market.trail, SELLER, job.id)
        while await market.jobs().run_once():
            pass
        assert await find_listing(market.store, boat.id) is None
        while await runner.run_once():
            pass
        photos = await _photos(market, job)
        assert (photos.state, photos.refused) == (JobState.DONE, 1)

        more = await _sent(market, tmp_path, ("C", address), token="more")
        assert slow_queue(OWNER) in await due_queues(market.store)
        await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
        assert await market.store.get(JOBS, slow_queue(OWNER), QUEUE) is None
        assert await find_job(market.store, more.id) is None
        assert (await market.store.query(Query(JOBS, photos.id))).items == []
        assert not await runner.run_once()


async def test_a_host_that_is_silent_is_left_alone_after_some_attempts(
    market: Market, tmp_path: Path
) -> None:
    async with a_world() as world:
        addresses = " | ".join(f"{HOST}/{n}.jpg" for n in range(6))
        world.answers = {f"/{n}.jpg": response("503 Busy") for n in range(6)}
        job = await _sent(market, tmp_path, ("A", addresses))
        runner = _runner(market, world)
        while await runner.run_once():
            pass
        photos = await _photos(market, job)
        assert (photos.state, photos.refused) == (JobState.DONE, 6)
        assert len(world.asked) == 3 * 3
        [*_others, (_n, last)] = await outcomes_of(market.store, photos, refused=True, limit=9)
        assert "send the file again later" in last.why_not


async def test_a_photo_that_its_seller_removed_is_fetched_again_only_with_the_file(
    market: Market, tmp_path: Path
) -> None:
    async with a_world() as world:
        world.answers = {"/1.jpg": response(body=a_photo(1, (300, 200)))}
        await _sent(market, tmp_path, ("A", f"{HOST}/1.jpg"))
        runner = _runner(market, world)
        while await runner.run_once():
            pass
        boat = (await _boats(market))["A"]
        await remove_photo(market.trail, SELLER, boat.id, boat.photos[0].id)
        world.asked.clear()
        while await runner.run_once():
            pass
        assert world.asked == []
        assert (await _boats(market))["A"].photos == ()
