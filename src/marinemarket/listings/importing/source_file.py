"""Reading other people's files: from bytes to rows of text, with letters repaired that were decoded wrongly.

`SourceFile` is what every format stands on: it finds out what kind of file it is, in which encoding, with
which separator, and where its header is.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import ftfy

from ...errors import FieldError, Invalid
from ...i18n.numbers import whole
from ...i18n.texts import gettext as _
from ...i18n.texts import ngettext
from ...row_writer import rearmed
from .csv_table import CSVTable, Lines, TableRow
from .encodings import encoding_of, pieces_of
from .file_kind import is_spreadsheet
from .header import header_in, is_a_boat, may_be_one_row, unique_names, units_below, with_units
from .reading import Reading

LARGEST_UNPACKED = 300_000_000
LARGEST_OF_A_SELLER = 60_000_000
"""Bytes of XML in a spreadsheet, which take several times as much to read."""
LONGEST_NAME = 200
MOST_COLUMNS = 1000
_SHOWN = 1000
_ROWS_LOOKED_AT = 20
"""In how many rows at the top the header is looked for."""
_MOST_SHORT = 1000
"""Rows that lack cells, which are judged together."""
_ENCODING_ONLY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
)
_NOT_AVAILABLE = re.compile(
    r"#(?:N/A|NV|N/D|N/B|REF!|BEZUG!|VALUE!|WERT!|VALEUR!|NAME\?|DIV/0!|NULL!|NUM!|ZAHL!)"
)
_FORMULA_OF_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_ENTITY = re.compile(r"&(?:amp;)?(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,30});")
_FLOAT_NOISE = re.compile(r"-?\d{1,9}\.\d{12,20}")
_TOTALS = frozenset({
    "total", "totals", "sum", "summe", "gesamt", "gesamtsumme", "totale", "somme", "suma", "razem", "celkem",
    "osszesen", "összesen", "итого", "всего", "yhteensä", "totaal", "totalt", "i alt", "soma", "ukupno", "toplam",
})  # fmt: skip


class RawRow(NamedTuple):
    """A row of its file. `number` is that which a spreadsheet shows, the first being 1.

    `cells` is None when it is no valid row; `fault` says why.
    """

    number: int
    raw: list[str]
    cells: dict[str, str] | None
    fault: str | None = None
    source: str = ""
    """The name of its file and sheet."""


class SourceFile:
    """A file of rows, CSV or a spreadsheet. `columns` are its own, `names` the same, folded and unique.

    Given by its path or its content. `reading` tells how it is read, `read` how many bytes were consumed,
    `twice` which names stand above several columns. `encoding` is one that its sender has named. Raises
    Invalid when it cannot be opened, is of another kind, or has no header.
    """

    def __init__(self, source: Path | bytes, *, encoding: str | None = None) -> None:
        try:
            self._file: BinaryIO = (
                BytesIO(source) if isinstance(source, bytes) else source.open("rb")
            )
        except OSError as error:
            raise Invalid(
                [FieldError("FILE", _("cannot be read: %(why)s", why=error.strerror))]
            ) from None
        self._may_be_damaged = False
        self._most_unpacked = LARGEST_OF_A_SELLER if isinstance(source, bytes) else LARGEST_UNPACKED
        self._name = "" if isinstance(source, bytes) else source.name
        self.size = len(source) if isinstance(source, bytes) else source.stat().st_size
        try:
            self._rows = self._open(encoding)
            self._read_header()
        except BaseException:
            self.close()
            raise

    @property
    def read(self) -> int:
        return self._file.tell()

    def _open(self, encoding: str | None) -> Iterator[TableRow]:
        if is_spreadsheet(self._file):
            # Few files are, and its library takes long to import.
            from .spreadsheet import Spreadsheet

            book = Spreadsheet(self._file, most=self._most_unpacked)
            self.reading = Reading(sheets=book.sheets, left_out_sheets=book.left_out)
            return iter(book)
        found = encoding_of(self._file, encoding)
        table = CSVTable(Lines(pieces_of(self._file, found), found))
        self._may_be_damaged = found.codec == "utf-8"
        self.reading = Reading(found.codec, found.beside, table.separator)
        return iter(table)

    def _read_header(self) -> None:
        top = list(islice((row for row in self._rows if not row.is_blank), _ROWS_LOOKED_AT))
        position = header_in(top)
        if position is None:
            raise Invalid([FieldError("FILE", _("is empty: it has no header"))])
        header, following = top[position], top[position + 1 :]
        if header.fault:
            raise Invalid(
                [
                    FieldError(
                        "FILE", _("has no header: its first row %(fault)s", fault=header.fault)
                    )
                ]
            )
        if is_a_boat(header.cells):
            shown = " | ".join(cell.strip() for cell in header.cells if cell.strip())[:100]
            message = _(
                "has no header: its first row looks like a boat (%(shown)s). "
                "Put a row above it that names the columns, such as Make, Model, Year, Price",
                shown=shown,
            )
            raise Invalid([FieldError("FILE", message)])
        if following and (units := units_below(following[0])):
            header = replace(header, cells=with_units(header.cells, units))
            del following[0]
        self.columns = header.cells
        if len(self.columns) > MOST_COLUMNS:
            message = _(
                "has %(columns)s columns; at most %(most)s are read",
                columns=whole(len(self.columns)),
                most=whole(MOST_COLUMNS),
            )
            raise Invalid([FieldError("FILE", message)])
        if any(len(name) > LONGEST_NAME for name in self.columns):
            message = _("has a column name of more than %(most)s characters", most=LONGEST_NAME)
            raise Invalid([FieldError("FILE", message)])
        folded = [_column(name) for name in self.columns]
        self.twice = sorted({name for name in folded if name and folded.count(name) > 1})
        self.names = unique_names(folded)
        self._header = header
        self._rows = chain(following, self._rows)

    def __iter__(self) -> Iterator[RawRow]:
        """The rows below the header that are not blank."""
        short: list[TableRow] = []
        is_whole = True
        for row in self._rows:
            if row.is_blank:
                continue
            if self._is_short(row) and len(short) < _MOST_SHORT:
                short.append(row)
                continue
            yield from self._ended(short, is_whole and self._is_whole(row))
            short, is_whole = [], self._is_whole(row)
            yield self._row(row)
        yield from self._ended(short, is_whole)

    def _is_short(self, row: TableRow) -> bool:
        return not row.fault and not row.sheet and len(row.cells) < len(self.names)

    def _is_whole(self, row: TableRow) -> bool:
        return not row.fault and (bool(row.sheet) or len(row.cells) == len(self.names))

    def _ended(self, short: list[TableRow], is_between_whole: bool) -> Iterator[RawRow]:
        """Rows without cells at their end, which some programs leave out where they are empty."""
        width = len(self.names)
        # A quotation mark in a cell shows that another one swallowed the cells before it.
        if (
            not is_between_whole
            or any('"' in cell for row in short for cell in row.cells)
            or may_be_one_row([len(row.cells) for row in short], width)
        ):
            yield from map(self._row, short)
            return
        for row in short:
            yield self._row(replace(row, cells=[*row.cells, *[""] * (width - len(row.cells))]))

    def rows(self) -> Iterator[TableRow]:
        """The header and the rows below it, as they stand in the file; instead of the rows as they are read."""
        yield self._header
        yield from (row for row in self._rows if not row.is_blank)

    def _row(self, row: TableRow) -> RawRow:
        raw, width = row.cells, len(self.names)
        if row.fault:
            return RawRow(row.number, raw, None, row.fault)
        if len(raw) > width and not any(cell.strip() for cell in raw[width:]):
            raw = raw[:width]
        if row.sheet:
            # A spreadsheet does not store cells that are empty.
            raw = [*raw, *[""] * (width - len(raw))]
        if len(raw) != width:
            return RawRow(row.number, raw, None, self._width_fault(raw))
        if width > 3 and _is_total(raw):
            return RawRow(row.number, raw, None, _("is a row of totals, and no boat"))
        cells = {name: tidied(cell) for name, cell in zip(self.names, raw, strict=True)}
        if self._may_be_damaged and (damaged := _damaged(cells)):
            return RawRow(row.number, raw, None, damaged)
        return RawRow(row.number, raw, cells, None, f"{self._name} {row.sheet}".strip())

    def _width_fault(self, raw: list[str]) -> str:
        width = len(self.names)
        fault = ngettext(
            "has %(num)s cell where the header has %(width)s",
            "has %(num)s cells where the header has %(width)s",
            len(raw),
            width=width,
        )
        if surplus := raw[width:][:_SHOWN]:
            return fault + _("; more than expected: %(cells)s", cells=" | ".join(surplus)[:_SHOWN])
        return fault + _("; is a line break or a quotation mark in a text?")

    def close(self) -> None:
        self._file.close()


def normalised(source: SourceFile) -> str:
    """A file as CSV of the plainest kind, which is read as the file itself is."""
    text = StringIO(newline="")
    text.write("\ufeffsep=,\r\n")
    writer, number = csv.writer(text), 0
    for row in source.rows():
        # Rows that are blank are counted, too.
        text.write("\r\n" * (row.number - number - 1))
        cells = row.cells if row.fault is None else _with_fault(row, len(source.names))
        writer.writerow([*cells, *[""] * (len(source.names) - len(cells))] if row.sheet else cells)
        number = row.number
    return text.getvalue()


def _with_fault(row: TableRow, width: int) -> list[str]:
    """The cells of a row that is none, with its fault as a cell too many."""
    return [*row.cells, *[""] * (width - len(row.cells)), row.fault or ""]


def tidied(cell: str) -> str:
    """A cell as its writer meant it: trimmed, without what programs add, with letters repaired."""
    text = repaired(cell).strip()
    if not text:
        return ""
    if "&" in text and text[0] not in "[{":
        text = _ENTITY.sub(_unescaped, text)
    first = text[0]
    if first in "'=#":
        if _NOT_AVAILABLE.fullmatch(text):
            return ""
        if formula := _FORMULA_OF_TEXT.fullmatch(text):
            return formula[1].replace('""', '"').strip()
        return rearmed(text)
    if len(text) > 13 and first in "-0123456789" and _FLOAT_NOISE.fullmatch(text):
        return without_float_noise(text)
    return text


def _unescaped(entity: re.Match[str]) -> str:
    """The sign that an entity of HTML stands for, be it escaped once more: ``&amp;eacute;``."""
    return html.unescape(html.unescape(entity[0]))


def without_float_noise(figure: str) -> str:
    """``4.0999999999999996`` is how some programs write the number 4.1."""
    return f"{float(figure):.12g}"


def repaired(text: str) -> str:
    """Repair letters that were once decoded wrongly: ``VÃ©senaz`` is Vésenaz.

    What cannot be repaired stays unchanged.
    """
    return text if text.isascii() else ftfy.fix_text(text, _ENCODING_ONLY)


def _column(name: str) -> str:
    return re.sub(r"\s+", " ", repaired(name)).strip().removeprefix("\ufeff")


def _damaged(cells: dict[str, str]) -> str:
    """Why a row is refused in which letters were lost before it came here."""
    for cell in cells.values():
        if "\ufffd" in cell:
            place = cell.index("\ufffd")
            shown = cell[max(0, place - 20) : place + 20]
            return _("holds letters that were damaged: “%(shown)s”", shown=shown)
    return ""


def _is_total(raw: list[str]) -> bool:
    filled = [cell.strip() for cell in raw if cell.strip()]
    return len(filled) <= 3 and any(cell.rstrip(": ").casefold() in _TOTALS for cell in filled[:2])
