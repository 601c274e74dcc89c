"""Reading other people's files: from bytes to rows, repairing wrongly decoded letters."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import ftfy

from ...errors import FieldError, Invalid
from ...i18n.numbers import whole
from ...i18n.texts import gettext as _
from ...row_writer import rearmed

LONGEST_LINE = 1_000_000
"""Bytes. A line without end would be one row, and hold up everything until it is read."""
LONGEST_CELL = 250_000
"""Characters: room for every feature that a listing may have."""
LONGEST_NAME = 200
MOST_COLUMNS = 1000
_SHOWN = 1000
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


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of its file. `cells` is None when the line is not a valid row; `fault` says why."""

    line: int
    raw: list[str]
    cells: dict[str, str] | None
    fault: str | None = None


class SourceFile:
    """A CSV file, read row by row. `columns` are its own; `read` is how many bytes were consumed.

    Given by its path or its content. Raises Invalid when it cannot be opened or has no header.
    """

    def __init__(self, source: Path | bytes) -> None:
        try:
            self._file: BinaryIO = (
                BytesIO(source) if isinstance(source, bytes) else source.open("rb")
            )
        except OSError as error:
            raise Invalid(
                [FieldError("FILE", _("cannot be read: %(why)s", why=error.strerror))]
            ) from None
        self.size = len(source) if isinstance(source, bytes) else source.stat().st_size
        self.read = 0
        self._is_cut = False
        csv.field_size_limit(LONGEST_CELL)
        try:
            self._read_header()
        except BaseException:
            self.close()
            raise

    def _read_header(self) -> None:
        lines = self._lines()
        first = next(lines, "")
        self._reader = csv.reader(_chain(first, lines), delimiter=_delimiter(first))
        try:
            self.columns = next(self._reader, [])
        except csv.Error as error:
            raise Invalid(
                [FieldError("FILE", _("has no header: %(error)s", error=error))]
            ) from None
        if len(self.columns) > MOST_COLUMNS:
            message = _(
                "has %(columns)s columns; at most %(most)s are read",
                columns=whole(len(self.columns)),
                most=whole(MOST_COLUMNS),
            )
            raise Invalid([FieldError("FILE", message)])
        if self._is_cut or any(len(name) > LONGEST_NAME for name in self.columns):
            message = _("has a column name of more than %(most)s characters", most=LONGEST_NAME)
            raise Invalid([FieldError("FILE", message)])
        self._names = [_column(name) for name in self.columns]
        if not any(self._names):
            raise Invalid([FieldError("FILE", _("is empty: it has no header"))])
        # Spreadsheets leave unnamed columns at the right; their cells are ignored.
        twice = {name for name in self._names if name and self._names.count(name) > 1}
        if twice:
            raise Invalid([FieldError(name, _("names two columns")) for name in sorted(twice)])

    @property
    def names(self) -> list[str]:
        """The columns, with white space in their names folded."""
        return self._names

    def __iter__(self) -> Iterator[RawRow]:
        while True:
            self._is_cut = False
            try:
                raw = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield RawRow(self._reader.line_num, [], None, f"is no row of a CSV file: {error}")
                continue
            if raw:
                yield self._row(raw)

    def _row(self, raw: list[str]) -> RawRow:
        line = self._reader.line_num
        if self._is_cut:
            return RawRow(line, [], None, f"is longer than {LONGEST_LINE} bytes")
        if len(raw) != len(self._names):
            fault = f"has {len(raw)} cells where the header has {len(self._names)}"
            if surplus := raw[len(self._names) :][:_SHOWN]:
                fault += f"; followed by: {' | '.join(surplus)[:_SHOWN]}"
            return RawRow(line, raw, None, fault)
        cells = (rearmed(repaired(cell).strip()) for cell in raw)
        return RawRow(line, raw, dict(zip(self._names, cells, strict=True)))

    def _lines(self) -> Iterator[str]:
        number = 0
        while line := self._file.readline(LONGEST_LINE):
            self.read += len(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                self._skip_line()
            text = decoded(line)
            yield text.removeprefix("\ufeff") if number == 0 else text
            number += 1

    def _skip_line(self) -> None:
        self._is_cut = True
        while rest := self._file.readline(LONGEST_LINE):
            self.read += len(rest)
            if rest.endswith(b"\n"):
                return

    def close(self) -> None:
        self._file.close()


def repaired(text: str) -> str:
    """Repair letters that were once decoded wrongly: ``VÃ©senaz`` is Vésenaz.

    What cannot be repaired stays unchanged.
    """
    return text if text.isascii() else ftfy.fix_text(text, _ENCODING_ONLY)


def decoded(line: bytes) -> str:
    """A line as text: in UTF-8, or else as old programs on Windows write it."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _column(name: str) -> str:
    return re.sub(r"\s+", " ", repaired(name)).strip()


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
