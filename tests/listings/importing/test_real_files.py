"""Real files of real portals, if they are present beside the project."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from marinemarket.clock import now_ms, year_of
from marinemarket.listings.vocabulary.countries import country_code
from tests.listings.samples import Desk

pytestmark = [pytest.mark.anyio, pytest.mark.real_data]

SAMPLE = 1500


@pytest.fixture
def behind() -> int:
    """Once is enough: other tests import over indexes that lag."""
    return 0


def lines_of(path: Path) -> list[bytes]:
    """The rows of a file below its header; in these files no row spans several lines."""
    return path.read_bytes().splitlines(keepends=True)


REASON = re.compile(r"Row [\d,]+(?:, column “|: )(?P<field>[\w. ]+?)”?: (?P<text>.+)")


def is_true(field: str, reason: str, row: dict[str, str]) -> bool:
    """Does the row itself confirm the reason for its refusal?"""
    place = row["Location"]
    checks = {
        "Location": not place.strip() or country_code(place.partition("Â»")[0].strip()) is None,
        "price": "comes to $" in reason and float(row["Price"].split()[-1]) > 7_000_000,
        "location.state": place.startswith(("United States", "Australia", "Canada")),
        "boatDetails.year": not 1900 <= int(row["Year Built"]) <= year_of(now_ms()) + 1,
        "Length": not 1.53 <= float(row["Length"] or 5) <= 198,
    }
    return checks.get(field, False)


async def test_most_boats_for_sale_become_listings_and_every_other_has_a_true_reason(
    desk: Desk, real_data: Path
) -> None:
    path = real_data / "boats_for_sale.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    report = await desk.importer("boat24").run(path, desk.rejects)
    assert report.rows == rows
    assert report.accepted + report.rejected == rows
    assert report.accepted >= rows * 0.85
    assert len(await desk.listings()) == report.created == report.accepted
    refused = desk.refused()
    assert len(refused) == report.rejected
    for row in refused:
        for reason in row["reasons"].split("; "):
            told = REASON.match(reason)
            # The continuation of a reason after a semicolon names no field.
            assert not told or is_true(told["field"], told["text"], row), (reason, row)


async def test_nearly_all_sailboats_become_listings(desk: Desk, real_data: Path) -> None:
    path = real_data / "sailboats_monohull_2020.csv"
    report = await desk.importer("mcm2020").run(path, desk.rejects)
    assert report.accepted + report.rejected == report.rows
    assert report.accepted >= report.rows * 0.99
    for row in desk.refused():
        assert row["Country/Region/State"].strip() in ("", "West Indies", "Netherlands Antilles")


async def test_a_sample_run_again_changes_nothing(desk: Desk, real_data: Path) -> None:
    header, *lines = lines_of(real_data / "boats_for_sale.csv")
    content = b"".join([header, *lines[:SAMPLE]])
    first = await desk.take(content)
    head, rejects = await desk.head(), desk.rejects.read_bytes()
    again = await desk.take(content)
    assert (again.unchanged, again.rejected) == (first.accepted, first.rejected)
    assert await desk.head() == head
    assert desk.rejects.read_bytes() == rejects


async def test_one_price_of_a_sample_changes_one_advert(desk: Desk, real_data: Path) -> None:
    header, *lines = lines_of(real_data / "boats_for_sale.csv")
    await desk.take(b"".join([header, *lines[:SAMPLE]]))
    before = {listing.id: listing for listing in await desk.listings()}
    before_price, comma, rest = lines[7].partition(b",")
    assert before_price == b"EUR 1400000"
    lines[7] = b"EUR 1300000" + comma + rest
    report = await desk.take(b"".join([header, *lines[:SAMPLE]]))
    assert report.updated == 1
    changed = [new for new in await desk.listings() if before[new.id] != new]
    assert [(len(listing.price_history), listing.price) for listing in changed] == [
        (2, 159_523_000)
    ]
