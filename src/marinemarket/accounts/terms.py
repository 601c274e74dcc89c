"""The terms of the market: who has agreed to the version in force, and who is still to be asked.

Each version is put to a member once. Both answers are kept with version and time; the latest consent
to the terms stands among the other consents. What somebody has agreed to once counts whenever that
version is in force, also after a version that was raised by mistake is lowered again.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from ..audit.actions import Action
from ..clock import iso
from ..errors import NotSignedIn
from .accounts import Accounts, Client
from .records import find_user
from .registration import TERMS
from .sessions import SignedIn
from .user import MOST_TERMS_ANSWERS, Consent, TermsAnswer, User
from .user_changes import UserChange


class Standing(Enum):
    """How a member stands to the terms in force."""

    AGREED = auto()
    REFUSED = auto()
    UNASKED = auto()


def standing_of(user: User, version: str) -> Standing:
    """How somebody stands to a version of the terms."""
    consents = any(one.to == TERMS and one.version == version for one in user.consents)
    answers = {one.agreed for one in user.terms_answers if one.version == version}
    if consents or True in answers:
        return Standing.AGREED
    return Standing.REFUSED if answers else Standing.UNASKED


def with_answer(user: User, version: str, at: str, *, agreed: bool) -> dict[str, Any]:
    """The fields of a user after their answer. Consenting to one version forgets no earlier answer."""
    known = [
        TermsAnswer(version=one.version, agreed=True, at=one.at)
        for one in user.consents
        if one.to == TERMS
        and not any(past.version == one.version and past.agreed for past in user.terms_answers)
    ]
    answers = (*user.terms_answers, *known, TermsAnswer(version=version, agreed=agreed, at=at))
    changes: dict[str, Any] = {"terms_answers": answers[-MOST_TERMS_ANSWERS:]}
    if agreed:
        others = [one for one in user.consents if one.to != TERMS]
        changes["consents"] = (Consent(to=TERMS, version=version, at=at), *others)
    return changes


async def answer_terms(
    accounts: Accounts, somebody: SignedIn, client: Client, *, agreed: bool
) -> User:
    """Record whether somebody agrees to the terms in force.

    The same answer again changes nothing, and refusing what one has agreed to does not either: that
    ends with the account.
    """

    async def answer() -> User:
        user = await find_user(accounts.store, somebody.user.id)
        if user is None:
            raise NotSignedIn
        version, now = accounts.rules.terms_version, accounts.now()
        stands = standing_of(user, version)
        if stands is Standing.AGREED or (stands is Standing.REFUSED and not agreed):
            return user
        change = UserChange.of(user, now, **with_answer(user, version, iso(now), agreed=agreed))
        action = Action.CONSENT_GIVEN if agreed else Action.CONSENT_REFUSED
        entry = somebody.acting_from(client).entry(
            action, "user", user.id, now, terms=version, changes=change.for_audit()
        )
        await accounts.trail.commit(entry, change.write())
        return change.new

    return await accounts.trail.retrying(answer)
