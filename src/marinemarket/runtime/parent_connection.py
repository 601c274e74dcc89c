"""A child's connection with its parent, and the messages that go over it.

It is a pair of sockets in memory, which nothing on the disk can disturb. It closes when either process
ends, however that happens, so each notices that the other is gone.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from enum import Enum
from multiprocessing.connection import Connection

from ..errors import Unavailable
from ..metrics import Counts

PUSH_SECONDS = 10
"""The most that is uncounted of a child that is killed."""
SUM_SECONDS = 10
STOP_SECONDS = 30
"""What a child has begun may take this long when the market stops."""
RELOAD_SECONDS = 300
"""The same at a reload, where others have taken over."""


class Message(bytes, Enum):
    """The first byte of a message; the rest is its content."""

    READY = b"r"
    """From the child: it answers requests."""
    COUNTS = b"c"
    """From the child: what it has counted, unasked."""
    COUNTS_ASKED = b"C"
    """From the parent: what have you counted? From the child: this."""
    SUM = b"s"
    """From the child, with its counts: what have all counted? From the parent: this, as text."""
    DRAIN = b"d"
    """From the parent: answer what has begun, take nothing new, and leave."""


class ParentConnection:
    """The child's end. `drain` and `parent_is_gone` are called in a thread of their own."""

    def __init__(
        self,
        connection: Connection,
        *,
        drain: Callable[[], object],
        parent_is_gone: Callable[[], object],
    ) -> None:
        self._connection = connection
        self._drain, self._parent_is_gone = drain, parent_is_gone
        self._sending = threading.Lock()
        self._awaited: deque[Future[bytes]] = deque()
        threading.Thread(target=self._receive, name="parent-connection", daemon=True).start()

    def tell_ready(self) -> None:
        self._send(Message.READY)

    def tell_counts(self) -> None:
        """To be called at the end, so that nothing is uncounted."""
        self._send(Message.COUNTS, Counts.now().to_bytes())

    async def exposition(self) -> bytes:
        """What all the parent's children have counted, in Prometheus's text format.

        Raises Unavailable if the parent does not answer.
        """
        answer: Future[bytes] = Future()
        self._awaited.append(answer)
        await asyncio.to_thread(self._send, Message.SUM, Counts.now().to_bytes())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), SUM_SECONDS)
        except TimeoutError:
            raise Unavailable("the other processes' metrics cannot be had now") from None

    def _send(self, message: Message, content: bytes = b"") -> None:
        with self._sending, suppress(OSError):  # the parent is gone: the other thread notices
            self._connection.send_bytes(message + content)

    def _receive(self) -> None:
        try:
            while True:
                if self._connection.poll(PUSH_SECONDS):
                    self._take(self._connection.recv_bytes())
                else:
                    self.tell_counts()
        except (EOFError, OSError):
            self._parent_is_gone()

    def _take(self, received: bytes) -> None:
        message, content = Message(received[:1]), received[1:]
        if message is Message.COUNTS_ASKED:
            self._send(Message.COUNTS_ASKED, Counts.now().to_bytes())
        elif message is Message.DRAIN:
            self._drain()
        elif message is Message.SUM:
            answer = self._awaited.popleft()
            if answer.set_running_or_notify_cancel():
                answer.set_result(content)


def connection_to_parent(descriptor: int) -> Connection:
    """The connection whose descriptor the parent handed over; no process started here inherits it."""
    os.set_inheritable(descriptor, False)
    return Connection(descriptor)
