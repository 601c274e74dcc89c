"""Visitors who keep asking, and count what fails: nothing is tried again."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

from tests.servers import A_MINUTE, wait_for

PATHS = ("/health/live", "/api/v1/listings?limit=1", "/")
UPLOAD_PIECES = 60
PIECE_SECONDS = 0.1


class Load:
    """Visitors on kept connections, visitors with a new one each time, and slow senders.

    `answers` counts statuses, and whatever went wrong by its name.
    """

    def __init__(self, port: int, *, kept: int = 4, fresh: int = 2, senders: int = 2) -> None:
        self._port = port
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.uploads = 0
        kinds = (
            [self._keep_asking] * kept + [self._ask_anew] * fresh + [self._send_slowly] * senders
        )
        self._threads = [threading.Thread(target=kind, daemon=True) for kind in kinds]

    @property
    def failures(self) -> Counter[str]:
        return Counter({name: count for name, count in self.answers.items() if name != "200"})

    def wait_for_more(self) -> None:
        """Return after a hundred more answers and one more slow body."""
        answers, uploads = self.answers["200"] + 100, self.uploads
        wait_for(lambda: self.answers["200"] > answers and self.uploads > uploads)

    def _note(self, name: str) -> None:
        with self._lock:
            self.answers[name] += 1

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=A_MINUTE)

    def _ask(self, connection: http.client.HTTPConnection, path: str) -> None:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            self._note(str(answer.status))
        except (OSError, http.client.HTTPException) as error:
            self._note(repr(error))
            connection.close()

    def _keep_asking(self) -> None:
        connection = self._connection()  # opened again only where an answer says that it closes
        number = 0
        while not self._stopping.is_set():
            self._ask(connection, PATHS[number % len(PATHS)])
            number += 1
        connection.close()

    def _ask_anew(self) -> None:
        while not self._stopping.is_set():
            connection = self._connection()
            self._ask(connection, "/health/live")
            connection.close()
            time.sleep(0.005)

    def _send_slowly(self) -> None:
        """A search whose body takes several seconds to arrive."""
        while not self._stopping.is_set():
            connection = self._connection()
            try:
                connection.putrequest("POST", "/api/v1/search")
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(UPLOAD_PIECES * 100 + 2))
                connection.endheaders()
                for _ in range(UPLOAD_PIECES):
                    connection.send(b" " * 100)
                    time.sleep(PIECE_SECONDS)
                connection.send(b"{}")
                answer = connection.getresponse()
                answer.read()
                self._note(str(answer.status))
                self.uploads += 1
            except (OSError, http.client.HTTPException) as error:
                self._note(f"upload: {error!r}")
            finally:
                connection.close()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(A_MINUTE)
