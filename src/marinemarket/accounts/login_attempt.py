"""A login attempt, kept whether it succeeded or not."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from ..wire import Flag, Id, IpAddress, Model, Moment, Text
from .session import UserAgent
from .user import Email


class LoginAttempt(Model):
    """Somebody tried to sign in. A failure says why; a success has nothing to say."""

    id: Id
    timestamp: Moment
    email: Email
    ip_address: IpAddress
    user_agent: UserAgent
    success: Flag
    failure_reason: Annotated[Text | None, Field(validate_default=True)] = None

    @field_validator("failure_reason")
    @classmethod
    def _goes_with_failure(cls, value: str | None, info: ValidationInfo) -> str | None:
        if "success" in info.data and info.data["success"] == (value is not None):
            raise ValueError("is required for a failure, and absent for a success")
        return value
