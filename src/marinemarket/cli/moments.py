"""Times as options."""

from __future__ import annotations

from typing import Any

import click

from ..clock import from_iso

_FORM = "must be an ISO 8601 time with its time zone, such as 2026-11-23T12:00:00Z"


class Moment(click.ParamType[int]):
    """A moment in Unix milliseconds.

    One without a fraction means its whole second: its last millisecond if `is_end`, else its first.
    """

    name = "time"

    def __init__(self, *, is_end: bool = False) -> None:
        self._is_end = is_end

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if isinstance(value, int):
            return value
        try:
            moment = from_iso(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} {_FORM}", param, ctx)
        if not 0 <= moment <= 253_402_300_799_999:
            self.fail(f"{value!r} must be between the years 1970 and 9999", param, ctx)
        return moment + 999 if self._is_end and "." not in value and "," not in value else moment
