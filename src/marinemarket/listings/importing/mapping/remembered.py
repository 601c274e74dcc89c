"""Mappings that an owner has confirmed, kept for the next file with the same header."""

from __future__ import annotations

from collections.abc import Sequence

from ....store.items import Item
from ....store.schema import IMPORTS
from ....store.store import Store
from ....store.writes import Put
from .mapping import Mapping, header_key
from .recognition import brokers_columns


def remembering_put(owner_id: str, names: Sequence[str], mapping: Mapping, now: int) -> Put:
    """The write that keeps an owner's mapping for files with these columns, until their account goes."""
    item: Item = {
        "ownerId": owner_id,
        "part": _part(names),
        "at": now,
        "mapping": mapping.to_wire(),
    }
    return Put(IMPORTS, item)


async def remembered_mapping(store: Store, owner_id: str, names: Sequence[str]) -> Mapping | None:
    """What an owner last confirmed for a file with these columns, but for their order."""
    item = await store.get(IMPORTS, owner_id, _part(names))
    return None if item is None else Mapping.parse(item["mapping"])


def _part(names: Sequence[str]) -> str:
    return f"columns.{header_key(brokers_columns(names))}"
