"""A seller's file as a job: each row once, whatever is killed; one form, one job; stopping, taking back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any, cast

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.accounts.user import UserStatus
from marinemarket.audit.trail import Trail
from marinemarket.clock import DAY, HOUR
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import NotFound, Refused
from marinemarket.jobs.job import Job, JobState, Why
from marinemarket.jobs.records import cancel, find_job
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.importing.uploads import (
    ImportUpload,
    UploadState,
    rejects_of,
    uploads_of,
)
from marinemarket.listings.lifecycle.editing import edit_listing
from marinemarket.listings.lifecycle.publication import mark_sold
from marinemarket.listings.listing import Listing, ModerationState, Status
from marinemarket.listings.records import find_listing, owned_by
from marinemarket.seller_dashboard import import_jobs
from marinemarket.seller_dashboard.bulk_jobs import outcomes_of
from marinemarket.seller_dashboard.import_jobs import followed_upload, start_import
from marinemarket.seller_dashboard.taking_back import may_be_taken_back_until, take_back
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, IMPORTS, JOBS, USERS, Table
from marinemarket.store.store import Query, Store
from marinemarket.store.writes import Update, Write
from tests.builders import OWNER, ManualClock
from tests.conftest import TESTS
from tests.jobs.test_runner import DyingStore, Killed
from tests.listings.importing.test_uploads import HEADER, row
from tests.listings.sellers import SELLER, another_seller, judged, stands

pytestmark = pytest.mark.anyio

LEFT = "it was changed since, and stays as it is"


@pytest.fixture
def behind() -> int:
    """These tests find results by an index, which may lag; nothing under test relies on one."""
    return 0


@pytest.fixture(autouse=True)
def _few_rows_in_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_jobs, "ROWS", 3)


async def _send(market: Market, folder: Path, rows: Iterable[str], token: str = "") -> ImportUpload:
    path = folder / f"{token_hex()}.csv"  # its own, since some are sent at once
    path.write_bytes("\n".join([HEADER, *rows]).encode("cp1252"))
    return await start_import(
        market.trail, SELLER, path, name="boats.csv", format=FORMATS["csv"], token=token
    )


async def _drain(market: Market) -> None:
    while await market.jobs().run_once():
        pass


async def _done(market: Market, folder: Path, rows: Iterable[str]) -> ImportUpload:
    sent = await _send(market, folder, rows)
    await _drain(market)
    return await _now(market, sent)


async def _now(market: Market, sent: ImportUpload) -> ImportUpload:
    return (await followed_upload(market.store, OWNER, sent.id)).upload


async def _job(market: Market, id: str) -> Job:
    found = await find_job(market.store, id)
    assert found is not None
    return found


async def _taken_back(market: Market, sent: ImportUpload) -> list[tuple[str, str]]:
    """Take an import back; what was left as it is, and why."""
    back = await take_back(market.trail, SELLER, sent.job)
    assert (await take_back(market.trail, SELLER, sent.job)).id == back.id
    await _drain(market)
    assert (await _job(market, back.id)).state is JobState.DONE
    found = await outcomes_of(market.store, back, refused=True, limit=100)
    return [(one.title, one.why_not) for _number, one in found]


async def _boats(market: Market) -> dict[str, Listing]:
    found = (await owned_by(market.store, OWNER, limit=100)).listings
    return {one.source.reference or "": one for one in found if one.source}


def _counts(upload: ImportUpload) -> tuple[int, ...]:
    return (upload.created, upload.updated, upload.unchanged, upload.rejected)


def _content(boats: dict[str, Listing]) -> dict[str, Any]:
    """What a seller has said of boats, without what the market adds."""
    added = ("updatedAt", "confirmedAt", "priceHistory")
    return {
        name: {key: value for key, value in boat.to_wire().items() if key not in added}
        for name, boat in boats.items()
    }


def _dying(market: Market, clock: ManualClock, at: int, is_done: bool) -> Market:
    dying = cast(Store, DyingStore(market.store, at=at, is_done=is_done))
    days = market.settings.audit_retention_days
    return replace(market, trail=Trail(dying, retention_days=days, clock=clock))


class _Stopping:
    """A store in which somebody stops a job just before one of its commits."""

    def __init__(self, market: Market, job: str, *, at: int) -> None:
        self._market, self._job, self._left = market, job, at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._market.store, name)

    async def commit(self, *writes: Write) -> None:
        self._left -= 1
        if self._left < 0:
            await cancel(self._market.trail, SELLER, OWNER, self._job)
        await self._market.store.commit(*writes)


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
async def test_killed_anywhere_and_run_again_each_row_is_done_once_and_taken_back_once(
    market: Market, clock: ManualClock, tmp_path: Path, is_done: bool
) -> None:
    await _done(market, tmp_path, [row("A1"), row("A2"), row("A3")])
    for boat in (await _boats(market)).values():
        await judged(market, boat.id)
    before = _content(await _boats(market))
    file = [
        row("A1", price="4000000"), row("A2"), row("B1"), row("B1"), row("B2", price="free"),
        row("B3").replace("Kept well.", ""), row("A3", title="A sloop in Málaga"),
    ]  # fmt: skip
    for at in range(9):
        clock.now += 1000
        sent = await _send(market, tmp_path, file, f"form {at}")
        with pytest.raises(Killed):
            await _dying(market, clock, at, is_done).jobs().run_once()
        # Two workers at once, as when one takes over while the other is still ending.
        await asyncio.gather(_drain(market), _drain(market))
        upload = await _now(market, sent)
        assert upload.state is UploadState.DONE
        assert (upload.rows, *_counts(upload), upload.unpublished) == (7, 2, 2, 1, 2, 1)
        refused = (await rejects_of(market.store, OWNER, sent.id)).splitlines()
        assert [line.partition(",")[0] for line in refused] == ["reference", "B1", "B2"]
        after = await _boats(market)
        assert after["A1"].price == 4_000_000
        assert after["A3"].title == "A sloop in Málaga"
        assert (await _send(market, tmp_path, file, f"form {at}")).id == sent.id
        back = await take_back(market.trail, SELLER, sent.job)
        assert back.total == 4
        with pytest.raises(Killed):
            await _dying(market, clock, min(at, 4), is_done).jobs().run_once()
        await _drain(market)
        assert (await _job(market, back.id)).refused == 0
        assert _content(await _boats(market)) == before
    entries = [
        item["resourceId"]
        for item in (await market.store.scan(AUDIT_LOGS, limit=1000)).items
        if item["resource"] == "listing" and "job" in item["details"]
    ]
    # Each of the four is changed once and set back once, nine times; three were made at first.
    assert len(entries) == 9 * 8 + 3
    kept = (await market.store.query(Query(IMPORTS, OWNER, limit=1000))).items
    # The texts are gone; one, whose process was killed just before that, waits for its expiry.
    assert len([item for item in kept if str(item["part"]).startswith("file.")]) <= 1


class _Overtaken:
    """A store in which another worker does the row that was just looked for, and dies."""

    def __init__(self, market: Market, clock: ManualClock) -> None:
        self._market, self._clock, self._is_overtaken = market, clock, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._market.store, name)

    async def get(self, table: Table, *key: str) -> Item | None:
        found = await self._market.store.get(table, *key)
        if table == JOBS and key[1].startswith("done.") and not self._is_overtaken:
            self._is_overtaken = True
            with pytest.raises(Killed):
                await _dying(self._market, self._clock, 0, True).jobs().run_once()
        return found


async def test_a_row_that_another_worker_has_just_done_counts_as_done(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    await _done(market, tmp_path, [row("A1"), row("A2")])
    clock.now += 1000
    sent = await _send(market, tmp_path, [row("A1", price="4000000"), row("A2")])
    days = market.settings.audit_retention_days
    overtaken = cast(Store, _Overtaken(market, clock))
    trail = Trail(overtaken, retention_days=days, clock=clock)
    while await replace(market, trail=trail).jobs().run_once():
        pass
    assert _counts(await _now(market, sent)) == (0, 1, 1, 0)


async def test_taking_back_deletes_withdraws_and_sets_back_and_names_what_was_touched_since(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    await _done(market, tmp_path, [row("A1"), row("A2"), row("A3")])
    old = await _boats(market)
    for boat in old.values():
        await judged(market, boat.id)
    cheaper = [row(f"A{n}", price="4000000") for n in (1, 2, 3)]
    clock.now += 1000
    sent = await _send(market, tmp_path, [*cheaper, row("B1"), row("B2"), row("B3"), row("B4")])
    await market.jobs().run_queue(OWNER, most=1)
    with pytest.raises(Refused):
        await take_back(market.trail, SELLER, sent.job)
    await _drain(market)
    new = await _boats(market)
    clock.now += HOUR
    await edit_listing(market.trail, SELLER, old["A1"].id, {"description": "New sails."}, None)
    await edit_listing(market.trail, SELLER, old["A2"].id, {"price": 3_900_000}, None)
    await mark_sold(market.trail, SELLER, old["A3"].id, None)
    await judged(market, new["B2"].id)
    await judged(market, new["B3"].id, ModerationState.REJECTED)
    await edit_listing(market.trail, SELLER, new["B4"].id, {"description": "New sails."}, None)
    with pytest.raises(NotFound):
        await take_back(market.trail, await another_seller(market), sent.job)
    titles = [(old["A2"].title, LEFT), (old["A3"].title, LEFT.replace("changed", "sold"))]
    assert await _taken_back(market, sent) == [*titles, (new["B4"].title, LEFT)]
    first = await stands(market, old["A1"].id)
    # Only what the file had set: what was typed since stays.
    assert (first.price, first.description, first.is_offered) == (4_850_000, "New sails.", True)
    assert [asked.price for asked in first.price_history] == [4_850_000, 4_000_000, 4_850_000]
    assert (await stands(market, old["A2"].id)).price == 3_900_000
    assert await find_listing(market.store, new["B1"].id) is None
    # A reader, or a moderator, has seen these two.
    for name in ("B2", "B3"):
        assert (await stands(market, new[name].id)).status is Status.INACTIVE
    # The same file again makes what was deleted, and brings back no boat that is down.
    again = await _done(market, tmp_path, [*cheaper, row("B1"), row("B2")])
    assert _counts(again) == (1, 1, 3, 0)
    assert (await stands(market, new["B2"].id)).status is Status.INACTIVE


async def test_of_two_imports_the_later_is_taken_back_first_and_only_for_a_day(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    first = await _done(market, tmp_path, [row("A1"), row("A2")])
    clock.now += 1000
    second = await _done(market, tmp_path, [row("A1", title="Ariadne"), row("A3")])
    clock.now += 1000
    assert await _taken_back(market, second) == []
    assert await _taken_back(market, first) == []
    assert not await _boats(market)
    late = await _done(market, tmp_path, [row("A1")])
    clock.now += DAY
    with pytest.raises(Refused, match="for a day"):
        await take_back(market.trail, SELLER, late.job)
    same = await _done(market, tmp_path, [row("A1")])
    assert may_be_taken_back_until(await _job(market, same.job), clock.now) is None


async def test_what_was_done_in_a_step_that_was_stopped_is_counted_and_taken_back(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    sent = await _send(market, tmp_path, [row(f"A{n}") for n in range(7)])
    with pytest.raises(Killed):
        # Three rows and the progress, and one row of the next step.
        await _dying(market, clock, 5, is_done=False).jobs().run_once()
    await cancel(market.trail, SELLER, OWNER, sent.job)
    await _drain(market)
    boats = await _boats(market)
    assert 3 < len(boats) < 7
    job, upload = await _job(market, sent.job), await _now(market, sent)
    assert (job.state, job.done, upload.created) == (JobState.CANCELLED, 3, len(boats))
    assert await _taken_back(market, sent) == []
    assert not await _boats(market)
    # Stopped while a step is under way: none of its rows comes after that.
    other = await _send(market, tmp_path, [row(f"B{n}") for n in range(7)])
    store = cast(Store, _Stopping(market, other.job, at=4))
    days = market.settings.audit_retention_days
    trail = Trail(store, retention_days=days, clock=clock)
    await replace(market, trail=trail).jobs().run_once()
    assert len(await _boats(market)) == (await _now(market, other)).created == 3
    nothing = await _send(market, tmp_path, [row("A1")])
    await cancel(market.trail, SELLER, OWNER, nothing.job)
    with pytest.raises(Refused, match="none of your boats"):
        await take_back(market.trail, SELLER, nothing.job)


async def test_one_form_is_one_job_also_when_it_is_sent_twice_at_once(
    market: Market, clock: ManualClock, tmp_path: Path
) -> None:
    file = [row("A1"), row("A2")]
    sent = await asyncio.gather(*(_send(market, tmp_path, file, "form") for _ in range(3)))
    assert len({one.id for one in sent}) == 1
    clock.now += 1000
    await _drain(market)
    [boat, _other] = (await _boats(market)).values()
    await edit_listing(market.trail, SELLER, boat.id, {"price": 3_900_000}, None)
    assert (await _send(market, tmp_path, file, "form")).state is UploadState.DONE
    other = await _send(market, tmp_path, file, "another form")
    unreadable = [await _send(market, tmp_path, [], "form") for _ in range(2)]
    assert unreadable[0] == unreadable[1]
    await _drain(market)
    assert (await stands(market, boat.id)).price == 3_900_000
    assert {one.id for one in await uploads_of(market.store, OWNER)} == {
        sent[0].id, other.id, unreadable[0].id,
    }  # fmt: skip


async def test_it_ends_with_its_owner_who_is_banned_or_erased(
    market: Market, tmp_path: Path
) -> None:
    sent = await _send(market, tmp_path, [row(f"A{n}") for n in range(7)])
    await market.jobs().run_queue(OWNER, most=1)
    await market.store.commit(Update(USERS, (OWNER,), set={"status": UserStatus.BANNED.value}))
    waiting = await _job(market, sent.job)
    await _drain(market)
    job = await _job(market, sent.job)
    assert (job.state, job.why, job.done) == (JobState.CANCELLED, Why.ACCOUNT, 3)
    assert (waiting.state, len(await _boats(market))) == (JobState.RUNNING, 3)
    kept = (await market.store.query(Query(IMPORTS, OWNER))).items
    assert any(str(item["part"]).startswith("file.") for item in kept)
    await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    assert not (await market.store.query(Query(IMPORTS, OWNER))).items
    assert not (await market.store.query(Query(JOBS, sent.job))).items
