"""Every rule of an account."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.accounts.user import PublicSeller, User, UserStatus, normalised_email
from marinemarket.errors import Invalid
from marinemarket.wire import decode, encode
from tests.builders import OWNER, a_user

HASH = "a" * 64
ARGON = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"
MOMENT = "2025-01-01T00:00:00.000Z"


def wire_user(**overrides: Any) -> dict[str, Any]:
    return {
        "id": OWNER,
        "email": "skipper@example.com",
        "name": "Ann Skipper",
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
    } | overrides


def wrong(**overrides: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        User.parse(wire_user(**overrides))
    return {error.field: error.message for error in caught.value.errors}


def test_a_new_account_has_no_rights_and_waits_for_its_address_to_be_verified() -> None:
    user = User.parse(wire_user())
    assert user.status is UserStatus.PENDING_VERIFICATION
    assert not user.is_active
    assert (user.role, user.permissions, user.mfa_enabled) == ("user", (), False)


def test_all_that_is_missing_is_reported_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        User.parse({})
    assert {error.field: error.message for error in caught.value.errors} == dict.fromkeys(
        ("id", "email", "name", "createdAt", "updatedAt"), "is required"
    )


def test_every_broken_rule_is_reported_at_its_own_path() -> None:
    found = wrong(
        id="1",
        email="skipper",
        name=" A\u202e ",
        phone="030 12345",
        location="",
        role="captain",
        status="gone",
        permissions=["user_management", "all"],
        emailVerified="yes",
        mfaEnabled=1,
        password="secret",
        lastLogin="yesterday",
        loginAttempts=-1,
        lockedUntil="2025-01-01",
        passwordResetToken="secret",
        consents=[{"to": "terms", "version": 1}],
        updatedAt="2024-12-31T23:59:59.999Z",
        nickname="Ann",
    )
    assert set(found) >= {
        *("id", "email", "name", "phone", "location", "role", "status", "permissions.1"),
        *("emailVerified", "mfaEnabled", "password", "lastLogin", "loginAttempts", "lockedUntil"),
        *("passwordResetToken", "consents.0.version", "consents.0.at", "updatedAt", "nickname"),
    }
    assert found["updatedAt"] == "must not be before createdAt"
    assert found["password"] == "must be an Argon2id hash, never the password"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Skipper@Example.COM ", "skipper@example.com"),
        ("Ｓkipper@example.com", "skipper@example.com"),
        ("skipper+boats@example.com", "skipper+boats@example.com"),
        ("skipper@Straße.DE", "skipper@xn--strae-oqa.de"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert User.parse(wire_user(email=typed)).email == kept


@pytest.mark.parametrize(
    "email",
    [
        "",
        "@",
        "a@",
        "@b",
        "a b@example.com",
        "a@b@c",
        "a@localhost",
        "a\n@example.com",
        "a@exa mple",
        "jörg@example.com",
    ],
)
def test_an_invalid_address_is_refused(email: str) -> None:
    assert wrong(email=email) == {"email": "must be an email address"}


def test_an_address_is_text_of_254_characters_at_most() -> None:
    assert wrong(email="a" * 250 + "@x.io") == {"email": "must be at most 254 characters"}
    assert wrong(email=None) == {"email": "must be text"}


@given(st.emails())
def test_a_normalised_address_is_stable(email: str) -> None:
    try:
        once = normalised_email(email)
    except ValueError:
        return
    assert normalised_email(once) == once
    assert normalised_email(email.upper()) == once


def test_a_name_has_2_to_100_characters() -> None:
    assert User.parse(wire_user(name=" Bo ")).name == "Bo"
    assert len(User.parse(wire_user(name="n" * 100)).name) == 100
    assert wrong(name="n" * 101) == {"name": "must be at most 100 characters"}


@pytest.mark.parametrize(
    ("typed", "kept"), [("+49 (30) 123-456.7", "+49301234567"), ("+1 305 555 0100", "+13055550100")]
)
def test_a_phone_number_is_international(typed: str, kept: str) -> None:
    assert User.parse(wire_user(phone=typed, phoneVerified=True)).phone == kept


@pytest.mark.parametrize(
    "phone", ["", "030 12345", "+0 30 12345", "+49", "+4930x", "+٤٩٣٠١٢٣٤٥", "+" + "1" * 16]
)
def test_an_invalid_phone_number_is_refused(phone: str) -> None:
    assert set(wrong(phone=phone)) == {"phone"}


def test_dependent_fields_are_required_together() -> None:
    assert wrong(phoneVerified=True) == {"phoneVerified": "needs a phone number"}
    assert wrong(mfaEnabled=True) == {"mfaEnabled": "needs an mfaSecret"}
    together = "must be given together with its token, or not at all"
    assert wrong(passwordResetToken=HASH) == {"passwordResetExpires": together}
    assert wrong(passwordResetExpires=MOMENT) == {"passwordResetExpires": together}
    assert wrong(emailVerificationToken=HASH) == {"emailVerificationExpires": together}
    assert User.parse(
        wire_user(
            phone="+13055550100", phoneVerified=True, mfaSecret="sealed", mfaEnabled=True,
            passwordResetToken=HASH, passwordResetExpires=MOMENT, password=ARGON,
            emailVerificationToken=HASH, emailVerificationExpires=MOMENT,
        )
    )  # fmt: skip


@pytest.mark.parametrize("token", ["secret", "A" * 64, "a" * 63, HASH + "\n", 7])
def test_only_the_hash_of_a_token_is_kept(token: object) -> None:
    assert "passwordResetToken" in wrong(passwordResetToken=token, passwordResetExpires=MOMENT)


def test_a_permission_is_held_once() -> None:
    granted = ["user_management", "audit_log_view", "user_management"]
    assert User.parse(wire_user(permissions=granted)).permissions == (
        "user_management",
        "audit_log_view",
    )


def test_an_account_comes_back_from_the_wire_as_it_was() -> None:
    user = User.parse(
        wire_user(
            email="Skipper@Straße.DE",
            permissions=["user_management"],
            consents=[{"to": "terms", "version": "3", "at": "2025-01-01T01:00:00+01:00"}],
            loginAttempts=3,
        )
    )
    assert User.parse(decode(encode(user.to_wire()))) == user


def test_a_visitor_sees_four_fields_of_a_seller() -> None:
    assert PublicSeller.of(a_user(phone="+13055550100", password=ARGON)).to_wire() == {
        "id": OWNER,
        "name": "Owner",
        "kind": "private",
        "memberSince": "2025-01-01T00:00:00.000Z",
    }


def test_a_broker_goes_by_the_firms_name_and_a_private_seller_by_their_own() -> None:
    firm = {"trade_name": "Blue Water Yachts"}
    broker = PublicSeller.of(a_user(seller_kind="broker", **firm))
    assert (broker.name, broker.kind) == ("Blue Water Yachts", "broker")
    assert PublicSeller.of(a_user(seller_kind="broker")).name == "Owner"
    assert PublicSeller.of(a_user(**firm)).name == "Owner"


JSON = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.floats()
    | st.text()
    | st.lists(st.text())
)


@given(st.dictionaries(st.sampled_from([f.alias or "" for f in User.model_fields.values()]), JSON))
def test_any_payload_is_an_account_or_invalid(payload: dict[str, Any]) -> None:
    try:
        user = User.parse(wire_user(**payload))
    except Invalid:
        return
    assert User.parse(decode(encode(user.to_wire()))) == user
