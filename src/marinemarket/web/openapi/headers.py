"""Header fields of requests and answers, each described once."""

from __future__ import annotations

from typing import Any

from ...accounts.idempotency import LONGEST_KEY

_TEXT = {"type": "string"}

REQUEST_FIELDS: dict[str, dict[str, Any]] = {
    "If-Match": {
        "required": True,
        "description": "The ETag of the version that this is based on, in quotes; `*` for any. "
        "Without it the answer is 428, and 412 if the version has changed since.",
        "schema": _TEXT,
        "example": '"1764512345678"',
    },
    "If-None-Match": {
        "required": False,
        "description": "ETags that you have already: if one is current, the answer is 304.",
        "schema": _TEXT,
        "example": '"1764512345678"',
    },
    "Idempotency-Key": {
        "required": False,
        "description": "A name of your own for this request, such as a UUID. Sent again with the same "
        "key within a day, the request is not carried out twice: the answer is the first one's.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_KEY,
            "pattern": r"^[\x20-\x7e]+$",
        },
        "example": "5f0c1a52-8a39-4f6e-9d0e-3f1f6f6f1a11",
    },
}

FIELDS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "The version, for `If-Match` and `If-None-Match`.",
        "required": True,
        "schema": _TEXT,
    },
    "Location": {
        "description": "The path of what was created.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {
        "description": "How many seconds to wait before the next attempt.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {
        "description": "How to prove who you are; absent where a password or code was wrong.",
        "schema": _TEXT,
    },
    "RateLimit-Policy": {
        "description": "The limit: `q` requests within `w` seconds "
        "(draft-ietf-httpapi-ratelimit-headers). Absent if the market sets none.",
        "schema": _TEXT,
    },
    "RateLimit": {
        "description": "What is left of the limit: `r` requests, renewed in `t` seconds.",
        "schema": _TEXT,
    },
    "Set-Cookie": {
        "description": "The session's cookie, and the device's.",
        "schema": _TEXT,
    },
    "Content-Disposition": {
        "description": "The name of the file to save it as.",
        "required": True,
        "schema": _TEXT,
    },
    "Cache-Control": {
        "description": "How long the answer may be kept, and by whom.",
        "schema": _TEXT,
    },
}
