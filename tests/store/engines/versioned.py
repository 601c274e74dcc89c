"""A store whose items have evolved, over the file of SQLite."""

from __future__ import annotations

from marinemarket.store.active_version import ActiveVersion
from marinemarket.store.item_versions import EVOLUTIONS, Evolution, ItemVersions
from marinemarket.store.items import Item
from marinemarket.store.schema import LISTINGS, Table


def renamed(item: Item, names: dict[str, str]) -> Item:
    return {names.get(name, name): value for name, value in item.items()}


# Attributes that the contract's items have, and that were once otherwise.
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
    """As where the newest shapes are recorded, in a market that records nothing."""

    async def of(self, table: Table) -> int:
        return EVOLVED.newest(table)
