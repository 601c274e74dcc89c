"""Hosts of the world, on this machine: each test says how they answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from marinemarket.fetching.fetcher import Fetcher

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def response(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Content_Length" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


@dataclass
class World:
    """One server under many names; `asked` are the heads of the requests that it got."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        return self.names.get(host, ["127.0.0.1"])

    def fetcher(self, **how: Any) -> Fetcher:
        """One for which this machine is the public internet, and 127.0.0.2 is private."""
        usual: dict[str, Any] = {
            "most": 100_000,
            "resolve": self.resolve,
            "allows": lambda address: str(address) == "127.0.0.1",
            "ports": {"http": self.port, "https": self.port},
        }
        return Fetcher(**(usual | how))


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    world = World(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            world.asked.append(head)
            answer = world.answers.get(head.split()[1], response("404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    world.port = server.sockets[0].getsockname()[1]
    async with server:
        yield world
