"""Accounts, sessions and the audit trail, as the API answers them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ....accounts import session, user
from ....accounts.login_attempt import LoginAttempt
from ....accounts.user import AdminPermission, UserRole, UserStatus
from ....accounts.visible_fields import SEEN_BY_SELF, SEEN_BY_STAFF
from ....audit import entry
from ....wire import Model, Moment
from ...openapi.derived import with_fields_of
from .page import JSONObject, list_of, page_of


class Passkey(Model):
    """A passkey of an account. The key itself stays on the device."""

    id: str
    """The passkey's public name, for removing it."""
    name: str
    """What its owner calls it."""
    created_at: Moment
    """When it was added (ISO 8601, UTC)."""
    last_used: Moment | None
    """When somebody last signed in with it (ISO 8601, UTC); null if nobody has."""


@with_fields_of(user.User, SEEN_BY_SELF)
class User(Model):
    """An account, as its owner sees it."""

    permissions: list[AdminPermission]
    """All that its role and its own grants allow."""
    recovery_codes_left: Annotated[int, Field(ge=0, le=10)]
    """How many recovery codes have not been used yet."""
    passkeys: list[Passkey]
    """The account's passkeys."""


@with_fields_of(user.User, SEEN_BY_STAFF)
class UserForStaff(Model):
    """An account, as staff who manage users see it."""

    permissions: list[AdminPermission]
    """All that its role and its own grants allow."""


class Terms(Model):
    """The terms in force, and whether you have agreed to them."""

    version: str
    """Their version."""
    changes: str
    """What this version changes, in words; may be empty."""
    url: str
    """Where they can be read; may be empty."""
    agreed: bool
    """Whether you have agreed to this version. Until then, writing is answered with 403."""
    answered: bool
    """Whether you have answered, in one way or the other."""


class Account(User):
    """Your account, and what a client needs to act for it."""

    csrf_token: str
    """What a write with the session cookie must send as `X-CSRF-Token`."""
    passkeys_possible: bool
    """Whether browsers can create passkeys for the address of this market."""
    terms: Terms
    """The terms in force."""


@with_fields_of(
    session.AuthSession, ("ipAddress", "userAgent", "issuedAt", "expiresAt", "lastActivity")
)
class AuthSession(Model):
    """A session: somebody signed in on one device."""

    id: str
    """The session's public name, for ending it. It proves nothing."""
    current: bool
    """Whether it is the session of this request."""


class NewAuthSession(AuthSession):
    """A session that has just begun."""

    token: str | None = None
    """The session's secret, for `Authorization: Bearer`. Shown only here, and not to a browser, which
    has it as a cookie."""


class NewSession(Model):
    """You are signed in: with a new session, or one in place of the session that this request ended."""

    session: NewAuthSession
    """The new session, with its secret."""
    user: User
    """The account that it belongs to."""
    csrf_token: str
    """What a write with the session cookie must send as `X-CSRF-Token`."""
    recovery_codes: list[str] | None = None
    """The ten recovery codes of a second factor that was just turned on. Shown only here."""


class ProvedIdentity(NewSession):
    """You have proved who you are, and have a session in place of the one in which you did."""

    until: Moment
    """Until when changes in this session can do without your password (ISO 8601, UTC)."""


class SecondFactorChallenge(Model):
    """What the second step of signing in must answer."""

    challenge: str
    """To be sent back with the code."""
    expires_at: Moment
    """Until when a code is taken (ISO 8601, UTC)."""
    methods: list[str]
    """How this person can prove who they are: `totp`, `recovery` or `passkey`."""


class SecondFactorRequired(Model):
    """The password was right; now a code is needed."""

    second_factor: SecondFactorChallenge
    """What to answer, and how."""


class SecondFactorOffer(Model):
    """A secret for an authenticator app. It counts once a code made with it was sent back."""

    secret: str
    """The secret in base32."""
    address: str
    """The secret as an `otpauth://` address."""
    picture: str
    """The address as a QR code, an SVG image."""


class ConfirmedAddress(Model):
    """An account whose email address was just confirmed."""

    email: str
    """The confirmed address."""
    status: UserStatus
    """The account's status now."""


class ErasedAccount(Model):
    """An account that has ended. All that belonged to it is deleted within minutes."""

    erased: dict[str, int]
    """How many items were already deleted, by table: none, since that is done after the answer."""


@with_fields_of(entry.AuditLog)
class AuditLog(Model):
    """One action in the audit trail."""

    details: JSONObject
    """What changed, and other context. Its names depend on the action; it never holds a secret."""


PermissionsOfRoles = dict[UserRole, list[AdminPermission]]
UserPage = page_of("UserPage", UserForStaff, "A page of accounts.")
AuthSessionPage = page_of("AuthSessionPage", AuthSession, "A page of sessions.")
LoginAttemptPage = page_of("LoginAttemptPage", LoginAttempt, "Attempts to sign in, newest first.")
PasskeyList = list_of("PasskeyList", Passkey, "All of an account's passkeys.")
AuditLogPage = page_of("AuditLogPage", AuditLog, "A page of the audit trail, newest first.")


class DataExport(Model):
    """Everything that the market holds about one person, without secrets and hashes."""

    at: Moment
    """When it was put together (ISO 8601, UTC)."""
    account: User
    """The account."""
    sessions: list[AuthSession]
    """Where the person is signed in."""
    sign_in_attempts: list[LoginAttempt]
    """The attempts to sign in, newest first."""
    listings: list[JSONObject]
    """The adverts as they are stored."""
    views: list[JSONObject]
    """How often each advert was seen on each day."""
    imports: list[JSONObject]
    """The files that were imported."""
    jobs: list[JSONObject]
    """What was done to many adverts at once."""
    drafts: list[JSONObject]
    """Adverts that are not published, as they were typed."""
    media: list[JSONObject]
    """The photos and videos that were uploaded."""
    letters: list[JSONObject]
    """The emails that the market sent, without their text."""
    saved_searches: list[JSONObject]
    """The saved searches."""
    noted_for: list[JSONObject]
    """The boats that are still to be reported."""
    told_of: list[JSONObject]
    """The boats that alerts reported."""
    reports: list[JSONObject]
    """The adverts that this person reported."""
    moderation: list[JSONObject]
    """What moderators decided about this person's adverts."""
    conversations: list[JSONObject]
    """The conversations, with their messages."""
    blocked: list[str]
    """Whom this person blocked."""
    answer_minutes: list[int]
    """How many minutes recent answers took."""
    watchlist: list[JSONObject]
    """The boats on the watchlist."""
    actions: list[AuditLog]
    """This person's actions in the audit trail."""
