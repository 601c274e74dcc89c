"""Every rule of a login attempt."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.login_attempt import LoginAttempt
from marinemarket.errors import Invalid
from marinemarket.wire import decode, encode
from tests.builders import uuid_of

REASON = "is required for a failure, and must be absent for a success"


def wire_attempt(**overrides: Any) -> dict[str, Any]:
    return {
        "id": uuid_of("attempt"),
        "timestamp": "2026-01-01T00:00:00.000Z",
        "email": "skipper@example.com",
        "ipAddress": "192.0.2.7",
        "userAgent": "Mozilla/5.0",
        "success": True,
    } | overrides


def wrong(**overrides: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        LoginAttempt.parse(wire_attempt(**overrides))
    return {error.field: error.message for error in caught.value.errors}


def test_a_failure_has_a_reason_and_a_success_has_none() -> None:
    failed = LoginAttempt.parse(wire_attempt(success=False, failureReason="wrong password"))
    assert failed.failure_reason == "wrong password"
    assert LoginAttempt.parse(wire_attempt()).failure_reason is None
    assert wrong(success=False) == {"failureReason": REASON}
    assert wrong(success=False, failureReason=None) == {"failureReason": REASON}
    assert wrong(success=True, failureReason="none") == {"failureReason": REASON}
    assert wrong(success=False, failureReason="") == {
        "failureReason": "must be at least 1 character"
    }


def test_all_that_is_missing_is_reported_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        LoginAttempt.parse({})
    assert [error.field for error in caught.value.errors] == list(wire_attempt())


def test_every_broken_rule_is_reported_at_its_own_path() -> None:
    assert set(
        wrong(
            id="x",
            timestamp=0,
            email=7,
            ipAddress="local",
            userAgent="",
            success=1,
            by="me",
        )
    ) == {"id", "timestamp", "email", "ipAddress", "userAgent", "success", "by"}


def test_an_attempt_comes_back_from_the_wire_as_it_was() -> None:
    attempt = LoginAttempt.parse(
        wire_attempt(email="SKIPPER@example.com", success=False, failureReason="locked")
    )
    assert attempt.email == "skipper@example.com"
    assert LoginAttempt.parse(decode(encode(attempt.to_wire()))) == attempt
