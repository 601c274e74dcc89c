"""May what one side of a thread writes reach the other side now?

One answer, with its reason, asked whenever it matters: when a message is written, when a moderator
releases it, when an email that brings it is about to be sent, when an emailed reply arrives, and when
a page offers the form. It rests on consistent reads alone. What is committed on an answer also takes
its `conditions` into the commit: so a block or a ban a moment earlier always wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ..accounts.records import IS_ACTIVE, find_user, find_user_by_email
from ..accounts.user import User, UserStatus
from ..errors import Refused
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..listings.records import PUBLIC
from ..store.items import Key
from ..store.schema import LISTINGS, MESSAGE_BLOCKS, USERS
from ..store.store import Store
from ..store.writes import Check, Equals, Write
from .inquiry import Side, Thread, ThreadState, mailbox_key
from .records import not_blocked


class Bar(StrEnum):
    """Why a message cannot reach the other side now. The writer and the reader are its two sides."""

    UNCONFIRMED = "unconfirmed"  # the writer, a visitor, has not used the link sent to them
    WRITER_LEFT = "writer-left"
    WRITER_BANNED = "writer-banned"
    WRITER_SUSPENDED = "writer-suspended"
    READER_LEFT = "reader-left"
    READER_BANNED = "reader-banned"
    READER_SUSPENDED = "reader-suspended"
    BLOCKED = "blocked"  # the reader takes no messages from the writer
    BLOCKING = "blocking"  # the writer takes none from the reader, who could not answer
    CLOSED = "closed"
    BOAT_GONE = "boat-gone"  # before anything in the thread has reached the seller

    @property
    def is_of_account(self) -> bool:
        """Is it a ban or a suspension, which may be lifted?"""
        return self in _OF_ACCOUNTS


_OF_ACCOUNTS = frozenset(
    {Bar.WRITER_BANNED, Bar.WRITER_SUSPENDED, Bar.READER_BANNED, Bar.READER_SUSPENDED}
)

_REASONS: Mapping[Bar, str] = MappingProxyType(
    {
        Bar.UNCONFIRMED: mark("please confirm your address first, by the link that we sent you"),
        Bar.WRITER_LEFT: mark("the account is not active"),
        Bar.WRITER_BANNED: mark("the account is not active"),
        Bar.WRITER_SUSPENDED: mark("the account is not active"),
        Bar.READER_LEFT: mark("the other person has left the market"),
        Bar.READER_BANNED: mark("the market has banned the other person"),
        Bar.READER_SUSPENDED: mark("the market has suspended the other person’s account for now"),
        Bar.BLOCKED: mark("this person takes no messages from you"),
        Bar.BLOCKING: mark("you have blocked this person: reopen the conversation to write again"),
        Bar.CLOSED: mark("this conversation was closed"),
        Bar.BOAT_GONE: mark("the boat is no longer offered"),
    }
)
"""What the writer is told."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The answer: `bar` is None if a message may reach its reader now.

    `told` is the reason that the writer may know. `conditions` hold as long as the answer does, apart
    from the thread itself, whose version its own write names.
    """

    bar: Bar | None
    told: Bar | None
    conditions: tuple[Write, ...] = ()

    def demand(self) -> None:
        """Raises Refused, with the reason for the writer, if a message cannot reach its reader."""
        if self.told is not None:
            raise Refused(reason_of(self.told))


def reason_of(bar: Bar) -> str:
    """What the writer is told, as the end of a sentence."""
    return _(_REASONS[bar])


async def reach(store: Store, thread: Thread, by: Side) -> Reach:
    """Whether what `by` writes in this thread now may reach the other side."""
    writer, reader = await _both(store, thread, by)
    return await _answer(store, thread, by, writer, reader, await _of_blocks(store, writer, reader))


async def reach_of_written(store: Store, thread: Thread, by: Side) -> Reach:
    """Whether what `by` has written in this thread already may still reach the other side.

    What its writer did since, closing the thread or blocking the reader, takes nothing back.
    """
    writer, reader = await _both(store, thread, by)
    blocks = await _of_blocks(store, writer, reader)
    thread = thread if thread.closed_by is not by else thread.changed(state=ThreadState.OPEN)
    return await _answer(store, thread, by, writer, reader, blocks - {Bar.BLOCKING})


async def blocks_of(store: Store, thread: Thread, side: Side) -> tuple[tuple[str, str], ...]:
    """The blocks that one side of a thread has set against the other: who, and whom, by their keys."""
    own, other = await _both(store, thread, side)
    pairs = [(mine, theirs) for mine in own.keys for theirs in other.keys]
    keys: list[Key] = list(pairs)
    found = await store.get_many(MESSAGE_BLOCKS, keys) if keys else []
    return tuple(pair for pair, item in zip(pairs, found, strict=True) if item)


async def _answer(
    store: Store,
    thread: Thread,
    by: Side,
    writer: _Person,
    reader: _Person,
    blocks: frozenset[Bar],
) -> Reach:
    is_closed = thread.state is ThreadState.CLOSED
    bar = (
        _of_state(thread)
        or _of_person(writer, _WRITER)
        or _of_person(reader, _READER)
        or next((bar for bar in (Bar.BLOCKED, Bar.BLOCKING) if bar in blocks), None)
        or (Bar.CLOSED if is_closed else None)
        or await _of_boat(store, thread, by)
    )
    # Who blocks also closes: that is all the other side sees of it in the same conversation.
    told = Bar.CLOSED if is_closed and bar is Bar.BLOCKED else bar
    return Reach(bar, told, () if bar else _conditions(thread, by, writer, reader))


# -- The two people ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Person:
    """One side. `keys` are all under which somebody may have blocked them; none if they have left."""

    keys: tuple[str, ...]
    account: User | None = None
    is_visitor: bool = False


async def _both(store: Store, thread: Thread, by: Side) -> tuple[_Person, _Person]:
    return await _person(store, thread, by), await _person(store, thread, by.other)


async def _person(store: Store, thread: Thread, side: Side) -> _Person:
    key = thread.key_of(side)
    if key is None:
        return _Person(())
    if side is Side.BUYER and thread.buyer_email is not None:
        # Whoever reads this address may have an account as well: a ban or a block counts for both.
        account = await find_user_by_email(store, thread.buyer_email)
        if account is None or not account.email_verified:
            return _Person((key,), is_visitor=True)
        return _Person((key, account.id), account, is_visitor=True)
    account = await find_user(store, key)
    if account is None:
        return _Person(())
    keys = (key, mailbox_key(account.email)) if account.email_verified else (key,)
    return _Person(keys, account)


_WRITER = (Bar.WRITER_LEFT, Bar.WRITER_BANNED, Bar.WRITER_SUSPENDED)
_READER = (Bar.READER_LEFT, Bar.READER_BANNED, Bar.READER_SUSPENDED)


def _of_state(thread: Thread) -> Bar | None:
    return Bar.UNCONFIRMED if thread.state is ThreadState.UNCONFIRMED else None


def _of_person(person: _Person, bars: tuple[Bar, Bar, Bar]) -> Bar | None:
    left, banned, suspended = bars
    account = person.account
    if not person.keys or (account is not None and account.is_being_erased):
        return left
    if account is None or account.is_active:
        return None
    if account.status is UserStatus.BANNED:
        return banned
    # A visitor's address may have an account that was never used.
    is_unused = account.status is UserStatus.PENDING_VERIFICATION
    return None if is_unused and person.is_visitor else suspended


async def _of_blocks(store: Store, writer: _Person, reader: _Person) -> frozenset[Bar]:
    pairs = {
        **{(own, other): Bar.BLOCKED for own in reader.keys for other in writer.keys},
        **{(own, other): Bar.BLOCKING for own in writer.keys for other in reader.keys},
    }
    keys: list[Key] = list(pairs)
    found = await store.get_many(MESSAGE_BLOCKS, keys) if keys else []
    return frozenset(bar for bar, item in zip(pairs.values(), found, strict=True) if item)


async def _of_boat(store: Store, thread: Thread, by: Side) -> Bar | None:
    if thread.reached_at is not None or by is Side.SELLER:
        return None
    listing = await store.get(LISTINGS, thread.listing_id)
    return None if listing and listing.get("publicity") == PUBLIC else Bar.BOAT_GONE


def _conditions(thread: Thread, by: Side, writer: _Person, reader: _Person) -> tuple[Write, ...]:
    checks: list[Write] = []
    for person, bars in ((writer, _WRITER), (reader, _READER)):
        if person.account is not None and person.account.is_active:
            changed = Refused(reason_of(bars[2]))
            checks.append(Check(USERS, (person.account.id,), when=IS_ACTIVE, otherwise=changed))
    blocked = Refused(reason_of(Bar.BLOCKED))
    checks += [
        not_blocked(own, other, otherwise=blocked) for own in reader.keys for other in writer.keys
    ]
    if thread.reached_at is None and by is Side.BUYER:
        gone, is_public = Refused(reason_of(Bar.BOAT_GONE)), Equals(publicity=PUBLIC)
        checks.append(Check(LISTINGS, (thread.listing_id,), when=is_public, otherwise=gone))
    return tuple(checks)
