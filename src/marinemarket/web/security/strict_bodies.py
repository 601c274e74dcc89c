"""Strict reading of request bodies: uncompressed, bounded, and strict JSON.

Compressed bodies are refused, since a few bytes can expand until memory is full. A body that is too
large or never ends is not read to the end; its connection is closed.
"""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict, MutableScopeHeaders
from litestar.enums import RequestEncodingType, ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send

from .strict_forms import check_texts, url_encoded_form
from .strict_json import strict_json

LARGEST_BODY = 1_000_000


class BodyRequest(Request[Any, Any, Any]):
    """A request whose body is parsed strictly; handlers with a `JSONBody` parameter get it parsed."""

    async def json(self) -> Any:
        """The body as JSON. Raises HTTPException 415 and 400, or Invalid naming the field."""
        kind = self.content_type[0].lower()
        if kind != "application/json" and not (
            kind.startswith("application/") and kind.endswith("+json")
        ):
            raise HTTPException(status_code=415, detail="send JSON, as application/json")
        return strict_json(await self.body())

    async def form(self) -> FormMultiDict:
        """The fields of a form, with its files. Raises TooLarge, ClientException."""
        if self.content_type[0] != RequestEncodingType.URL_ENCODED:
            form = await super().form()
            check_texts(form)
            return form
        state: dict[str, Any] = self.scope["state"]
        if "form" not in state:
            state["form"] = url_encoded_form(await self.body())
        found: FormMultiDict = state["form"]
        return found


def plain_bodies(app: ASGIApp) -> ASGIApp:
    """The application, protected from compressed, truncated and endless bodies."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        headers = {name: value.strip().lower() for name, value in scope["headers"]}
        is_whole = not _has_body(headers)

        async def receiving() -> ReceiveMessage:
            nonlocal is_whole
            message = await receive()
            if message["type"] == "http.disconnect" and not is_whole:
                raise HTTPException(status_code=408, detail="the body did not arrive")
            if message["type"] == "http.request" and not message.get("more_body"):
                is_whole = True
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_whole and _is_long(headers):
                MutableScopeHeaders.from_message(message)["Connection"] = "close"
            await send(message)

        is_plain = headers.get(b"content-encoding", b"identity") == b"identity"
        # Refused when it is read, so that the answer is made like any other.
        await app(scope, receiving if is_plain else _refused, sending)

    return answer


async def _refused() -> ReceiveMessage:
    raise HTTPException(status_code=415, detail="send the body as it is, without an encoding")


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def _is_long(headers: dict[bytes, bytes]) -> bool:
    """Whether a body is, or may be, over the limit."""
    length = headers.get(b"content-length", b"")
    return not length.isdigit() or len(length) > 18 or int(length) > LARGEST_BODY
