"""The parent of a running market's processes: web processes, and perhaps a worker.

It holds the listening socket, starts the others, restarts any that dies, and replaces them all at a
reload. Each child has a connection with it: when the parent is gone, for whatever reason, the children
exit too, and the next start finds the port and the index free.
"""

from __future__ import annotations

import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import MarketError, Unavailable
from . import children
from .child_connection import ChildConnection, MetricsAggregator
from .listening import notify
from .parent_connection import RELOAD_SECONDS, STOP_SECONDS
from .terminal import Terminal

log = logging.getLogger(__name__)

START_PATIENCE = 60
LEAVING_PATIENCE = 5
"""What a child may take longer than it should before it is killed."""
_RESTART_PAUSE = 1.0
_TICK = 0.1

Role = Literal["web", "worker"]


@dataclass(slots=True, eq=False)
class _Child:
    role: Role
    process: subprocess.Popen[bytes]
    connection: ChildConnection
    started: float
    is_replaced: bool = False
    """It was told to leave, and another is to take its place."""
    killed_at: float = float("inf")

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None


class Serving:
    """A running market on a listening socket, with one child per entry in `roles`.

    `check` raises MarketError where the settings, which children read anew, cannot be used.
    """

    def __init__(
        self,
        listening: socket.socket,
        roles: Sequence[Role],
        *,
        environment: dict[str, str],
        check: Callable[[], None],
    ) -> None:
        self._socket, self._environment, self._check = listening, environment, check
        self._metrics = MetricsAggregator()
        self._signals: list[int] = []
        self._children = [self._start(role) for role in roles]
        self._successors: list[_Child] = []
        self._leaving: list[_Child] = []
        self._terminal = Terminal()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until stopped; `ready` is called once the site answers."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _: self._signals.append(number))
        announced = False
        begun = time.monotonic()
        try:
            while not self._is_told_to_stop():
                self._restart_dead()
                self._continue_reload()
                if not announced and all(child.connection.is_ready for child in self._children):
                    announced = True
                    ready()
                    notify("READY=1")
                if not announced and time.monotonic() - begun > START_PATIENCE:
                    raise Unavailable("the site does not answer; see the log above")
                time.sleep(_TICK)
        finally:
            notify("STOPPING=1")
            self._stop()

    def _is_told_to_stop(self) -> bool:
        while self._signals:
            number = self._signals.pop(0)
            if number != signal.SIGHUP or self._terminal.is_gone:
                return True
            self._begin_reload()
        return False

    # -- Single children -------------------------------------------------------------------------

    def _start(self, role: Role) -> _Child:
        connection = ChildConnection(self._metrics)
        descriptors = [connection.descriptor]
        if role == "web":
            descriptors.append(self._socket.fileno())
        process = subprocess.Popen(  # noqa: S603 - our own program, with our own arguments
            [sys.executable, "-m", children.__name__, role, *map(str, descriptors)],
            stdin=subprocess.DEVNULL,
            pass_fds=descriptors,
            env=self._environment,
            start_new_session=True,
        )
        connection.started()
        return _Child(role, process, connection, time.monotonic())

    def _restart_dead(self) -> None:
        self._kill_late([*self._children, *self._leaving])
        self._leaving = [child for child in self._leaving if not child.is_dead]
        for position, child in enumerate(self._children):
            lived = time.monotonic() - child.started
            if not child.is_dead or lived < _RESTART_PAUSE:
                continue
            if not child.is_replaced:
                ended = child.process.returncode
                log.warning("the %s ended with %s; restarting it", child.role, ended)
            self._children[position] = self._start(child.role)

    def _kill_late(self, candidates: Sequence[_Child]) -> None:
        for child in candidates:
            if time.monotonic() > child.killed_at and not child.is_dead:
                log.warning("a %s process did not end in time, and was killed", child.role)
                child.process.kill()

    # -- Reload ----------------------------------------------------------------------------------

    def _begin_reload(self) -> None:
        """Start web processes with the code and settings of now; the old ones serve meanwhile."""
        notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        self._give_up_successors()  # of a reload that this one overtakes
        try:
            self._check()
        except MarketError as error:
            log.error("nothing was reloaded: %s", error)
            notify("READY=1")
            return
        self._successors = [
            self._start(child.role) for child in self._children if child.role == "web"
        ]
        if not self._successors:
            self._hand_over()

    def _continue_reload(self) -> None:
        """Once all of the new processes answer, the old ones finish what they have begun."""
        successors = self._successors
        if not successors:
            return
        is_late = time.monotonic() - successors[0].started > START_PATIENCE
        if is_late or any(child.is_dead for child in successors):
            log.error("nothing was reloaded: a new web process does not answer; see the log above")
            self._give_up_successors()
            notify("READY=1")
        elif all(child.connection.is_ready for child in successors):
            self._hand_over()

    def _hand_over(self) -> None:
        now = time.monotonic()
        for child in self._children:
            child.is_replaced = True
            if child.role == "web":
                child.killed_at = now + RELOAD_SECONDS + LEAVING_PATIENCE
                child.connection.drain()
                self._leaving.append(child)
            else:
                # Only one worker can work: the next one starts when this one has ended.
                _terminate([child])
        workers = [child for child in self._children if child.role != "web"]
        self._children, self._successors = [*self._successors, *workers], []
        log.warning("reloaded: new processes serve, the old ones finish what they have begun")
        notify("READY=1")

    # -- The end ---------------------------------------------------------------------------------

    def _stop(self) -> None:
        everyone = [*self._children, *self._successors, *self._leaving]
        _terminate(everyone)
        deadline = time.monotonic() + STOP_SECONDS + LEAVING_PATIENCE
        while any(not child.is_dead for child in everyone):
            is_urgent = bool(self._signals) and self._signals[-1] != signal.SIGHUP
            if is_urgent or time.monotonic() > deadline:
                for child in everyone:
                    child.process.kill()
            time.sleep(_TICK / 2)
        self._socket.close()

    def _give_up_successors(self) -> None:
        _terminate(self._successors)
        self._leaving += self._successors
        self._successors = []


def _terminate(ending: Sequence[_Child]) -> None:
    for child in ending:
        child.killed_at = time.monotonic() + STOP_SECONDS + LEAVING_PATIENCE
        if not child.is_dead:
            child.process.terminate()
