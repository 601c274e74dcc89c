"""The parent's end of the connection with a child, and the sum of what the children count."""

from __future__ import annotations

import queue
import socket
import threading
import time
from multiprocessing.connection import Connection

from ..metrics import Counts, exposition
from .parent_connection import Message

COUNTS_SECONDS = 2.0
"""How long a child may take to tell its counts; a frozen one counts as it last told."""


class MetricsAggregator:
    """Sums what children have counted, those that have ended included: counters never go back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._living: list[ChildConnection] = []
        self._ended = Counts()

    def add(self, child: ChildConnection) -> None:
        with self._lock:
            self._living.append(child)

    def remove(self, child: ChildConnection) -> None:
        """Of a child that has ended, keep the counts."""
        with self._lock:
            self._living.remove(child)
            self._ended.add(child.counts, ended=True)

    def total(self, asking: ChildConnection) -> Counts:
        """The sum, with fresh counts of all but the child that asks, which has just sent its own."""
        total = Counts()
        with self._lock:
            total.add(self._ended)
            others = [child for child in self._living if child is not asking]
        awaited = [(child, child.ask()) for child in others]
        deadline = time.monotonic() + COUNTS_SECONDS
        for child, number in awaited:
            child.wait(number, deadline)
            total.add(child.counts)
        total.add(asking.counts)
        return total


class ChildConnection:
    """The parent's end. Nothing here waits for the child in the caller's thread, except `wait`."""

    def __init__(self, aggregator: MetricsAggregator) -> None:
        ours, theirs = socket.socketpair()
        self._theirs = theirs
        self.descriptor = theirs.fileno()
        """For the child; `started` closes ours."""
        self._connection = Connection(ours.detach())
        self._aggregator = aggregator
        self._ready = threading.Event()
        self._counts = b"[]"
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._told = threading.Condition()
        self._asked = self._answered = 0
        self._is_gone = False

    def started(self) -> None:
        """Begin to listen, once the child has its end."""
        self._theirs.close()
        self._aggregator.add(self)
        for target in (self._receive, self._deliver):
            threading.Thread(target=target, name="child-connection", daemon=True).start()

    @property
    def is_ready(self) -> bool:
        """Has the child said that it answers requests?"""
        return self._ready.is_set()

    @property
    def counts(self) -> Counts:
        """As the child last told them."""
        return Counts.of(self._counts)

    def drain(self) -> None:
        self._to_send.put(Message.DRAIN.value)

    def ask(self) -> int:
        """Ask for fresh counts; returns the number of the answer to wait for."""
        with self._told:
            if self._is_gone:
                return self._answered
            # An answer that is under way may be older than this question; another follows it.
            if self._asked == self._answered:
                self._to_send.put(Message.COUNTS_ASKED.value)
            self._asked += 1
            return self._asked

    def wait(self, number: int, deadline: float) -> None:
        """Return when this answer is there, or at the deadline."""
        with self._told:
            while self._answered < number and (left := deadline - time.monotonic()) > 0:
                self._told.wait(left)

    def _deliver(self) -> None:
        while (content := self._to_send.get()) is not None:
            try:
                self._connection.send_bytes(content)
            except OSError:
                return

    def _receive(self) -> None:
        try:
            while True:
                self._take(self._connection.recv_bytes())
        except (EOFError, OSError):
            self._aggregator.remove(self)
            self._to_send.put(None)
            with self._told:
                self._is_gone = True
                self._answered = self._asked
                self._told.notify_all()

    def _take(self, received: bytes) -> None:
        message, content = Message(received[:1]), received[1:]
        if message is Message.READY:
            self._ready.set()
            return
        self._counts = content
        if message is Message.COUNTS_ASKED:
            with self._told:
                self._answered += 1
                if self._answered < self._asked:
                    self._to_send.put(Message.COUNTS_ASKED.value)
                self._told.notify_all()
        elif message is Message.SUM:
            # In another thread: here the child's counts arrive, for which others may be waiting.
            threading.Thread(target=self._answer_sum, daemon=True).start()

    def _answer_sum(self) -> None:
        text = exposition(self._aggregator.total(self))
        self._to_send.put(Message.SUM.value + text)
