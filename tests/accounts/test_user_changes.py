"""Changing a user: what the audit entry shows, and what happens when two changes coincide."""

from __future__ import annotations

import asyncio

import pytest

from marinemarket.accounts import user_changes
from marinemarket.accounts.devices import device_name
from marinemarket.accounts.profile import edit_profile
from marinemarket.accounts.records import find_user
from marinemarket.accounts.user import User, UserRole
from marinemarket.accounts.user_changes import MASKED, UserChange
from marinemarket.composition import Market
from marinemarket.mail.failures import masked_address
from tests.builders import NOW, a_user

from .members import CLIENT, PASSWORD, a_person, entered

pytestmark = pytest.mark.anyio


def test_an_audit_entry_shows_permissions_and_masks_personal_data() -> None:
    old = a_user(name="ann", phone="+17725550100")
    change = UserChange.of(
        old, NOW, name="Ann New", phone=None, role=UserRole.ADMIN, email="b@b.example"
    )
    assert change.for_audit() == {
        "name": {"old": MASKED, "new": MASKED},
        "phone": {"old": MASKED, "new": None},
        "email": {"old": MASKED, "new": MASKED},
        "role": {"old": "user", "new": "admin"},
    }


def test_every_field_of_a_user_is_masked_until_it_is_listed() -> None:
    """A new field may be a secret: the entry shows only that it changed."""
    shown = {
        "role", "sellerKind", "status", "permissions", "emailVerified", "phoneVerified", "mfaEnabled",
        "sessionsValidAfter", "consents", "termsAnswers", "emailRefusals", "emailBouncedAt",
    }  # fmt: skip
    assert shown == user_changes._SHOWN
    assert {"password", "mfaSecret", "recoveryCodes", "email", "name", "phone"} & shown == set()


def test_a_new_version_is_higher_even_if_the_clock_stands_still() -> None:
    old = a_user()
    versions = [old.updated_at]
    for _ in range(3):
        old = UserChange.of(old, 0, name="Same").new
        versions.append(old.updated_at)
    assert versions == sorted(set(versions))


async def test_two_edits_at_once_are_both_applied(market: Market) -> None:
    ann = await a_person(market)
    somebody = await entered(market, ann)
    edits: list[dict[str, object]] = [
        {"name": "Ann Of The Sea"}, {"location": "Stuart, FL"}, {"phone": "+17725550100"},
    ]  # fmt: skip
    await asyncio.gather(
        *(edit_profile(market.accounts, somebody, CLIENT, text, PASSWORD) for text in edits)
    )
    stands = await find_user(market.store, ann.id)
    assert isinstance(stands, User)
    assert (stands.name, stands.location, stands.phone) == (
        "Ann Of The Sea",
        "Stuart, FL",
        "+17725550100",
    )


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 500, "x" * 60),
    ],
)  # fmt: skip
def test_a_device_has_a_name_that_its_owner_recognises(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_only_its_owner_recognises_a_masked_address() -> None:
    assert masked_address("ann@example.com") == "a…@example.com"
