"""A moderator's decision about a held message: it is delivered, or it is not."""

from __future__ import annotations

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import from_iso, iso
from ..errors import NotFound, Refused
from ..i18n.texts import gettext as _
from ..store.writes import Write
from .context import MessagingContext
from .inquiry import UNREAD, Message, MessageState, Thread
from .records import find_message, find_thread, state_put, thread_update
from .replies import email_writes


async def release_message(
    context: MessagingContext, actor: Actor, thread_id: str, sent_at: str
) -> Message:
    """Deliver a held message to the other side. Raises NotFound, and Refused if it is not held."""
    return await _judge(context, actor, thread_id, sent_at, MessageState.SENT)


async def refuse_message(
    context: MessagingContext, actor: Actor, thread_id: str, sent_at: str
) -> Message:
    """Withhold a held message for good; its writer sees that. Raises as `release_message` does."""
    return await _judge(context, actor, thread_id, sent_at, MessageState.REFUSED)


async def _judge(
    context: MessagingContext, actor: Actor, thread_id: str, sent_at: str, state: MessageState
) -> Message:
    async def judge() -> Message:
        thread = await find_thread(context.store, thread_id)
        message = await find_message(context.store, thread_id, sent_at)
        if thread is None or message is None:
            raise NotFound("message", sent_at)
        if message.state is not MessageState.HELD:
            raise Refused(_("this message is no longer held"))
        decided = message.changed(state=state)
        writes: list[Write] = [state_put(message, decided)]
        if state is MessageState.SENT:
            reached = _reached(thread, context.now(), decided)
            writes.append(thread_update(thread, reached))
            is_first = thread.reached_at is None
            writes += await email_writes(context, reached, decided, is_first=is_first)
        entry = actor.entry(
            Action.MESSAGE_MODERATED, "thread", thread_id, context.now(), decision=state.value
        )
        await context.trail.commit(entry, *writes)
        return decided

    return await context.trail.retrying(judge)


def _reached(thread: Thread, now: int, message: Message) -> Thread:
    other = message.by.other
    moment = iso(max(now, from_iso(thread.last_at)))
    return thread.changed(
        version=thread.version + 1,
        reached_at=thread.reached_at or moment,
        **{UNREAD[other]: thread.unread_by(other) + 1},
    )
