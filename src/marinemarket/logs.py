"""Logging: words for people or JSON for programs, with secrets masked in both.

Every line logged during a request carries its id. Secrets are masked in the finished text, including
exceptions and tracebacks, by their typical forms: sessions as ``Bearer``, cookies, the values of
``token=`` and similar parameters, password hashes.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from contextvars import ContextVar
from typing import Any, Literal

from pythonjsonlogger.json import JsonFormatter

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
REQUESTS = "marinemarket.requests"

MASK = "[masked]"
_NAMES = (
    r"(?:[a-z_-]*token|code|[a-z_-]*secret|secret_key|master_keys|[a-z_-]*password|challenge"
    r"|session|device|api_?key)"
)
_VALUE = r"""[^&\s"'#;,()<>]+"""
_SECRETS = (
    # A header that is secret as a whole, as text or as the pairs that servers pass around.
    (re.compile(r"(?i)\b((?:set-)?cookie|authorization)(\b['\"]?\s*[:=,])[^\r\n]+"), rf"\1\2 {MASK}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}"), rf"\1 {MASK}"),
    (re.compile(r"(?i)\$argon2[a-z]{1,2}\$[a-z0-9$=,+/.-]*"), MASK),
    (re.compile(rf"(?i)(?<![a-z0-9_-])({_NAMES}=)['\"]?{_VALUE}"), rf"\1{MASK}"),
    (re.compile(rf"(?i)(['\"]{_NAMES}\\?['\"]\s*:\s*\\?['\"])[^'\"]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(__(?:host|secure)-[\w-]{1,40}=)[^;\s'\"]+"), rf"\1{MASK}"),
    (re.compile(r"(://[^/\s:@]{1,100}:)[^/\s@]{1,200}@"), rf"\1{MASK}@"),
)  # fmt: skip


def masked(text: str) -> str:
    """A text with everything that looks like a secret masked."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def set_up_logs(form: Literal["words", "json"] = "words") -> None:
    """Log to standard error in this form from now on; requests are logged only as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger(REQUESTS).setLevel(logging.INFO if form == "json" else logging.WARNING)


def formatter(form: Literal["words", "json"]) -> logging.Formatter:
    """The formatter of this form; it masks every secret."""
    return _Json() if form == "json" else _Words()


class _Words(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        id = REQUEST_ID.get()
        text = super().formatMessage(record)
        return f"{text} (request {id})" if id else text

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class _Json(JsonFormatter):
    # UTC, as everywhere else: machines of one market may stand in several zones.
    converter = time.gmtime  # type: ignore[assignment]  # typeshed knows one signature of two
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Mask before the record becomes JSON, where escapes might hide a secret."""
        if id := REQUEST_ID.get():
            log_data["requestId"] = id
        return {
            name: value if isinstance(value, int | float | None) else masked(str(value))
            for name, value in super().process_log_record(log_data).items()
        }
