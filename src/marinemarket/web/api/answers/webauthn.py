"""Passkeys: WebAuthn's JSON, as browsers make and take it (WebAuthn level 3, 5.1.8 to 5.1.10)."""

from __future__ import annotations

from typing import Literal

from ....wire import Model


class RelyingParty(Model):
    """The site that a passkey is for."""

    name: str
    """The market's name."""
    id: str
    """Its host name."""


class PasskeyUser(Model):
    """The account that a passkey is for."""

    id: str
    """Its id, base64url."""
    name: str
    """Its email address."""
    display_name: str
    """The person's name."""


class KeyKind(Model):
    """A kind of key that is taken."""

    type: Literal["public-key"]
    """Always `public-key`."""
    alg: int
    """The algorithm's number (COSE)."""


class KnownKey(Model):
    """A key that is known already."""

    id: str
    """Its id, base64url."""
    type: Literal["public-key"]
    """Always `public-key`."""


class AuthenticatorSelection(Model):
    """What a device must be able to do."""

    resident_key: str
    """Whether the device must keep the key."""
    require_resident_key: bool
    """The same, for older browsers."""
    user_verification: str
    """Whether the device must check who uses it."""


class PasskeyCreation(Model):
    """The options for `navigator.credentials.create`, as `parseCreationOptionsFromJSON` takes them."""

    rp: RelyingParty
    """The site."""
    user: PasskeyUser
    """The account."""
    challenge: str
    """What the new key must sign, base64url."""
    pub_key_cred_params: list[KeyKind]
    """The kinds of key that are taken, the best first."""
    timeout: int
    """How long to wait for the person, in milliseconds."""
    exclude_credentials: list[KnownKey]
    """The account's passkeys so far."""
    authenticator_selection: AuthenticatorSelection
    """What the device must be able to do."""
    attestation: str
    """Whether the device must prove its make."""


class PasskeyRequest(Model):
    """The options for `navigator.credentials.get`, as `parseRequestOptionsFromJSON` takes them."""

    challenge: str
    """What the key must sign, base64url."""
    timeout: int
    """How long to wait for the person, in milliseconds."""
    rp_id: str
    """The site's host name."""
    allow_credentials: list[KnownKey]
    """Empty: any passkey of this site may be used."""
    user_verification: str
    """Whether the device must check who uses it."""
