"""A store with evolved items, on SQLite."""

from __future__ import annotations

from marinemarket.store.active_version import ActiveVersion
from marinemarket.store.item_versions import EVOLUTIONS, Evolution, ItemVersions
from marinemarket.store.items import Item
from marinemarket.store.schema import LISTINGS, Table


def renamed(item: Item, names: dict[str, str]) -> Item:
    return {names.get(name, name): value for name, value in item.items()}


# Attributes of the contract's items that were once different.
EVOLVED = ItemVersions(
    [
        *EVOLUTIONS,
        Evolution(
            LISTINGS,
            to=2,
            attributes=("name", "title", "price", "cost"),
            upgrade=lambda old: renamed(old, {"title": "name", "cost": "price"}),
            downgrade=lambda new: renamed(new, {"name": "title", "price": "cost"}),
        ),
    ]
)


class NewestInForce(ActiveVersion):
    """As if the newest versions were recorded, in a market that records nothing."""

    async def of(self, table: Table) -> int:
        return EVOLVED.newest(table)
