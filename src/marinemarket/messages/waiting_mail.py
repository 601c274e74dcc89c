"""May an email that waits in the outbox still be sent, to whom it was written?

An email that brings a message is asked the same question as the message (see `reach`). Any other to a
member goes only to one in good standing, at the address they have now, unless it is about the account
itself. What a ban or a suspension holds back waits, since it may be lifted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..accounts.records import find_user
from ..accounts.user import User
from ..mail.ruling import SEND, Ruling, Verdict
from ..store.items import Item
from ..store.store import Store
from .inquiry import Side, Thread
from .reach import reach_of_written
from .records import find_thread

ABOUT_THE_ACCOUNT = frozenset(
    {
        "account-locked",
        "already-registered",
        "choose-password",
        "email-changed",
        "mail-not-passed-on",
        "new-device",
        "password-changed",
        "phone-code",
        "reset-password",
        "second-factor-changed",
        "verify-email",
    }
)
"""The emails that go to members whatever their standing, at the address that each is about."""


async def rule_on(store: Store, letter: Item, values: Mapping[str, Any]) -> Ruling:
    """Whether to send an email of the outbox, whose values are `values`."""
    user_id = str(letter["userId"])
    user = await find_user(store, user_id) if user_id != "nobody" else None
    if user_id != "nobody":
        if user is None or user.is_being_erased:
            return Ruling(Verdict.DROP, "its recipient has left the market")
        if letter["template"] in ABOUT_THE_ACCOUNT:
            return SEND
        if (ruling := _of_recipient(user)).verdict is not Verdict.SEND:
            return ruling
    thread_id = values.get("conversation")
    if thread_id:
        ruling = await _of_message(store, str(thread_id), user)
        if ruling.verdict is not Verdict.SEND:
            return ruling
    return Ruling(Verdict.SEND, to=user.email if user else None)


def _of_recipient(user: User) -> Ruling:
    if not user.is_active:
        return Ruling(Verdict.WAIT, f"its recipient is {user.status.value}")
    if not user.takes_alerts:
        return Ruling(Verdict.DROP, "its recipient's address does not work")
    return SEND


async def _of_message(store: Store, thread_id: str, user: User | None) -> Ruling:
    thread = await find_thread(store, thread_id)
    if thread is None:
        return Ruling(Verdict.DROP, "its conversation was deleted")
    bar = (await reach_of_written(store, thread, _reader(thread, user).other)).bar
    if bar is None:
        return SEND
    return Ruling(Verdict.WAIT if bar.is_of_account else Verdict.DROP, f"its message: {bar.value}")


def _reader(thread: Thread, user: User | None) -> Side:
    return Side.SELLER if user is not None and user.id == thread.seller_id else Side.BUYER
