"""CSV as programs really write it: any separator, any line ends, quotation marks that are not closed."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ...i18n.numbers import whole
from ...i18n.texts import gettext as _
from .encodings import Encoding

LONGEST_LINE = 1_000_000
"""Bytes. A line without end would be one row, and hold up everything until it is read."""
LONGEST_CELL = 250_000
"""Characters: room for every feature that a listing may have."""
SEPARATORS = ",;\t|"
_BLANK = f" \xa0\ufeff\r\n{SEPARATORS}"
_LINES_LOOKED_AT = 40
_STATED = re.compile(r'\s*"?sep=(?P<sign>[^\r\n])"?\s*[,;\t|]*', re.IGNORECASE)
_MOST_RECOVERIES = 20
"""Quotation marks that are not closed. Each makes the rest of the file be read again."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table. `number` counts as a spreadsheet does; `fault` says why it is no row."""

    number: int
    cells: list[str]
    fault: str | None = None
    sheet: str = ""

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(cell.strip(_BLANK) for cell in self.cells)


class CutLine(str):
    """The beginning of a line that was too long."""

    __slots__ = ()


class Lines:
    """The lines of a file as text, each with its end. `has_ended` once a further one was asked for."""

    def __init__(self, pieces: Iterator[bytes], encoding: Encoding) -> None:
        self._lines = _lines_of(pieces)
        self._decoded = Encoding("utf-8").decoded if encoding.is_wide else encoding.decoded
        self._back: list[str] = []
        self.has_ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._back:
            return self._back.pop()
        line = next(self._lines, None)
        if line is None:
            self.has_ended = True
            raise StopIteration
        text = self._decoded(line)
        if "\0" in text:
            text = text.replace("\0", "")
        return CutLine(text) if len(line) >= LONGEST_LINE else text

    def put_back(self, lines: Iterable[str]) -> None:
        self._back += reversed(list(lines))
        self.has_ended = False


def _lines_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that end in LF, CR or both. Of a longer one than is read, the beginning."""
    begun, is_passing = b"", False
    for piece in pieces:
        lines = (begun + piece).splitlines(keepends=True)
        # A CR at the end may be the first half of a line end.
        begun = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        for line in lines:
            if not is_passing:
                yield line[:LONGEST_LINE]
            is_passing = False
        if len(begun) >= LONGEST_LINE:
            if not is_passing:
                yield begun[:LONGEST_LINE]
            begun, is_passing = begun[-1:], True
    if begun and not is_passing:
        yield from begun.splitlines(keepends=True)


class CSVTable:
    """The rows of a CSV file. `separator` is what parts its cells."""

    def __init__(self, lines: Lines) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self._lines = lines
        first = list(islice(lines, _LINES_LOOKED_AT))
        stated = _STATED.fullmatch(first[0].rstrip("\r\n")) if first else None
        if stated:
            del first[0]
        self.separator = stated["sign"] if stated else _separator_of(first)
        lines.put_back(first)

    def __iter__(self) -> Iterator[TableRow]:
        number, recoveries = 0, 0
        of_this_row: list[str] = []
        reader = self._reader(of_this_row)
        while True:
            of_this_row.clear()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                fault = _("holds a text that is too long; is a quotation mark not closed?")
            else:
                fault = _("opens a quotation mark that is not closed")
                if not self._lines.has_ended and not _was_cut(of_this_row):
                    yield TableRow(number, self._unwrapped(cells))
                    continue
            if _was_cut(of_this_row):
                fault = _("is longer than %(most)s bytes", most=whole(LONGEST_LINE))
                yield TableRow(number, [], fault)
                reader = self._reader(of_this_row)
                continue
            recoveries += 1
            rest = of_this_row[1:] if recoveries < _MOST_RECOVERIES else []
            yield TableRow(number, _cells_of(of_this_row[0], self.separator), fault)
            self._lines.put_back(rest)
            reader = self._reader(of_this_row)

    def _reader(self, noted: list[str]) -> Iterator[list[str]]:
        return csv.reader(_noting(self._lines, noted), delimiter=self.separator)

    def _unwrapped(self, cells: list[str]) -> list[str]:
        """The cells of a row that a spreadsheet took for one cell, and quoted as a whole."""
        if len(cells) != 1 or self.separator not in cells[0]:
            return cells
        return next(csv.reader(cells[0].splitlines(keepends=True), delimiter=self.separator), cells)


def _was_cut(lines: list[str]) -> bool:
    return any(type(line) is CutLine for line in lines)


def _noting(lines: Iterator[str], noted: list[str]) -> Iterator[str]:
    for line in lines:
        noted.append(line)
        yield line


def _cells_of(line: str, separator: str) -> list[str]:
    """The cells of a line whose quotation marks mean nothing."""
    return line.rstrip("\r\n")[:LONGEST_CELL].split(separator)


def _separator_of(lines: list[str]) -> str:
    """The sign that parts most lines into most cells, and most of them into the same number."""
    best, highest = SEPARATORS[0], 0.0
    for sign in SEPARATORS:
        try:
            widths = [_width(row, sign) for row in csv.reader(lines, delimiter=sign) if any(row)]
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        share = times / len(widths)
        score = (width if width > 1 else 0) * (share if share > 0.5 else share / 10)
        if score > highest * 1.001:
            best, highest = sign, score
    return best


def _width(row: list[str], sign: str) -> int:
    return len(row) if len(row) != 1 else row[0].count(sign) + 1
