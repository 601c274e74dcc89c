"""What people change about themselves: name, place, phone, email address, seller kind and consents."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from ..audit.actions import Action
from ..audit.operational import Operational
from ..clock import is_yet_to_come, iso
from ..errors import FieldError, Invalid, NotSignedIn, Refused
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..mail.email import Email, outgoing
from ..store.schema import PASSING
from ..store.writes import Delete, Equals, Put, Update
from .accounts import PHONE_CODE_LASTS, Accounts, Client
from .names import name_errors
from .proof import demand_proof
from .records import find_user
from .registration import CONSENTS, TERMS, may_write_to, verification, verification_fields
from .secrets import hash_of, is_same, new_secret
from .sessions import SignedIn
from .terms import Standing, standing_of, with_answer
from .user import Consent, User, international_phone
from .user_changes import UserChange

EDITABLE = frozenset({"name", "phone", "location", "sellerKind", "tradeName", "consents"})
_OUR_NAMES = {"sellerKind": "seller_kind", "tradeName": "trade_name"}
_AGAIN = mark("The account has just been changed; please try again.")
_PHONE_TRIES = 5


async def edit_profile(
    accounts: Accounts,
    somebody: SignedIn,
    client: Client,
    payload: Mapping[str, Any],
    password: str | None = None,
) -> User:
    """Change one's own fields among EDITABLE, given as on the wire; a null removes a value.

    A new phone number is unverified, and needs a proof (`password`, or one of the last minutes). Raises
    Invalid with every broken rule.
    """
    if _change(accounts, somebody.user, payload).new.phone != somebody.user.phone:
        await demand_proof(accounts, somebody, client, password)
    return await accounts.trail.retrying(lambda: _edit(accounts, somebody, client, payload))


async def _edit(
    accounts: Accounts, somebody: SignedIn, client: Client, payload: Mapping[str, Any]
) -> User:
    user = await find_user(accounts.store, somebody.user.id)
    if user is None:
        raise NotSignedIn
    change = _change(accounts, user, payload)
    if not change.for_audit():
        return user
    entry = somebody.acting_from(client).entry(
        _action(change), "user", user.id, accounts.now(), changes=change.for_audit()
    )
    await accounts.trail.commit(entry, change.write())
    return change.new


def _change(accounts: Accounts, user: User, payload: Mapping[str, Any]) -> UserChange:
    """The requested change. Raises Invalid with every broken rule."""
    errors = [
        FieldError(name, _("cannot be changed here")) for name in payload if name not in EDITABLE
    ]
    changes: dict[str, Any] = {
        _OUR_NAMES.get(name, name): value
        for name, value in payload.items()
        if name in EDITABLE - {"consents"}
    }
    errors += _unfit_names(accounts, user, payload)
    if "phone" in changes and not _is_same_phone(changes["phone"], user.phone):
        changes["phone_verified"] = False
    try:
        changes |= _consents(user, payload.get("consents"), accounts)
        change = UserChange.of(user, accounts.now(), **changes)
    except Invalid as invalid:
        raise Invalid([*errors, *invalid.errors]) from None
    if errors:
        raise Invalid(errors)
    return change


def _is_same_phone(given: Any, known: str | None) -> bool:
    try:
        return international_phone(given) == known if isinstance(given, str) else given == known
    except ValueError:
        return False


def _unfit_names(accounts: Accounts, user: User, payload: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with new names; whoever has such a name already keeps it."""
    kept = {"name": user.name, "tradeName": user.trade_name}
    return [
        error
        for field, old in kept.items()
        if isinstance(new := payload.get(field), str) and new != old
        for error in name_errors(new, market=accounts.rules.market_name, field=field)
    ]


def _action(change: UserChange) -> Action:
    if len(change.new.terms_answers) > len(change.old.terms_answers):
        is_given = change.new.terms_answers[-1].agreed
        return Action.CONSENT_GIVEN if is_given else Action.CONSENT_REFUSED
    old, new = ({consent.to for consent in user.consents} for user in (change.old, change.new))
    if new - old:
        return Action.CONSENT_GIVEN
    return Action.CONSENT_WITHDRAWN if old - new else Action.USER_UPDATED


def _consents(user: User, payload: Any, accounts: Accounts) -> dict[str, Any]:
    """The consents after ``{"news": true}``."""
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise Invalid([FieldError("consents", _("must be an object such as {news: true}"))])
    answer: dict[str, Any] = {}
    kept = {consent.to: consent for consent in user.consents}
    version, at = accounts.rules.terms_version, iso(accounts.now())
    for to, given in payload.items():
        if to not in CONSENTS or not isinstance(given, bool):
            raise Invalid(
                [FieldError(f"consents.{to}", _("is not something one can agree to here"))]
            )
        if to == TERMS:
            answer = _answered(user, version, at, agreed=given)
        elif not given:
            kept.pop(to, None)
        elif to not in kept or kept[to].version != version:
            kept[to] = Consent(to=to, version=version, at=at)
    if "consents" in answer:
        kept[TERMS] = next(one for one in answer["consents"] if one.to == TERMS)
    return answer | {"consents": tuple(kept.values())}


