"""Passkeys (WebAuthn): keys on a person's device that no look-alike site can obtain.

A device that asks for a fingerprint, a face or a PIN proves two factors at once, so a passkey signs
in by itself, and counts as the second factor of staff. Signing in needs no email address: the
passkey identifies its owner.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ..audit.actions import Action
from ..audit.operational import Operational
from ..clock import is_yet_to_come, iso
from ..errors import FieldError, Forbidden, Invalid, NotFound, Refused, WrongCredentials
from ..i18n.texts import gettext as _
from ..i18n.texts import mark, ngettext
from ..store.items import Item
from ..store.schema import CLAIMS, PASSING, USERS
from ..store.writes import Absent, Delete, Equals, Exists, Put, Update
from .accounts import CHALLENGE_LASTS, Accounts, Client
from .login_throttle import note_failure
from .passkey_names import passkey_name
from .proof import Proved, confirm, demand_proof
from .records import find_user_by_passkey, passkey_claim
from .second_factor import (
    Enabled,
    SecondFactorProof,
    new_recovery_codes,
)
from .secrets import handle_of, hash_of
from .security_emails import security_email
from .sessions import Entered, SignedIn, renewal
from .sign_in import CLOSED, enter
from .user import MOST_PASSKEYS, Passkey, User
from .user_changes import UserChange

_VERIFIED = UserVerificationRequirement.REQUIRED
_UNKNOWN = mark("This passkey is not known here, or was not used correctly.")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """What a passkey is bound to: the site's host name, and the origin of its pages."""

    host: str
    origin: str
    name: str

    @classmethod
    def of(cls, public_url: str, name: str) -> RelyingParty:
        """Raises Refused where browsers cannot create passkeys."""
        if not passkeys_are_possible(public_url):
            raise Refused(_("passkeys need a site with its own host name, reached over TLS"))
        return cls(urlsplit(public_url).hostname or "", public_url, name)


def passkeys_are_possible(public_url: str) -> bool:
    """Browsers create passkeys for named hosts that are reached over TLS, and for localhost."""
    parts = urlsplit(public_url)
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme == "https" or parts.hostname == "localhost"
    return False


# -- Creating ----------------------------------------------------------------------------------


async def offer_passkey(
    accounts: Accounts, somebody: SignedIn, client: Client, site: RelyingParty, password: str | None
) -> Any:
    """What a browser needs to create a passkey (JSON values), after the password was confirmed.

    Raises Invalid for a wrong password, and Refused beyond ten passkeys.
    """
    user = somebody.user
    if len(user.passkeys) >= MOST_PASSKEYS:
        raise Refused(
            ngettext(
                "an account has at most %(num)s passkey; remove one first",
                "an account has at most %(num)s passkeys; remove one first",
                MOST_PASSKEYS,
            )
        )
    await demand_proof(accounts, somebody, client, password)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=user.id.encode(),
        user_name=user.email,
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=_bytes(key.id)) for key in user.passkeys
        ],
    )
    await _remember(accounts, options.challenge, {"userId": user.id})
    return json.loads(options_to_json(options))


