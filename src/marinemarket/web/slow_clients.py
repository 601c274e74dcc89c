"""Clients that take their time: deadlines for a request's head and body, and for taking the answer.

Uvicorn limits how long an idle connection is kept, and nothing else; h11 waits for ever. Here a
connection is closed whose request does not arrive in time, with 408 where no answer has begun. A
body has a second more for each 10 KB that came: who uploads steadily from a harbour is not cut off.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

BYTES_A_SECOND = 10_000


class _Waiting(Enum):
    FOR_HEAD = "head"
    FOR_BODY = "body"


def patient(head_seconds: float, body_seconds: float) -> type[H11Protocol]:
    """Uvicorn's protocol with these deadlines; an answer must be taken as a body is given."""

    class Patient(_Deadlines):
        head, body = head_seconds, body_seconds

    return Patient


class _Deadlines(H11Protocol):
    """A connection that knows what it waits for, and until when (the loop's time)."""

    head: float
    body: float

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting: _Waiting | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(_Waiting.FOR_HEAD)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._waiting is _Waiting.FOR_BODY:
            self._deadline += len(data) / BYTES_A_SECOND
        self._wait(self._awaited())

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # A next request that has begun to arrive, or the rest of a body that nobody read.
        awaited = self._awaited()
        if awaited is _Waiting.FOR_BODY or self.conn.trailing_data[0]:
            self._wait(awaited)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._timer, self._taking):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self.loop.call_later(self.body, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()

    def _awaited(self) -> _Waiting | None:
        if self.conn.their_state is h11.IDLE:
            return _Waiting.FOR_HEAD
        return _Waiting.FOR_BODY if self.conn.their_state is h11.SEND_BODY else None

    def _wait(self, awaited: _Waiting | None) -> None:
        if awaited is self._waiting:
            return
        self._waiting = awaited
        if self._timer is not None:
            self._timer.cancel()
        if awaited is not None:
            seconds = self.head if awaited is _Waiting.FOR_HEAD else self.body
            self._deadline = self.loop.time() + seconds
            self._timer = self.loop.call_at(self._deadline, self._check)

    def _check(self) -> None:
        if self.transport.is_closing():
            return
        if self.loop.time() < self._deadline or self.flow.read_paused:
            # More came meanwhile; or it is we who are not reading.
            later = max(self._deadline, self.loop.time() + 0.1)
            self._timer = self.loop.call_at(later, self._check)
            return
        self._refuse()

    def _refuse(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [("Connection", "close"), ("Content-Length", "0")]
            answer = h11.Response(status_code=408, headers=headers, reason=b"Request Timeout")
            self.transport.write(
                (self.conn.send(answer) or b"") + (self.conn.send(h11.EndOfMessage()) or b"")
            )
        self.transport.close()
