"""Email addresses that do not work any more, as mail servers report them.

An address that does not exist is marked at once, one that is refused for other reasons after the
second email. A marked address gets no more alerts, and its owner is asked on the site to check it.
Confirming the address, or changing it, removes the mark.
"""

from __future__ import annotations

from typing import Any

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..clock import iso
from ..errors import Refused
from ..i18n.texts import gettext as _
from ..mail.failures import Refusal, bounce_update, find_sent, recipient_hash
from ..metrics import EMAILS
from ..store.items import Item
from .accounts import Accounts, Client
from .records import find_user
from .registration import may_write_to, verification, verification_fields
from .secrets import is_same, new_secret
from .sessions import SignedIn
from .user import User
from .user_changes import UserChange, user_to_change

ACTOR = Actor.system("mail")
REFUSALS_UNTIL_MARKED = 2
LONGEST_REASON = 200


async def note_refusal(accounts: Accounts, email_id: str, refusal: Refusal, reason: str) -> bool:
    """Record that an email came back, or was refused at once; whether that was news.

    It counts against its reader's address, if that is still the one it was sent to.
    """
    is_news = await accounts.trail.retrying(
        lambda: _note(accounts, email_id, refusal, reason[:LONGEST_REASON])
    )
    if is_news:
        EMAILS.labels("bounced").inc()
    return is_news


async def _note(accounts: Accounts, email_id: str, refusal: Refusal, reason: str) -> bool:
    email = await find_sent(accounts.store, email_id)
    if email is None:
        return False
    now = iso(accounts.now())
    user = await _reader_of(accounts, email)
    noted = bounce_update(email_id, reason, now, to=user.email if user else None)
    if user is None or refusal is Refusal.OTHER:
        await accounts.trail.commit_operational(Operational.LETTER, noted)
        return True
    change = UserChange.of(user, accounts.now(), **_marks(user, refusal, reason, now))
    entry = ACTOR.entry(
        Action.EMAIL_BOUNCED,
        "user",
        user.id,
        accounts.now(),
        email=email_id,
        refusal=refusal.value,
        changes=change.for_audit(),
    )
    await accounts.trail.commit(entry, noted, change.write())
    return True


async def _reader_of(accounts: Accounts, email: Item) -> User | None:
    """The user whose current address an email was sent to."""
    user = await find_user(accounts.store, str(email["userId"]))
    if user is None:
        return None
    sent_to = str(email.get("recipientHash", ""))
    return user if is_same(recipient_hash(email["id"], user.email), sent_to) else None


def _marks(user: User, refusal: Refusal, reason: str, now: str) -> dict[str, Any]:
    refusals = user.email_refusals + 1
    is_marked = refusal is Refusal.GONE or refusals >= REFUSALS_UNTIL_MARKED
    marks: dict[str, Any] = {"email_refusals": refusals}
    if is_marked:
        marks |= {
            "email_bounced_at": user.email_bounced_at or now,
            "email_bounce_reason": reason or None,
        }
    return marks


async def send_confirmation_again(accounts: Accounts, somebody: SignedIn, client: Client) -> None:
    """Send a link to an address that was marked; using it proves that the address works.

    Raises Refused where it is not marked, or several links were sent already.
    """

    async def attempt() -> None:
        user = await user_to_change(accounts.store, somebody.user.id)
        if user.email_bounced_at is None or user.pending_email is not None:
            raise Refused(_("There is nothing to confirm."))
        secret, now = new_secret(), accounts.now()
        change = UserChange.of(user, now, **verification_fields(secret, user.email, now))
        entry = somebody.acting_from(client).entry(
            Action.USER_UPDATED, "user", user.id, now, changes=change.for_audit()
        )
        link = await verification(accounts, change.new, secret)
        await accounts.trail.commit(entry, change.write(), link)

    if not await may_write_to(accounts, "verification", somebody.user.email):
        raise Refused(
            _("We have already sent several links; please look for them, or wait a while.")
        )
    await accounts.trail.retrying(attempt)
