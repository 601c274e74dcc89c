"""Item versions: the form of a table's items in each version of the code, and how to convert them.

A stored item carries its version in the attribute `shape`, a whole number; an item without it, from
before versions were counted, has 0. A new version is one `Evolution`, appended to EVOLUTIONS:

    Evolution(LISTINGS, to=2, attributes=("name", "title"), upgrade=..., downgrade=...)

Code reads every version up to the newest it knows. It writes the active version, which only
`marinemarket migrate` raises, so that the previous release can go on working beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import Unavailable
from .items import STAMP, Item
from .schema import CLAIMS, MARKET, TABLES, Table

Step = Callable[[Item], Item]


def _as_it_is(part: Item) -> Item:
    return part


@dataclass(frozen=True, slots=True)
class Evolution:
    """Converts a table's items from version `to - 1` to version `to`, and back.

    Both functions are pure. Each gets those of the `attributes` that the item has, under their
    names before and after the step, and returns what replaces them. They neither see nor touch the
    rest of an item, so that others can write it meanwhile. `downgrade` reverses `upgrade`. An index
    on a new attribute is complete only after `migrate` has finished: query it in the next release.
    """

    table: Table
    to: int
    attributes: tuple[str, ...] = ()
    upgrade: Step = _as_it_is
    downgrade: Step = _as_it_is

    def __post_init__(self) -> None:
        fixed = {attribute.name for attribute in self.table.key_attributes} | {STAMP}
        if fixed & {*self.attributes}:
            raise ValueError(f"a key never evolves: {self.table.name} to version {self.to}")


class ItemVersions:
    """The evolutions that this version of the code knows."""

    def __init__(self, evolutions: Sequence[Evolution]) -> None:
        self._steps: dict[str, list[Evolution]] = {}
        self.tables = tuple(
            {evolution.table.name: evolution.table for evolution in evolutions}.values()
        )
        for evolution in evolutions:
            steps = self._steps.setdefault(evolution.table.name, [])
            steps.append(evolution)
            if evolution.to != len(steps):
                raise ValueError(f"{evolution.table.name} has no version {len(steps)}")

    def newest(self, table: Table) -> int:
        """The newest version of a table's items that this code knows."""
        return len(self._steps.get(table.name, ()))

    def evolving(self, table: Table) -> frozenset[str]:
        """The attributes that any evolution touches."""
        steps = self._steps.get(table.name, ())
        return frozenset(name for step in steps for name in step.attributes)

    def check(self, table: str, shape: int, newest: int) -> None:
        """Raises Unavailable for a version that only newer code can read."""
        if shape > newest:
            raise Unavailable(
                f"{table} has items of version {shape}, and this version of MarineMarket knows "
                f"versions up to {newest}: run the newer MarineMarket",
                retry_after=60,
            )

    def read(self, table: Table, stored: Item) -> Item:
        """A stored item in the newest version that this code knows, without its version number.

        Raises Unavailable for a version that only newer code can read.
        """
        item = self.reshaped(table, stored, self.newest(table))
        return {name: value for name, value in item.items() if name != STAMP}

    def stored(self, table: Table, item: Item, shape: int) -> Item:
        """An item of the newest version, converted to another one for storage, with its number."""
        return self.reshaped(table, stamped(item, self.newest(table)), shape)

    def reshaped(self, table: Table, stored: Item, shape: int) -> Item:
        """A stored item in another version. Raises Unavailable if its own is unknown."""
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
    """The version number that a stored item carries."""
    shape = stored.get(STAMP, 0)
    return shape if type(shape) is int else 0


def stamped(item: Item, shape: int) -> Item:
    """The item with this version number."""
    if shape:
        return {**item, STAMP: shape}
    return {name: value for name, value in item.items() if name != STAMP}


def _taken(change: Step, step: Evolution, item: Item) -> Item:
    part = {name: item[name] for name in step.attributes if name in item}
    rest = {name: value for name, value in item.items() if name not in part}
    return rest | change(part)


EVOLUTIONS = (
    # Version 1 is how items were when versions were first counted; the step only adds the number.
    # The store's notes about the market itself are read before any version is known: they have none.
    *(Evolution(table, to=1) for table in TABLES if table is not MARKET),
    # Version 2 has no address in a key (`accounts/email_claims.py`). The attributes are the same.
    Evolution(CLAIMS, to=2),
)

SHAPES = ItemVersions(EVOLUTIONS)
