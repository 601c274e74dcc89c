"""Exporting every listing in the wire's format, as JSON Lines or CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from ...row_writer import write_rows
from ...store.store import Store
from ..records import all_listings
from .csv_columns import COLUMNS, row_of


async def export_listings(
    store: Store, path: Path, progress: Callable[[int], None] = lambda written: None
) -> int:
    """Write every listing to a file in the format of its extension; returns their number.

    The file appears only once complete: an interrupted export leaves ``NAME.part``.
    """
    return await write_rows(
        path,
        _wires(store),
        columns=COLUMNS,
        cells=row_of,
        progress=progress,
        is_for_spreadsheets=True,
    )


async def _wires(store: Store) -> AsyncIterator[dict[str, Any]]:
    async for listing in all_listings(store):
        yield listing.to_wire()
