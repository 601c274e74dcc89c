"""A session: one person signed in on one device."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from ..i18n.texts import gettext as _
from ..wire import CLEAN_LINE, Flag, Id, IpAddress, Model, Moment
from .user import SecretHash

UserAgent = Annotated[str, Field(min_length=1, max_length=1000), CLEAN_LINE]


class AuthSession(Model):
    """A sign-in. `session_id` and `device_id` are hashes: the secrets themselves are not stored."""

    session_id: SecretHash
    user_id: Id
    device_id: SecretHash
    ip_address: IpAddress
    user_agent: UserAgent
    issued_at: Moment
    expires_at: Moment
    last_activity: Moment
    is_active: Flag = True

    @field_validator("expires_at", "last_activity")
    @classmethod
    def _is_not_before_issue(cls, value: str, info: ValidationInfo) -> str:
        if value < info.data.get("issued_at", ""):
            raise ValueError(_("must not be before issuedAt"))
        return value
