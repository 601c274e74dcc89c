"""Spreadsheets as Excel saves them (.xlsx): rows of text, as their cells are shown.

They are archives of XML. What they unpack to is bounded, and formulas are never computed: a cell has the
value that was last saved.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _
from .csv_table import LONGEST_CELL, TableRow
from .header import header_in

_MOST_COLUMNS = 1001
_MOST_BLANK = 2000
"""Rows without a cell, after which a sheet is taken to end: some are said to have a million."""
_LOOKED_AT = 20

# A format shows what a number alone does not say: its currency or its unit.
_CURRENCY = re.compile(
    r"\[\$(?P<sign>[^\]-]+)(?:-[0-9A-Fa-f]+)?\]|(?P<bare>[$€£¥])|\"\s*(?P<quoted>[^\"0#?]{1,6}?)\s*\""
)
_UNITS = frozenset(
    {
        "m",
        "cm",
        "mm",
        "ft",
        "in",
        "'",
        "′",
        "kg",
        "t",
        "lb",
        "lbs",
        "hp",
        "kw",
        "ps",
        "h",
        "l",
        "kn",
    }
)
_MONEY_SIGNS = re.compile(r"[$€£¥₺₽₴]|[A-Z]{3}|kr\.?|zł|Kč|Ft|lei|Fr\.?|SFr\.?|R\$|лв\.?")


class Spreadsheet:
    """The rows of a workbook's boats. `sheets` were read; `left_out` have another header, or are hidden."""

    def __init__(self, file: BinaryIO, *, most: int) -> None:
        self._book = _opened(file, most)
        self.sheets: tuple[str, ...] = ()
        self.left_out: tuple[str, ...] = ()
        self._chosen = self._choose()

    def __iter__(self) -> Iterator[TableRow]:
        for name in self._chosen:
            # The header of the first sheet is that of all.
            is_below = name == self._chosen[0]
            for row in self._rows(name):
                if is_below:
                    yield row
                else:
                    is_below = _named(row.cells) == self._header

    def _choose(self) -> list[str]:
        """The first visible sheet that is a table, and those with the same header."""
        chosen: list[str] = []
        self._header: list[str] = []
        for name in self._book.sheetnames:
            sheet = self._book[name]
            if getattr(sheet, "sheet_state", "visible") != "visible" or not hasattr(sheet, "rows"):
                continue
            header = self._header_of(name)
            if not chosen and header:
                self._header = header
            if header and header == self._header:
                chosen.append(name)
        self.sheets = tuple(chosen)
        self.left_out = tuple(name for name in self._book.sheetnames if name not in chosen)
        if not chosen:
            raise Invalid([FieldError("FILE", _("has no sheet with a table of boats in it"))])
        return chosen

    def _header_of(self, name: str) -> list[str]:
        """The cells of a sheet's header; empty unless there is a row below it."""
        top = [row for row in islice(self._rows(name), _LOOKED_AT) if not row.is_blank]
        position = header_in(top)
        if position is None or len(top) < 2:
            return []
        named = _named(top[position].cells)
        return named if len([cell for cell in named if cell]) > 1 else []

    def _rows(self, name: str) -> Iterator[TableRow]:
        sheet = self._book[name]
        # What a file says of its size is often wrong.
        sheet.reset_dimensions()
        blank = 0
        for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
            written = [_text(cell) for cell in cells]
            while written and not written[-1]:
                written.pop()
            blank = 0 if written else blank + 1
            if blank > _MOST_BLANK:
                return
            if written:
                yield TableRow(number, written, None, name)

    def close(self) -> None:
        self._book.close()


def _named(cells: list[str]) -> list[str]:
    named = [" ".join(cell.split()) for cell in cells]
    while named and not named[-1]:
        named.pop()
    return named


def _opened(file: BinaryIO, most: int) -> Any:
    unreadable = _(
        "cannot be read as a spreadsheet: open it in Excel and save it again, or as CSV in UTF-8"
    )
    try:
        with ZipFile(file) as archive:
            sizes = [
                part.file_size
                for part in archive.infolist()
                if part.filename.endswith((".xml", ".rels"))
            ]
            if sum(sizes) > most:
                raise Invalid(
                    [FieldError("FILE", _("unpacks to more than is read of a spreadsheet"))]
                )
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError, EOFError, TypeError,
            AttributeError, IndexError, NotImplementedError, RuntimeError):  # fmt: skip
        raise Invalid([FieldError("FILE", unreadable)]) from None


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:LONGEST_CELL]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _figure(value, cell.number_format or "")
    return _moment(value)


def _figure(value: float, number_format: str) -> str:
    """A number with the zeros, the currency or the unit that its cell shows."""
    text = str(int(value)) if value == int(value) and abs(value) < 10**15 else repr(value)
    if re.fullmatch(r"0{2,12}", number_format) and value == int(value) and value >= 0:
        return text.zfill(len(number_format))
    found = _CURRENCY.search(number_format.split(";")[0])
    if not found:
        return text
    sign = (found["sign"] or found["bare"] or found["quoted"] or "").strip()
    if _MONEY_SIGNS.fullmatch(sign):
        return f"{sign} {text}"
    return f"{text} {sign}" if sign.lower().rstrip(".") in _UNITS else text


def _moment(value: object) -> str:
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
