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
from .parent_connection import RELOAD_SECONDS, STOP_SECONDS

SILENT_SECONDS = 1.0
"""When the market stops, a connection without a request is closed after this time."""

CLOSE = (b"connection", b"close")


class WebServer(uvicorn.Server):
    """Calls `ready` once requests are answered."""

    def __init__(self, app: ASGIApp, settings: Settings, ready: Callable[[], object]) -> None:
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
                http=patient(settings.head_seconds, settings.body_seconds),
                timeout_keep_alive=settings.idle_seconds,
                h11_max_incomplete_event_size=64 * 1024,
            )
        )
        self._ready = ready
        self._idle_seconds = settings.idle_seconds
        self.leave(patiently=False)
        self.should_exit = False

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        _many_sockets()
        super().run(sockets)

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


def _many_sockets() -> None:
    """Allow as many open files as the machine permits: each idle client holds one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
