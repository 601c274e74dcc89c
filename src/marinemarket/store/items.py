"""Items: which values they may hold, and how large they may be, the same on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Any

from ..errors import FieldError, Invalid, TooLarge
from ..wire import encode_sorted
from .schema import Attribute, Kind, Table

Item = dict[str, Any]
KeyPart = str | int
Key = tuple[KeyPart, ...]

LARGEST_ITEM = 400 * 1024
MOST_DIGITS = 38
DEEPEST = 32
LONGEST_KEY_PART = 1024
LONGEST_ID = 200

STAMP = "shape"
"""The attribute in which the store notes an item's version. It is not part of the item's data."""

_EXACTLY = Context(prec=MOST_DIGITS, Emin=-200, Emax=200)


def check_item(table: Table, item: Item) -> int:
    """The size of an item in bytes, after checking that every engine can store it exactly.

    Values are text, int, Decimal, bool, None, and lists and dictionaries of these. Raises Invalid
    with the path of each offending value, or TooLarge above 400 KB, not counting the version.
    """
    # Nearly every item is valid: a quick test first, and the search for errors only if it fails.
    errors = [] if is_fit(item) else [*value_errors("", item)]
    if errors := [*errors, *_key_errors(table, item)]:
        raise Invalid(errors)
    size = sum(_size(name) + _size(value) for name, value in item.items() if name != STAMP)
    if size > LARGEST_ITEM:
        raise TooLarge(f"an item of {table.name} has {size} bytes; at most {LARGEST_ITEM} fit")
    return size


def same(one: Any, other: Any) -> bool:
    """Whether every engine treats them as one value: 1 and 1.0, [1] and (1,), but not 1 and true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def canonical(item: Item) -> bytes:
    """The canonical text of an item: JSON, names sorted, each number in one notation.

    Items that are the `same` have the same text, whichever engine stored them.
    """
    return encode_sorted(_respelt(item))


def _respelt(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if is_whole(value) else Decimal(value).normalize(_EXACTLY)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value() and -(2**63) <= value < 2**63
        return int(value) if whole else value.normalize(_EXACTLY)
    if isinstance(value, dict):
        return {name: _respelt(inner) for name, inner in value.items()}
    return [_respelt(inner) for inner in value]


def has_expired(table: Table, item: Item, now: int) -> bool:
    """Has the item expired? `now` is in milliseconds."""
    expires = item.get(table.ttl) if table.ttl else None
    return expires is not None and bool(expires <= now // 1000)


def _key_errors(table: Table, item: Item) -> Iterator[FieldError]:
    for attribute in table.key_attributes:
        if attribute.name not in item:
            yield FieldError(attribute.name, f"is part of the key of {table.name}")
    for attribute in table.all_key_attributes:
        if attribute.name in item and not is_key_part(attribute, item[attribute.name]):
            yield FieldError(attribute.name, f"must be a {attribute.kind.name.lower()} to be a key")
    if table.ttl and not is_whole(item.get(table.ttl, 0)) and item[table.ttl] is not None:
        yield FieldError(table.ttl, "must be a whole number of seconds")


def may_be_id(text: str) -> bool:
    """May somebody mean an item by this text, such as a part of an address? No id is longer."""
    return 0 < len(text.encode()) <= LONGEST_ID


def is_key_part(attribute: Attribute, value: Any) -> bool:
    """Whether a value may be part of a key: non-empty text, or a 64-bit integer."""
    if attribute.kind is Kind.NUMBER:
        return is_whole(value)
    if not isinstance(value, str) or not _is_text(value):
        return False
    return 0 < len(value.encode()) <= LONGEST_KEY_PART


def is_whole(value: Any) -> bool:
    """Is it a 64-bit integer?"""
    return type(value) is int and -(2**63) <= value < 2**63


def is_fit(value: Any, depth: int = 0) -> bool:
    """Is the value certainly valid? If False, `value_errors` decides."""
    kind = type(value)
    if isinstance(value, str):
        return _is_text(value)
    if kind is int or kind is Decimal:
        return is_whole(value) or not any(_number_errors("", value))
    if kind is dict:
        return depth < DEEPEST and all(
            name != "" and _is_text(name) and is_fit(inner, depth + 1)
            for name, inner in value.items()
        )
    if kind is list or kind is tuple:
        return depth < DEEPEST and all(is_fit(inner, depth + 1) for inner in value)
    return value is None or kind is bool


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and (value.isascii() or not any(_text_errors("", value)))


def value_errors(path: str, value: Any, depth: int = 0) -> Iterator[FieldError]:
    """Everything that keeps a value from being stored, with paths."""
    if depth > DEEPEST:
        yield FieldError(path, f"is nested more than {DEEPEST} deep")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _name_errors(f"{path}.{name}".lstrip("."), name)
            yield from value_errors(f"{path}.{name}".lstrip("."), inner, depth + 1)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from value_errors(f"{path}.{position}", inner, depth + 1)
    elif isinstance(value, str):
        yield from _text_errors(path, value)
    elif isinstance(value, Decimal | int):
        yield from _number_errors(path, value)
    elif value is not None:
        yield FieldError(path, f"is a {type(value).__name__}, which no engine keeps exactly")


def _name_errors(path: str, name: Any) -> Iterator[FieldError]:
    if name == "":
        yield FieldError(path or "item", "has a name that is empty")
    yield from _text_errors(path, name)


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
    return bytes(number.as_tuple().digits).strip(b"\0").hex()[1::2]


def _size(value: Any) -> int:
    """Bytes, counted as DynamoDB counts them."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if value is None or isinstance(value, bool):
        return 1
    if is_whole(value):
        return len(str(abs(value)).strip("0")) // 2 + 2
    if isinstance(value, int | Decimal):
        return len(_digits(Decimal(value))) // 2 + 2
    if isinstance(value, dict):
        return 3 + sum(1 + _size(name) + _size(inner) for name, inner in value.items())
    return 3 + sum(1 + _size(inner) for inner in value)
