"""A visitor's conversation, by the link in the letters that they get.

The first time, the page asks to confirm the address by a button: programs that look at links in mail
would otherwise confirm what nobody read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ...errors import Invalid, MarketError, NotFound, Refused
from ...messages.answering import Words, close_thread, note_read, reopen, write_message
from ...messages.desk import VISITORS
from ...messages.inquiring import confirm
from ...messages.inquiry import Side, Thread, ThreadState
from ...messages.screening import Rule, hints_of
from ..access import AnyRequest, GivenClient, OwnForm, device_cookies
from ..forms import Form, seen_other
from ..given import GivenMarket
from ..limits import limited
from ..texts import gettext as _
from .account.messages import sent_words
from .conversation import Conversation, conversation

# What stands in its address is for no other site.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class VisitPage:
    """All that ``conversation.html`` uses. Without `talk` the link leads nowhere."""

    news: str
    talk: Conversation | None
    is_waiting: bool


def _news(done: str) -> str:
    return {
        "confirmed": _(
            "Thank you. Your question is with the seller now; the answer comes by mail, and appears here."
        ),
        "sent": _("Your message is on its way."),
        "held": _("Your message is kept here. One of us looks at it before it goes on its way."),
        "closed": _("The conversation is closed."),
        "opened": _("The conversation is open again."),
    }.get(done, "")


@get(f"{VISITORS}/{{link:str}}", include_in_schema=False, open_to_all=True)
async def show_visit(link: FromPath[str], request: AnyRequest, market: GivenMarket) -> Template:
    try:
        thread = await market.desk().thread_of_visitor(link)
    except NotFound as error:
        page = VisitPage("", None, is_waiting=False)
        return _shown(request, market, page, status=error.status)
    await note_read(market.desk(), thread, Side.BUYER)
    news = _news(request.query_params.get("done", ""))
    return await _visit(request, market, link, thread, news=news)


@post(
    f"{VISITORS}/{{link:str}}/confirmation",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_confirmation(
    link: FromPath[str],
    request: AnyRequest,
    market: GivenMarket,
    client: GivenClient,
    own_form: OwnForm,
) -> Response[Any]:
    thread = await market.desk().thread_of_visitor(link)
    try:
        thread = await confirm(market.desk(), client, thread)
    except Refused as error:
        return await _visit(request, market, link, thread, sent={}, error=error)
    done = "confirmed" if thread.reached_at else "held"
    return seen_other(f"{VISITORS}/{link}?done={done}")


@post(
    f"{VISITORS}/{{link:str}}",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_visitors_message(
    link: FromPath[str],
    request: AnyRequest,
    market: GivenMarket,
    client: GivenClient,
    own_form: OwnForm,
) -> Response[Any]:
    thread = await market.desk().thread_of_visitor(link)
    sent = await sent_words(request)
    hints = hints_of(sent["message"])
    if hints and sent.get("ignores") != " ".join(rule.id for rule in hints):
        return await _visit(request, market, link, thread, sent=sent, hints=hints)
    try:
        words = Words(sent["message"])
        _, message = await write_message(market.desk(), client.visitor(), thread, Side.BUYER, words)
    except (Invalid, Refused) as error:
        return await _visit(request, market, link, thread, sent=sent, error=error)
    return seen_other(f"{VISITORS}/{link}?done={message.state.value}")


@post(
    f"{VISITORS}/{{link:str}}/end",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_visit_end(
    link: FromPath[str], market: GivenMarket, client: GivenClient, own_form: OwnForm
) -> Response[Any]:
    thread = await market.desk().thread_of_visitor(link)
    await close_thread(market.desk(), client.visitor(), thread, Side.BUYER)
    return seen_other(f"{VISITORS}/{link}?done=closed")


@post(
    f"{VISITORS}/{{link:str}}/reopening",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_visit_reopening(
    link: FromPath[str], market: GivenMarket, client: GivenClient, own_form: OwnForm
) -> Response[Any]:
    thread = await market.desk().thread_of_visitor(link)
    await reopen(market.desk(), client.visitor(), thread, Side.BUYER)
    return seen_other(f"{VISITORS}/{link}?done=opened")


async def _visit(
    request: AnyRequest,
    market: GivenMarket,
    link: str,
    thread: Thread,
    *,
    news: str = "",
    sent: dict[str, str] | None = None,
    error: MarketError | None = None,
    hints: list[Rule] | None = None,
) -> Template:
    form = Form.of(request, market)
    if sent is not None:
        form = form.refused(sent, error) if error else Form(form.token, sent)
    address = f"{VISITORS}/{link}"
    talk = await conversation(market, thread, Side.BUYER, address, form, hints=hints)
    is_waiting = thread.state is ThreadState.UNCONFIRMED
    return _shown(
        request, market, VisitPage(news, talk, is_waiting), status=error.status if error else 200
    )


def _shown(request: AnyRequest, market: GivenMarket, page: VisitPage, *, status: int) -> Template:
    return Template(
        "conversation.html",
        context={"page": page, "talk": page.talk},
        status_code=status,
        headers=_PRIVATE,
        cookies=device_cookies(request, market),
    )
