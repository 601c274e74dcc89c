"""Changing a user: a new version, on the condition that the old one is still current.

The audit entry records what changed, old value and new; for secrets and personal data it records
only that they changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..audit.trail import difference
from ..clock import from_iso, iso
from ..errors import NotFound
from ..store.schema import USERS
from ..store.store import Store
from ..store.writes import Equals, Reason, Update
from .user import User

_SHOWN = frozenset(
    {
        "role",
        "sellerKind",
        "status",
        "permissions",
        "emailVerified",
        "emailRefusals",
        "emailBouncedAt",
        "phoneVerified",
        "mfaEnabled",
        "sessionsValidAfter",
        "consents",
        "termsAnswers",
    }
)
"""The fields that an audit entry may show. A new field is masked until listed here."""

NO_LINKS: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(
        (
            "pending_email",
            "email_verification_token",
            "email_verification_expires",
            "password_reset_token",
            "password_reset_expires",
        )
    )
)
"""Values that void every emailed link of a user: one on its way might be in a thief's hands."""

_UNTOLD = frozenset({"updatedAt"})
MASKED = "…"


@dataclass(frozen=True, slots=True)
class UserChange:
    """A change from one version of a user to the next."""

    old: User
    new: User
    conditions: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, old: User, now: int, *, ends_sessions: bool = False, **changes: Any) -> UserChange:
        """The next version of a user, with some values changed. Raises Invalid for invalid values.

        `ends_sessions`: every session that began before `now` ends.
        """
        moment = iso(max(now, from_iso(old.updated_at) + 1))
        if ends_sessions:
            # After every session's beginning, also of one that began while the clock was ahead.
            ended = old.sessions_valid_after
            following = iso(from_iso(ended) + 1) if ended else ""
            changes["sessions_valid_after"] = max(moment, following, old.last_login or "")
        return cls(old, old.changed(**changes, updated_at=moment))

    def write(self, *, otherwise: Reason | None = None, **conditions: Any) -> Update:
        """The write of what changed, if the old version is current and `conditions` hold as well.

        `otherwise` is the reason raised where they do not.
        Login attempts counted on the user meanwhile are kept.
        """
        old, new = self.old.to_wire(), self.new.to_wire()
        return Update(
            USERS,
            (self.old.id,),
            set={name: value for name, value in new.items() if old.get(name) != value},
            remove=tuple(name for name in old if name not in new),
            when=Equals(updatedAt=self.old.updated_at, **conditions),
            otherwise=otherwise,
        )

    def for_audit(self) -> dict[str, Any]:
        """What changed, as an audit entry may show it."""
        changes = difference(_by_field(self.old), _by_field(self.new))
        return {
            name: change if name in _SHOWN else _masked(change)
            for name, change in changes.items()
            if name not in _UNTOLD
        }


def _by_field(user: User) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in user.to_wire().items()
    }


def _masked(change: Mapping[str, Any]) -> dict[str, Any]:
    return {side: None if value is None else MASKED for side, value in change.items()}


async def user_to_change(store: Store, id: str) -> User:
    """The current user, read again for each attempt at a change.

    Raises NotFound if they are gone, or going.
    """
    item = await store.get(USERS, id)
    if item is None or "email" not in item or "erasingSince" in item:
        raise NotFound("account", "that was to be changed")
    return User.parse(item)
