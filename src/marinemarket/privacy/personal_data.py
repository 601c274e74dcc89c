"""What each domain registers about the personal data it keeps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..audit.entry import Actor
from ..audit.trail import Trail
from ..store.schema import Table
from ..store.store import Store
from .removal import Removal

RESTORE = Actor.system("restore")
"""The actor of changes made after a restore."""

Step = Callable[[Trail], Awaitable[int]]
"""A step done once after a restore; returns how many items it changed. It may run again."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data is exported. `verified_email` is empty if they never confirmed an address."""

    id: str
    email: str
    verified_email: str = ""


def _no_claims(user_id: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One domain's personal data, and what can be done with all of it.

    `tables` are the domain's tables with such data. `erase` removes one person's data, in commits of
    bounded size, and may run again. `export` returns it as JSON values, under names that no other
    domain uses. `claims` are the keys of claims that name a user: they are deleted with the account.
    `after_restore` are steps by the name under which they are reported. Anything that would send
    emails again after a restore needs such a step, so that a restored market starts silent.
    """

    tables: tuple[Table, ...]
    erase: Callable[[Removal], Awaitable[None]]
    export: Callable[[Store, Person], Awaitable[dict[str, Any]]]
    claims: Callable[[str], Sequence[str]] = _no_claims
    after_restore: Mapping[str, Step] = field(default_factory=dict)
