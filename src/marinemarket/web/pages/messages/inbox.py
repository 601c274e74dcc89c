"""A member's conversations: the inbox, and one thread, as buyer or as seller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.records import find_users
from ....clock import from_iso
from ....composition import Market
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....links import INBOX
from ....messages.inbox import Inbox, threads_of
from ....messages.inquiry import Side, Thread, ThreadState
from ....messages.replies import block_other, close_thread, note_read, own_thread, reopen
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn
from ...unsent import KeptForm
from .thread import Conversation, Unsent, conversation, say

_PRIVATE = {"Cache-Control": "no-store"}
_LONGEST_CURSOR = 2000


@dataclass(frozen=True, slots=True)
class InboxRow:
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
    rows: list[InboxRow]
    older: str


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """All that ``account/thread.html`` uses."""

    form: Form
    news: str
    conversation: Conversation


def _news(done: str) -> str:
    return {
        "sent": _(
            "Your message has been sent. The answer will appear here, and we will email you."
        ),
        "held": _("Your message has been saved. We will review it before it is delivered."),
        "closed": _("The conversation is closed."),
        "blocked": _("You will not receive any more messages from this person."),
        "opened": _("The conversation has been reopened."),
    }.get(done, "")


@get(INBOX, include_in_schema=False)
async def show_messages(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    after = request.query_params.get("after", "")[:_LONGEST_CURSOR] or None
    box = await threads_of(market.store, somebody.user, after=after)
    page = MessagesPage(
        form=Form.of(request, market),
        rows=await _rows(market, box),
        older=f"{INBOX}?after={box.next}" if box.next else "",
    )
    return Template("account/messages.html", context={"page": page}, headers=_PRIVATE)


async def _rows(market: Market, box: Inbox) -> list[InboxRow]:
    sellers = [thread.seller_id or "" for thread, side in box.threads if side is Side.BUYER]
    names = {user.id: user.name for user in await find_users(market.store, sellers)}
    return [_row(thread, side, names, market.clock()) for thread, side in box.threads]


def _row(thread: Thread, side: Side, names: dict[str, str], now: int) -> InboxRow:
    other = thread.buyer_name if side is Side.SELLER else names.get(thread.seller_id or "")
    return InboxRow(
        address=f"{INBOX}/{thread.id}",
        title=thread.title,
        other=other or _("A former member"),
        is_seller=side is Side.SELLER,
        unread=thread.unread_by(side),
        when=since(from_iso(thread.last_at), now),
        is_closed=thread.state is ThreadState.CLOSED,
    )


@get(f"{INBOX}/{{thread_id:str}}", include_in_schema=False)
async def show_thread(
    thread_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await note_read(market.messaging(), thread, side)
    news = _news(request.query_params.get("done", ""))
    return await _thread(request, market, thread, side, news=news)


@post(
    f"{INBOX}/{{thread_id:str}}",
    include_in_schema=False,
    keeps=KeptForm(f"{INBOX}/{{thread_id}}", {"message": mark("Your message")}),
)
async def send_message(
    thread_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    actor: CurrentActor,
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    text = await say(request, market, actor, thread, side)
    if isinstance(text, Unsent):
        return await _thread(request, market, thread, side, unsent=text)
    return seen_other(f"{INBOX}/{thread.id}?done={text.value}")


@post(f"{INBOX}/{{thread_id:str}}/end", include_in_schema=False)
async def send_thread_end(
    thread_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn, actor: CurrentActor
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await close_thread(market.messaging(), actor, thread, side)
    return seen_other(f"{INBOX}/{thread.id}?done=closed")


@post(f"{INBOX}/{{thread_id:str}}/block", include_in_schema=False)
async def send_block(
    thread_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn, actor: CurrentActor
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await block_other(market.messaging(), actor, thread, side)
    return seen_other(f"{INBOX}/{thread.id}?done=blocked")


@post(f"{INBOX}/{{thread_id:str}}/reopening", include_in_schema=False)
async def send_reopening(
    thread_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn, actor: CurrentActor
) -> Response[Any]:
    thread, side = await own_thread(market.store, somebody.user, thread_id)
    await reopen(market.messaging(), actor, thread, side)
    return seen_other(f"{INBOX}/{thread.id}?done=opened")


async def _thread(
    request: AnyRequest,
    market: CurrentMarket,
    thread: Thread,
    side: Side,
    *,
    news: str = "",
    unsent: Unsent | None = None,
) -> Template:
    unsent = unsent or Unsent(Form.of(request, market), [])
    form, address = unsent.form, f"{INBOX}/{thread.id}"
    talk = await conversation(market, thread, side, address, form, hints=unsent.hints)
    page = ConversationPage(form, news, talk)
    return Template(
        "account/thread.html",
        context={"page": page},
        status_code=unsent.status,
        headers=_PRIVATE,
    )
