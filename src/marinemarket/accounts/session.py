"""A session: one person signed in on one device."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..wire import CLEAN_LINE, Flag, Id, IpAddress, Model, Moment
from .user import SecretHash

UserAgent = Annotated[str, Field(min_length=1, max_length=1000), CLEAN_LINE]


class AuthSession(Model):
    """A sign-in. `session_id` and `device_id` are hashes: the secrets themselves are not stored.

    `issued_at` is after every earlier end of all sessions, and so may be later than the other times, if
    such an end was noted while the clock was ahead.
    """

    session_id: SecretHash
    """The hash of the secret."""
    user_id: Id
    """Whose session it is."""
    device_id: SecretHash
    """The hash of the device's name."""
    ip_address: IpAddress
    """The IP address it began from."""
    user_agent: UserAgent
    """The program it began with."""
    issued_at: Moment
    """When it began (ISO 8601, UTC)."""
    expires_at: Moment
    """When it ends at the latest (ISO 8601, UTC)."""
    last_activity: Moment
    """When it was last used, to the minute (ISO 8601, UTC)."""
    is_active: Flag = True
