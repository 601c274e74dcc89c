"""What a picture's file says about itself, read without decoding any of it.

Everything that limits a picture is checked on this: its format, dimensions and depth, and how much
memory its decoder will take.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from .foreign_files import HEAD, unknown_kind
from .picture_faults import BadPicture, Fault
from .picture_parts import gif_frame, webp_frame

MOST_PIXELS: Final = 70_000_000
"""Phones sold as 50 megapixels make 50.3, those sold as 64 make 64.2."""
MOST_BITS: Final = 16
_HEAVY: Final = 100_000_000
_MOST_PARTS: Final = 100_000

_JPEG, _PNG, _GIF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_MOST_BRANDS: Final = 40
_PNG_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})
"""JPEG markers among those of frames that begin no frame."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without content."""
_SCAN, _END = 0xDA, 0xD9
_PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
_DECODED: Final = frozenset({0xC0, 0xC1, 0xC9, *_PROGRESSIVE})
"""Frames that the decoder reads: not those of lossless and hierarchical JPEGs."""
_LS: Final = 0xF7
"""The frame of a JPEG-LS."""


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

    Raises UnknownKind unless it is a JPEG, PNG, WebP, GIF, HEIC or AVIF, whatever its name, and
    BadPicture above 70 megapixels or 16 bits, or if its header is damaged.
    """
    file.seek(0)
    head = file.read(HEAD)
    try:
        header = _read(file, head)
    except _Ended:
        raise BadPicture(Fault.CUT_OFF) from None
    except (IndexError, ValueError, OverflowError):
        raise BadPicture(Fault.DAMAGED) from None
    if header is None:
        raise unknown_kind(head)
    check_size(header.width, header.height)
    if header.bits > MOST_BITS:
        raise BadPicture(Fault.DEPTH)
    return header


def check_size(width: int, height: int) -> None:
    """Raises BadPicture for too many pixels, or none."""
    if width * height > MOST_PIXELS:
        raise BadPicture(Fault.PIXELS)
    if width < 1 or height < 1:
        raise BadPicture(Fault.DAMAGED)


class _Ended(ValueError):
    """The file has ended where there should be more."""


def _read(file: BinaryIO, head: bytes) -> ImageHeader | None:
    if head.startswith(_JPEG):
        return _jpeg(file)
    if head.startswith(_PNG) and head[12:16] == b"IHDR":
        return _png(head)
    if head.startswith(_GIF):
        frame = gif_frame(file)
        size = frame.width * frame.height
        return ImageHeader("gif", frame.width, frame.height, 8, size * 6)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(file)
    if kind := _kind_of_heif(head):
        return _heif(file, kind)
    return None


def _kind_of_heif(head: bytes) -> str | None:
    """Whether it is a ``heic`` or an ``avif``; the first of its brands may be any."""
    if head[4:8] != b"ftyp" or head[8:12] == b"crx ":
        return None
    end = min(int.from_bytes(head[:4], "big"), 16 + 4 * _MOST_BRANDS, len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if brands & _HEIC_BRANDS else None


def _jpeg(file: BinaryIO) -> ImageHeader:
    file.seek(2)
    for _part in range(_MOST_PARTS):
        marker = _next_marker(file)
        if marker in (_SCAN, _END):
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes(_exactly(file, 2), "big") - 2
        if (0xC0 <= marker <= 0xCF and marker not in _NO_FRAME) or marker == _LS:
            frame = _exactly(file, 6)
            height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
            if marker not in _DECODED or frame[0] != 8 or not height:
                raise BadPicture(Fault.RARE)
            # A progressive one is kept whole, as coefficients of two bytes, until its last scan.
            memory = width * height * frame[5] * 2 if marker in _PROGRESSIVE else width * 1000
            return ImageHeader("jpeg", width, height, frame[0], memory)
        file.seek(max(length, 0), io.SEEK_CUR)
    else:
        raise BadPicture(Fault.PARTS)
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
    if len(head) < 29:
        raise _Ended
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    bits, channels, is_interlaced = head[24], _PNG_CHANNELS.get(head[25], 0), head[28]
    if not channels:
        raise ValueError("no such kind of colour")
    size = width * height * channels * max(bits, 8) // 8
    # Read by rows, except an interlaced one. Either takes time in proportion to its size.
    return ImageHeader("png", width, height, bits, size * 2 if is_interlaced else size)


def _webp(file: BinaryIO) -> ImageHeader:
    alpha, frame = webp_frame(file)
    # A lossy one is decoded at the size that is needed.
    each = 1 if frame.name == b"VP8 " and alpha is None else 4
    size = frame.width * frame.height
    return ImageHeader("webp", frame.width, frame.height, 8, size * each)


def _heif(file: BinaryIO, kind: str) -> ImageHeader:
    end = file.seek(0, io.SEEK_END)
    if _lacks_media(file, end):
        raise _Ended
    for start, stop in _boxes(file, 0, end, b"meta"):
        # Also the tiles of a grid, and thumbnails, have their extents here.
        if sizes := list(_extents(file, start, stop)):
            width, height = max(sizes, key=lambda size: size[0] * size[1])
            return ImageHeader(kind, width, height, 8, width * height * 8)
    raise BadPicture(Fault.RARE)  # a film, with no picture of its own


def _lacks_media(file: BinaryIO, end: int) -> bool:
    """Does the media data go on after the end of the file? What follows them may be anything."""
    at = 0
    while at + 8 <= end:
        file.seek(at)
        head = _exactly(file, 8)
        length = int.from_bytes(head[:4], "big")
        if length == 1 and at + 16 <= end:
            length = int.from_bytes(_exactly(file, 8), "big")
        if length < 8:
            return False
        at += length
        if head[4:] == b"mdat" and at > end:
            return True
    return False


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
            raise _Ended
        if head[4:] == name:
            yield content, stop
        start = stop


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise _Ended
    return found
