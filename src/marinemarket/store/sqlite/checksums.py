"""The checksum beside each stored item, and what it proves.

SQLite writes no checksum of its own into the file: a bit that flips on the disk is read as if it had
been written. `sum` holds two numbers of 31 and 32 bits: of the key in the upper half, by which an
index finds an item whose key can no longer be found, and of the item's text in the lower half. Both
begin with the table's name, so that a row of another table does not pass.

A row without `sum` was written by an earlier version, and proves nothing but that it is JSON and has
its key. It gains a checksum when it is written again, or by `marinemarket migrate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from zlib import crc32

import msgspec

from ...errors import DamagedItem
from ...wire import decode, encode
from ..items import Item, Key
from ..schema import Table

_LOW = 0xFFFF_FFFF


def sum_of(table: Table, key: Key, text: bytes) -> int:
    """The checksum of an item's text under its key, in 63 bits."""
    return key_sum(table, key) << 32 | crc32(text, _seed(table.name))


def key_sum(table: Table, key: Key) -> int:
    """The upper half of the checksum of whatever has this key."""
    return crc32(encode(key), _seed(table.name)) & 0x7FFF_FFFF


@cache
def _seed(name: str) -> int:
    return crc32(name.encode())


def checked(table: Table, key: Key | None, text: bytes | None, sum: int | None) -> Item:
    """The item that a row holds, which must have this key; None stands for whatever key it has.

    Raises DamagedItem.
    """
    try:
        item = _item_of(table, text, sum)
        if key is None or table.key_of(item) == key:
            return item
        why = "its row holds another item"
    except (ValueError, TypeError, LookupError) as error:
        why = str(error)
    raise DamagedItem(table.name, key or ("?",), why)


def is_sound(table: Table, key: Key, text: bytes | None, sum: int | None) -> bool:
    """Does a row hold the item with this key, undamaged?"""
    try:
        checked(table, key, text, sum)
    except DamagedItem:
        return False
    return True


def _item_of(table: Table, text: bytes | None, sum: int | None) -> Item:
    if text is None:
        raise ValueError("its row holds no item")
    if sum is not None and crc32(text, _seed(table.name)) != sum & _LOW:
        raise ValueError("its checksum is wrong")
    try:
        item: Item = decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError("its text is not JSON") from None
    if sum is None:
        table.key_of(item)
    return item


def feed_sum(at: int, table: str, key: str, images: Sequence[str | bytes | None]) -> int:
    """The checksum of a change in the feed; `images` are the texts of the old and the new item."""
    total = crc32(f"{at} {table} {key}".encode(errors="surrogateescape"))
    for image in images:
        raw = image.encode() if isinstance(image, str) else image
        total = crc32(b"-" if raw is None else raw, crc32(b"\0", total))
    return total


def undecoded(raw: bytes) -> Any:
    """For SQLite's `text_factory`: a damaged text is still a text, and fails its comparison."""
    return raw.decode(errors="surrogateescape")
