"""Throttling guesses at passwords and codes: each is counted before it is checked.

Guesses at an account are counted on its user (`loginAttempts`, `attemptsSince`, `lockedUntil`).
For an address without an account they are counted in the same way, in an item that expires, so that
being locked out reveals nothing. Somebody who is signed in and proves again who they are is counted by
their session instead (`proof`): strangers' guesses cannot keep them from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from ..audit.actions import Action
from ..audit.operational import Operational
from ..clock import CLOCK_TOLERANCE, from_iso, iso
from ..errors import Conflict, Unavailable
from ..mail.email import Email, outgoing
from ..store.items import Item, Key
from ..store.schema import PASSING, USERS, Table
from ..store.writes import Absent, Equals, Put, Update, Write
from .accounts import Accounts, Client
from .login_attempt import LoginAttempt
from .records import attempt_put
from .secrets import hash_of
from .user import User

WRONG_PASSWORD, WRONG_CODE, LOCKED = "wrong password", "wrong code", "locked"
"""Why a sign-in failed, as recorded."""

_COUNTED = ("loginAttempts", "attemptsSince", "lockedUntil")
CLEARED: Item = {"loginAttempts": 0}
CLEARED_AWAY = ("attemptsSince", "lockedUntil")
"""What an update of a user sets and removes once they have proved their identity."""


def cleared(write: Update) -> Update:
    """A write of a user that also clears the lock, whatever was counted meanwhile."""
    gone = [name for name in (*write.remove, *CLEARED_AWAY) if name not in write.set]
    return replace(write, set=write.set | CLEARED, remove=tuple(dict.fromkeys(gone)))


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """A guess that was counted and may be checked. `is_last`: if it is wrong too, the account locks.

    `counted` is the counter's state after it, unless somebody guesses again or proves their identity.
    """

    table: Table
    key: Key
    counted: Item
    is_last: bool


def _place(user: User | None, email: str) -> tuple[Table, Key]:
    return (USERS, (user.id,)) if user else (PASSING, (f"guesses:{hash_of(email)}",))


async def count_attempt(accounts: Accounts, user: User | None, email: str) -> CountedAttempt | None:
    """Count one more guess at an account, or at an address without one.

    None when it may not be checked: the account is locked, or the permitted number of guesses has been
    made already; some of them may still be being checked.
    """
    return await accounts.trail.retrying(lambda: _count(accounts, user, email))


async def _count(accounts: Accounts, user: User | None, email: str) -> CountedAttempt | None:
    table, key = _place(user, email)
    now, rules = accounts.now(), accounts.rules
    known = await accounts.store.get(table, *key)
    if user and known is None:
        return None  # the account has just been erased: there is nothing to guess at
    item = known or {}
    if (anchored := _anchored(accounts, item, now)) != item:
        await accounts.trail.commit_operational(
            Operational.GUESS, _counting(accounts, table, key, item, anchored)
        )
        item = anchored
    locked = item.get("lockedUntil")
    if locked and locked > iso(now):
        return None
    since = item.get("attemptsSince")
    is_over = since is None or locked or from_iso(since) + rules.tries_within <= now
    made = 0 if is_over else int(item.get("loginAttempts", 0))
    if made >= rules.tries:
        return None
    counted = {
        "loginAttempts": made + 1,
        "attemptsSince": iso(now) if is_over else since,
    }
    counting = _counting(accounts, table, key, item, counted)
    await accounts.trail.commit_operational(Operational.GUESS, counting)
    return CountedAttempt(table, key, counted, is_last=made + 1 >= rules.tries)


def _anchored(accounts: Accounts, item: Item, now: int) -> Item:
    """What is counted, with times that a clock ahead of this one noted replaced by those counted from now.

    So a lock lasts at most its full time from when the clock is right again, and never less.
    """
    times: Item = {}
    locked, since = item.get("lockedUntil"), item.get("attemptsSince")
    longest = now + accounts.rules.locked_for
    if locked and from_iso(locked) > longest + CLOCK_TOLERANCE:
        times["lockedUntil"] = iso(longest)
    if since and from_iso(since) > now + CLOCK_TOLERANCE:
        times["attemptsSince"] = iso(now)
    return item | times


def _counting(accounts: Accounts, table: Table, key: Key, old: Item, new: Item) -> Write:
    new = {name: new[name] for name in _COUNTED if name in new}
    if table is USERS:
        was: dict[str, Any] = {name: old.get(name) for name in _COUNTED}
        gone = tuple(name for name in ("lockedUntil",) if name not in new)
        return Update(USERS, key, set=new, remove=gone, when=Equals(**was))
    when = Equals(**{name: old.get(name) for name in _COUNTED}) if old else Absent()
    return Put(PASSING, {"name": key[0], **new, "ttl": _ends(accounts)}, when=when)


async def forget_attempt(accounts: Accounts, guess: CountedAttempt) -> None:
    """Take back the count of a correct guess while a second factor is still to be checked."""

    async def uncount() -> None:
        item = await accounts.store.get(guess.table, *guess.key) or {}
        made = int(item.get("loginAttempts", 0))
        if made == 0:
            return
        still = Equals(loginAttempts=made)
        fewer = Update(guess.table, guess.key, set={"loginAttempts": made - 1}, when=still)
        await accounts.trail.commit_operational(Operational.GUESS, fewer)

    await accounts.trail.retrying(uncount)


def attempt_write(
    accounts: Accounts, client: Client, email: str, now: int, *, failure: str | None = None
) -> Put:
    """The write that records a login attempt; `failure` is the reason, None for a success."""
    attempt = LoginAttempt(
        id=str(uuid4()),
        timestamp=iso(now),
        email=email,
        ip_address=client.ip_address,
        user_agent=client.user_agent,
        success=failure is None,
        failure_reason=failure,
    )
    return attempt_put(attempt, retention_days=accounts.rules.attempt_retention_days)


async def is_right(
    accounts: Accounts, guess: CountedAttempt, password: str, kept: str | None
) -> bool:
    """Check a password that was counted as a guess. If it cannot be checked now, it is uncounted."""
    try:
        return await accounts.passwords.is_right(password, kept)
    except Unavailable:
        await forget_attempt(accounts, guess)
        raise


async def note_failure(
    accounts: Accounts,
    client: Client,
    user: User | None,
    email: str,
    reason: str,
    guess: CountedAttempt | None,
) -> None:
    """Record that a sign-in failed, and lock the account after the last permitted guess."""
    await record_failure(accounts, client, user, email, reason)
    if guess and guess.is_last:
        await _lock(accounts, client, user, reason, guess)


async def record_failure(
    accounts: Accounts, client: Client, user: User | None, email: str, reason: str
) -> None:
    """Record that somebody failed to prove who they are."""
    trail, now = accounts.trail, accounts.now()
    entry = client.visitor().entry(
        Action.LOGIN_FAILED, "user", user.id if user else "none", now, reason=reason
    )
    attempt = attempt_write(accounts, client, email, now, failure=reason)
    await trail.commit(entry, attempt)


async def _lock(
    accounts: Accounts, client: Client, user: User | None, reason: str, guess: CountedAttempt
) -> None:
    now = accounts.now()
    until = iso(now + accounts.rules.locked_for)
    whose = user.id if user else "none"
    entry = client.visitor().entry(Action.ACCOUNT_LOCKED, "user", whose, now, until=until)
    locking = {"lockedUntil": until} | ({} if user else {"ttl": _ends(accounts)})
    # Somebody who has proved their identity meanwhile, by a reset for instance, is not locked out.
    standing = Equals(**guess.counted)
    writes: list[Write] = [Update(guess.table, guess.key, set=locking, when=standing)]
    if user:
        minutes = str(accounts.rules.locked_for // 60_000)
        tried = "codes" if reason == WRONG_CODE else "passwords"
        values = {
            "name": user.name,
            "minutes": minutes,
            "address": client.ip_address,
            "tried": tried,
        }
        notification = Email("account-locked", user.email, user.id, values=values)
        writes.append(await outgoing(accounts.vault, notification, now))
    try:
        await accounts.trail.commit(entry, *writes)
    except Conflict:
        return  # there is nothing left to lock


def _ends(accounts: Accounts) -> int:
    rules = accounts.rules
    return (accounts.now() + max(rules.tries_within, rules.locked_for)) // 1000 + 60
