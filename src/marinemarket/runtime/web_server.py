"""The web server of one process: Uvicorn, with deadlines, and an end that loses no request.

A server that is told to leave accepts nothing more, and answers what has begun. A client that keeps its
connection may be sending its next request at this very moment, so connections are not closed but
answered once more, with ``Connection: close``. Only one that stays silent is closed.
"""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any, cast

import uvicorn
from litestar.types import ASGIApp

from ..config.settings import Settings
from ..web.app import answering_head
from ..web.security.timeouts import Patient, patient
from .listening import BACKLOG
from .parent_connection import RELOAD_SECONDS, STOP_SECONDS

MOST_OPEN = 10_000
"""Connections of one process; each takes some 50 KB of memory."""
OTHER_FILES = 128
SILENT_SECONDS = 1.0
"""When the market stops, a connection without a request is closed after this time."""

CLOSE = (b"connection", b"close")


class WebServer(uvicorn.Server):
    """Calls `ready` once requests are answered."""

    def __init__(self, app: ASGIApp, settings: Settings, ready: Callable[[], object]) -> None:
        most, at_once = _room_for_connections()
        super().__init__(
            uvicorn.Config(
                cast("Any", answering_head(app)),
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # the application knows which proxies to trust
                date_header=True,
                timeout_graceful_shutdown=1,
                # h11, since the other parser limits neither the address nor the headers. No
                # limit_concurrency: it counts idle connections, which could then shut everyone
                # else out.
                http=patient(settings.head_seconds, settings.body_seconds, most=most),
                backlog=at_once,
                timeout_keep_alive=settings.idle_seconds,
                h11_max_incomplete_event_size=64 * 1024,
            )
        )
        self._ready = ready
        self._idle_seconds = settings.idle_seconds
        self.leave(patiently=False)
        self.should_exit = False

    def leave(self, *, patiently: bool) -> None:
        """Accept nothing more, answer what has begun, then end. May be called from any thread.

        `patiently` is for when others have taken over, and nobody waits for this one to end.
        """
        self._silent_seconds = float(self._idle_seconds) if patiently else SILENT_SECONDS
        self._begun_seconds = float(RELOAD_SECONDS if patiently else STOP_SECONDS)
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.leave(patiently=False)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or []:
            # The queue may be long where little is accepted in one go; to asyncio, both are one.
            listening.listen(BACKLOG)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._stop_accepting(sockets or [])
        began = asyncio.get_running_loop().time()
        self.config.encoded_headers.append(CLOSE)
        for connection in self._open():
            connection.answer_once_more(CLOSE)
        while (connections := self._open()) and not self._is_late(began):
            await self.on_tick(0)  # responses take their date and the header from here
            for connection in connections:
                connection.close_if_silent(self._silent_seconds, since=began)
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)

    def _is_late(self, began: float) -> bool:
        return asyncio.get_running_loop().time() - began > self._begun_seconds

    def _open(self) -> list[Patient]:
        return cast("list[Patient]", list(self.server_state.connections))

    async def _stop_accepting(self, sockets: list[socket.socket]) -> None:
        """Let go of the listening sockets, which others have too, without losing what was accepted."""
        loop = asyncio.get_running_loop()
        if isinstance(loop, asyncio.SelectorEventLoop):
            # asyncio accepts first and makes the connection a moment later; a server closed in
            # between drops it. uvloop does both at once.
            for listening in sockets:
                loop.remove_reader(listening)
            await asyncio.sleep(0.05)
        for server in self.servers:
            server.close()


def _room_for_connections() -> tuple[int, int]:
    """How many connections may be open, and how many may be accepted in one go.

    As many files may be open as the machine permits. Some are left for the store, the index and
    uploads, and for connections that are accepted before others are closed for them.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    files = MOST_OPEN * 2 if most == resource.RLIM_INFINITY else most
    at_once = min(BACKLOG, max(1, files // 32))
    return max(1, min(MOST_OPEN, files - min(OTHER_FILES, files // 2) - 4 * at_once)), at_once
