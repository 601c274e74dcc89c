"""A user: a private person, a broker, a member of staff, or the market's own account."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from ..i18n.texts import gettext as _
from ..wire import CLEAN_LINE, Count, Flag, Id, Model, Moment, Text

LONGEST_EMAIL = 254


class UserRole(StrEnum):
    """What somebody is in the market: a private person or broker, or a member of staff."""

    USER = "user"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"
    MODERATOR = "moderator"
    SUPPORT = "support"


class UserStatus(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    BANNED = "banned"
    PENDING_VERIFICATION = "pending_verification"


class SellerKind(StrEnum):
    """Private, or broker: somebody who sells boats for a living."""

    PRIVATE = "private"
    BROKER = "broker"


class AdminPermission(StrEnum):
    """What a member of staff may do."""

    USER_MANAGEMENT = "user_management"
    CONTENT_MODERATION = "content_moderation"
    FINANCIAL_ACCESS = "financial_access"
    SYSTEM_CONFIG = "system_config"
    ANALYTICS_VIEW = "analytics_view"
    AUDIT_LOG_VIEW = "audit_log_view"


def normalised_email(text: str) -> str:
    """The normalised form under which an address is claimed: NFKC, in ASCII, case-folded.

    In ASCII because every mail server accepts that: an international domain is written in the form its
    registry uses, so that ``faß.de`` is not taken for ``fass.de``. Raises ValueError for an invalid
    address, or other characters before the ``@``. Does not check that anybody reads it.
    """
    given = unicodedata.normalize("NFKC", text).strip()
    try:
        found = validate_email(given, check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, UnicodeError):
        raise ValueError(_("must be an email address")) from None
    return (found.ascii_email or given).casefold()


def international_phone(text: str) -> str:
    """A phone number as it is stored: ``+17725550100``. Raises ValueError for another kind."""
    number = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError(_("must be a phone number that starts with + and the country code"))
    return number


def _argon2_hash(text: str) -> str:
    if not text.startswith("$argon2id$"):
        raise ValueError("must be an Argon2id hash, never the password")
    return text


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("must be a SHA-256 hash in hexadecimal, never the secret")
    return text


Email = Annotated[
    str, Field(strict=True, max_length=LONGEST_EMAIL), AfterValidator(normalised_email)
]
SecretHash = Annotated[str, Field(strict=True, max_length=64), AfterValidator(_sha256)]
PasswordHash = Annotated[str, Field(strict=True, max_length=300), AfterValidator(_argon2_hash)]


class Consent(Model):
    """What a person agreed to, in which version, and when."""

    to: Annotated[str, Field(min_length=1, max_length=100), CLEAN_LINE]
    """What was agreed to: `terms` or `news`."""
    version: Annotated[str, Field(min_length=1, max_length=40), CLEAN_LINE]
    """The version of the text that was shown."""
    at: Moment
    """When it was given (ISO 8601, UTC)."""


class TermsAnswer(Model):
    """What a person answered when a version of the terms was put to them."""

    version: Annotated[str, Field(min_length=1, max_length=40), CLEAN_LINE]
    """The version of the terms."""
    agreed: Flag
    """Whether they agreed."""
    at: Moment
    """When they answered (ISO 8601, UTC)."""


class Passkey(Model):
    """A key that stays on a person's device; the market has only its public half."""

    id: Annotated[str, Field(strict=True, min_length=1, max_length=1400)]
    """The credential's id, base64url."""
    public_key: Annotated[str, Field(strict=True, min_length=1, max_length=4000)]
    """COSE, base64url."""
    sign_count: Count = 0
    name: Annotated[str, Field(min_length=1, max_length=60), CLEAN_LINE]
    created_at: Moment
    last_used: Moment | None = None


MOST_PASSKEYS = 10
MOST_DEVICES = 20
MOST_TERMS_ANSWERS = 50


