"""Exporting, and importing into another market."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.errors import Invalid
from marinemarket.listings.importing.csv_columns import COLUMNS
from marinemarket.listings.importing.export import export_listings
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing, listing_of
from marinemarket.wire import decode
from tests.builders import NOW, ManualClock, a_listing, a_user
from tests.conftest import TESTS
from tests.listings.samples import Desk, portal_row, survey_row

pytestmark = pytest.mark.anyio

RICH = a_listing(
    name="rich",
    title="'=HYPERLINK(\"http://x\") boat, \"quoted\"; and\tmore",
    description="-First line.\n\n=Second, line |\r\n@Third “line” – жизнь 🚤",
    originalPrice={"amount": 9_000_000, "currency": "GBP"},
    priceHistory=[
        {"price": 12_500_000, "at": 5, "originalPrice": {"amount": 1, "currency": "JPY"}},
        {"price": 12_000_000, "at": 6},
    ],
    location={
        "country": "GB",
        "region": "+Solent",
        "city": "@Cowes",
        "zipCode": "PO31 7QJ",
        "coordinates": {"lat": 50.76, "lon": -1.29},
    },
    boat={
        "type": "ketch", "manufacturer": "Bénéteau boats", "model": "=36.7", "year": 1999,
        "length": 36.75, "loa": 37.5, "beam": 11.25, "draft": 6, "airDraft": 55.5,
        "displacement": 14_000, "hin": "ABC12345D404", "hullMaterial": "fiberglass",
        "fuel": "diesel", "engine": "-Volvo", "hours": 0, "cabins": 0, "berths": 6, "heads": 1,
        "usage": "used", "condition": "Needs Work",
        "engines": [{"make": "Volvo", "power": 39.5, "hours": 10, "count": 2}, {}],
    },
    features=["=GPS", "a|b", "[1]", "'til"],
    images=[f"/media/photos/{'a' * 32}/1600.jpg", "/pictures/sailboat/7-0.svg"],
    thumbnails=[f"/media/photos/{'a' * 32}/300x300.jpg"],
    status="sold", moderation={"state": "rejected", "reason": "-no"},
    source={"name": "boat24", "reference": "=R"}, sellerKind="private",
    createdAt=NOW - 5,
)  # fmt: skip


def essence(listing: Listing) -> Listing:
    """A listing without what each market sets itself."""
    return listing.changed(source=None, updated_at=NOW, views=None)


async def test_json_lines_are_the_listings_as_the_api_shows_them(desk: Desk) -> None:
    await add_listing(desk.market.trail, TESTS, RICH)
    await add_listing(desk.market.trail, TESTS, a_listing())
    path = desk.folder / "out" / "listings.jsonl"
    assert await export_listings(desk.market.store, path) == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    assert {Listing.parse(decode(line)).id for line in lines} == {RICH.id, a_listing().id}
    rich = next(decode(line) for line in lines if RICH.id in line)
    assert listing_of(rich) == RICH
    assert json.loads(lines[0])["listingId"] == json.loads(lines[0])["id"]


async def test_no_cell_of_an_export_is_a_formula(desk: Desk) -> None:
    await add_listing(desk.market.trail, TESTS, RICH)
    path = desk.folder / "listings.csv"
    await export_listings(desk.market.store, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert tuple(header) == COLUMNS
    numbers = {"location.coordinates.lat", "location.coordinates.lon"}
    cells = {name: cell for name, cell in zip(header, row, strict=True) if name not in numbers}
    assert [name for name, cell in cells.items() if cell[:1] in tuple("=+-@\t")] == []


async def test_an_export_makes_the_same_listings_in_a_fresh_market(desk: Desk) -> None:
    await add_listing(desk.market.trail, TESTS, RICH)
    await desk.take([portal_row(Manufacturer="=cmd power boats"), portal_row(), portal_row()])
    await desk.take([survey_row()], "mcm2020")
    path = desk.folder / "listings.csv"
    assert await export_listings(desk.market.store, path) == 5
    settings = Settings(data=desk.folder / "fresh")
    async with open_market(settings, clock=ManualClock(NOW + 1000)) as fresh:
        await add_user(fresh.trail, TESTS, a_user())
        there = Desk(fresh, desk.folder)
        report = await there.take(path.read_bytes(), "csv")
        assert (report.created, report.rejected) == (5, 0)
        moved = await there.listings()
        assert list(map(essence, moved)) == list(map(essence, await desk.listings()))
        rich = next(listing for listing in moved if listing.id == RICH.id)
        assert rich.source is not None
        assert rich.source.reference == "=R"
        again = await there.take(path.read_bytes(), "csv")
        assert again.unchanged == 5
        await export_listings(fresh.store, desk.folder / "second.csv")
        assert (await there.take((desk.folder / "second.csv").read_bytes(), "csv")).rejected == 0
        assert list(map(essence, await there.listings())) == list(map(essence, moved))


async def test_importing_an_export_into_its_own_market_changes_nothing(desk: Desk) -> None:
    await desk.take([portal_row(), portal_row(Price="USD 9000")])
    path = desk.folder / "listings.csv"
    await export_listings(desk.market.store, path)
    before, head = await desk.listings(), await desk.head()
    assert (await desk.take(path.read_bytes(), "csv")).unchanged == 2
    assert await desk.listings() == before
    assert await desk.head() == head
    assert (await desk.take([portal_row(), portal_row(Price="USD 9000")])).unchanged == 2


def saved_by_excel(content: bytes, *, separator: str, encoding: str) -> bytes:
    """An export as a spreadsheet saves it, whose long numbers lose their last digits."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    mark = separator.replace(";", ",").replace("\t", ",").replace("|", ".")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    for row in rows:
        writer.writerow(
            [f"1{mark}79603E+12" if re.fullmatch(r"\d{13}", cell) else cell for cell in row]
        )
    return text.getvalue().encode(encoding)


