"""A file to fill in: a header that needs no mapping, explanations, and a boat that is made up."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from .recognition import EXAMPLE, EXPLAINS


class TemplateColumn(NamedTuple):
    """A column of the template: its header, the field that it holds, an example, and what may stand in it."""

    header: str
    field: str
    example: str
    explanation: str


COLUMNS = (
    TemplateColumn(
        "Reference",
        "reference",
        EXAMPLE,
        mark("Your own number for the boat. It must stay the same from file to file."),
    ),
    TemplateColumn(
        "Title",
        "title",
        "2004 Skarvik 32, ready to sail",
        mark("Leave it empty, and it is made of year, manufacturer and model."),
    ),
    TemplateColumn("Manufacturer", "maker", "Skarvik", mark("Who built the boat.")),
    TemplateColumn("Model", "model", "32", ""),
    TemplateColumn(
        "Boat type",
        "type",
        "Sailboat",
        mark("For example sailboat, motor yacht, catamaran or inflatable."),
    ),
    TemplateColumn("Year", "year", "2004", mark("Four digits.")),
    TemplateColumn(
        "Length overall", "loa", "9.75 m", mark("With its unit: 9.75 m, or 32 ft 6 in.")
    ),
    TemplateColumn("Beam", "beam", "3.20 m", mark("As the length.")),
    TemplateColumn("Draft", "draft", "1.60 m", mark("As the length.")),
    TemplateColumn(
        "Displacement", "displacement", "4300 kg", mark("With its unit: 4300 kg, or 9500 lb.")
    ),
    TemplateColumn("Hull material", "hullMaterial", "Fiberglass", ""),
    TemplateColumn("HIN", "hin", "", mark("Twelve characters, if the boat has one.")),
    TemplateColumn("Condition", "condition", "Good", mark("Excellent, good, fair or needs work.")),
    TemplateColumn("New or used", "usage", "Used", mark("New or used.")),
    TemplateColumn("Engine", "engine", "Norda M20, 21 hp", mark("In your own words.")),
    TemplateColumn("Engine hours", "hours", "850", ""),
    TemplateColumn("Fuel", "fuel", "Diesel", mark("For example diesel, petrol or electric.")),
    TemplateColumn("Cabins", "cabins", "2", ""),
    TemplateColumn("Berths", "berths", "6", ""),
    TemplateColumn("Heads", "heads", "1", ""),
    TemplateColumn(
        "Price", "price", "EUR 45,000", mark("With its currency: EUR 45,000. Or: price on request.")
    ),
    TemplateColumn(
        "Status", "status", "For sale", mark("For sale, under offer, sold or withdrawn.")
    ),
    TemplateColumn("Town", "city", "Kappeln", ""),
    TemplateColumn("State", "state", "", mark("In the United States, Canada and Australia.")),
    TemplateColumn("Country", "country", "Germany", mark("Its name, or its two letters.")),
    TemplateColumn(
        "Description",
        "description",
        "She was in fresh water until 2019 …",
        mark("As long as you like. Line breaks are kept."),
    ),
    TemplateColumn(
        "Equipment", "features", "Radar; autopilot; heating", mark("Separated by semicolons.")
    ),
    TemplateColumn(
        "Photos",
        "images",
        "https://example.com/1.jpg https://example.com/2.jpg",
        mark("Addresses, separated by spaces."),
    ),
)


def _rows() -> list[list[str]]:
    explanations = [_(one.explanation) if one.explanation else "" for one in COLUMNS]
    explanations[0] = f"{EXPLAINS} {explanations[0]}"
    return [
        [one.header for one in COLUMNS],
        explanations,
        [one.example for one in COLUMNS],
    ]


def template_csv() -> bytes:
    """The template as CSV that spreadsheets open rightly."""
    text = StringIO(newline="")
    csv.writer(text).writerows(_rows())
    return text.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """The template as a spreadsheet."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise TypeError("a new workbook has a sheet")
    sheet.title = _("Boats")
    for row in _rows():
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    for row_cells in sheet.iter_rows(min_row=2, max_row=3):
        for cell in row_cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(italic=True, color="666666")
    sheet.freeze_panes = "A2"
    data = BytesIO()
    book.save(data)
    return data.getvalue()