class User(Model):
    """One account. Secrets are stored as hashes (`mfa_secret` is sealed), never in clear."""

    id: Id
    """The user's id, a UUID."""
    email: Email
    """The email address, normalised."""
    name: Annotated[str, Field(min_length=2, max_length=100), CLEAN_LINE]
    """The person's name."""
    phone: (
        Annotated[str, Field(strict=True, max_length=100), AfterValidator(international_phone)]
        | None
    ) = None
    """The phone number, `+` and the country code first."""
    location: Text | None = None
    """Where the person is, such as city and state."""
    seller_kind: SellerKind = SellerKind.PRIVATE
    """How the person sells: `private` or `broker`."""
    trade_name: Annotated[str, Field(min_length=2, max_length=100), CLEAN_LINE] | None = None
    """The name of a broker's firm, shown to buyers instead of the person's name."""
    role: UserRole = UserRole.USER
    """What the person is in the market."""
    status: UserStatus = UserStatus.PENDING_VERIFICATION
    """Whether the account may be used."""
    permissions: Annotated[tuple[AdminPermission, ...], Field(max_length=20)] = ()
    """What the person may do beyond their role."""
    email_verified: Flag = False
    """Whether the email address was confirmed."""
    phone_verified: Annotated[Flag, Field(validate_default=True)] = False
    """Whether the phone number was confirmed."""
    mfa_secret: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    mfa_enabled: Flag = False
    """Whether signing in needs a code from an authenticator app."""
    mfa_last_step: Count | None = None
    """The time step of the last accepted code: none is accepted twice."""
    recovery_codes: Annotated[tuple[SecretHash, ...], Field(max_length=10)] = ()
    passkeys: Annotated[tuple[Passkey, ...], Field(max_length=MOST_PASSKEYS)] = ()
    devices: Annotated[tuple[SecretHash, ...], Field(max_length=MOST_DEVICES)] = ()
    """The devices from which this person signed in, the latest last."""
    password: PasswordHash | None = None
    last_login: Moment | None = None
    """When the person last signed in (ISO 8601, UTC)."""
    login_attempts: Count = 0
    """Guesses since `attempts_since` that were wrong, or are still being checked."""
    attempts_since: Moment | None = None
    locked_until: Moment | None = None
    """Until when signing in is refused after wrong guesses (ISO 8601, UTC)."""
    password_reset_token: SecretHash | None = None
    password_reset_expires: Annotated[Moment | None, Field(validate_default=True)] = None
    email_verification_token: SecretHash | None = None
    email_verification_expires: Annotated[Moment | None, Field(validate_default=True)] = None
    pending_email: Email | None = None
    """The address that replaces the current one once the link sent to it is used."""
    email_refusals: Count = 0
    """Emails to the current address that its mail server has refused for good."""
    email_bounced_at: Moment | None = None
    """Since when the current address counts as one that does not work."""
    email_bounce_reason: Text | None = None
    """What the mail server said when it did not."""
    sessions_valid_after: Moment | None = None
    consents: Annotated[tuple[Consent, ...], Field(max_length=100)] = ()
    """What the person has agreed to."""
    terms_answers: Annotated[tuple[TermsAnswer, ...], Field(max_length=MOST_TERMS_ANSWERS)] = ()
    """What the person answered to each version of the terms, the latest last."""
    erasing_since: Moment | None = None
    """Since when the account is being erased (ISO 8601, UTC): nobody gets into it any more."""
    created_at: Moment
    """When the account was opened (ISO 8601, UTC)."""
    updated_at: Moment
    """When the account was last changed (ISO 8601, UTC)."""

    @field_validator("permissions")
    @classmethod
    def _each_once(cls, value: tuple[AdminPermission, ...]) -> tuple[AdminPermission, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("phone_verified")
    @classmethod
    def _has_a_phone(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("phone") is None:
            raise ValueError(_("needs a phone number"))
        return value

    @field_validator("mfa_enabled")
    @classmethod
    def _has_a_secret(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("mfa_secret") is None:
            raise ValueError(_("needs an mfaSecret"))
        return value

    @field_validator("password_reset_expires", "email_verification_expires")
    @classmethod
    def _goes_with_its_token(cls, value: str | None, info: ValidationInfo) -> str | None:
        token = (info.field_name or "").replace("_expires", "_token")
        if (value is None) != (info.data.get(token) is None):
            raise ValueError(_("must be given together with its token, or not at all"))
        return value

    @field_validator("updated_at")
    @classmethod
    def _is_not_before_creation(cls, value: str, info: ValidationInfo) -> str:
        if value < info.data.get("created_at", ""):
            raise ValueError(_("must not be before createdAt"))
        return value

    @property
    def is_active(self) -> bool:
        return self.status is UserStatus.ACTIVE

    @property
    def is_being_erased(self) -> bool:
        """Whether the person has left: what is still here of the account is being removed."""
        return self.erasing_since is not None

    @property
    def takes_alerts(self) -> bool:
        """Whether emails that nobody waits for may be sent: they would only come back."""
        return self.is_active and self.email_verified and self.email_bounced_at is None

    @property
    def has_second_factor(self) -> bool:
        return self.mfa_enabled or bool(self.passkeys)

    @property
    def is_staff(self) -> bool:
        return self.role is not UserRole.USER or bool(self.permissions)


class PublicSeller(Model):
    """All that a visitor sees of a seller. A new field of a user stays private until listed here."""

    id: Id
    """The seller's id."""
    name: str
    """The person's name, or the firm's."""
    kind: SellerKind
    """How they sell: `private` or `broker`."""
    member_since: Moment
    """When the account was opened (ISO 8601, UTC)."""

    @classmethod
    def of(cls, user: User) -> PublicSeller:
        """A broker is shown by the firm's name if there is one; their own name is then hidden."""
        is_broker = user.seller_kind is SellerKind.BROKER
        name = (user.trade_name if is_broker else None) or user.name
        return cls(id=user.id, name=name, kind=user.seller_kind, member_since=user.created_at)
