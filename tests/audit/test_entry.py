"""The rules of an audit entry, and the actors it names."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket import __version__
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor, AuditLog
from marinemarket.errors import Invalid
from marinemarket.wire import decode, encode
from tests.builders import NOW, OWNER, uuid_of


def wire_entry(**overrides: Any) -> dict[str, Any]:
    return {
        "id": uuid_of("entry"),
        "timestamp": "2026-01-01T00:00:00.000Z",
        "userId": OWNER,
        "userEmail": "skipper@example.com",
        "action": "LISTING_UPDATED",
        "resource": "listing",
        "resourceId": uuid_of("boat"),
        "ipAddress": "192.0.2.7",
        "userAgent": "Mozilla/5.0",
        "sessionId": "a" * 64,
    } | overrides


def wrong(**overrides: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        AuditLog.parse(wire_entry(**overrides))
    return {error.field: error.message for error in caught.value.errors}


def test_an_entry_comes_back_from_the_wire_as_it_was() -> None:
    entry = AuditLog.parse(wire_entry(details={"changes": {"price": {"old": 1, "new": [2, None]}}}))
    assert AuditLog.parse(decode(encode(entry.to_wire()))) == entry
    assert AuditLog.parse(wire_entry()).details == {}


def test_all_that_is_missing_is_reported_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        AuditLog.parse({})
    required = set(wire_entry()) - {"resourceId"}
    assert {error.field: error.message for error in caught.value.errors} == dict.fromkeys(
        required, "is required"
    )


@pytest.mark.parametrize(
    "field", ["userId", "userEmail", "resource", "userAgent", "sessionId", "resourceId"]
)
def test_a_field_is_never_an_empty_text(field: str) -> None:
    assert set(wrong(**{field: ""})) == {field}


def test_every_broken_rule_is_reported_at_its_own_path() -> None:
    found = wrong(
        id="1",
        timestamp="now",
        userId=7,
        action="LISTING_EATEN",
        resource="Listing",
        details=["price"],
        ttl=1,
    )
    assert set(found) == {"id", "timestamp", "userId", "action", "resource", "details", "ttl"}
    assert found["resource"] == "must be a kind of thing in lower case, such as listing"
    assert found["details"] == "must be an object"


def test_an_address_is_an_ip_or_local() -> None:
    assert AuditLog.parse(wire_entry(ipAddress="local")).ip_address == "local"
    assert AuditLog.parse(wire_entry(ipAddress="2001:DB8::0")).ip_address == "2001:db8::"
    with pytest.raises(Invalid):
        AuditLog.parse(wire_entry(ipAddress="somewhere"))


def test_a_command_acts_in_its_own_name() -> None:
    entry = Actor.system("import").entry(Action.LISTING_CREATED, "listing", "x", NOW, price=5)
    assert entry.to_wire() | {"id": ""} == {
        "id": "",
        "timestamp": "2026-01-01T00:00:00.000Z",
        "userId": "system:import",
        "userEmail": "system:import",
        "action": "LISTING_CREATED",
        "resource": "listing",
        "resourceId": "x",
        "details": {"price": 5},
        "ipAddress": "local",
        "userAgent": f"marinemarket/{__version__}",
        "sessionId": "system:import",
    }


def test_no_two_entries_have_one_id() -> None:
    actor = Actor.system("tests")
    entries = [actor.entry(Action.LISTING_CREATED, "listing", "x", NOW) for _ in range(100)]
    assert len({entry.id for entry in entries}) == 100
