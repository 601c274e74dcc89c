"""Writing rows to a file, JSON Lines or CSV by its extension; it appears only once complete."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from .errors import FieldError, Invalid
from .wire import encode

ENDINGS = (".jsonl", ".ndjson", ".csv")
_BETWEEN_NEWS = 500


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if re.match(r"'*[=+\-@\t\r]", cell) else cell


def rearmed(cell: str) -> str:
    """The text before `disarmed`."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


async def write_rows(
    path: Path,
    rows: AsyncIterator[Mapping[str, Any]],
    *,
    columns: Sequence[str],
    cells: Callable[[Mapping[str, Any]], Mapping[str, str]],
    progress: Callable[[int], None] = lambda written: None,
    is_for_spreadsheets: bool = False,
) -> int:
    """Write every row to a file in the format of its extension; returns their number.

    CSV `is_for_spreadsheets` begins with a byte order mark: without it, Excel takes the file for one
    in its country's old encoding. `cells` returns a row's CSV cells by column. An interrupted export
    leaves ``NAME.part``. Raises Invalid for another extension, or a file that cannot be written.
    """
    if path.suffix not in ENDINGS:
        raise Invalid([FieldError("--to", f"must end in one of {', '.join(ENDINGS)}")])
    part = path.with_name(path.name + ".part")
    written = 0
    is_csv = path.suffix == ".csv"
    with _opened(part, "utf-8-sig" if is_csv and is_for_spreadsheets else "utf-8") as file:
        write = _csv(file, columns, cells) if is_csv else _json_lines(file)
        async for row in rows:
            write(row)
            written += 1
            if written % _BETWEEN_NEWS == 0:
                progress(written)
    part.replace(path)
    progress(written)
    return written


def flat_cells(row: Mapping[str, Any]) -> dict[str, str]:
    """CSV cells of a flat row: values that are not text are written as JSON."""
    return {
        name: disarmed(value if isinstance(value, str) else encode(value).decode())
        for name, value in row.items()
        if value is not None
    }


def _opened(path: Path, encoding: str) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding=encoding, newline="")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise Invalid([FieldError("--to", message)]) from None


def _json_lines(file: IO[str]) -> Callable[[Mapping[str, Any]], None]:
    def write(row: Mapping[str, Any]) -> None:
        file.write(encode(row).decode() + "\n")

    return write


def _csv(
    file: IO[str],
    columns: Sequence[str],
    cells: Callable[[Mapping[str, Any]], Mapping[str, str]],
) -> Callable[[Mapping[str, Any]], None]:
    writer = csv.DictWriter(file, columns)
    writer.writeheader()

    def write(row: Mapping[str, Any]) -> None:
        writer.writerow(cells(row))

    return write
