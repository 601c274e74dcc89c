"""One's conversations on pages: all of them, and one, as a buyer or as a seller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.records import find_users
from ....assembly import Market
from ....clock import from_iso
from ....messages.answering import (
    block_other,
    close_thread,
    note_read,
    own_thread,
    reopen,
)
from ....messages.desk import MEMBERS
from ....messages.inquiry import Side, Thread, ThreadState
from ....messages.reading import Box, threads_of
from ...access import AnyRequest, GivenActor, GivenSignedIn
from ...forms import Form, seen_other
from ...given import GivenMarket
from ...texts import gettext as _
from ..conversation import Conversation, Unsent, conversation, say
from ..words import since

_PRIVATE = {"Cache-Control": "no-store"}
_LONGEST_CURSOR = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list."""

    address: str
    title: str
    other: str
    is_seller: bool
    unread: int
    when: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """All that ``account/messages.html`` uses."""

    form: Form
    rows: list[Row]
    older: str


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All that ``account/conversation.html`` uses."""

    form: Form
    news: str
    conversation: Conversation


def _news(done: str) -> str:
    return {
        "sent": _("Your message is on its way. The answer appears here, and we write to you."),
        "held": _("Your message is kept here. One of us looks at it before it goes on its way."),
        "closed": _("The conversation is closed."),
        "blocked": _("You hear nothing more from this person."),
        "opened": _("The conversation is open again."),
    }.get(done, "")


@get(MEMBERS, include_in_schema=False)
async def show_messages(
    request: AnyRequest, market: GivenMarket, somebody: GivenSignedIn
) -> Template:
    after = request.query_params.get("after", "")[:_LONGEST_CURSOR] or None
    box = await threads_of(market.store, somebody.user, after=after)
    page = MessagesPage(
        form=Form.of(request, market),
        rows=await _rows(market, box),
        older=f"{MEMBERS}?after={box.next}" if box.next else "",
    )
    return Template("account/messages.html", context={"page": page}, headers=_PRIVATE)


async def _rows(market: Market, box: Box) -> list[Row]:
    sellers = [thread.seller_id or "" for thread, side in box.threads if side is Side.BUYER]
    names = {user.id: user.name for user in await find_users(market.store, sellers)}
    return [_row(thread, side, names, market.clock()) for thread, side in box.threads]


def _row(thread: Thread, side: Side, names: dict[str, str], now: int) -> Row:
    other = thread.buyer_name if side is Side.SELLER else names.get(thread.seller_id or "")
    return Row(
        address=f"{MEMBERS}/{thread.id}",
        title=thread.title,
        other=other or _("A former member"),
        is_seller=side is Side.SELLER,
        unread=thread.unread_by(side),
        when=since(from_iso(thread.last_at), now),
        is_closed=thread.state is ThreadState.CLOSED,
    )


@get(f"{MEMBERS}/{{thread_id:str}}", include_in_schema=False)
async def show_thread(
    thread_id: FromPath[str], request: AnyRequest, market: GivenMarket, somebody: GivenSignedIn
) -> Template:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await note_read(market.desk(), thread, side)
    news = _news(request.query_params.get("done", ""))
    return await _thread(request, market, thread, side, news=news)


@post(f"{MEMBERS}/{{thread_id:str}}", include_in_schema=False)
async def send_message(
    thread_id: FromPath[str],
    request: AnyRequest,
    market: GivenMarket,
    somebody: GivenSignedIn,
    actor: GivenActor,
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    said = await say(request, market, actor, thread, side)
    if isinstance(said, Unsent):
        return await _thread(request, market, thread, side, unsent=said)
    return seen_other(f"{MEMBERS}/{thread.id}?done={said.value}")


@post(f"{MEMBERS}/{{thread_id:str}}/end", include_in_schema=False)
async def send_thread_end(
    thread_id: FromPath[str], market: GivenMarket, somebody: GivenSignedIn, actor: GivenActor
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await close_thread(market.desk(), actor, thread, side)
    return seen_other(f"{MEMBERS}/{thread.id}?done=closed")


@post(f"{MEMBERS}/{{thread_id:str}}/block", include_in_schema=False)
async def send_block(
    thread_id: FromPath[str], market: GivenMarket, somebody: GivenSignedIn, actor: GivenActor
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await block_other(market.desk(), actor, thread, side)
    return seen_other(f"{MEMBERS}/{thread.id}?done=blocked")


@post(f"{MEMBERS}/{{thread_id:str}}/reopening", include_in_schema=False)
async def send_reopening(
    thread_id: FromPath[str], market: GivenMarket, somebody: GivenSignedIn, actor: GivenActor
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await reopen(market.desk(), actor, thread, side)
    return seen_other(f"{MEMBERS}/{thread.id}?done=opened")


async def _thread(
    request: AnyRequest,
    market: GivenMarket,
    thread: Thread,
    side: Side,
    *,
    news: str = "",
    unsent: Unsent | None = None,
) -> Template:
    unsent = unsent or Unsent(Form.of(request, market), [])
    form, address = unsent.form, f"{MEMBERS}/{thread.id}"
    talk = await conversation(market, thread, side, address, form, hints=unsent.hints)
    page = ThreadPage(form, news, talk)
    return Template(
        "account/conversation.html",
        context={"page": page, "talk": talk},
        status_code=unsent.status,
        headers=_PRIVATE,
    )
