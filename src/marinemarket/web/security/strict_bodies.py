"""Strict parsing of request bodies: uncompressed, bounded, unambiguous JSON.

Compressed bodies are refused, since a few bytes can expand until memory is full. A body that is too
large or never ends is not read to the end; its connection is closed.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import ClientException, HTTPException
from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send

from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _

LARGEST_BODY = 1_000_000
_MOST_DIGITS = 300
_LONGEST_SHOWN = 60
# Nearly no body has any of these, and then each of its values need not be looked at again.
_ODD = re.compile(r"NaN|Infinity|\\u[dD][89a-fA-F]|[0-9]{100}|[eE]\+?[0-9]{3}")


class BodyRequest(Request[Any, Any, Any]):
    """A request with strict JSON parsing; handlers with a `JSONBody` parameter get it."""

    async def json(self) -> Any:
        """The body as JSON. Raises HTTPException 415 and 400, or Invalid naming the field."""
        kind = self.content_type[0].lower()
        if kind != "application/json" and not (
            kind.startswith("application/") and kind.endswith("+json")
        ):
            raise HTTPException(status_code=415, detail="send JSON, as application/json")
        return strict_json(await self.body())


def strict_json(data: bytes) -> Any:
    """Parse JSON, refusing duplicate names and invalid numbers or text.

    Raises ClientException (400) for malformed or ambiguous JSON, Invalid for numbers out of range
    and lone surrogates, UnicodeDecodeError, and RecursionError for deep nesting.
    """
    text = data.decode()
    is_odd = _ODD.search(text) is not None
    try:
        value = json.loads(
            text, object_pairs_hook=_unambiguous, parse_int=_whole if is_odd else None
        )
    except json.JSONDecodeError as error:
        message = f"the body is not JSON: {error.msg} at character {error.pos}"
        raise ClientException(message) from None
    if is_odd and (wrong := list(_no_values(value))):
        raise Invalid(wrong)
    return value


def _whole(digits: str) -> int | float:
    # Beyond this int() takes ever longer; as a float it is found to be no figure.
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        shown = twice[:_LONGEST_SHOWN].encode(errors="replace").decode()
        raise ClientException(f"the name {shown} stands twice in one object")
    return named


def _no_values(value: Any) -> Iterator[FieldError]:
    """Values that a JSON parser accepts but no model should get, each with its path."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        path, found = waiting.pop()
        if isinstance(found, float) and not math.isfinite(found):
            yield FieldError(path or "body", _("must be a finite number of sensible size"))
        elif isinstance(found, str) and not _is_text(found):
            yield FieldError(path or "body", "holds half of a character (a lone surrogate)")
        elif isinstance(found, list):
            waiting += [(_below(path, str(n)), inner) for n, inner in enumerate(found)]
        elif isinstance(found, dict):
            for name, inner in found.items():
                if not _is_text(name):
                    yield FieldError(path or "body", "holds a name with half of a character")
                else:
                    waiting.append((_below(path, name), inner))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


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
