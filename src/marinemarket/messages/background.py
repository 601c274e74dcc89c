"""What the writer of an emailed reply has got before: the messages of the thread, and our emails about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from ..accounts.user import User
from ..mail.rendering import render
from .context import MessagingContext
from .inquiry import Message, Side, Thread
from .known_text import KnownText
from .notifications import message_email
from .reply_text import Background

_MOST_EMAILS = 10
"""Of our latest emails, so many are compared with what a reply quotes."""


def background_of(
    context: MessagingContext,
    thread: Thread,
    messages: Sequence[Message],
    side: Side,
    *,
    writer: User | None,
    other: str,
) -> Background:
    """The background of an email from one side. `writer` is None for a visitor; `other` is a name."""
    own = writer.name if writer else thread.buyer_name
    seen = [one for one in messages if one.is_seen_by(side)]
    arrived = [one for one in seen if one.by is not side][-_MOST_EMAILS:]
    frames = [
        text
        for message in arrived
        for text in _frames(context, thread, message, to=writer, author=other)
    ]
    known = KnownText([one.text for one in seen], [thread.title, other, *frames])
    domain = {f"@{context.relay_domain}"} if context.relay_domain else set[str]()
    return Background(known, context.own_addresses | domain, (own,) if own else ())


def _frames(
    context: MessagingContext, thread: Thread, message: Message, *, to: User | None, author: str
) -> Iterator[str]:
    """What our email about a message says around it."""
    for is_first in (True, False):
        email = message_email(context, thread, message, to=to, author=author, is_first=is_first)
        if email is not None:
            made = render(
                email.template,
                {**email.values, "text": ""},
                links=context.links,
                market_name=context.market_name,
            )
            yield from (made.subject, made.text, _shown(made.html or ""))


def _shown(page: str) -> str:
    return unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
