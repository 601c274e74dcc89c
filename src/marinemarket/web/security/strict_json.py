"""Parsing JSON from strangers: unambiguous, and bounded before anything looks at it.

What a body may hold in all is counted in its bytes, before they are decoded: values, and how deep
they are nested. Everything after that, above all validation, then costs little whatever was sent.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from litestar.exceptions import ClientException

from ...errors import FieldError, Invalid
from ...i18n.numbers import whole
from ...i18n.texts import gettext as _

MOST_VALUES = 4000
"""How many values a body may hold, those in lists and objects as well. A listing at every limit has
half as many.
"""
MOST_NESTED = 32
MOST_NAMES = 200
"""How many names one object may have. The largest that we know has about 40."""
LONGEST_NAME = 200
LONGEST_TEXT = 20_000
"""Characters of one text: twice the longest description, and more than any cursor."""
LONGEST_TEXTS = 300_000
"""Characters of all texts together. A listing at every limit has 210,000."""

_LONGEST_NUMBER = 300
_LONGEST_SHOWN = 60
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_OPENING = frozenset(b"[{")
_HALF = re.compile("[\ud800-\udfff]")


def strict_json(data: bytes) -> Any:
    """Parse JSON, refusing duplicate names, invalid numbers or text, and more than we ever take.

    Raises ClientException (400) for malformed or ambiguous JSON, Invalid for too much of anything,
    numbers out of range and lone surrogates, UnicodeDecodeError, and RecursionError for deep nesting.
    """
    _measure(data)
    text = data.decode()
    try:
        value = json.loads(
            text, object_pairs_hook=_unambiguous, parse_int=_whole, parse_float=_decimal
        )
    except json.JSONDecodeError as error:
        message = f"the body is not JSON: {error.msg} at character {error.pos}"
        raise ClientException(message) from None
    if wrong := [*_no_values(value)]:
        raise Invalid(wrong)
    return value


def _measure(data: bytes) -> None:
    """Raise Invalid or RecursionError if there are too many values, or they are nested too deep.

    Malformed JSON is measured wrongly only after the point where parsing it will end.
    """
    # A quote within a text is always escaped, and a backslash stands nowhere else.
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    # Each value has a text at most, and a name, each within two quotes. What follows more of them is
    # not split, and need not be.
    pieces = bare.split(b'"', 4 * MOST_VALUES + 1)
    structure = b"".join(pieces[::2])
    depth = 0
    for bracket in structure.translate(None, _NOT_BRACKETS)[: 2 * MOST_VALUES]:
        depth += 1 if bracket in _OPENING else -1
        if depth > MOST_NESTED:
            raise RecursionError
    separators = sum(map(structure.count, (b",", b"[", b"{")))
    if separators >= MOST_VALUES or len(pieces) > 4 * MOST_VALUES + 1:
        raise Invalid(
            [FieldError("body", _("must hold at most %(most)s values", most=whole(MOST_VALUES)))]
        )


def _whole(digits: str) -> int | float:
    # Beyond this int() takes ever longer; as a float it is found to be no figure.
    return int(digits) if len(digits) <= _LONGEST_NUMBER else math.inf


def _decimal(digits: str) -> float:
    return float(digits) if len(digits) <= _LONGEST_NUMBER else math.inf


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for name, value in pairs:
        if name in named:
            shown = name[:_LONGEST_SHOWN].encode(errors="replace").decode()
            raise ClientException(f"the name {shown} stands twice in one object")
        named[name] = value
    return named


def _no_values(value: Any) -> Iterator[FieldError]:
    """What a JSON parser accepts but no model should get, each with its path."""
    room = LONGEST_TEXTS
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        path, found = waiting.pop()
        if isinstance(found, str):
            room -= len(found)
            if room < 0:
                most = whole(LONGEST_TEXTS)
                message = _("must hold at most %(most)s characters of text", most=most)
                yield FieldError("body", message)
                return
            if why := _no_text(found, LONGEST_TEXT):
                yield FieldError(path or "body", why)
        elif isinstance(found, float) and not math.isfinite(found):
            yield FieldError(path or "body", _("must be a finite number of sensible size"))
        elif isinstance(found, list):
            waiting += [(_below(path, str(n)), inner) for n, inner in enumerate(found)]
        elif isinstance(found, dict):
            if why := _no_names(found):
                yield FieldError(path or "body", why)
            else:
                waiting += [(_below(path, name), inner) for name, inner in found.items()]


def _no_names(found: dict[str, Any]) -> str | None:
    if len(found) > MOST_NAMES:
        return _("must have at most %(most)s fields", most=MOST_NAMES)
    if all(_no_text(name, LONGEST_NAME) is None for name in found):
        return None
    if any(len(name) > LONGEST_NAME for name in found):
        return _("holds a name of more than %(most)s characters", most=LONGEST_NAME)
    return _("holds a name with half of a character")


def _no_text(text: str, most: int) -> str | None:
    if len(text) > most:
        return _("must be at most %(most)s characters", most=whole(most))
    if not text.isascii() and _HALF.search(text):
        return _("holds half of a character (a lone surrogate)")
    return None


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
