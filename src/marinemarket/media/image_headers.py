"""What a picture's file says about itself, read without decoding any of it.

Everything that limits a picture is checked on this: its format, dimensions and depth, and how much
memory its decoder will take.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from ..errors import FieldError, Invalid, UnknownKind
from ..i18n.texts import gettext as _

MOST_PIXELS: Final = 70_000_000
"""Phones sold as 50 megapixels make 50.3, those sold as 64 make 64.2."""
MOST_BITS: Final = 16
_HEAVY: Final = 100_000_000
_MOST_PARTS: Final = 10_000

_JPEG, _PNG, _GIF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
_PNG_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})
"""JPEG markers among those of frames that begin no frame."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without content."""
_SCAN, _END = 0xDA, 0xD9
_PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """A picture's format, dimensions in pixels, and bits for each sample.

    `memory` is an upper estimate, in bytes, of what decoding it takes.
    """

    kind: str
    width: int
    height: int
    bits: int
    memory: int

    @property
    def is_heavy(self) -> bool:
        """Does it take much memory, or seconds?"""
        return self.memory > _HEAVY


def read_header(file: BinaryIO) -> ImageHeader:
    """The header of a picture.

    Raises UnknownKind unless it is a JPEG, PNG, WebP, GIF or HEIC, whatever its name, and Invalid above
    70 megapixels or 16 bits, or if its header is damaged.
    """
    file.seek(0)
    head = file.read(64)
    try:
        header = _read(file, head)
    except (IndexError, ValueError, OverflowError):
        message = _("is damaged, or did not arrive whole: send it once more")
        raise Invalid([FieldError("image", message)]) from None
    if header is None:
        raise UnknownKind(_("this is no JPEG, PNG, WebP, GIF or HEIC picture"))
    check_size(header.width, header.height)
    if header.bits > MOST_BITS:
        raise Invalid([FieldError("image", _("has more than 16 bits for each colour"))])
    return header


def check_size(width: int, height: int) -> None:
    """Raises Invalid for too many pixels, or none."""
    if width * height > MOST_PIXELS:
        message = _("has more than 70 megapixels: send a smaller one")
        raise Invalid([FieldError("image", message)])
    if width < 1 or height < 1:
        raise Invalid(
            [FieldError("image", _("is damaged, or did not arrive whole: send it once more"))]
        )


def _read(file: BinaryIO, head: bytes) -> ImageHeader | None:
    if head.startswith(_JPEG):
        return _jpeg(file)
    if head.startswith(_PNG) and head[12:16] == b"IHDR":
        return _png(head)
    if head.startswith(_GIF):
        width, height = _little(head[6:8]), _little(head[8:10])
        return ImageHeader("gif", width, height, 8, width * height * 6)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head[12:])
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return _heic(file)
    return None


def _jpeg(file: BinaryIO) -> ImageHeader:
    file.seek(2)
    for _part in range(_MOST_PARTS):
        marker = _next_marker(file)
        if marker in (_SCAN, _END):
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes(_exactly(file, 2), "big") - 2
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            frame = _exactly(file, 6)
            height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
            # A progressive one is kept whole, as coefficients of two bytes, until its last scan.
            memory = width * height * frame[5] * 2 if marker in _PROGRESSIVE else width * 1000
            return ImageHeader("jpeg", width, height, frame[0], memory)
        file.seek(max(length, 0), io.SEEK_CUR)
    raise ValueError("no frame")


def _next_marker(file: BinaryIO) -> int:
    """The next marker; what lies before it is skipped, as decoders do. Raises ValueError at the end."""
    for _byte in range(1_000_000):
        if _exactly(file, 1) == b"\xff":
            marker = b"\xff"
            while marker == b"\xff":
                marker = _exactly(file, 1)
            if marker != b"\x00":
                return marker[0]
    raise ValueError("no marker")


def _png(head: bytes) -> ImageHeader:
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    bits, channels, is_interlaced = head[24], _PNG_CHANNELS.get(head[25], 0), head[28]
    if not channels:
        raise ValueError("no such kind of colour")
    size = width * height * channels * max(bits, 8) // 8
    # Read by rows, except an interlaced one. Either takes time in proportion to its size.
    return ImageHeader("png", width, height, bits, size * 2 if is_interlaced else size)


def _webp(head: bytes) -> ImageHeader:
    kind, body = head[:4], head[8:]
    if kind == b"VP8X":
        width, height = _little(body[4:7]) + 1, _little(body[7:10]) + 1
    elif kind == b"VP8L" and body[0] == 0x2F:
        packed = _little(body[1:5])
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    else:
        raise ValueError("no such WebP")
    # A lossy one is decoded at the size that is needed; of the others nothing is known here.
    return ImageHeader("webp", width, height, 8, width * height * (1 if kind == b"VP8 " else 4))


def _heic(file: BinaryIO) -> ImageHeader:
    end = file.seek(0, io.SEEK_END)
    sizes = [
        size
        for start, stop in _boxes(file, 0, end, b"meta")
        for size in _extents(file, start, stop)
    ]
    # Also the tiles of a grid, and thumbnails, have their extents here.
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return ImageHeader("heic", width, height, 8, width * height * 8)


def _extents(file: BinaryIO, start: int, stop: int) -> Iterator[tuple[int, int]]:
    for first, last in _boxes(file, start + 4, stop, b"iprp"):
        for inner, outer in _boxes(file, first, last, b"ipco"):
            for at, _after in _boxes(file, inner, outer, b"ispe"):
                file.seek(at + 4)
                extent = _exactly(file, 8)
                yield int.from_bytes(extent[:4], "big"), int.from_bytes(extent[4:], "big")


def _boxes(file: BinaryIO, start: int, end: int, name: bytes) -> Iterator[tuple[int, int]]:
    """The start and end of the content of each box of a name, within a range of bytes."""
    for _box in range(_MOST_PARTS):
        if start + 8 > end:
            return
        file.seek(start)
        head = _exactly(file, 8)
        length, content = int.from_bytes(head[:4], "big"), start + 8
        if length == 1:
            length, content = int.from_bytes(_exactly(file, 8), "big"), start + 16
        stop = end if length == 0 else start + length
        if not content <= stop <= end:
            raise ValueError("a box is longer than its container")
        if head[4:] == name:
            yield content, stop
        start = stop


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise ValueError("the file has ended")
    return found


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
