"""One person's conversations, as seller and as buyer, the latest message first."""

from __future__ import annotations

from dataclasses import dataclass

from ..accounts.user import User
from ..errors import FieldError, Invalid
from ..i18n.texts import gettext as _
from ..store.store import Store
from .inquiry import Side, Thread, mailbox_key
from .records import threads_of_buyer, threads_of_seller

_SOURCES = ("s", "b", "m")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Some conversations, each with the person's side, and the cursor for the next page or None."""

    threads: list[tuple[Thread, Side]]
    next: str | None


async def threads_of(
    store: Store, user: User, *, limit: int = 50, after: str | None = None
) -> Inbox:
    """A person's conversations: as a seller, as a buyer, and as a visitor with their address.

    The three kinds follow one another in pages, all on the first page if they fit; within a page the
    latest message comes first. Raises Invalid for an invalid cursor.
    """
    source, cursor = _read(after)
    found: list[tuple[Thread, Side]] = []
    for number in range(_SOURCES.index(source), len(_SOURCES)):
        page = await _page(store, user, _SOURCES[number], limit - len(found), cursor)
        found += page[0]
        cursor = None
        if page[1] is not None:
            return Inbox(_newest(found), f"{_SOURCES[number]}{page[1]}")
        if len(found) >= limit and number + 1 < len(_SOURCES):
            return Inbox(_newest(found), _SOURCES[number + 1])
    return Inbox(_newest(found), None)


def _newest(threads: list[tuple[Thread, Side]]) -> list[tuple[Thread, Side]]:
    return sorted(threads, key=lambda one: one[0].last_at, reverse=True)


def _read(after: str | None) -> tuple[str, str | None]:
    if after is None:
        return _SOURCES[0], None
    if after[:1] not in _SOURCES:
        raise Invalid([FieldError("after", _("is not a cursor of this list"))])
    return after[0], after[1:] or None


async def _page(
    store: Store, user: User, source: str, limit: int, cursor: str | None
) -> tuple[list[tuple[Thread, Side]], str | None]:
    if source == "s":
        page = await threads_of_seller(store, user.id, limit=limit, after=cursor)
        return [(thread, Side.SELLER) for thread in page.threads], page.next
    if source == "m" and not user.email_verified:
        return [], None
    buyer = user.id if source == "b" else mailbox_key(user.email)
    page = await threads_of_buyer(store, buyer, limit=limit, after=cursor)
    return [(thread, Side.BUYER) for thread in page.threads], page.next
