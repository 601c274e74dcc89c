"""Uploaded videos: stored unchanged, except for metadata about where and by whom they were made.

A video is recognized by its content. The boxes of an MP4 or QuickTime file, and the elements of a
WebM, that hold metadata are blanked in place, so that nothing else in the file moves.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from ..errors import FieldError, Invalid, UnknownKind
from ..i18n.texts import gettext as _

_TELLING: Final = frozenset({b"udta", b"meta", b"uuid"})
"""User data, metadata (including locations), and private boxes, such as XMP."""
_WITHIN: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf"})
_PICTURES: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
_MOST_BOXES: Final = 20_000
_DEEPEST: Final = 8

_EBML, _SEGMENT, _VOID = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\xec"
_TELLING_ELEMENTS: Final = frozenset({b"\x12\x54\xc3\x67", b"\x19\x41\xa4\x69"})
"""Tags and attachments."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A box or element: its name, its start, the start of its content, and its end."""

    name: bytes
    start: int
    content: int
    end: int


def kind_of(file: BinaryIO) -> str:
    """Whether a file is ``mp4``, ``mov`` or ``webm``. Raises UnknownKind for anything else."""
    file.seek(0)
    head = file.read(64)
    if head[4:8] == b"ftyp" and head[8:12] not in _PICTURES:
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if head.startswith(_EBML) and b"webm" in head:
        return "webm"
    raise UnknownKind(_("this is no MP4, QuickTime or WebM video"))


def blank_metadata(file: BinaryIO, kind: str) -> None:
    """Blank a video's metadata in place.

    Raises Invalid for a damaged file, since nobody can tell what metadata it holds.
    """
    size = file.seek(0, io.SEEK_END)
    try:
        if kind == "webm":
            _blank_elements(file, size)
        else:
            _blank_boxes(file, size)
    except (ValueError, IndexError, RecursionError):
        message = _("is damaged, or did not arrive whole: send it once more")
        raise Invalid([FieldError("video", message)]) from None


# -- MP4 and QuickTime (ISO/IEC 14496-12) ------------------------------------------------------


def _blank_boxes(file: BinaryIO, size: int) -> None:
    found = list(_boxes(file, 0, size, 0))
    if b"moov" not in {box.name for box in found}:
        raise ValueError(_("contains no film"))
    for box in found:
        if box.name in _TELLING:
            file.seek(box.start + 4)
            file.write(b"free")
            _zero(file, box.content, box.end)


def _boxes(file: BinaryIO, start: int, end: int, depth: int) -> Iterator[_Part]:
    """The boxes within a range of bytes, and those nested in them where films have any."""
    count = 0
    while start + 8 <= end:
        count += 1
        file.seek(start)
        head = file.read(16)
        length, name, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), start + 16
        elif length == 0:
            length = end - start
        if length < content - start or start + length > end or count > _MOST_BOXES:
            raise ValueError(_("a box is longer than its container"))
        yield _Part(name, start, content, start + length)
        if name in _WITHIN and depth < _DEEPEST:
            yield from _boxes(file, content, start + length, depth + 1)
        start += length


# -- WebM (RFC 8794, RFC 9559) -----------------------------------------------------------------


def _blank_elements(file: BinaryIO, size: int) -> None:
    segment = next((part for part in _elements(file, 0, size) if part.name == _SEGMENT), None)
    if segment is None:
        raise ValueError(_("contains no film"))
    for part in list(_elements(file, segment.content, segment.end)):
        if part.name in _TELLING_ELEMENTS:
            # A void element: its name is three bytes shorter, so its length field gets these.
            width = min(part.content - part.start - 1, 8)
            content = part.start + 1 + width
            file.seek(part.start)
            file.write(_VOID + (part.end - content | 1 << 7 * width).to_bytes(width, "big"))
            _zero(file, content, part.end)


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[_Part]:
    count = 0
    while start + 2 <= end:
        count += 1
        file.seek(start)
        head = file.read(12)
        named = _width(head[0])
        sized = _width(head[named])
        content = start + named + sized
        length = int.from_bytes(head[named : named + sized], "big") & ((1 << 7 * sized) - 1)
        if length == (1 << 7 * sized) - 1:
            length = end - content  # unknown length: to the end
        if content + length > end or count > _MOST_BOXES:
            raise ValueError(_("an element is longer than its container"))
        yield _Part(head[:named], start, content, content + length)
        start = content + length


def _width(first: int) -> int:
    """The number of bytes in a number, from its first byte. Raises ValueError if invalid."""
    if first == 0:
        raise ValueError(_("no number starts like this"))
    return 9 - first.bit_length()


def _zero(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        start += file.write(bytes(min(end - start, 1_000_000)))
