"""The rules for accounts, as the settings say."""

from __future__ import annotations

from ..clock import DAY, HOUR, MINUTE
from ..config.settings import Settings
from .accounts import Rules


def rules_of(settings: Settings) -> Rules:
    """The sign-in limits from the settings."""
    return Rules(
        tries=settings.sign_in_tries,
        tries_within=settings.sign_in_tries_minutes * MINUTE,
        locked_for=settings.lock_minutes * MINUTE,
        session_lasts=settings.session_days * DAY,
        session_idles=settings.session_idle_days * DAY,
        staff_session_lasts=settings.staff_session_hours * HOUR,
        staff_session_idles=settings.staff_idle_minutes * MINUTE,
        attempt_retention_days=settings.login_attempt_retention_days,
        terms_version=settings.terms_version,
        market_name=settings.market_name,
    )