async def add_passkey(
    accounts: Accounts,
    somebody: SignedIn,
    client: Client,
    site: RelyingParty,
    credential: Mapping[str, Any],
    name: str,
) -> Enabled:
    """Store a passkey that a browser created. Other sessions end; the current one is replaced.

    Without a `name` it is called after its authenticator and the browser.

    The first second factor comes with ten recovery codes, returned only this once. Raises Invalid for
    an invalid credential, or one that answers another challenge.
    """
    user, now = somebody.user, accounts.now()
    challenge, asked = await _challenge_of(accounts, credential)
    if asked.get("userId") != user.id:
        raise Invalid([FieldError("credential", _("answers no challenge that was sent to you"))])
    try:
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _TROUBLES as error:
        raise Invalid(
            [FieldError("credential", _("cannot be used: %(error)s", error=error))]
        ) from None
    key = Passkey.parse(
        {
            "id": _text(made.credential_id),
            "publicKey": _text(made.credential_public_key),
            "signCount": made.sign_count,
            "name": name.strip()
            or passkey_name(made.aaguid, client.user_agent, [key.name for key in user.passkeys]),
            "createdAt": iso(now),
        }
    )
    codes, hashes = ((), user.recovery_codes) if user.recovery_codes else new_recovery_codes()
    change = UserChange.of(
        user, now, ends_sessions=True, passkeys=(*user.passkeys, key), recovery_codes=hashes
    )
    renewed = renewal(somebody, change.new, client, now, accounts.rules)
    entry = somebody.acting_from(client).entry(
        Action.PASSKEY_ADDED, "user", user.id, now, changes=change.for_audit()
    )
    claim = {"claim": passkey_claim(key.id), "owner": user.id}
    email = await security_email(
        accounts, user, _("The passkey “%(name)s” was added", name=key.name)
    )
    await accounts.trail.commit(
        entry,
        change.write(),
        Put(CLAIMS, claim, when=Absent()),
        Delete(PASSING, (_name_of(challenge),), when=Exists()),
        *renewed.writes,
        email,
        otherwise=Refused(_("The passkey is already registered, or the account was changed.")),
    )
    return Enabled(renewed.entered, codes)


async def remove_passkey(
    accounts: Accounts, somebody: SignedIn, client: Client, handle: str, password: str | None
) -> Entered:
    """Remove a passkey, after the password was confirmed. Every other session ends.

    Raises NotFound, Invalid for a wrong password, and Refused for staff's last second factor.
    """
    user, now = somebody.user, accounts.now()
    key = next((key for key in user.passkeys if handle_of(key.id) == handle), None)
    if key is None:
        raise NotFound("passkey", handle)
    left = tuple(other for other in user.passkeys if other is not key)
    if user.is_staff and not left and not user.mfa_enabled:
        raise Refused(_("staff need a second factor"))
    await demand_proof(accounts, somebody, client, password)
    codes = user.recovery_codes if left or user.mfa_enabled else ()
    change = UserChange.of(user, now, ends_sessions=True, passkeys=left, recovery_codes=codes)
    renewed = renewal(somebody, change.new, client, now, accounts.rules)
    entry = somebody.acting_from(client).entry(
        Action.PASSKEY_REMOVED, "user", user.id, now, changes=change.for_audit()
    )
    email = await security_email(
        accounts, user, _("The passkey “%(name)s” was removed", name=key.name)
    )
    gone = Delete(CLAIMS, (passkey_claim(key.id),))
    again = Refused(_("The account has just been changed; please try again."))
    await accounts.trail.commit(
        entry, change.write(), gone, *renewed.writes, email, otherwise=again
    )
    return renewed.entered


# -- Signing in --------------------------------------------------------------------------------


async def ask_for_passkey(accounts: Accounts, site: RelyingParty) -> Any:
    """What a browser needs to sign in with a passkey of this site (JSON values)."""
    options = webauthn.generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    await _remember(accounts, options.challenge, {})
    return json.loads(options_to_json(options))


async def sign_in_with_passkey(
    accounts: Accounts, client: Client, site: RelyingParty, credential: Mapping[str, Any]
) -> Entered:
    """Start a session with a passkey, once for each challenge.

    Raises WrongCredentials, or Forbidden if the credentials are right but the account is not active.
    """
    user, proof, challenge = await _verified(accounts, client, site, credential)
    if not user.is_active:
        reason = f"account {user.status.value}"
        await note_failure(accounts, client, user, user.email, reason, None)
        raise Forbidden(_(CLOSED[user.status]))
    done = Delete(PASSING, (_name_of(challenge),), when=Exists())
    otherwise = WrongCredentials(_(_UNKNOWN))
    return await enter(accounts, client, user, done, proof=proof, otherwise=otherwise)


