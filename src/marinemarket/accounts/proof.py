"""Proving again who one is, before a change that a thief with an open session would like to make.

Whoever changes how they sign in, their phone number or their sessions sends the password along, or has
proved within the last minutes who they are: by password, passkey or a code of their second factor.

Wrong guesses are counted by session, apart from those at signing in: strangers' guesses cannot keep the
owner from it. After as many in a row as may be made at signing in, nothing but a passkey proves anything
in that session any more: a thief who has stolen one has five guesses, however long they wait.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..audit.actions import Action
from ..audit.operational import Operational
from ..clock import MINUTE, from_iso, iso
from ..errors import FieldError, Invalid, Refused
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..store.schema import PASSING
from ..store.writes import Absent, Equals, Put, Update, Write
from .accounts import Accounts, Client
from .login_throttle import LOCKED, WRONG_PASSWORD, record_failure
from .security_emails import security_email
from .sessions import Entered, SignedIn, renewal

PROOF_LASTS = 5 * MINUTE

_NOT_RIGHT = {
    "password": mark("must be your current password"),
    "code": mark("is not right, or was used already"),
}
_TOO_OFTEN = mark("was wrong too often; please sign out and in again, or use a passkey")
_CHANGED = mark("The account has just been changed; please try again.")


async def demand_proof(
    accounts: Accounts, somebody: SignedIn, client: Client, password: str | None
) -> None:
    """Require a proof: the password given now, or any of the last minutes. Raises Invalid."""
    if password:
        await prove_password(accounts, somebody, client, password)
    elif await proved_until(accounts, somebody) is None:
        raise Invalid([FieldError("password", _("must be entered again for this change"))])


async def proved_until(accounts: Accounts, somebody: SignedIn) -> str | None:
    """Until when the last proof in this session counts; None if there is none that does."""
    proof = await accounts.store.get(PASSING, _proof_name(somebody))
    until = str(proof["until"]) if proof else ""
    return until if until > iso(accounts.now()) else None


async def prove_password(
    accounts: Accounts, somebody: SignedIn, client: Client, password: str
) -> None:
    """Check the password of somebody who is signed in. Raises Invalid for a wrong one."""

    async def is_right() -> bool:
        return await accounts.passwords.is_right(password, somebody.user.password)

    await judge_guess(accounts, somebody, client, is_right, "password", WRONG_PASSWORD)


@dataclass(frozen=True, slots=True)
class Proved:
    """The session that replaces the one in which somebody proved who they are, and until when that counts."""

    entered: Entered
    until: str


async def confirm_by_password(
    accounts: Accounts, somebody: SignedIn, client: Client, password: str
) -> Proved:
    """Prove by the password who one is. Raises Invalid."""
    await prove_password(accounts, somebody, client, password)
    return await confirm(accounts, somebody, client, "password")


async def confirm(
    accounts: Accounts, somebody: SignedIn, client: Client, method: str, *writes: Write
) -> Proved:
    """Remember that somebody has proved who they are, in one commit with `writes`.

    The session gets another secret: whoever has stolen the old one is out, and does not share in the
    proof. Raises Refused if a condition of `writes` fails.
    """
    now, user = accounts.now(), somebody.user
    renewed = renewal(somebody, user, client, now, accounts.rules)
    ends = iso(now + PROOF_LASTS)
    item = {"name": _proof_name(renewed.entered), "until": ends, "ttl": from_iso(ends) // 1000 + 1}
    entry = somebody.acting_from(client).entry(
        Action.IDENTITY_CONFIRMED, "user", user.id, now, method=method
    )
    await accounts.trail.commit(
        entry, Put(PASSING, item), *renewed.writes, *writes, otherwise=Refused(_(_CHANGED))
    )
    return Proved(renewed.entered, ends)


# -- Guesses -----------------------------------------------------------------------------------


async def judge_guess(
    accounts: Accounts,
    somebody: SignedIn,
    client: Client,
    is_right: Callable[[], Awaitable[bool]],
    field: str,
    reason: str,
) -> None:
    """Count a guess, then judge it; a right one clears the count. Raises Invalid for a wrong one.

    What `is_right` raises passes on, and the guess is not counted.
    """
    made = await accounts.trail.retrying(lambda: _count(accounts, somebody))
    try:
        right = made is not None and await is_right()
    except BaseException:
        await accounts.trail.retrying(lambda: _uncount(accounts, somebody, 1))
        raise
    if right:
        await accounts.trail.retrying(lambda: _uncount(accounts, somebody, accounts.rules.tries))
        return
    user = somebody.user
    why = LOCKED if made is None else reason
    await record_failure(accounts, client, user, user.email, why)
    if made is not None and made < accounts.rules.tries:
        raise Invalid([FieldError(field, _(_NOT_RIGHT[field]))])
    if made is not None:
        await _tell(accounts, somebody, client)
    raise Invalid([FieldError(field, _(_TOO_OFTEN))])


async def _count(accounts: Accounts, somebody: SignedIn) -> int | None:
    """How many guesses were made with this one; None when it is one too many."""
    key = (_guesses_name(somebody),)
    known = await accounts.store.get(PASSING, *key)
    made = int(known["made"]) if known else 0
    if made >= accounts.rules.tries:
        return None
    ends = from_iso(somebody.session.expires_at) // 1000
    item = {"name": key[0], "made": made + 1, "ttl": ends}
    when = Equals(made=made) if known else Absent()
    await accounts.trail.commit_operational(Operational.GUESS, Put(PASSING, item, when=when))
    return made + 1


async def _uncount(accounts: Accounts, somebody: SignedIn, by: int) -> None:
    """Take back up to so many of the counted guesses."""
    key = (_guesses_name(somebody),)
    known = await accounts.store.get(PASSING, *key)
    if known is None or known["made"] == 0:
        return
    left = max(0, int(known["made"]) - by)
    fewer = Update(PASSING, key, set={"made": left}, when=Equals(made=known["made"]))
    await accounts.trail.commit_operational(Operational.GUESS, fewer)


async def _tell(accounts: Accounts, somebody: SignedIn, client: Client) -> None:
    """Tell the owner that somebody guessed at their password in one of their sessions."""
    user, now = somebody.user, accounts.now()
    entry = somebody.acting_from(client).entry(
        Action.ACCOUNT_LOCKED, "session", somebody.handle, now, userId=user.id
    )
    what = _("Somebody who is signed in as you entered a wrong password or code too often")
    await accounts.trail.commit(entry, await security_email(accounts, user, what))


def _proof_name(somebody: SignedIn) -> str:
    return f"proof:{somebody.session.session_id}"


def _guesses_name(somebody: SignedIn) -> str:
    return f"guesses:session:{somebody.session.session_id}"
