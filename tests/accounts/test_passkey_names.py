"""What a new passkey is called."""

from __future__ import annotations

from marinemarket.accounts.passkey_names import passkey_name

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
NOBODY = "00000000-0000-0000-0000-000000000000"


def test_a_passkey_is_called_after_its_authenticator_and_the_browser() -> None:
    keychain = "fbfc3007-154e-4ecc-8c0b-6e020557d7bd"
    assert passkey_name(keychain, IPHONE, []) == "iCloud Keychain, Safari on iPhone"
    assert passkey_name(NOBODY, IPHONE, []) == "Safari on iPhone"


def test_no_two_of_a_person_have_one_name_and_none_is_too_long() -> None:
    taken: list[str] = []
    for _ in range(10):
        taken.append(passkey_name(NOBODY, "x" * 1000, taken))
    assert len(set(taken)) == 10
    assert max(map(len, taken)) <= 60
    assert all(taken)
