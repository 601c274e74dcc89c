"""Every rule of a session."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.session import AuthSession
from marinemarket.errors import Invalid
from marinemarket.wire import decode, encode
from tests.builders import OWNER


def wire_session(**overrides: Any) -> dict[str, Any]:
    return {
        "sessionId": "a" * 64,
        "userId": OWNER,
        "deviceId": "b" * 64,
        "ipAddress": "192.0.2.7",
        "userAgent": "Mozilla/5.0",
        "issuedAt": "2026-01-01T00:00:00.000Z",
        "expiresAt": "2026-01-15T00:00:00.000Z",
        "lastActivity": "2026-01-01T00:00:00.000Z",
    } | overrides


def wrong(**overrides: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        AuthSession.parse(wire_session(**overrides))
    return {error.field: error.message for error in caught.value.errors}


def test_a_session_comes_back_from_the_wire_as_it_was() -> None:
    session = AuthSession.parse(wire_session(ipAddress="2001:DB8::0", userAgent=" x\x00y "))
    assert session.is_active
    assert (session.ip_address, session.user_agent) == ("2001:db8::", "xy")
    assert AuthSession.parse(decode(encode(session.to_wire()))) == session


def test_all_that_is_missing_is_reported_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        AuthSession.parse({})
    assert [error.field for error in caught.value.errors] == list(wire_session())


def test_every_broken_rule_is_reported_at_its_own_path() -> None:
    found = wrong(
        sessionId="the secret itself",
        userId="me",
        deviceId=None,
        ipAddress="256.0.0.1",
        userAgent=" ",
        issuedAt="2026-01-01",
        isActive="yes",
        csrf="x",
    )
    assert found == {
        "sessionId": "must be a SHA-256 hash in hexadecimal, never the secret",
        "userId": "must be a UUID in lower case",
        "deviceId": "must be text",
        "ipAddress": "must be an IP address",
        "userAgent": "must be at least 1 character",
        "issuedAt": "must be an ISO 8601 time with its time zone",
        "isActive": "must be true or false",
        "csrf": "is not a field here",
    }


@pytest.mark.parametrize("field", ["expiresAt", "lastActivity"])
def test_a_session_may_be_issued_later_than_its_other_times(field: str) -> None:
    # It follows the end of all earlier ones, which may have been noted while the clock was ahead.
    assert AuthSession.parse(wire_session(**{field: "2025-12-01T00:00:00Z"}))


def test_a_user_agent_has_at_most_1000_characters() -> None:
    assert AuthSession.parse(wire_session(userAgent="x" * 1000))
    assert wrong(userAgent="x" * 1001) == {"userAgent": "must be at most 1000 characters"}
