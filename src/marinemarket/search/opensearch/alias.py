"""Which index is live, and its position in the feed."""

from __future__ import annotations

from opensearchpy import AsyncOpenSearch, NotFoundError

from ...store.store import Position
from .mapping import POSITION_ID, SCHEMA_VERSION


async def live_index(client: AsyncOpenSearch, alias: str) -> str | None:
    """The index behind the alias, if this version can read it."""
    try:
        found = await client.indices.get_alias(name=alias)
    except NotFoundError:
        return None
    names = [name for name in found if name.startswith(f"{alias}-v{SCHEMA_VERSION}-")]
    return names[0] if len(names) == 1 and len(found) == 1 else None


async def position_of(client: AsyncOpenSearch, index: str) -> Position | None:
    """The state last saved in an index; None if nothing was saved yet."""
    try:
        found = await client.get(index=index, id=POSITION_ID, params={"stored_fields": "position"})
    except NotFoundError:
        return None
    position: Position = found["fields"]["position"][0]
    return position
