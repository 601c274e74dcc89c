"""A fair share of receiving files for each member.

The body of a form with files is read only when its sender has a turn, so that one member who sends
twenty large forms at once holds four of them on the disk, and the others in their own computer.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from typing import Any, Final

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from ...errors import StorageFull, TooMany
from ...i18n.texts import gettext as _
from ...media.fair_queue import FairQueue

AT_ONCE: Final = 16
AT_ONCE_EACH: Final = 4
WAITING_EACH: Final = 16
PATIENCE_SECONDS: Final = 10
"""How long a form may wait for its turn; its connection is closed if we do not read for long."""
ROOM: Final = 50_000_000
"""How many bytes must stay free on the disk on which files arrive."""


def upload_queue() -> FairQueue:
    """The queue of one web process."""
    return FairQueue(
        at_once=AT_ONCE, at_once_each=AT_ONCE_EACH, most_each=WAITING_EACH, most=10 * WAITING_EACH
    )


def holding_shares(app: ASGIApp) -> ASGIApp:
    """The application; a share that a request takes is given back at the request's end."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        async with AsyncExitStack() as shares:
            scope["state"]["upload_shares"] = shares
            await app(scope, receive, send)

    return answer


async def take_share(request: Request[Any, Any, Any], member: str) -> None:
    """Wait until this request may send files, once for each request.

    Raises TooMany if this member sends too much at once, and StorageFull if it would fill the disk.
    """
    state: dict[str, Any] = request.scope["state"]
    if "upload_share" in state:
        return
    await asyncio.to_thread(_check_room, request.headers.get("Content-Length", ""))
    state["upload_share"] = member
    shares: AsyncExitStack = state["upload_shares"]
    queue: FairQueue = request.app.state.upload_queue
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await shares.enter_async_context(queue.turn(member))
    except TimeoutError:
        raise TooMany(PATIENCE_SECONDS) from None


def _check_room(length: str) -> None:
    needed = int(length) if length.isdigit() and len(length) < 18 else 0
    if shutil.disk_usage(tempfile.gettempdir()).free < needed + ROOM:
        raise StorageFull(_("the disk has no room for files just now"))