async def ask_for_proof(accounts: Accounts, somebody: SignedIn, site: RelyingParty) -> Any:
    """What a browser needs to prove with a passkey who its user is (JSON values). Raises Refused."""
    user = somebody.user
    if not user.passkeys:
        raise Refused(_("there is no passkey on this account"))
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=_bytes(key.id)) for key in user.passkeys
        ],
        user_verification=_VERIFIED,
    )
    await _remember(accounts, options.challenge, {"proves": somebody.session.session_id})
    return json.loads(options_to_json(options))


async def confirm_by_passkey(
    accounts: Accounts,
    somebody: SignedIn,
    client: Client,
    site: RelyingParty,
    credential: Mapping[str, Any],
) -> Proved:
    """Prove with a passkey who one is. Raises Invalid."""
    wrong = Invalid([FieldError("credential", _("is not known here, or was not used correctly"))])
    try:
        user, proof, challenge = await _verified(
            accounts, client, site, credential, proves=somebody.session.session_id
        )
    except WrongCredentials:
        raise wrong from None
    if user.id != somebody.user.id:
        raise wrong
    used = Update(USERS, (user.id,), set=dict(proof.changes), when=Equals(**proof.rests_on))
    done = Delete(PASSING, (_name_of(challenge),), when=Exists())
    return await confirm(accounts, somebody, client, "passkey", used, done)


async def _verified(
    accounts: Accounts,
    client: Client,
    site: RelyingParty,
    credential: Mapping[str, Any],
    *,
    proves: str | None = None,
) -> tuple[User, SecondFactorProof, bytes]:
    """Whose passkey answered. `proves` is the session that it must have been asked for, if any.

    Raises WrongCredentials.
    """
    try:
        challenge, asked = await _challenge_of(accounts, credential)
    except Invalid:
        raise WrongCredentials(_(_UNKNOWN)) from None
    user = await find_user_by_passkey(accounts.store, str(credential.get("id")))
    known = {key.id: key for key in user.passkeys} if user else {}
    key = known.get(str(credential.get("id")))
    if user is None or key is None or asked.get("userId") or asked.get("proves") != proves:
        await note_failure(accounts, client, None, "(passkey)", "unknown passkey", None)
        raise WrongCredentials(_(_UNKNOWN))
    try:
        made = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _TROUBLES:
        await note_failure(accounts, client, user, user.email, "wrong passkey", None)
        raise WrongCredentials(_(_UNKNOWN)) from None
    used = key.changed(sign_count=made.new_sign_count, last_used=iso(accounts.now()))
    old = [one.to_wire() for one in user.passkeys]
    new = [(used if one is key else one).to_wire() for one in user.passkeys]
    return user, SecondFactorProof({"passkeys": new}, {"passkeys": old}), challenge


# -- Challenges --------------------------------------------------------------------------------


async def _remember(accounts: Accounts, challenge: bytes, asked: Item) -> None:
    ends = (accounts.now() + CHALLENGE_LASTS) // 1000
    item = {"name": _name_of(challenge), "ttl": ends, **asked}
    await accounts.trail.commit_operational(
        Operational.CHALLENGE, Put(PASSING, item, when=Absent())
    )


async def _challenge_of(accounts: Accounts, credential: Mapping[str, Any]) -> tuple[bytes, Item]:
    """The challenge that a credential answers, if it was sent from here. Raises Invalid."""
    wrong = Invalid([FieldError("credential", _("answers no challenge that was sent from here"))])
    try:
        client_data = credential["response"]["clientDataJSON"]
        if len(client_data) > _LONGEST:
            raise wrong
        challenge = _bytes(json.loads(_bytes(client_data))["challenge"])
    except (KeyError, TypeError, ValueError, RecursionError):
        raise wrong from None
    asked = await accounts.store.get(PASSING, _name_of(challenge))
    if asked is None:
        raise wrong
    if not is_yet_to_come(asked["ttl"] * 1000, accounts.now(), lasts=CHALLENGE_LASTS):
        raise wrong
    return challenge, asked


def _name_of(challenge: bytes) -> str:
    return f"passkey:{hash_of(_text(challenge))}"


_TROUBLES = (WebAuthnException, ValueError, LookupError, TypeError)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
