"""Invented rows in the file formats that an operator imports."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from marinemarket.accounts.user import User
from marinemarket.composition import Market
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.importing.import_report import ImportReport
from marinemarket.listings.importing.importer import Importer
from marinemarket.listings.listing import Listing
from marinemarket.listings.pricing import load_rates
from marinemarket.listings.records import all_listings
from tests.builders import a_user

Rows = list[dict[str, str]]


def portal_row(**overrides: str) -> dict[str, str]:
    """A row as the European portal exports it; `overrides` has ``_`` where its columns have spaces."""
    row = {
        "Price": "EUR 48500",
        "Boat Type": "Motor Yacht",
        "Manufacturer": "Fjellnes power boats",
        "Type": "Used boat,Diesel",
        "Year Built": "2009",
        "Length": "9.75",
        "Width": "3.2",
        "Material": "GRP",
        "Location": "Norway » Hardangerfjord » Odda",
        "Number of views last 7 days": "12",
    }
    return row | {name.replace("_", " "): cell for name, cell in overrides.items()}


def survey_row(**overrides: str) -> dict[str, str]:
    """A row as in the survey of used sailing boats."""
    row = {
        "Make": "Skagen",
        "Variant": "Passat 38",
        "Length (ft)": "38",
        "Geographic Region": "Europe",
        "Country/Region/State": "Denmark",
        "Listing Price (USD)": "91500",
        "Year": "2006",
    }
    return row | {
        "_".join(name.split()) if name in row else name: cell for name, cell in overrides.items()
    }


def own_row(**overrides: Any) -> dict[str, str]:
    """A row in our own columns, as somebody fills it in by hand."""
    row = {
        "reference": "",
        "title": "Skagen Passat 38, ready to sail",
        "askingPrice": "EUR 75,000",
        "location.country": "DK",
        "location.city": "Svendborg",
        "boatDetails.type": "sailboat",
        "boatDetails.manufacturer": "Skagen",
        "boatDetails.model": "Passat 38",
        "boatDetails.year": "2006",
        "boatDetails.length": "38",
    }
    return row | {name: str(cell) for name, cell in overrides.items()}


def fleet(count: int) -> Rows:
    """Distinct rows in the portal's format."""
    return [
        portal_row(
            Price=f"EUR {10_000 + 10 * number}",
            Manufacturer=f"Yard {number % 37} power boats",
            Length=f"{6 + number / 100:.2f}",
        )
        for number in range(count)
    ]


def table(rows: Rows, *, delimiter: str = ",", ending: str = "\r\n") -> str:
    """Rows as the text of a CSV file."""
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0], delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


class Desk:
    """Somebody who imports files into one market."""

    def __init__(self, market: Market, folder: Path) -> None:
        self.market, self.folder = market, folder
        self.rejects = folder / "rejects.csv"

    async def take(
        self,
        content: Rows | str | bytes,
        format: str = "boat24",
        *,
        owner: User | None = None,
        rates: Path | None = None,
    ) -> ImportReport:
        """Import rows, or a file's content; returns the report."""
        path = self.folder / "import.csv"
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else table(content)).encode()
        path.write_bytes(content)
        report = await self.importer(format, owner=owner, rates=rates).run(path, self.rejects)
        assert report.accepted + report.rejected == report.rows
        assert len(self.refused()) == report.rejected
        return report

    def importer(
        self, format: str, *, owner: User | None = None, rates: Path | None = None
    ) -> Importer:
        return Importer(
            self.market.trail,
            owner=owner or a_user(),
            format=FORMATS[format],
            rates=load_rates(rates),
        )

    def refused(self) -> Rows:
        """The rows of the rejects file, each with as many cells as the header."""
        with self.rejects.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header[-1] == "reasons"
        assert all(len(row) == len(header) and row[-1] for row in rows)
        return [dict(zip(header, row, strict=True)) for row in rows]

    async def listings(self) -> list[Listing]:
        return [listing async for listing in all_listings(self.market.store)]

    async def only(self) -> Listing:
        (listing,) = await self.listings()
        return listing

    async def head(self) -> str:
        return await self.market.store.head()
