"""What the children of `supervisor` run: a web process, or the worker.

A child is started as a module of its own, so that a new one has the code and the settings of its
moment, whatever its parent began with.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial

from ..config.settings import load
from ..errors import MarketError
from ..logs import set_up_logs
from .parent_connection import ParentConnection, connection_to_parent

ORPHAN_SECONDS = 3
"""How long a child may take to leave once its parent is gone: the next start needs its port."""


def _web(parent: int, listening: int) -> None:
    # Imported here, as for the worker below: neither parent nor worker needs the site, and each
    # starts in half the time without it.
    from ..web.app import create_app
    from .web_server import WebServer

    settings = load()
    server: WebServer | None = None

    def leave(*, patiently: bool = False) -> None:
        if server is not None:
            server.leave(patiently=patiently)

    connection = ParentConnection(
        connection_to_parent(parent),
        drain=partial(leave, patiently=True),
        parent_is_gone=partial(_leave_soon, leave),
    )
    app = create_app(settings, exposition=connection.exposition)
    server = WebServer(app, settings, ready=connection.tell_ready)
    server.run(sockets=[socket.socket(fileno=listening)])
    connection.tell_counts()


def _worker(parent: int) -> None:
    from ..composition import open_existing_market
    from .worker import work

    async def follow() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        stop = partial(loop.call_soon_threadsafe, stopping.set)
        connection = ParentConnection(
            connection_to_parent(parent), drain=stop, parent_is_gone=partial(_leave_soon, stop)
        )
        connection.tell_ready()
        async with open_existing_market(load()) as market:
            await work(market, stopping)
        connection.tell_counts()

    asyncio.run(follow())


def _leave_soon(stop: Callable[[], object]) -> None:
    """Stop, and exit soon in any case."""
    threading.Timer(ORPHAN_SECONDS, os._exit, [0]).start()
    stop()


def _child() -> None:
    role = sys.argv[1]
    parent, *listening = map(int, sys.argv[2:])
    # Whoever sends it to the whole group means the parent.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        try:
            set_up_logs(load().log_format)
            if role == "web":
                _web(parent, *listening)
            else:
                _worker(parent)
        except MarketError as error:
            sys.exit(f"{role}: {error}")


if __name__ == "__main__":
    _child()
