"""What each domain registers about the personal data that it keeps."""

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
"""Who does what is done after a restore."""

Step = Callable[[Trail], Awaitable[int]]
"""What is done once after a restore, and how many items it changed. It may run again."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data is exported: `verified_email` is empty where they have proven no address."""

    id: str
    email: str
    verified_email: str = ""


def _no_claims(user_id: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One domain's personal data, and all that is done with it as a whole.

    `tables` are those in which the domain keeps it. `erase` removes what is one person's, in commits
    of bounded size, and may run again. `export` tells it to them as JSON values, under names that no
    other domain uses. `claims` are the keys of claims that name a user: they go with the account.
    `after_restore` are steps by the name under which they are reported; one that would send anything
    to the world again belongs here, so that a restored market starts silent.
    """

    tables: tuple[Table, ...]
    erase: Callable[[Removal], Awaitable[None]]
    export: Callable[[Store, Person], Awaitable[dict[str, Any]]]
    claims: Callable[[str], Sequence[str]] = _no_claims
    after_restore: Mapping[str, Step] = field(default_factory=dict)
