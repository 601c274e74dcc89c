"""Items: what may stand in one, and how large it may be, alike on every engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..errors import FieldError, Invalid, TooLarge
from .schema import Attribute, Kind, Table

Item = dict[str, Any]
KeyPart = str | int
Key = tuple[KeyPart, ...]

LARGEST_ITEM = 400 * 1024
MOST_DIGITS = 38
DEEPEST = 32


def check_item(table: Table, item: Mapping[str, Any]) -> int:
    """The size of an item in bytes, once it is known to be one that every engine keeps exactly.

    Values are text, int, Decimal, bool, None, and lists and mappings of these. Raises Invalid
    with the path of each offending value, or TooLarge beyond 400 KB.
    """
    errors = [*_value_errors("", item, 0), *_key_errors(table, item)]
    if errors:
        raise Invalid(errors)
    size = sum(_size(name) + _size(value) for name, value in item.items())
    if size > LARGEST_ITEM:
        raise TooLarge(f"an item of {table.name} has {size} bytes; at most {LARGEST_ITEM} fit")
    return size


def _key_errors(table: Table, item: Mapping[str, Any]) -> Iterator[FieldError]:
    for attribute in table.key_attributes:
        if attribute.name not in item:
            yield FieldError(attribute.name, f"is part of the key of {table.name}")
    for attribute in table.all_key_attributes:
        if attribute.name in item and not is_key_part(attribute, item[attribute.name]):
            yield FieldError(attribute.name, f"must be a {attribute.kind.name.lower()} to be a key")


def is_key_part(attribute: Attribute, value: Any) -> bool:
    """May this value stand in a key: text that is not empty, or a whole number of 64 bits?"""
    if attribute.kind is Kind.NUMBER:
        return type(value) is int and -(2**63) <= value < 2**63
    return isinstance(value, str) and 0 < len(value.encode(errors="replace")) <= 1024


def _value_errors(path: str, value: Any, depth: int) -> Iterator[FieldError]:
    if depth > DEEPEST:
        yield FieldError(path, f"is nested more than {DEEPEST} deep")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _text_errors(f"{path}.{name}".lstrip("."), name)
            yield from _value_errors(f"{path}.{name}".lstrip("."), inner, depth + 1)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _value_errors(f"{path}.{position}", inner, depth + 1)
    elif isinstance(value, str):
        yield from _text_errors(path, value)
    elif isinstance(value, Decimal | int):
        yield from _number_errors(path, value)
    elif value is not None:
        yield FieldError(path, f"is a {type(value).__name__}, which no engine keeps exactly")


def _text_errors(path: str, text: Any) -> Iterator[FieldError]:
    if not isinstance(text, str):
        yield FieldError(path, "has a name that is not text")
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        yield FieldError(path, "holds half of a character (a lone surrogate)")


def _number_errors(path: str, number: Decimal | int) -> Iterator[FieldError]:
    exact = Decimal(number)
    if not exact.is_finite():
        yield FieldError(path, "must be a finite number")
    elif exact and (len(_digits(exact)) > MOST_DIGITS or not -130 <= exact.adjusted() <= 125):
        yield FieldError(path, f"must have at most {MOST_DIGITS} digits, between 1e-130 and 1e125")


def _digits(number: Decimal) -> str:
    return "".join(map(str, number.as_tuple().digits)).strip("0")


def _size(value: Any) -> int:
    """Bytes, counted as DynamoDB counts them."""
    if isinstance(value, str):
        return len(value.encode())
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, int | Decimal):
        return len(_digits(Decimal(value))) // 2 + 2
    if isinstance(value, Mapping):
        return 3 + sum(1 + _size(name) + _size(inner) for name, inner in value.items())
    return 3 + sum(1 + _size(inner) for inner in value)
