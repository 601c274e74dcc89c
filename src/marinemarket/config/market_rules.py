"""The settings for a market's own rules: retention, rate limits, moderation."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .rate_limit import Limit, limit_of


class MarketRules(BaseModel):
    """How long data is kept, how often a visitor may act, which adverts are reviewed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    audit_retention_days: int = Field(
        2557,
        ge=1,
        le=100_000,
        description="Days that audit entries are kept; by default seven years",
    )
    login_attempt_retention_days: int = Field(
        90, ge=1, le=100_000, description="Days that sign-in attempts are kept, successful or not"
    )

    sign_in_tries: int = Field(
        5, ge=1, le=100, description="Wrong passwords or codes after which an account is locked"
    )
    sign_in_tries_minutes: int = Field(
        15, ge=1, le=100_000, description="Minutes within which that many lock it"
    )
    lock_minutes: int = Field(30, ge=1, le=100_000, description="Minutes that a lock lasts")
    session_days: int = Field(
        30, ge=1, le=100_000, description="Days after which users must sign in again"
    )
    session_idle_days: int = Field(
        14, ge=1, le=100_000, description="Days without activity that end a session"
    )
    staff_session_hours: int = Field(
        8, ge=1, le=100_000, description="Hours after which staff must sign in again"
    )
    staff_idle_minutes: int = Field(
        60, ge=2, le=100_000, description="Minutes without activity that end a staff session"
    )
    terms_version: str = Field(
        "2026-11",
        min_length=1,
        max_length=40,
        description="The version of the terms in force. Each member is asked once to agree to a new one",
    )
    terms_changes: str = Field(
        "",
        max_length=10_000,
        description="What the version of the terms in force changes, in plain text, for members of an "
        "earlier one",
    )
    terms_url: str = Field(
        "", max_length=500, description="Address of the terms: a path of this site, or `https://…`"
    )

    limit_auth: str = Field(
        "10/minute",
        description="Attempts to sign in, register or reset a password, per address; or `off`",
    )
    limit_search: str = Field("300/minute", description="Searches per address; or `off`")
    limit_writes: str = Field("60/minute", description="Changes per user; or `off`")
    limit_media: str = Field("20/minute", description="Photos uploaded per user; or `off`")
    limit_inquiries: str = Field("5/hour", description="Inquiries per address; or `off`")
    limit_reports: str = Field("10/hour", description="Reports per address; or `off`")
    review: Literal["all", "flagged"] = Field(
        "all",
        description="Which new adverts a moderator reviews before they are public: `all`, or those that "
        "a rule has `flagged`",
    )
    reports_to_hide: int = Field(
        3,
        ge=1,
        le=100,
        description="How many different people must report an advert before it is hidden until a "
        "moderator has reviewed it",
    )
    case_retention_days: int = Field(
        365,
        ge=1,
        le=730,
        description="Days that a moderator's case and its evidence outlive a deleted advert, and that "
        "what was decided is recognised in later adverts",
    )
    confirm_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="Days after which a seller is asked whether the boat is still for sale",
    )
    hide_days: int = Field(
        14, ge=1, le=3650, description="Days from the second such email until the boat is hidden"
    )

    @field_validator("terms_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        is_path = value.startswith("/") and not value.startswith(("//", "/\\"))
        if value and not is_path and not value.startswith(("https://", "http://")):
            raise ValueError("must be a path of this site, such as /terms, or begin with https://")
        return value

    @field_validator(
        "limit_auth",
        "limit_search",
        "limit_writes",
        "limit_media",
        "limit_inquiries",
        "limit_reports",
    )
    @classmethod
    def _is_limit(cls, value: str) -> str:
        limit_of(value)
        return value

    def limit(self, name: str) -> Limit | None:
        """The limit ``LIMIT_<NAME>``; None if it is off."""
        return limit_of(getattr(self, f"limit_{name}"))
