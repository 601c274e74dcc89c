"""A seller's file: what is imported, what remains after an interruption, and hostile files."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import find_user
from marinemarket.accounts.user import User
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import NotFound
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.importing.uploads import (
    ImportUpload,
    UploadState,
    find_upload,
    rejects_of,
    uploads_of,
)
from marinemarket.listings.listing import Listing, ModerationState, Status
from marinemarket.listings.records import listing_item, owned_by
from marinemarket.moderation.case_follower import is_to_look_at
from marinemarket.seller_dashboard.import_jobs import start_import
from marinemarket.store.schema import IMPORTS
from marinemarket.store.store import Query
from tests.builders import OWNER, ManualClock
from tests.conftest import TESTS
from tests.listings.sellers import SELLER, judged

pytestmark = pytest.mark.anyio


@pytest.fixture
def behind() -> int:
    """These tests find results by an index, which may lag; nothing under test relies on one."""
    return 0


HEADER = (
    "reference,title,price,description,location.country,location.state,location.city,boatDetails.type,"
    "boatDetails.manufacturer,boatDetails.year,boatDetails.length,boatDetails.condition"
)


def row(reference: str, price: str = "4850000", title: str = "1998 Catalina 34") -> str:
    return f"{reference},{title},{price},Kept well.,US,FL,Stuart,sailboat,Catalina,1998,34,Good"


async def _send(
    market: Market, content: bytes | str, tmp_path: Path, **overrides: str
) -> ImportUpload:
    path = tmp_path / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    format = FORMATS[overrides.get("format", "csv")]
    intake = await start_import(market.trail, SELLER, path, name="boats.csv", format=format)
    while await market.jobs().run_once():
        pass
    return await find_upload(market.store, OWNER, intake.id)


async def _owner(market: Market) -> User:
    owner = await find_user(market.store, OWNER)
    assert owner is not None
    return owner


async def _all_of(market: Market) -> list[Listing]:
    return (await owned_by(market.store, OWNER, limit=100)).listings


async def test_rows_become_adverts_that_wait_and_may_be_sent_again(
    market: Market, tmp_path: Path, clock: ManualClock
) -> None:
    file = "\n".join([HEADER, row("A1"), row("A2"), row("A3", price="free")])
    intake = await _send(market, file, tmp_path)
    assert (intake.created, intake.rejected, intake.rows) == (2, 1, 3)
    for boat in await _all_of(market):
        assert boat.status is Status.ACTIVE
        assert boat.moderation.state is ModerationState.PENDING
    rejects = await rejects_of(market.store, OWNER, intake.id)
    assert rejects.splitlines()[0] == HEADER + ",reasons"
    assert "A3,1998 Catalina 34,free" in rejects
    clock.now += 1000
    mended = rejects.replace("free", "4000000")
    again = await _send(market, mended, tmp_path)
    assert (again.created, again.rejected) == (1, 0)
    clock.now += 1000
    last = await _send(market, "\n".join([HEADER, row("A1"), row("A2", price="4700000")]), tmp_path)
    assert (last.unchanged, last.updated) == (1, 1)
    assert [one.id for one in await uploads_of(market.store, OWNER)] == [
        last.id,
        again.id,
        intake.id,
    ]


async def test_17_a_file_may_set_no_more_than_a_sellers_form(
    market: Market, tmp_path: Path
) -> None:
    extra = {
        "id": "an-id-of-somebody", "moderation.state": "approved", "createdAt": "0", "ownerId": "eve",
        "views": "100000", "images": '["https://evil.example/x.png"]', "confirmedAt": "1",
    }  # fmt: skip
    cells = ",".join(f'"{value.replace(chr(34), chr(34) * 2)}"' for value in extra.values())
    file = f"{HEADER},{','.join(extra)}\n{row('A1')},{cells}\n"
    intake = await _send(market, file, tmp_path)
    assert (intake.created, intake.rejected, intake.why) == (1, 0, "")
    [boat] = await _all_of(market)
    assert boat.id != "an-id-of-somebody"
    assert boat.moderation.state is ModerationState.PENDING
    assert (boat.images, boat.views, boat.created_at) == ((), None, market.clock())


async def test_an_incomplete_row_is_imported_as_inactive(market: Market, tmp_path: Path) -> None:
    intake = await _send(market, "\n".join([HEADER, row("A1").replace("Kept well.", "")]), tmp_path)
    assert (intake.created, intake.unpublished) == (1, 1)
    [boat] = await _all_of(market)
    assert boat.status is Status.INACTIVE


def _archive() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("boats.csv", b"0" * 10_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_archive(), "is an archive: unpack it"),
        (b"\x1f\x8b" + b"\0" * 100, "compressed"),
        ("title,price\n".encode("utf-16"), "location.country is a required column"),
        (b"title,\0price\n", "location.country is a required column"),
        (b"", "no header"),
        (b"\x80\xff\xfe;\n1;2\n", "is not a column|is a column|cannot be told"),
        (b"x," * 400_000 + b"\n1\n", "columns; at most"),
        (b"x," * 1_000_000 + b"\n1\n", "is longer than"),
        (HEADER.encode(), "no boat in it"),
        (HEADER.encode() + b"\n" + b"a,b\n" * 2001, "2,001 rows"),
    ],
    ids=["zip", "gzip", "utf-16", "nul", "empty", "noise", "wide", "endless", "bare", "long"],
)
async def test_hostile_files_are_refused_with_a_message(
    market: Market, tmp_path: Path, content: bytes, words: str
) -> None:
    intake = await _send(market, content, tmp_path)
    assert intake.state is UploadState.STOPPED
    assert any(word in intake.why for word in words.split("|")) or "empty" in intake.why
    assert not await _all_of(market)


async def test_hostile_cells_are_refused_or_made_plain(market: Market, tmp_path: Path) -> None:
    rows = [
        row("A1", title="=cmd|' /C calc'!A0"),
        row("A2", title="<script>alert(1)</script>"),
        row("A3", title="nul\0byte boat"),
        row("A4", price="NaN"),
        row("A5", price="-1"),
        "=HYPERLINK(1),too,few",
    ]
    intake = await _send(market, "\n".join([HEADER, *rows]), tmp_path)
    assert intake.rows == 6
    titles = {boat.title for boat in await _all_of(market)}
    assert all("<" not in title and "\0" not in title for title in titles)
    rejects = await rejects_of(market.store, OWNER, intake.id)
    assert "\n'=HYPERLINK" in rejects  # case 30
    assert "\n=" not in rejects


async def test_it_is_exported_and_erased_with_its_sender(market: Market, tmp_path: Path) -> None:
    intake = await _send(market, "\n".join([HEADER, row("A1"), row("A2", price="x")]), tmp_path)
    with pytest.raises(NotFound):
        await find_upload(market.store, "somebody else", intake.id)
    exported = await export_person(market.accounts, TESTS, await _owner(market), PERSONAL_DATA)
    assert [one["fileName"] for one in exported["imports"] if "fileName" in one] == ["boats.csv"]
    assert any("A2" in one.get("text", "") for one in exported["imports"])
    await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    assert not (await market.store.query(Query(IMPORTS, OWNER))).items


async def test_a_files_change_to_a_public_boat_is_moderated(
    market: Market, tmp_path: Path, clock: ManualClock
) -> None:
    await _send(market, "\n".join([HEADER, row("A1")]), tmp_path)
    [boat] = await _all_of(market)
    old = await judged(market, boat.id)
    clock.now += 1000
    await _send(market, "\n".join([HEADER, row("A1", title="Send the money first")]), tmp_path)
    [new] = await _all_of(market)
    assert new.is_offered
    assert is_to_look_at(listing_item(old), listing_item(new))
