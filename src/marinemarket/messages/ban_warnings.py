"""Warning people of a member they wrote with, once the market has banned that member.

A fraud goes on by email or telephone after the market has hidden it: so whoever has an open
conversation with the banned member is told once, by email, not to pay. The conversation itself says
the same for as long as the ban lasts.

The conversations are found by an index, which may lag; what counts is each as it stands, and whoever an
index misses reads it in the conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid5

from ..accounts.records import find_user
from ..accounts.user import User, UserStatus
from ..audit.operational import Operational
from ..clock import DAY, from_iso
from ..disk import keep_line, kept_line
from ..errors import Conflict
from ..i18n.texts import gettext as _
from ..mail.email import Email, outgoing
from ..privacy.pages import by_index, current_pages
from ..store.schema import THREADS, USERS
from ..store.store import Change, Position
from .context import MessagingContext
from .inquiry import Side, Thread, ThreadState, mailbox_key
from .notifications import reader_of
from .records import thread_of

WARNED_DAYS = 90
"""Only conversations with a message within this time: older ones are over."""
_WARNINGS = UUID("2c6f4a0e-6f0b-5d0e-8f56-0c2f8f3f5b11")


class BanFollower:
    """Follows users, and warns when one is banned. Its position is a file in the market's folder."""

    name = "ban warnings"

    def __init__(self, context: MessagingContext, data: Path) -> None:
        self._context, self._place = context, data / "bans.position"
        self._position: Position | None = None

    async def position(self) -> Position | None:
        if self._position is None:
            self._position = await asyncio.to_thread(kept_line, self._place)
        return self._position

    async def begin(self) -> None:
        """Start at the feed's head: of earlier bans nobody is told by email any more."""
        await self._save(await self._context.store.head())

    async def apply(self, after: Position, changes: Sequence[Change]) -> None:
        if not changes or await self.position() != after:
            return
        for change in changes:
            if change.table == USERS.name and _bans(change):
                await warn_of(self._context, str(change.key[0]))
        await self._save(changes[-1].position)

    def close(self) -> None:
        """Holds nothing that needs closing."""

    async def _save(self, position: Position) -> None:
        await asyncio.to_thread(keep_line, self._place, position)
        self._position = position


def _bans(change: Change) -> bool:
    old, new = change.old or {}, change.new or {}
    banned = UserStatus.BANNED.value
    return bool(old) and old.get("status") != banned and new.get("status") == banned


async def warn_of(context: MessagingContext, user_id: str) -> None:
    """Warn everybody who has an open conversation with a banned member; nobody of one who has left.

    Each person is warned once in a month, however many conversations there are. It may run again.
    """
    user = await find_user(context.store, user_id)
    if user is None or user.status is not UserStatus.BANNED or user.is_being_erased:
        return
    async for thread, side in _threads_of(context, user):
        await _warn(context, user, thread, side.other)


async def _threads_of(context: MessagingContext, user: User) -> AsyncIterator[tuple[Thread, Side]]:
    """The open conversations of a user, and their side in each."""
    keys = [(Side.SELLER, user.id), (Side.BUYER, user.id)]
    keys += [(Side.BUYER, mailbox_key(user.email))] if user.email_verified else []
    now = context.now()
    for side, key in keys:
        async for items in current_pages(context.store, by_index(THREADS, side.value, key)):
            for thread in map(thread_of, items):
                is_recent = now - from_iso(thread.last_at) < WARNED_DAYS * DAY
                is_theirs = thread.key_of(side) == key and thread.state is ThreadState.OPEN
                if is_theirs and is_recent and (side is Side.BUYER or thread.buyer):
                    yield thread, side


async def _warn(context: MessagingContext, banned: User, thread: Thread, side: Side) -> None:
    if side is Side.SELLER and thread.reached_at is None:
        return  # the seller has never heard of it
    key = thread.key_of(side)
    is_visitor = side is Side.BUYER and thread.is_of_visitor
    account = await find_user(context.store, key) if key and not is_visitor else None
    if account is not None and not account.takes_alerts:
        return
    address, user_id, link = reader_of(context, thread, side, account)
    if address is None:
        return
    name = thread.buyer_name if side is Side.SELLER else banned.name
    values = {"other": name or _("A former member"), "boat": thread.title, "link": link}
    email = Email("member-banned", address, user_id, values=values)
    id = str(uuid5(_WARNINGS, f"{banned.id} {key}"))
    with suppress(Conflict):  # they are warned already
        put = await outgoing(context.accounts.vault, email, context.now(), id=id)
        await context.trail.commit_operational(Operational.BAN_TOLD, put)