def _answered(user: User, version: str, at: str, *, agreed: bool) -> dict[str, Any]:
    """An answer to the terms in force, given among other changes; none where it is known."""
    stands = standing_of(user, version)
    if stands is Standing.AGREED and not agreed:
        raise Invalid([FieldError("consents.terms", _("ends with the account: delete it instead"))])
    if stands is Standing.AGREED or (stands is Standing.REFUSED and not agreed):
        return {}
    return with_answer(user, version, at, agreed=agreed)


async def ask_for_new_email(
    accounts: Accounts, somebody: SignedIn, client: Client, email: str, password: str | None
) -> None:
    """Send a link to a new address, which replaces the old one once the link is used.

    Does not reveal whether the address has another account. Raises Invalid.
    """
    user = somebody.user
    secret, now = new_secret(), accounts.now()
    change = UserChange.of(user, now, pending_email=email)
    wanted = change.new.pending_email or ""
    if wanted == user.email:
        raise Invalid([FieldError("email", _("is already your address"))])
    await demand_proof(accounts, somebody, client, password)
    if not await may_write_to(accounts, "verification", wanted):
        raise Refused(
            _("We have already sent several links; please look for them, or wait a while.")
        )
    change = UserChange.of(
        user, now, pending_email=wanted, **verification_fields(secret, wanted, now)
    )
    entry = somebody.acting_from(client).entry(
        Action.USER_UPDATED, "user", user.id, now, changes=change.for_audit()
    )
    notification = await verification(accounts, change.new, secret)
    await accounts.trail.commit(entry, change.write(), notification, otherwise=Refused(_(_AGAIN)))


# -- The phone ---------------------------------------------------------------------------------


async def send_phone_code(accounts: Accounts, somebody: SignedIn, client: Client) -> None:
    """Send a code to the user's phone. Raises Refused without a number, or too soon."""
    user, now = somebody.user, accounts.now()
    if user.phone is None:
        raise Refused(_("Please enter your phone number first."))
    if user.phone_verified:
        raise Refused(_("This number is confirmed already."))
    if not await may_write_to(accounts, "phone", user.id):
        raise Refused(
            _("We have already sent several codes. Please wait before you ask for another.")
        )
    code = f"{secrets.randbelow(10**6):06d}"
    item = {
        "name": _phone_place(user),
        "code": _phone_hash(user, code),
        "left": _PHONE_TRIES,
        "ttl": (now + PHONE_CODE_LASTS) // 1000,
    }
    notification = Email("phone-code", user.phone, user.id, channel="sms", values={"code": code})
    entry = somebody.acting_from(client).entry(
        Action.USER_UPDATED, "user", user.id, now, phoneCodeSent=True
    )
    await accounts.trail.commit(
        entry, Put(PASSING, item), await outgoing(accounts.vault, notification, now)
    )


async def verify_phone(accounts: Accounts, somebody: SignedIn, client: Client, code: str) -> User:
    """Confirm the phone number with the code sent. Five tries, ten minutes. Raises Invalid."""
    wrong = Invalid([FieldError("code", _("is wrong or has expired"))])
    user, now = somebody.user, accounts.now()
    key = (_phone_place(user),)
    sent = await accounts.store.get(PASSING, *key)
    if sent is None or sent["left"] < 1 or user.phone is None:
        raise wrong
    if not is_yet_to_come(sent["ttl"] * 1000, now, lasts=PHONE_CODE_LASTS):
        raise wrong
    left = int(sent["left"])
    fewer = Update(PASSING, key, set={"left": left - 1}, when=Equals(left=left), otherwise=wrong)
    await accounts.trail.commit_operational(Operational.GUESS, fewer)
    if not is_same(_phone_hash(user, code.strip()), sent["code"]):
        raise wrong
    change = UserChange.of(user, now, phone_verified=True)
    entry = somebody.acting_from(client).entry(
        Action.PHONE_VERIFIED, "user", user.id, now, changes=change.for_audit()
    )
    await accounts.trail.commit(
        entry, change.write(), Delete(PASSING, key), otherwise=Refused(_(_AGAIN))
    )
    return change.new


def _phone_place(user: User) -> str:
    return f"phone:{user.id}"


def _phone_hash(user: User, code: str) -> str:
    # Includes the number and the account: a code counts only for the number it was sent to.
    return hash_of(f"{user.id} {user.phone} {code}")
