"""What a commit is made of: writes, the conditions under which they happen, and what a write's
caller is told when its condition does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import Conflict, FieldError, Invalid, MarketError, TooLarge
from .items import Item, Key, check_item, is_key_part, same, value_errors
from .schema import Table

MOST_WRITES = 100
LARGEST_COMMIT = 4 * 1024 * 1024


# -- Conditions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exists:
    """There is such an item."""

    def holds(self, item: Item | None) -> bool:
        return item is not None


@dataclass(frozen=True, slots=True)
class Absent:
    """There is none."""

    def holds(self, item: Item | None) -> bool:
        return item is None


@dataclass(frozen=True, slots=True)
class Equals:
    """There is one, and each of these attributes has just this value. None means: not there."""

    values: Mapping[str, Any]

    def __init__(self, **values: Any) -> None:
        object.__setattr__(self, "values", values)

    def holds(self, item: Item | None) -> bool:
        return item is not None and all(
            same(item.get(name), value) for name, value in self.values.items()
        )


@dataclass(frozen=True, slots=True)
class IsDamaged:
    """There is one, but the engine knows that it is not what was written. Only for repairs."""

    def holds(self, item: Item | None) -> bool:
        """An item that can be read is not damaged."""
        return False


Condition = Exists | Absent | Equals | IsDamaged


# -- Reasons -----------------------------------------------------------------------------------

Reason = MarketError | Callable[[Item | None], MarketError]
"""Why a change is not possible: an error, or what makes one of the item as it stands (None: gone)."""


def error_of(reason: Reason, item: Item | None) -> MarketError:
    """The error that a reason stands for, where `item` is what stands there now."""
    return reason if isinstance(reason, MarketError) else reason(item)


# -- Writes ------------------------------------------------------------------------------------
#
# `otherwise` is what a write's caller is told when its condition does not hold. Without one,
# somebody else was merely faster, and the change may be tried again: see `Trail.retrying`.


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole item, in place of one with the same key."""

    table: Table
    item: Item
    when: Condition | None = None
    otherwise: Reason | None = field(default=None, kw_only=True, compare=False, repr=False)

    @property
    def key(self) -> Key:
        return self.table.key_of(self.item)

    def result(self, current: Item | None) -> Item | None:
        return self.item


@dataclass(frozen=True, slots=True)
class Update:
    """Change some attributes of an item that must exist: an update never makes a ghost."""

    table: Table
    key: Key
    set: Item = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    when: Condition = field(default_factory=Exists)
    otherwise: Reason | None = field(default=None, kw_only=True, compare=False, repr=False)

    def result(self, current: Item | None) -> Item | None:
        kept = {name: value for name, value in (current or {}).items() if name not in self.remove}
        return kept | self.set


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove an item; one that is not there stays so."""

    table: Table
    key: Key
    when: Condition | None = None
    otherwise: Reason | None = field(default=None, kw_only=True, compare=False, repr=False)

    def result(self, current: Item | None) -> Item | None:
        return None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing here, but let the commit happen only under this condition."""

    table: Table
    key: Key
    when: Condition
    otherwise: Reason | None = field(default=None, kw_only=True, compare=False, repr=False)

    def result(self, current: Item | None) -> Item | None:
        return current


Write = Put | Update | Delete | Check


def lost_among(writes: Iterable[Write], conflict: Conflict) -> Write:
    """The write of a commit whose condition did not hold."""
    lost = (conflict.table, conflict.key)
    return next(write for write in writes if (write.table.name, write.key) == lost)


def check_writes(writes: tuple[Write, ...]) -> None:
    """Refuse what some engine could not do in one piece: every engine refuses alike.

    Raises TooLarge beyond 100 writes or 4 MB, Invalid for an unfit item, one named twice, and a
    reason without a condition.
    """
    if not 1 <= len(writes) <= MOST_WRITES:
        raise TooLarge(f"a commit has 1 to {MOST_WRITES} writes, not {len(writes)}")
    size = sum(check_item(write.table, write.item) for write in writes if isinstance(write, Put))
    for write in writes:
        if isinstance(write, Update):
            size += check_update(write)
        check_key(write.table, write.key)
        if write.when is None and write.otherwise is not None:
            raise Invalid([FieldError("otherwise", "is never told where there is no condition")])
        if isinstance(write.when, Equals) and (wrong := [*value_errors("", {**write.when.values})]):
            raise Invalid(wrong)
    if size > LARGEST_COMMIT:
        raise TooLarge(f"a commit of {size} bytes; at most {LARGEST_COMMIT} fit")
    named = [(write.table.name, write.key) for write in writes]
    if len(set(named)) < len(named):
        raise Invalid([FieldError("writes", "name one item twice")])


def check_update(write: Update) -> int:
    """The size of an update, once it is known to leave the key alone and to make no ghost."""
    if isinstance(write.when, Absent):
        raise Invalid([FieldError("when", "of an update cannot be that there is nothing")])
    touched = {attribute.name for attribute in write.table.key_attributes} & {
        *write.set,
        *write.remove,
    }
    if touched:
        raise Invalid(
            [FieldError(name, "is part of the key and never changes") for name in touched]
        )
    names = (attribute.name for attribute in write.table.key_attributes)
    return check_item(write.table, dict(zip(names, write.key, strict=False)) | write.set)


def check_key(table: Table, key: Key) -> None:
    """Raises Invalid when a key has not the declared parts."""
    attributes = table.key_attributes
    fits = len(key) == len(attributes) and all(map(is_key_part, attributes, key))
    if not fits:
        names = ", ".join(f"{a.name} ({a.kind.name.lower()})" for a in attributes)
        raise Invalid([FieldError("key", f"of {table.name} is: {names}")])
