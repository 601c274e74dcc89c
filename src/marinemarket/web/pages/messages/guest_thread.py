"""A visitor's conversation, opened by the link in their emails.

On the first visit, a button on the page confirms the address: programs that follow the links in
emails would otherwise confirm it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....errors import NotFound, Refused
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....links import GUEST_THREADS
from ....messages.inquiries import confirm
from ....messages.inquiry import Side, Thread, ThreadState
from ....messages.replies import close_thread, note_read, reopen
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentClient, OwnForm, device_cookies
from ...security.rate_limits import limited
from ...unsent import KeptForm
from .thread import Conversation, Unsent, conversation, say

# What stands in its address is for no other site.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class VisitPage:
    """All that ``guest-thread.html`` uses. Without `talk` the link leads nowhere."""

    news: str
    talk: Conversation | None
    is_waiting: bool


def _news(done: str) -> str:
    return {
        "confirmed": _(
            "Thank you. Your question has been sent to the seller. You will get the "
            "answer by email and find it here."
        ),
        "sent": _("Your message has been sent."),
        "held": _("Your message has been saved. We will review it before it is delivered."),
        "closed": _("The conversation is closed."),
        "opened": _("The conversation has been reopened."),
    }.get(done, "")


@get(f"{GUEST_THREADS}/{{link:str}}", include_in_schema=False, open_to_all=True)
async def show_visit(link: FromPath[str], request: AnyRequest, market: CurrentMarket) -> Template:
    try:
        thread = await market.messaging().thread_of_visitor(link)
    except NotFound as error:
        page = VisitPage("", None, is_waiting=False)
        return _shown(request, market, page, status=error.status)
    await note_read(market.messaging(), thread, Side.BUYER)
    news = _news(request.query_params.get("done", ""))
    return await _visit(request, market, link, thread, news=news)


@post(
    f"{GUEST_THREADS}/{{link:str}}/confirmation",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_confirmation(
    link: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    own_form: OwnForm,
) -> Response[Any]:
    thread = await market.messaging().thread_of_visitor(link)
    try:
        thread = await confirm(market.messaging(), client, thread)
    except Refused as error:
        unsent = Unsent.because(Form.of(request, market), {}, error)
        return await _visit(request, market, link, thread, unsent=unsent)
    done = "confirmed" if thread.reached_at else "held"
    return seen_other(f"{GUEST_THREADS}/{link}?done={done}")


@post(
    f"{GUEST_THREADS}/{{link:str}}",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
    keeps=KeptForm(f"{GUEST_THREADS}/{{link}}", {"message": mark("Your message")}),
)
async def send_visitors_message(
    link: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    own_form: OwnForm,
) -> Response[Any]:
    thread = await market.messaging().thread_of_visitor(link)
    text = await say(request, market, client.visitor(), thread, Side.BUYER)
    if isinstance(text, Unsent):
        return await _visit(request, market, link, thread, unsent=text)
    return seen_other(f"{GUEST_THREADS}/{link}?done={text.value}")


@post(
    f"{GUEST_THREADS}/{{link:str}}/end",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_visit_end(
    link: FromPath[str], market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    thread = await market.messaging().thread_of_visitor(link)
    await close_thread(market.messaging(), client.visitor(), thread, Side.BUYER)
    return seen_other(f"{GUEST_THREADS}/{link}?done=closed")


@post(
    f"{GUEST_THREADS}/{{link:str}}/reopening",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("writes")],
)
async def send_visit_reopening(
    link: FromPath[str], market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    thread = await market.messaging().thread_of_visitor(link)
    await reopen(market.messaging(), client.visitor(), thread, Side.BUYER)
    return seen_other(f"{GUEST_THREADS}/{link}?done=opened")


async def _visit(
    request: AnyRequest,
    market: CurrentMarket,
    link: str,
    thread: Thread,
    *,
    news: str = "",
    unsent: Unsent | None = None,
) -> Template:
    unsent = unsent or Unsent(Form.of(request, market), [])
    form, address = unsent.form, f"{GUEST_THREADS}/{link}"
    talk = await conversation(market, thread, Side.BUYER, address, form, hints=unsent.hints)
    is_waiting = thread.state is ThreadState.UNCONFIRMED
    page = VisitPage(news, talk, is_waiting)
    return _shown(request, market, page, status=unsent.status)


def _shown(request: AnyRequest, market: CurrentMarket, page: VisitPage, *, status: int) -> Template:
    return Template(
        "guest-thread.html",
        context={"page": page},
        status_code=status,
        headers=_PRIVATE,
        cookies=device_cookies(request, market),
    )
