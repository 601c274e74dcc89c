"""Spreadsheets as Excel saves them, and other files that are no text."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.importing.source_file import SourceFile, normalised

COLUMNS = ["reference", "askingPrice", "boatDetails.length", "location.zipCode", "listed", "ok"]


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def stock() -> openpyxl.Workbook:
    """A workbook with instructions, a title, gaps, formats, a hidden sheet, and boats in two sheets."""
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active["A1"] = "Fill in the next sheet"
    boats = book.create_sheet("Sail")
    for row in (
        ["Our stock"],
        [],
        COLUMNS,
        ["a1", 45000, 9.75, 123, datetime(2026, 11, 30), True],
        [],
        ["a2", "EUR 5", 38.700000000000003],
    ):
        boats.append(row)
    boats["B4"].number_format = "#,##0.00\\ [$€-407]"
    boats["C4"].number_format = '0.00" m"'
    boats["D4"].number_format = "00000"
    hidden = book.create_sheet("Sold")
    hidden.append(COLUMNS)
    hidden.append(["s1", 1])
    hidden.sheet_state = "hidden"
    more = book.create_sheet("Power")
    more.append(COLUMNS)
    more.append(["b1", "USD 9", 30])
    return book


def test_a_spreadsheet_is_read_as_it_looks() -> None:
    source = SourceFile(saved(stock()))
    rows = list(source)
    assert [(row.number, list((row.cells or {}).values())) for row in rows] == [
        (4, ["a1", "€ 45000", "9.75 m", "00123", "2026-11-30", "TRUE"]),
        (6, ["a2", "EUR 5", "38.7", "", "", ""]),
        (2, ["b1", "USD 9", "30", "", "", ""]),
    ]
    assert [row.source for row in rows] == ["Sail", "Sail", "Power"]
    assert source.reading.in_words() == (
        "Read as a spreadsheet: Sail, Power. Not read, since it is hidden or has other columns: Read me, Sold."
    )


def test_a_spreadsheet_in_its_plainest_form_is_read_alike() -> None:
    content = saved(stock())
    again = list(SourceFile(normalised(SourceFile(content)).encode()))
    assert [row.cells for row in again] == [row.cells for row in SourceFile(content)]


def test_a_formula_has_the_value_that_was_saved_and_none_is_computed() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["x", "=1+1"])
    (row,) = SourceFile(saved(book))
    assert row.cells == {"a": "x", "b": ""}


def archive(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file"),
        (archive(**{"content.xml": b"<x/>"}), "OpenDocument"),
        (archive(**{"Index/Document.iwa": b""}), "Numbers"),
        (archive(**{"xl/workbook.bin": b""}), "binary Excel"),
        (archive(**{"boats.csv": b"a,b"}), "is an archive: unpack it"),
        (archive(**{"xl/workbook.xml": b"<rubbish"}), "cannot be read as a spreadsheet"),
        (archive(**{"xl/workbook.xml": b" " * 70_000_000}), "unpacks to more"),
        (saved(stock())[:-300], "damaged"),
        (saved(openpyxl.Workbook()), "no sheet with a table of boats"),
        (b"<html><table><tr><td>boat", "web page"),
        (b'[{"title": "boat"}]', "JSON"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        SourceFile(content)
