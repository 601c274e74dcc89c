"""A server in OpenSearch's place that fails in whatever way a test wants.

While it is well it answers only what the engine asks about its position. Stopped, its port is closed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

from marinemarket.search.opensearch.mapping import SCHEMA_VERSION

ALIAS = "boats"
POSITION = "feed:7"


class FaultyServer:
    """Answers according to `mood`: ``well``, ``hang``, ``drop``, ``not-json``, or a status.

    Two moods separated by a comma take turns.
    """

    def __init__(self) -> None:
        self.mood = "well"
        self.position = POSITION
        self.asked = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line.partition(b":")[2]) for line in head.lower().split(b"\r\n")
                     if line.startswith(b"content-length:")), 0,
                )  # fmt: skip
                await reader.readexactly(length)
                self.asked += 1
                moods = self.mood.split(",")
                mood = moods[self.asked % len(moods)]
                if mood == "drop":
                    break
                if mood == "hang":
                    await asyncio.sleep(3600)
                writer.write(self._response(mood, head.split(b" ")[1].decode()))
                await writer.drain()
        self._open.discard(writer)
        writer.close()

    def _response(self, mood: str, path: str) -> bytes:
        status, kind, body = "200 OK", "application/json", "{}"
        if mood == "well":
            if path.startswith("/_alias/"):
                alias = path.removeprefix("/_alias/")
                body = f'{{"{alias}-v{SCHEMA_VERSION}-one": {{"aliases": {{"{alias}": {{}}}}}}}}'
            elif "/_doc/" in path:
                body = f'{{"found": true, "fields": {{"position": ["{self.position}"]}}}}'
            elif path.endswith("/_search") or "/_search?" in path:
                body = '{"hits": {"hits": [], "total": {"value": 0}}, "aggregations": {}}'
        elif mood == "not-json":
            kind, body = "text/html", "<h1>Welcome to the proxy</h1>"
        else:
            status, body = f"{mood} Trouble", '{"error": "trouble"}'
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return (head + body).encode()
