"""Exporting: every listing in the wire's shape, as JSON Lines or CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ..errors import FieldError, Invalid
from ..store.store import Store
from ..wire import encode
from .columns import COLUMNS, row_of
from .listing import Listing
from .records import all_listings

ENDINGS = (".jsonl", ".ndjson", ".csv")


async def export_listings(
    store: Store, path: Path, progress: Callable[[int], None] = lambda written: None
) -> int:
    """Write every listing to a file of its ending's kind; how many.

    The file is there when it is whole: an export that is cut off leaves ``NAME.part``.
    """
    if path.suffix not in ENDINGS:
        raise Invalid([FieldError("--to", f"must end in one of {', '.join(ENDINGS)}")])
    part = path.with_name(path.name + ".part")
    written = 0
    with _opened(part) as file:
        write = _csv(file) if path.suffix == ".csv" else _json_lines(file)
        async for listing in all_listings(store):
            write(listing)
            written += 1
            if written % 500 == 0:
                progress(written)
    part.replace(path)
    progress(written)
    return written


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        said = f"{path} cannot be written: {error.strerror}"
        raise Invalid([FieldError("--to", said)]) from None


def _json_lines(file: IO[str]) -> Callable[[Listing], None]:
    def write(listing: Listing) -> None:
        file.write(encode(listing.to_wire()).decode() + "\n")

    return write


def _csv(file: IO[str]) -> Callable[[Listing], None]:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()

    def write(listing: Listing) -> None:
        writer.writerow(row_of(listing.to_wire()))

    return write
