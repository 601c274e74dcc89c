"""A login attempt, kept whether it succeeded or not."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from ..text import clean_line
from ..wire import Flag, Id, IpAddress, Model, Moment, Text
from .session import UserAgent
from .user import LONGEST_EMAIL, normalised_email

NOTHING_TYPED = "(nothing)"


def attempted_email(typed: str) -> str:
    """What is kept of what somebody typed for an address: the address, where it is one.

    What is none is kept as well, since whoever guesses types anything: folded alike, cleaned, and
    cut to the length of an address, so that it can stand in an index. Nothing is refused here.
    """
    try:
        return normalised_email(typed)
    except ValueError:
        text = typed.encode("utf-8", "replace").decode()
        folded = unicodedata.normalize("NFKC", clean_line(text)).casefold()
        return folded[:LONGEST_EMAIL].strip() or NOTHING_TYPED


AttemptedEmail = Annotated[
    str,
    BeforeValidator(lambda value: attempted_email(value) if isinstance(value, str) else value),
]


class LoginAttempt(Model):
    """Somebody tried to sign in. A failure says why; a success has nothing to say.

    `email` is what was typed, which need not be an address: see `attempted_email`.
    """

    id: Id
    timestamp: Moment
    email: AttemptedEmail
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
