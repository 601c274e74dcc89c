"""Emails that failed, as the API answers them."""

from __future__ import annotations

from ....wire import Model, Moment
from .page import page_of


class FailedEmail(Model):
    """An email that was given up or came back."""

    id: str
    """The email's id, as in its Message-ID."""
    user_id: str | None
    """The account that it was for; null for a visitor."""
    template: str
    """What kind of email it was, such as `verify-email`."""
    recipient: str
    """The address, masked: `a…@example.com`."""
    created_at: Moment
    """When it was to be sent (ISO 8601, UTC)."""
    failed_at: Moment
    """When it was given up or came back (ISO 8601, UTC)."""
    reason: str
    """Why, in the words of the mail server or ours. It names no address."""
    bounced: bool
    """Whether it was sent and came back."""


FailedEmailPage = page_of("FailedEmailPage", FailedEmail, "Some failed emails, the latest first.")
