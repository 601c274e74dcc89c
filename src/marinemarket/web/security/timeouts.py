"""Protection from slow clients: deadlines for a request's head and body, and for reading the
answer.

Uvicorn only limits idle connections; h11 waits for ever. Here a connection is closed if its request
does not arrive in time, with 408 if no answer has started. A body gets one more second for each 10
KB received, so a steady upload over a slow connection is not cut off. When a body is answered
before all of it has arrived, because it is too large, the rest is received for a while and
discarded. If the connection were closed at once, it would be reset and the answer lost, and a
reverse proxy would show its own 502 instead of our reason.
"""

from __future__ import annotations

import asyncio
import logging
import math
from enum import Enum
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

BYTES_A_SECOND = 10_000
LINGER_SECONDS = 5.0
LINGER_BYTES = 16_000_000
"""How long, and how much, of an unread body is still received."""
TOLD_SECONDS = 60

log = logging.getLogger(__name__)


class _Waiting(Enum):
    FOR_HEAD = "head"
    FOR_BODY = "body"


def patient(head_seconds: float, body_seconds: float, *, most: int) -> type[Patient]:
    """Uvicorn's protocol with these deadlines; clients must read an answer as fast as they must
    send a body. At most `most` connections are open.
    """

    class WithDeadlines(Patient):
        head, body, most_open = head_seconds, body_seconds, most

    return WithDeadlines


class Patient(H11Protocol):
    """A connection that knows what it is waiting for, and until when (in the loop's time)."""

    head: float
    body: float
    most_open: int
    told_at = -math.inf

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting: _Waiting | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._lingering: asyncio.TimerHandle | None = None
        self._thrown_away = 0
        self._silent_since = self.loop.time()

    def connection_made(  # type: ignore[override]  # narrower, as in the base class
        self, transport: asyncio.Transport
    ) -> None:
        self._line = transport
        has_room = len(self.connections) < self.most_open or self._make_room()
        super().connection_made(cast("asyncio.Transport", _Line(transport, self)))
        self._wait(_Waiting.FOR_HEAD)
        if not has_room:
            transport.abort()

    def _make_room(self) -> bool:
        """Close the connections that have been without a request for the longest, if there are any.

        Without a bound, the process would have no open files left, and could accept nobody.
        """
        now = self.loop.time()
        if now - type(self).told_at > TOLD_SECONDS:
            type(self).told_at = now
            log.warning(
                "%s connections are open, as many as one process allows (ulimit -n); "
                "those without a request make room", len(self.connections),
            )  # fmt: skip
        silent = [
            other
            for other in self.connections
            if isinstance(other, Patient)
            and other._awaited() is _Waiting.FOR_HEAD
            and not other._line.is_closing()
        ]
        silent.sort(key=lambda other: other._silent_since)
        for other in silent[: max(1, self.most_open // 16)]:
            other._line.abort()
        return bool(silent)

    @property
    def is_lingering(self) -> bool:
        return self._lingering is not None

    def hang_up(self) -> None:
        """Close the connection; if a body is still arriving, only after the client has received our
        answer.
        """
        line = self._line
        if (
            line.is_closing()
            or self._awaited() is not _Waiting.FOR_BODY
            or not line.can_write_eof()
        ):
            line.close()
        elif self._lingering is None:
            self._lingering = self.loop.call_later(LINGER_SECONDS, line.close)
            line.write_eof()
            line.resume_reading()

    def data_received(self, data: bytes) -> None:
        if self.is_lingering:
            self._thrown_away += len(data)
            if self._thrown_away > LINGER_BYTES:
                self._line.close()
            return
        super().data_received(data)
        if self._waiting is _Waiting.FOR_BODY:
            self._deadline += len(data) / BYTES_A_SECOND
        self._wait(self._awaited())

    def answer_once_more(self, close: tuple[bytes, bytes]) -> None:
        """If a request has been read and not yet answered, its answer announces the end with `close`.

        The server adds it to the answers of later requests.
        """
        if self.cycle is not None and not self.cycle.response_started:
            self.cycle.default_headers = [*self.cycle.default_headers, close]

    def close_if_silent(self, seconds: float, *, since: float) -> None:
        """Close the connection if no request is under way, and none has begun to arrive for so long.

        Only the time after `since` counts.
        """
        is_silent = self._awaited() is _Waiting.FOR_HEAD and not self.conn.trailing_data[0]
        if is_silent and self.loop.time() - max(self._silent_since, since) > seconds:
            self._line.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._silent_since = self.loop.time()
        # A next request that has begun to arrive, or the rest of a body that nobody read.
        awaited = self._awaited()
        if awaited is _Waiting.FOR_BODY or self.conn.trailing_data[0]:
            self._wait(awaited)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._timer, self._taking, self._lingering):
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
        self._line.close()


class _Line:
    """A transport for Uvicorn that the protocol decides when to close."""

    def __init__(self, transport: asyncio.Transport, protocol: Patient) -> None:
        self._transport, self._protocol = transport, protocol

    def close(self) -> None:
        self._protocol.hang_up()

    def is_closing(self) -> bool:
        return self._protocol.is_lingering or self._transport.is_closing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
