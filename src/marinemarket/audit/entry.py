"""An audit entry, and the actor it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from pydantic import AfterValidator, Field

from .. import __version__
from ..clock import iso
from ..wire import CLEAN_LINE, Id, Model, Moment, checked_address
from .actions import Action

LOCAL = "local"
"""The address of an actor on the machine itself."""

_Word = Annotated[str, Field(min_length=1, max_length=1000), CLEAN_LINE]


def _resource(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z-]*", text):
        raise ValueError("must be a kind of thing in lower case, such as listing")
    return text


def _local_or_remote(text: str) -> str:
    return text if text == LOCAL else checked_address(text)


class AuditLog(Model):
    """A record of one action. `details` holds what changed, never a secret."""

    id: Id
    """The entry's id, a UUID."""
    timestamp: Moment
    """When it happened (ISO 8601, UTC)."""
    user_id: _Word
    """Who did it: a user's id, or `system:` and a command."""
    user_email: _Word
    """The email address of who did it, at the time."""
    action: Action
    """What was done."""
    resource: Annotated[str, Field(strict=True, max_length=60), AfterValidator(_resource)]
    """The kind of thing it was done to, such as `listing`."""
    resource_id: _Word | None = None
    """The id of that thing."""
    details: Annotated[dict[str, Any], Field(default_factory=dict)]
    ip_address: Annotated[str, Field(strict=True), AfterValidator(_local_or_remote)]
    """The IP address it came from; `local` for a command."""
    user_agent: _Word
    """The program it came from."""
    session_id: _Word
    """The public name of the session; `system:` and a command without one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where. A command acts as ``system:<command>``, without address or session."""

    user_id: str
    user_email: str
    ip_address: str
    user_agent: str
    session_id: str
    job: str = ""
    """The job whose step this is; empty for what is done at once."""

    @classmethod
    def system(cls, command: str) -> Actor:
        name = f"system:{command}"
        return cls(name, name, LOCAL, f"marinemarket/{__version__}", name)

    def entry(
        self, action: Action, resource: str, resource_id: str, at: int, **details: Any
    ) -> AuditLog:
        """An entry for this actor's `action` on one thing, at a time in milliseconds."""
        of_job = {"job": self.job} if self.job else {}
        return AuditLog(
            id=str(uuid4()),
            timestamp=iso(at),
            user_id=self.user_id,
            user_email=self.user_email,
            action=action,
            resource=resource,
            resource_id=resource_id,
            details=details | of_job,
            ip_address=self.ip_address,
            user_agent=self.user_agent,
            session_id=self.session_id,
        )
