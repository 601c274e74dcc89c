"""The processes of a running market: web processes, perhaps a worker, and their parent.

The parent opens the socket, starts the others, and restarts any that dies. A child reads its
standard input, which only the parent holds open: when the parent is gone, for whatever reason, the
children exit too, and the next start finds the port and the index free.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import http.client
import logging
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, BinaryIO, Literal, cast

from ..config.settings import load
from ..disk import take_lock
from ..errors import MarketError, Unavailable
from ..links import LIVENESS
from ..logs import set_up_logs
from ..metrics import FOLDER_VARIABLE

log = logging.getLogger(__name__)

PORT_PATIENCE = 10
STOP_PATIENCE = 15
START_PATIENCE = 60
_RESTART_PAUSE = 1.0

Role = Literal["web", "worker"]


# -- The parent ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Child:
    role: Role
    process: subprocess.Popen[bytes]
    started: float


class Serving:
    """The parent of a running market on `host` and `port`, with one child per entry in `roles`.

    `metrics` is the folder for the children's counters; each run has its own folder within it.
    """

    def __init__(self, host: str, port: int, roles: Sequence[Role], *, metrics: Path) -> None:
        self._metrics, self._counting = _folder_of_this_run(metrics)
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._host = host
        self._children = [self._start(role) for role in roles]
        self._stopping = threading.Event()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until stopped; `ready` is called once the site answers."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        announced = False
        begun = time.monotonic()
        try:
            while not self._stopping.wait(0.1):
                self._restart_dead()
                if not announced and self._answers():
                    announced = True
                    ready()
                if not announced and time.monotonic() - begun > START_PATIENCE:
                    raise Unavailable("the site does not answer; see the log above")
        finally:
            self._stop()

    def _start(self, role: Role) -> _Child:
        descriptor = self._socket.fileno()
        process = subprocess.Popen(  # noqa: S603 - our own program, with our own arguments
            [sys.executable, "-m", __name__, role, str(descriptor)],
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
            env=os.environ | {FOLDER_VARIABLE: str(self._metrics)},
            start_new_session=True,
        )
        return _Child(role, process, time.monotonic())

    def _restart_dead(self) -> None:
        for position, child in enumerate(self._children):
            lived = time.monotonic() - child.started
            if child.process.poll() is None or lived < _RESTART_PAUSE:
                continue
            log.warning("the %s ended with %s; restarting it", child.role, child.process.returncode)
            self._children[position] = self._start(child.role)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._host, self.port, timeout=2)
        try:
            connection.request("GET", LIVENESS)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _stop(self) -> None:
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE
        for child in self._children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._socket.close()
        self._counting.close()


def _folder_of_this_run(metrics: Path) -> tuple[Path, BinaryIO]:
    """A folder for the counters of this run, and the lock that marks it as in use.

    Folders of finished runs are removed; another run over the same data keeps its own.
    """
    metrics.mkdir(parents=True, exist_ok=True)
    with (metrics / ".lock").open("ab") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        for left in metrics.iterdir():
            if left.is_dir() and (lock := take_lock(left / ".lock")) is not None:
                shutil.rmtree(left, ignore_errors=True)
                lock.close()
            elif left.suffix == ".db":
                left.unlink(missing_ok=True)  # from a version with one folder for all runs
        folder = Path(mkdtemp(prefix="run-", dir=metrics.resolve()))
        held = take_lock(folder / ".lock")
    if held is None:
        raise Unavailable(f"{folder} is in use by another process")
    return folder, held


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket. Children of a parent just killed may still hold the port for a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(512)
        except OSError as error:
            listening.close()
            if time.monotonic() > deadline:
                raise Unavailable(f"cannot listen on {host}:{port}: {error.strerror}") from None
            time.sleep(0.2)
        else:
            return listening


# -- The children --------------------------------------------------------------------------------


def _leave_with_parent(stop: Callable[[], object]) -> None:
    """When standard input ends, the parent is gone: stop, and exit soon in any case."""

    def watch() -> None:
        # The parent holds the pipe's other end, which closes however the parent was killed.
        while os.read(0, 1):
            pass
        stop()
        time.sleep(3)
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _web(descriptor: int) -> None:
    # Imported here, as for the worker below: neither parent nor worker needs the site, and each
    # starts in half the time without it.
    import uvicorn

    from ..web.app import answering_head, create_app
    from ..web.security.timeouts import patient

    settings = load()
    _many_sockets()
    config = uvicorn.Config(
        cast("Any", answering_head(create_app(settings))),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application knows which proxies to trust
        date_header=True,
        timeout_graceful_shutdown=5,
        # h11, since the other parser limits neither the address nor the headers. No
        # limit_concurrency: it counts idle connections, which could then shut everyone else out.
        http=patient(settings.head_seconds, settings.body_seconds),
        timeout_keep_alive=settings.idle_seconds,
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = uvicorn.Server(config)
    _leave_with_parent(lambda: setattr(server, "should_exit", True))
    server.run(sockets=[socket.socket(fileno=descriptor)])


def _many_sockets() -> None:
    """Allow as many open files as the machine permits: each idle client holds one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _worker(_: int) -> None:
    from ..composition import open_market
    from .worker import work

    async def follow() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        _leave_with_parent(lambda: loop.call_soon_threadsafe(stopping.set))
        async with open_market(load()) as market:
            await work(market, stopping)

    asyncio.run(follow())


def _child() -> None:
    role, descriptor = sys.argv[1], int(sys.argv[2])
    with contextlib.suppress(KeyboardInterrupt):
        try:
            set_up_logs(load().log_format)
            {"web": _web, "worker": _worker}[role](descriptor)
        except MarketError as error:
            sys.exit(f"{role}: {error}")


if __name__ == "__main__":
    _child()
