"""The figures of a market's own rules, as whoever runs it may set them: a part of the settings."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .rate_limit import Limit, limit_of


class MarketRules(BaseModel):
    """How long things are kept, how often one may ask, who looks at adverts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    audit_retention_days: int = Field(
        2557,
        ge=1,
        le=100_000,
        description="How long audit entries are kept; seven years unless set",
    )
    login_attempt_retention_days: int = Field(
        90, ge=1, le=100_000, description="How long login attempts are kept, successful or not"
    )

    sign_in_tries: int = Field(
        5, ge=1, le=100, description="Wrong passwords or codes after which an account is locked"
    )
    sign_in_tries_minutes: int = Field(
        15, ge=1, le=100_000, description="Minutes within which so many lock it"
    )
    lock_minutes: int = Field(30, ge=1, le=100_000, description="Minutes that a lock holds")
    session_days: int = Field(
        30, ge=1, le=100_000, description="Days after which one must sign in again"
    )
    session_idle_days: int = Field(
        14, ge=1, le=100_000, description="Days unused that end a session"
    )
    staff_session_hours: int = Field(
        8, ge=1, le=100_000, description="Hours after which staff must sign in again"
    )
    staff_idle_minutes: int = Field(
        60, ge=2, le=100_000, description="Minutes unused that end staff's sessions"
    )
    terms_version: str = Field(
        "2026-11", min_length=1, max_length=40, description="The version of the terms in force"
    )

    limit_auth: str = Field(
        "10/minute", description="Tries to sign in, register or reset, for each address; or `off`"
    )
    limit_search: str = Field("300/minute", description="Searches for each address; or `off`")
    limit_writes: str = Field("60/minute", description="Changes for each user; or `off`")
    limit_media: str = Field("20/minute", description="Pictures sent by each user; or `off`")
    limit_inquiries: str = Field("5/hour", description="Inquiries from each address; or `off`")
    limit_reports: str = Field("10/hour", description="Reports from each address; or `off`")
    review: Literal["all", "flagged"] = Field(
        "all",
        description="Which new adverts a person looks at before they are public: `all`, or those that a "
        "rule has `flagged`",
    )
    reports_to_hide: int = Field(
        3,
        ge=1,
        le=100,
        description="How many different people must report an advert for it to be hidden until a "
        "moderator has looked at it",
    )
    confirm_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="Days after which a seller is asked whether a boat is for sale",
    )
    hide_days: int = Field(
        14, ge=1, le=3650, description="Days after the second letter about it until she is hidden"
    )

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
        """The limit ``LIMIT_<NAME>``; None when it is off."""
        return limit_of(getattr(self, f"limit_{name}"))
