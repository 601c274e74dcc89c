"""Held messages: moderators release or block each one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.records import find_users
from ....accounts.user import User
from ....clock import from_iso
from ....composition import Market
from ....errors import Invalid, NotFound, Refused
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....messages.held_messages import KeptBack, refuse_message, release_message, why_kept
from ....messages.inquiry import Message, MessageState, Side, Thread
from ....messages.reach import Bar, reach_of_written
from ....messages.records import find_threads, held_messages
from ....messages.screening import BY_ID
from ....store.items import may_be_id
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...query_string import address
from ...security.access import AnyRequest, CurrentClient, CurrentStaff
from .dashboard import PRIVATE, StaffSection, sections_for
from .moderation import PATH as ADVERTS

PATH = "/admin/messages"
_A_PAGE = 25
_LONGEST_CURSOR = 2000
_JUDGE = {"release": release_message, "refuse": refuse_message}


@dataclass(frozen=True, slots=True)
class Why:
    """A rule that a message meets; `holds` is true of a rule that kept it back."""

    title: str
    holds: bool


@dataclass(frozen=True, slots=True)
class HeldMessageRow:
    """One message that is held: by whom, to whom and about which boat, and where it is judged.

    `trouble` says why it cannot be delivered as things stand.
    """

    action: str
    sent_at: str
    when: str
    writer: str
    is_visitor: bool
    reader: str
    title: str
    advert: str
    text: str
    full_text: str
    signs: list[Why]
    trouble: str
    can_release: bool


@dataclass(frozen=True, slots=True)
class HeldPage:
    """All that ``admin/messages.html`` uses."""

    form: Form
    rooms: list[StaffSection]
    news: str
    notice: str
    rows: list[HeldMessageRow]
    further: str | None


def _news(done: str) -> str:
    return {
        "release": _("The message has been released and will be delivered."),
        "refuse": _("The message has been blocked. Its sender can see that."),
    }.get(done, "")


@get(PATH, include_in_schema=False)
async def show_held(
    request: AnyRequest, market: CurrentMarket, moderator: CurrentStaff
) -> Response[Any]:
    after = request.query_params.get("after", "")[:_LONGEST_CURSOR] or None
    news = _news(request.query_params.get("done", ""))
    try:
        return await _shown(market, moderator.user, Form.of(request, market), after, news=news)
    except Invalid:
        return seen_other(PATH)  # a cursor of another question, or none


@post(f"{PATH}/{{thread_id:str}}", include_in_schema=False)
async def send_judgement(
    thread_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    moderator: CurrentStaff,
) -> Response[Any]:
    sent = await sent_form(request)
    decision, sent_at = sent.get("decision", ""), sent.get("sent_at", "")
    is_known = decision in _JUDGE and may_be_id(sent_at)
    if not is_known or not may_be_id(thread_id):
        raise NotFound("message", sent_at)
    try:
        actor = moderator.acting_from(client)
        decided = await _JUDGE[decision](market.messaging(), actor, thread_id, sent_at)
    except KeptBack as error:
        notice = _("%(why)s The message stays here until that changes.") % {"why": error}
        form = Form.of(request, market)
        return await _shown(market, moderator.user, form, notice=notice, status=error.status)
    except Refused as error:
        notice = _("This message has already been reviewed.")
        form = Form.of(request, market)
        return await _shown(market, moderator.user, form, notice=notice, status=error.status)
    if decided.state is MessageState.UNDELIVERED:
        notice = _(
            "The message was not delivered, because its recipient can no longer be reached. Its "
            "sender can see that."
        )
        form = Form.of(request, market)
        return await _shown(market, moderator.user, form, notice=notice, status=Refused.status)
    return seen_other(f"{PATH}?done={decision}")


async def _shown(
    market: Market,
    moderator: User,
    form: Form,
    after: str | None = None,
    *,
    news: str = "",
    notice: str = "",
    status: int = 200,
) -> Template:
    messages, further = await held_messages(market.store, limit=_A_PAGE, after=after)
    page = HeldPage(
        form=form,
        rooms=sections_for(moderator),
        news=news,
        notice=notice,
        rows=await _rows(market, messages),
        further=address(PATH, [("after", further)]) if further else None,
    )
    return Template(
        "admin/messages.html", context={"page": page}, status_code=status, headers=PRIVATE
    )


async def _rows(market: Market, messages: list[Message]) -> list[HeldMessageRow]:
    threads = await find_threads(market.store, [one.thread_id for one in messages])
    sellers = [thread.seller_id for thread in threads.values() if thread.seller_id]
    names = {user.id: user.name for user in await find_users(market.store, sellers)}
    bars = {
        (message.thread_id, message.by): (
            await reach_of_written(market.store, thread, message.by)
        ).bar
        for message in messages
        if (thread := threads.get(message.thread_id)) is not None
    }
    return [
        _row(
            message,
            threads[message.thread_id],
            names,
            market.clock(),
            bars[message.thread_id, message.by],
        )
        for message in messages
        # What somebody who has left wrote is being removed.
        if bars.get((message.thread_id, message.by), Bar.WRITER_LEFT) is not Bar.WRITER_LEFT
    ]


def _row(
    message: Message, thread: Thread, names: dict[str, str], now: int, bar: Bar | None
) -> HeldMessageRow:
    gone = _("A former member")
    people = {
        Side.BUYER: thread.buyer_name or gone,
        Side.SELLER: names.get(thread.seller_id or "", gone),
    }
    rules = [BY_ID[sign] for sign in message.signs if sign in BY_ID]
    return HeldMessageRow(
        action=f"{PATH}/{thread.id}",
        sent_at=message.sent_at,
        when=since(from_iso(message.sent_at), now),
        writer=people[message.by],
        is_visitor=message.by is Side.BUYER and thread.is_of_visitor,
        reader=people[message.by.other],
        title=thread.title,
        advert=f"{ADVERTS}/{thread.listing_id}",
        text=message.text,
        full_text=message.full_text or "",
        signs=[
            Why(_(rule.title), rule.holds)
            for rule in sorted(rules, key=lambda rule: not rule.holds)
        ],
        trouble=why_kept(bar) if bar else "",
        can_release=bar is None or not bar.is_of_account,
    )
