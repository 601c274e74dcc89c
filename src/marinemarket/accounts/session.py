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
    user_id: Id
    device_id: SecretHash
    ip_address: IpAddress
    user_agent: UserAgent
    issued_at: Moment
    expires_at: Moment
    last_activity: Moment
    is_active: Flag = True
