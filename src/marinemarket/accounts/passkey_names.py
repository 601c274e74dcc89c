"""What a new passkey is called if its owner gives it no name: who keeps it, and on which device."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from .devices import device_name

# By the AAGUID, which says what kind of authenticator made a passkey.
_KEEPERS = {
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "53414d53-554e-4700-0000-000000000000": "Samsung Pass",
}
_LONGEST = 60


def passkey_name(aaguid: str, user_agent: str, taken: Collection[str]) -> str:
    """Such as “iCloud Keychain, Safari on iPhone”, with a number if another has that name already."""
    keeper, device = _KEEPERS.get(aaguid, ""), device_name(user_agent)
    name = ", ".join(part for part in (keeper, device) if part)[: _LONGEST - 4].strip()
    names = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(one for one in names if one not in taken)