async def test_an_export_that_a_spreadsheet_has_saved_changes_nothing(desk: Desk) -> None:
    await add_listing(desk.market.trail, TESTS, RICH)
    await desk.take([portal_row(), portal_row(Location="Norway » Tromsø")])
    path = desk.folder / "listings.csv"
    await export_listings(desk.market.store, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    before, head = await desk.listings(), await desk.head()
    for separator, encoding in [(",", "utf-8-sig"), (";", "utf-8-sig"), ("\t", "utf-16")]:
        saved = saved_by_excel(path.read_bytes(), separator=separator, encoding=encoding)
        report = await desk.take(saved, "csv")
        assert (report.unchanged, report.rejected) == (3, 0), desk.refused()
        assert await desk.listings() == before
    assert await desk.head() == head


async def test_a_cell_changed_in_an_export_changes_that_listing(desk: Desk) -> None:
    await desk.take([portal_row(), portal_row()])
    path = desk.folder / "listings.csv"
    await export_listings(desk.market.store, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"title": "A better title", "boatDetails.condition": "Good"}
    assert (await desk.take(rows, "csv")).updated == 1
    titles = {listing.id: listing.title for listing in await desk.listings()}
    assert titles[rows[0]["id"]] == "A better title"
    assert titles[rows[1]["id"]] != "A better title"


@pytest.mark.parametrize("name", ["listings.xml", "listings", "csv"])
async def test_only_known_extensions_are_written(desk: Desk, name: str) -> None:
    with pytest.raises(Invalid, match="--to: must end in one of"):
        await export_listings(desk.market.store, desk.folder / name)
    assert not (desk.folder / name).exists()


async def test_a_path_that_cannot_be_written_is_named(desk: Desk) -> None:
    blocked = desk.folder / "file"
    blocked.write_text("")
    with pytest.raises(Invalid, match="cannot be written"):
        await export_listings(desk.market.store, blocked / "listings.csv")


async def test_an_export_that_is_cut_off_leaves_the_last_one_whole(desk: Desk) -> None:
    await desk.take([portal_row(Length=f"{5 + number / 100:.2f}") for number in range(500)])
    path = desk.folder / "listings.csv"
    path.write_text("the last one")

    def stop(written: int) -> None:
        raise RuntimeError("the plug was pulled")

    with pytest.raises(RuntimeError):
        await export_listings(desk.market.store, path, stop)
    assert path.read_text() == "the last one"
