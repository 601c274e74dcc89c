"""Cases 38 and 39 on a real server and real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import A_MINUTE, RunningMarket

BODY_SECONDS = 1.5


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARINEMARKET_HEAD_SECONDS", "1.5")
        patch.setenv("MARINEMARKET_BODY_SECONDS", str(BODY_SECONDS))
        patch.setenv("MARINEMARKET_IDLE_SECONDS", "1")
        data: Path = tmp_path_factory.mktemp("slow") / "data"
        with RunningMarket(data) as market:
            market.wait_until_ready()
            yield market


def _opened(market: RunningMarket, content: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", market.port), timeout=A_MINUTE)
    connection.sendall(content)
    return connection


def _until_closed(connection: socket.socket, drip: bytes = b"") -> bytes:
    """All that came until the other side closed; `drip` is sent again and again meanwhile."""
    heard, deadline = b"", time.monotonic() + A_MINUTE
    connection.settimeout(0.1)
    while True:
        assert time.monotonic() < deadline, "it was never closed"
        try:
            if drip:
                connection.sendall(drip)
            piece = connection.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            return heard
        if not piece:
            return heard
        heard += piece


POST = b"POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("begun", "drip", "answer"),
    [
        (b"", b"", b"HTTP/1.1 408"),
        (b"GET / HT", b"", b"HTTP/1.1 408"),
        (GET, b"X-A: b\r\n", b"HTTP/1.1 408"),
        (POST + b"Content-Length: 100000\r\n\r\n", b"", b"HTTP/1.1 408"),
        (POST + b"Content-Length: 100000\r\n\r\n", b" ", b"HTTP/1.1 408"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", b"HTTP/1.1 408"),
        (GET + b"Content-Length: 100000\r\n\r\n", b" ", b"HTTP/1.1 200"),
        (GET + b"\r\n", b"", b"HTTP/1.1 200"),
        (GET + b"\r\n" + GET, b"X-A: b\r\n", b"HTTP/1.1 200"),
    ],
    ids=[
        "silence", "half a line", "headers that never end", "no body", "a body in drops",
        "a chunked body in drops", "a body that nobody reads", "an idle connection",
        "a second head that never ends",
    ],
)  # fmt: skip
def test_case_39_a_client_that_takes_its_time_is_cut_off(
    running: RunningMarket, begun: bytes, drip: bytes, answer: bytes
) -> None:
    with _opened(running, begun) as connection:
        assert _until_closed(connection, drip).startswith(answer)


def test_case_39_500_idle_sockets_keep_nobody_from_being_served(running: RunningMarket) -> None:
    idle = [_opened(running, b"GET / HTTP/1.1\r\n") for _ in range(500)]
    try:
        assert running.get("/health/live")[0] == 200
        assert running.get("/boats")[0] == 200
        for connection in idle:
            assert _until_closed(connection).startswith(b"HTTP/1.1 408")
    finally:
        for connection in idle:
            connection.close()
    assert running.get("/health/live")[0] == 200


def test_case_39_who_sends_steadily_has_the_time_it_takes(running: RunningMarket) -> None:
    steady = b"7d0\r\n" + b" " * 2000 + b"\r\n"
    with _opened(running, POST + b"Transfer-Encoding: chunked\r\n\r\n") as connection:
        connection.sendall(b'13\r\n{"query": "oceanis"\r\n')
        # Twice as long as anybody may take who sends nothing to speak of.
        twice = time.monotonic() + 2 * BODY_SECONDS
        while time.monotonic() < twice:
            connection.sendall(steady)
            time.sleep(0.1)
        connection.sendall(b"1\r\n}\r\n0\r\n\r\n")
        assert connection.recv(20).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "length", [b"Content-Length: 1073741824\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"]
)
def test_case_38_a_body_of_a_gigabyte_is_refused_before_it_is_sent(
    running: RunningMarket, length: bytes
) -> None:
    with _opened(running, POST + length) as connection:
        piece = b" " * 65536 if b"Len" in length else b"10000\r\n" + b" " * 65536 + b"\r\n"
        sent = 0
        try:
            while sent < 2**30:
                connection.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        assert sent < 50_000_000
        heard = _until_closed(connection)
        assert b"HTTP/1.1 413" in heard
        assert b"connection: close" in heard.lower()


def test_case_38_who_waits_to_be_told_never_sends(running: RunningMarket) -> None:
    asked = POST + b"Content-Length: 1073741824\r\nExpect: 100-continue\r\n\r\n"
    with _opened(running, asked) as connection:
        assert _until_closed(connection).startswith(b"HTTP/1.1 413")


def test_the_reason_reaches_whoever_is_still_sending_a_body_that_is_too_large(
    running: RunningMarket,
) -> None:
    # Not every time was such a line reset before its answer was heard.
    for _ in range(20):
        with _opened(running, POST + b"Content-Length: 20000000\r\n\r\n") as connection:
            connection.sendall(b" " * 3_000_000)
            connection.settimeout(A_MINUTE)
            heard = b""
            while piece := connection.recv(65536):
                heard += piece
        assert heard.startswith(b"HTTP/1.1 413")
        assert b"problem+json" in heard, heard


def test_a_body_that_nobody_reads_keeps_no_connection_for_long(running: RunningMarket) -> None:
    with _opened(running, POST + b"Content-Length: 20000000\r\n\r\n") as connection:
        assert _until_closed(connection, b" " * 1000).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", [b"/api/v1/search", b"/health/live", b"/nowhere"])
def test_a_body_with_two_lengths_is_the_last_thing_that_a_connection_carries(
    running: RunningMarket, path: bytes
) -> None:
    """RFC 9112, 6.1: behind a proxy that counts otherwise, the rest may be somebody else's request."""
    both = b"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    begun = POST.replace(b"/api/v1/search", path) + both + GET + b"\r\n"
    with _opened(running, begun) as connection:
        heard = _until_closed(connection).lower()
    assert b"\r\nconnection: close\r\n" in heard
    assert heard.count(b"http/1.1 ") == 1, "what follows is not answered"
    with _opened(running, POST + b"Content-Length: 2\r\n\r\n{}" + GET + b"\r\n") as connection:
        assert _until_closed(connection).count(b"HTTP/1.1 200") == 2
