"""How a camera was held, from the EXIF data of a picture, however oddly that is written."""

from __future__ import annotations

from typing import Final, Literal

_TAG: Final = 0x0112
_WORD: Final = b"Exif\0\0"
_ORDERS: Final[dict[bytes, Literal["big", "little"]]] = {b"MM": "big", b"II": "little"}
_WIDTHS: Final = {1: 1, 6: 1, 7: 1, 3: 2, 8: 2, 4: 4, 9: 4, 13: 4}
"""The bytes of each type of EXIF that holds whole numbers."""
_TEXT: Final = 2
_RATIONALS: Final = frozenset({5, 10})
_MOST_TAGS: Final = 1000


def orientation_of(exif: bytes) -> int | None:
    """The orientation, from 1 to 8; None if these data do not tell it."""
    data = exif.removeprefix(_WORD)
    order = _ORDERS.get(data[:2])
    if order is None:
        return None

    def number(start: int, width: int) -> int:
        return int.from_bytes(data[start : start + width], order)

    first = number(4, 4)
    for n in range(min(number(first, 2), _MOST_TAGS)):
        at = first + 2 + 12 * n
        if at + 12 > len(data):
            return None
        if number(at, 2) != _TAG:
            continue
        kind = number(at + 2, 2)
        if kind in _RATIONALS:
            place = number(at + 8, 4)
            top, bottom = number(place, 4), number(place + 4, 4)
            value = top // bottom if bottom else 0
        elif kind == _TEXT:
            text = data[at + 8 : at + 9]
            value = int(text) if text.isdigit() else 0
        else:
            value = number(at + 8, _WIDTHS.get(kind, 2))
        return value if 1 <= value <= 8 else None
    return None
