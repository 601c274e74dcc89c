"""The rejects file: every refused row unchanged, with all the reasons, ready to be corrected."""

from __future__ import annotations

import csv
import os
from collections.abc import Collection
from pathlib import Path
from typing import TextIO

from ...errors import FieldError, Invalid, MarketError
from ...i18n.texts import gettext as _
from ...row_writer import disarmed, rearmed
from .source_file import RawRow


def reasons_in_words(number: int, columns: Collection[str], error: MarketError) -> str:
    """Why a row was refused, a line for each reason: ``Row 12, column “LOA (ft)”: …``."""
    if not isinstance(error, Invalid):
        return _("Row %(number)s: %(why)s", number=number, why=error)
    return "\n".join(_reason(number, columns, wrong) for wrong in error.errors)


def _reason(number: int, columns: Collection[str], wrong: FieldError) -> str:
    if wrong.field in columns:
        return _(
            "Row %(number)s, column “%(column)s”: %(why)s",
            number=number, column=wrong.field, why=wrong.message,
        )  # fmt: skip
    is_of_the_row = wrong.field == _("row %(number)s", number=number)
    return _(
        "Row %(number)s: %(why)s", number=number, why=wrong.message if is_of_the_row else wrong
    )


class RejectsTable:
    """The rows of a rejects file, written as CSV to any text stream; `columns` are those of the source."""

    def __init__(self, stream: TextIO, columns: list[str]) -> None:
        self._writer = csv.writer(stream)
        self._columns = [column for column in columns if column != "reasons"]
        self._kept = [position for position, name in enumerate(columns) if name != "reasons"]

    def begin(self) -> None:
        """Write the header."""
        self._writer.writerow([*self._columns, "reasons"])

    def add(self, row: RawRow, error: MarketError) -> None:
        """Add a refused row. A malformed row keeps what could be read of it."""
        cells = [*row.raw, *[""] * len(self._columns)]
        kept = [cells[position] for position in self._kept]
        # Removed first, or a cell that came with its apostrophe would gain another each time.
        safe = (disarmed(rearmed(cell)) for cell in kept)
        self._writer.writerow([*safe, disarmed(reasons_in_words(row.number, self._columns, error))])


class RejectsFile:
    """Written under a temporary name and renamed at the end, so it is complete or absent.

    An interrupted run leaves ``NAME.part``.
    """

    def __init__(self, path: Path, columns: list[str]) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._columns = columns

    def __enter__(self) -> RejectsTable:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("w", encoding="utf-8", newline="")
        except OSError as error:
            message = f"{self._path} cannot be written: {error.strerror}"
            raise Invalid([FieldError("--rejects", message)]) from None
        table = RejectsTable(self._file, self._columns)
        table.begin()
        return table

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            self._part.replace(self._path)
