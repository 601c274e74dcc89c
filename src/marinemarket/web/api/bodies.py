"""What the API takes where a domain reads the body itself: described by the models that it uses."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from ...accounts import profile
from ...accounts.user import User
from ...listings.lifecycle.editing import EDITABLE
from ...listings.listing import Listing
from ...messages.inquiries import Inquiry, Question
from ...saved_searches.editing import SavedSearchRequest
from ...wire import Flag, Model
from ..openapi.derived import with_changes_of, with_fields_of
from .answers.page import JSONValue


@with_fields_of(Listing, EDITABLE)
class NewListing(Model):
    """A new listing. What is required only for publication may follow later."""


@with_changes_of(Listing, EDITABLE)
class ListingChanges(Model):
    """Changes of a listing, as a JSON merge patch (RFC 7396): what is left out stays as it is, a null
    removes a value, an object is merged, a list is replaced.
    """


class ConsentChanges(Model):
    """Consents that are given (true) or withdrawn (false)."""

    terms: Flag | None = None
    """Your answer to the terms of use in force: false refuses a new version. Agreement to the
    version in force can only be withdrawn by deleting the account.
    """
    news: Flag | None = None
    """Emails with news about the market."""


@with_changes_of(User, profile.EDITABLE - {"consents"})
class ProfileChanges(Model):
    """Changes of your account: what is left out stays as it is, a null removes a value."""

    consents: ConsentChanges | None = None
    """Consents to give or to withdraw."""
    password: Annotated[str, Field(max_length=1000)] | None = None
    """Your password, for another `phone`, unless you have just proved who you are."""


@with_changes_of(SavedSearchRequest, merging=False)
class SavedSearchChanges(Model):
    """Changes of a saved search: what is left out stays as it is; filters are replaced as a whole."""


@with_changes_of(Inquiry, ("name", "email"))
@with_fields_of(Question)
class NewInquiry(Model):
    """A message to a seller. Name and email are required unless you are signed in."""


class _Open(Model):
    """A part of WebAuthn's JSON, to which browsers may add."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JSONValue]


class AuthenticatorResponse(_Open):
    """What the device answered."""

    clientDataJSON: Annotated[str, Field(alias="clientDataJSON", max_length=20_000)]  # noqa: N815  # WebAuthn's name
    """What the browser says of the request, base64url."""
    attestation_object: str | None = None
    """Of a new passkey: the key, base64url."""
    authenticator_data: str | None = None
    """Of a sign-in: what the device signed, base64url."""
    signature: str | None = None
    """Of a sign-in: the signature, base64url."""
    user_handle: str | None = None
    """Of a sign-in: the account's id, base64url."""


class PublicKeyCredential(_Open):
    """What `navigator.credentials.create` or `.get` answered, by `toJSON()`."""

    id: str
    """The passkey's id, base64url."""
    raw_id: str
    """The same."""
    type: str
    """Always `public-key`."""
    response: AuthenticatorResponse
    """What the device answered."""


class PasskeySignIn(Model):
    """A passkey's answer to the options for signing in."""

    credential: PublicKeyCredential
    """What `navigator.credentials.get` answered."""


class IdentityProof(Model):
    """One of three: your password, a code of your second factor, or a passkey's answer."""

    password: Annotated[str, Field(max_length=1000)] | None = None
    """Your current password."""
    code: Annotated[str, Field(max_length=1000)] | None = None
    """A code of your authenticator app, or a recovery code."""
    credential: PublicKeyCredential | None = None
    """What `navigator.credentials.get` answered."""


class NewPasskey(Model):
    """A new passkey."""

    credential: PublicKeyCredential
    """What `navigator.credentials.create` answered."""
    name: Annotated[str, Field(max_length=60)] = ""
    """What you call it, such as the device it is on."""
