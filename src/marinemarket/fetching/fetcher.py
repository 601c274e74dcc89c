"""Fetching a file from an address that somebody named: bounded, and never into a private network.

At each hop the host's name is resolved once, every address it has must be public, and the connection
goes to one of those: a name that means something else a moment later changes nothing. TLS still checks
the certificate for the name. No cookies, no credentials, no proxy of the environment.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin

import h11

from .. import __version__
from .public_addresses import PORTS, Address, Forbidden, checked_addresses, checked_url, is_public

MOST_HOPS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LARGEST_HEAD: Final = 65_536
_PIECE: Final = 65_536

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Unfetched(Exception):
    """Nothing was fetched; the message says why. `is_final` if there is no use in trying again."""

    def __init__(self, message: str, *, is_final: bool) -> None:
        self.is_final = is_final
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at `url`, after redirects. `content` is None if it has not changed since last time.

    `etag` and `modified` are for the next request, `media_type` is only what the host claims.
    """

    url: str
    content: bytes | None
    media_type: str = ""
    etag: str | None = None
    modified: str | None = None


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches files of at most `most` bytes, each within `seconds`, redirects and all.

    `contact` is where whoever runs the other host can read who asks. The rest is for tests: `allows`
    decides about addresses, `ports` are those of each scheme.
    """

    most: int
    seconds: float = 30
    contact: str = ""
    resolve: Resolve = resolve
    allows: Callable[[Address], bool] = is_public
    ports: Mapping[str, int] = field(default_factory=lambda: PORTS)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def fetch(
        self, url: str, *, accept: str = "*/*", etag: str | None = None, modified: str | None = None
    ) -> Fetched:
        """What is at an address; with `etag` or `modified`, only if it has changed. Raises Unfetched."""
        headers = {"Accept": accept}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(url, headers)
        except TimeoutError:
            raise Unfetched("took too long", is_final=False) from None
        except Forbidden as error:
            raise Unfetched(str(error), is_final=True) from None
        except ssl.SSLCertVerificationError:
            raise Unfetched("has no valid certificate", is_final=False) from None
        except (OSError, UnicodeError, h11.RemoteProtocolError, zlib.error) as error:
            raise Unfetched(f"cannot be reached: {error}"[:200], is_final=False) from None

    async def _follow(self, url: str, headers: Mapping[str, str]) -> Fetched:
        is_secure = False
        for _hop in range(MOST_HOPS + 1):
            parts = checked_url(url, secure=is_secure)
            is_secure = parts.scheme == "https"
            async with self._asked(parts, headers) as exchange:
                answer = await exchange.answer()
                if answer.status_code in _REDIRECTS:
                    url = urljoin(url, exchange.header("location") or "")
                    continue
                return await self._taken(url, answer.status_code, exchange)
        raise Unfetched("redirects too often", is_final=True)

    async def _taken(self, url: str, status: int, exchange: _Exchange) -> Fetched:
        etag, modified = exchange.header("etag"), exchange.header("last-modified")
        if status == 304:
            return Fetched(url, None, etag=etag, modified=modified)
        if status != 200:
            is_final = 400 <= status < 500 and status not in (408, 425, 429)
            raise Unfetched(f"answers {status}", is_final=is_final)
        content = await exchange.content(self.most)
        return Fetched(url, content, exchange.header("content-type") or "", etag, modified)

    @asynccontextmanager
    async def _asked(
        self, parts: SplitResult, headers: Mapping[str, str]
    ) -> AsyncIterator[_Exchange]:
        """A request on its way, to one of the addresses that were checked."""
        host = (
            (parts.hostname or "").encode("idna").decode()
            if not _is_literal(parts)
            else parts.hostname or ""
        )
        port = self.ports[parts.scheme]
        addresses = checked_addresses(await self.resolve(host, port), self.allows)
        is_secure = parts.scheme == "https"
        reader, writer = await asyncio.open_connection(
            str(addresses[0]),
            port,
            ssl=self.tls if is_secure else None,
            server_hostname=host if is_secure else None,
            limit=_PIECE,
        )
        try:
            exchange = _Exchange(reader)
            shown = f"[{host}]" if ":" in host else host
            agent = f"MarineMarket/{__version__}" + (f" (+{self.contact})" if self.contact else "")
            asked = {
                "Host": shown,
                "User-Agent": agent,
                "Accept-Encoding": "gzip",
                "Connection": "close",
            }
            writer.write(exchange.request(_target(parts), {**asked, **headers}))
            await writer.drain()
            yield exchange
        finally:
            writer.transport.abort()  # a host that goes on sending is not listened to


class _Exchange:
    """One request and its answer."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._headers: dict[str, str] = {}

    def request(self, target: str, headers: Mapping[str, str]) -> bytes:
        try:
            asked = h11.Request(method="GET", target=target, headers=list(headers.items()))
        except h11.LocalProtocolError:
            raise Forbidden("is no address") from None
        return (self._http.send(asked) or b"") + (self._http.send(h11.EndOfMessage()) or b"")

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_PIECE))
        return event

    async def answer(self) -> h11.Response:
        event = await self._next()
        while isinstance(event, h11.InformationalResponse):
            event = await self._next()
        if not isinstance(event, h11.Response):
            raise OSError("it ended without an answer")
        for name, value in event.headers:
            self._headers.setdefault(name.decode("latin-1"), value.decode("latin-1"))
        return event

    def header(self, name: str) -> str | None:
        return self._headers.get(name)

    async def content(self, most: int) -> bytes:
        """The content, unpacked. Raises Unfetched once it is larger than `most` bytes."""
        encoding = (self.header("content-encoding") or "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise Unfetched("comes in an encoding that was not asked for", is_final=True)
        length = self.header("content-length") or ""
        if length.isdigit() and int(length[:18]) > most:
            raise Unfetched("is too large", is_final=True)
        unpack = None if encoding == "identity" else zlib.decompressobj(wbits=31)
        content, received = bytearray(), 0
        while isinstance(event := await self._next(), h11.Data):
            received += len(event.data)
            piece = bytes(event.data)
            content += (
                piece if unpack is None else unpack.decompress(piece, most - len(content) + 1)
            )
            if received > most or len(content) > most:
                raise Unfetched("is too large", is_final=True)
        if not isinstance(event, h11.EndOfMessage) or (unpack is not None and not unpack.eof):
            raise OSError("it ended before it was complete")
        return bytes(content)


def _is_literal(parts: SplitResult) -> bool:
    return ":" in (parts.hostname or "")


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    # What is not ASCII is sent as browsers do.
    return "".join(
        sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode())
        for sign in target
    )
