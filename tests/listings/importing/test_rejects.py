"""Refused rows: unchanged, with every reason, ready to be corrected."""

from __future__ import annotations

import pytest

from marinemarket.errors import Invalid
from tests.listings.samples import Desk, portal_row, table

pytestmark = pytest.mark.anyio


async def test_the_rejects_are_the_unchanged_rows_with_all_their_reasons(desk: Desk) -> None:
    damaged = portal_row(Location="VÃ©senaz", Price="=1+1", Length="long")
    await desk.take([portal_row(), damaged])
    (refused,) = desk.refused()
    reasons = refused.pop("reasons")
    assert refused == damaged | {"Price": "'=1+1"}
    assert [reason.partition(":")[0] for reason in reasons.split("\n")] == [
        "Row 3, column “Location”",
        "Row 3, column “Price”",
        "Row 3, column “Length”",
    ]


async def test_corrected_rejects_are_imported(desk: Desk) -> None:
    rows = [portal_row(Location="Odda", Manufacturer="=Yard"), portal_row(Price="")]
    assert (await desk.take(rows)).rejected == 2
    unmended = desk.rejects.read_bytes()
    assert (await desk.take(unmended)).rejected == 2
    assert desk.rejects.read_bytes() == unmended
    mended = desk.refused()
    mended[0] |= {"Location": "Norway » Odda"}
    mended[1] |= {"Price": "EUR 900"}
    assert (await desk.take(mended)).created == 2
    assert "=Yard" in {listing.boat_details.manufacturer for listing in await desk.listings()}
    assert desk.rejects.read_text().splitlines() == [",".join(mended[0])]


async def test_a_cell_gains_no_apostrophes_through_the_rejects_file(desk: Desk) -> None:
    content = table([portal_row(Location="", Manufacturer="'=Yard")])
    for _ in range(3):
        await desk.take(content)
        assert desk.refused()[0]["Manufacturer"] == "'=Yard"
        content = desk.rejects.read_text()


async def test_a_broken_line_is_a_refused_row_too(desk: Desk) -> None:
    lines = table([portal_row()]).splitlines()
    content = "\n".join([*lines, "EUR 1,Sloop", lines[1] + ",one,more", "x" * 1_000_001, lines[1]])
    report = await desk.take(content)
    assert (report.rows, report.created, report.rejected) == (5, 2, 3)
    short, long, huge = (row["reasons"] for row in desk.refused())
    assert (
        short
        == "Row 3: has 2 cells where the header has 10; is a line break or a quotation mark in a text?"
    )
    assert long.endswith("more than expected: one | more")
    assert "is longer than" in huge


async def test_the_rejects_file_appears_only_once_complete(desk: Desk) -> None:
    await desk.take([portal_row(Price="")])
    whole = desk.rejects.read_bytes()
    path = desk.folder / "file.csv"
    path.write_text(table([portal_row()] * 500 + [portal_row(Price="")]))

    def stop(read: int, size: int) -> None:
        raise RuntimeError("the plug was pulled")

    with pytest.raises(RuntimeError):
        await desk.importer("boat24").run(path, desk.rejects, stop)
    assert desk.rejects.read_bytes() == whole


async def test_rejects_that_cannot_be_written_are_named(desk: Desk) -> None:
    path = desk.folder / "file.csv"
    path.write_text(table([portal_row()]))
    with pytest.raises(Invalid, match="cannot be written"):
        await desk.importer("boat24").run(path, path / "rejects.csv")
