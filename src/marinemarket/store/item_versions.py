"""Shapes: how a table's items looked in each version of the code, and the ways between them.

A stored item says its shape in the attribute `shape`, a whole number; none means 0, an item from
before shapes were counted. A new shape is one `Evolution`, added to the end of EVOLUTIONS:

    Evolution(LISTINGS, to=2, attributes=("name", "title"), upgrade=..., downgrade=...)

Code reads every shape up to the newest it knows. It writes the shape that is in force, which only
`marinemarket migrate` raises, so that the version before can go on working beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import Unavailable
from .items import STAMP, Item
from .schema import MARKET, TABLES, Table

Step = Callable[[Item], Item]


def _as_it_is(part: Item) -> Item:
    return part


@dataclass(frozen=True, slots=True)
class Evolution:
    """The step of a table's items from shape `to - 1` to shape `to`, and back.

    Both functions are pure. They are given those of the `attributes` that the item has, under
    their names before and after the step, and answer with what stands in the place of these. The
    rest of an item they neither see nor touch, so that it can be written by others meanwhile.
    `downgrade` gives back what `upgrade` was given. An index on a new attribute is complete only
    once `migrate` is through: query it in the version after.
    """

    table: Table
    to: int
    attributes: tuple[str, ...] = ()
    upgrade: Step = _as_it_is
    downgrade: Step = _as_it_is

    def __post_init__(self) -> None:
        fixed = {attribute.name for attribute in self.table.key_attributes} | {STAMP}
        if fixed & {*self.attributes}:
            raise ValueError(f"a key never evolves: {self.table.name} to shape {self.to}")


class ItemVersions:
    """The evolutions that a version of the code knows."""

    def __init__(self, evolutions: Sequence[Evolution]) -> None:
        self._steps: dict[str, list[Evolution]] = {}
        self.tables = tuple(
            {evolution.table.name: evolution.table for evolution in evolutions}.values()
        )
        for evolution in evolutions:
            steps = self._steps.setdefault(evolution.table.name, [])
            steps.append(evolution)
            if evolution.to != len(steps):
                raise ValueError(f"{evolution.table.name} has no shape {len(steps)}")

    def newest(self, table: Table) -> int:
        """The newest shape of a table's items that this code knows."""
        return len(self._steps.get(table.name, ()))

    def evolving(self, table: Table) -> frozenset[str]:
        """The attributes that some step touches."""
        steps = self._steps.get(table.name, ())
        return frozenset(name for step in steps for name in step.attributes)

    def check(self, table: str, shape: int, newest: int) -> None:
        """Raises Unavailable for a shape that only later code can read."""
        if shape > newest:
            raise Unavailable(
                f"{table} has items of shape {shape}, and this version of MarineMarket knows "
                f"shapes up to {newest}: run the newer version",
                retry_after=60,
            )

    def read(self, table: Table, stored: Item) -> Item:
        """A stored item as this code knows it: in the newest shape, without its stamp.

        Raises Unavailable for a shape that only later code can read.
        """
        item = self.reshaped(table, stored, self.newest(table))
        return {name: value for name, value in item.items() if name != STAMP}

    def stored(self, table: Table, item: Item, shape: int) -> Item:
        """An item of the newest shape as it is stored in another one, with its stamp."""
        return self.reshaped(table, stamped(item, self.newest(table)), shape)

    def reshaped(self, table: Table, stored: Item, shape: int) -> Item:
        """A stored item in another shape. Raises Unavailable when its own is unknown."""
        now = shape_of(stored)
        if now == shape:
            return stored
        self.check(table.name, now, self.newest(table))
        steps = self._steps[table.name]
        for step in steps[now:shape]:
            stored = _taken(step.upgrade, step, stored)
        for step in reversed(steps[shape:now]):
            stored = _taken(step.downgrade, step, stored)
        return stamped(stored, shape)


def shape_of(stored: Item) -> int:
    """The shape that a stored item says it has."""
    shape = stored.get(STAMP, 0)
    return shape if type(shape) is int else 0


def stamped(item: Item, shape: int) -> Item:
    """The item, saying that it has this shape."""
    if shape:
        return {**item, STAMP: shape}
    return {name: value for name, value in item.items() if name != STAMP}


def _taken(change: Step, step: Evolution, item: Item) -> Item:
    part = {name: item[name] for name in step.attributes if name in item}
    rest = {name: value for name, value in item.items() if name not in part}
    return rest | change(part)


EVOLUTIONS = tuple(
    # Shape 1 is what items were like when shapes began to be counted; the step only stamps them.
    # What the store notes about the market itself is read before any shape is known: it has none.
    Evolution(table, to=1)
    for table in TABLES
    if table is not MARKET
)

SHAPES = ItemVersions(EVOLUTIONS)
