"""A login attempt, recorded whether or not it succeeded."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from ..i18n.texts import gettext as _
from ..text import clean_line
from ..wire import Flag, Id, IpAddress, Model, Moment, Text
from .session import UserAgent
from .user import LONGEST_EMAIL, normalised_email

NOTHING_TYPED = "(nothing)"


def attempted_email(typed: str) -> str:
    """What is recorded of the email address typed at sign-in.

    Text that is no valid address is recorded as well, since attackers type anything: folded in the same
    way, cleaned, and shortened to the length of an address so that it fits an index. Never raises.
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
    """An attempt to sign in. Only a failure has a reason.

    `email` is what was typed, which need not be a valid address: see `attempted_email`.
    """

    id: Id
    """The attempt's id, a UUID."""
    timestamp: Moment
    """When it was made (ISO 8601, UTC)."""
    email: AttemptedEmail
    """What was typed as the email address; it need not be one."""
    ip_address: IpAddress
    """The IP address it came from."""
    user_agent: UserAgent
    """The program it came from."""
    success: Flag
    """Whether it led to a session."""
    failure_reason: Annotated[Text | None, Field(validate_default=True)] = None
    """Why it failed; absent if it did not."""

    @field_validator("failure_reason")
    @classmethod
    def _goes_with_failure(cls, value: str | None, info: ValidationInfo) -> str | None:
        if "success" in info.data and info.data["success"] == (value is not None):
            raise ValueError(_("is required for a failure, and must be absent for a success"))
        return value
