"""Takes a picture's file apart: its pixels, how the camera was held, the profile of its colours.

Only these reach a decoder: everything else in a file (notes, thumbnails, other pictures, whatever is
appended or wrong with it) is left behind, so that none of it is a reason to refuse a sound picture, or
a burden. Each of `jpeg_parts`, `png_parts`, `webp_parts` and `gif_parts` returns a file of the same format
with one picture and nothing beside it. They raise BadPicture where no picture is found.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from .orientation import orientation_of
from .picture_faults import BadPicture, Fault

_MOST_PARTS: Final = 2_000_000
_LARGEST_PROFILE: Final = 5_000_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SCAN, _END = 0xDA, 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_EXIF_WORD, _ICC_WORD = b"Exif\0\0", b"ICC_PROFILE\0"
_COLOURS: Final = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
"""The notes in a JPEG that tell how its colours are written."""
_TRANSPARENT: Final = {0: 2, 2: 6}
"""The length of a PNG's ``tRNS``, by the kind of its colours; of a palette's it varies."""
_PALETTE: Final = 3
_ALPHA_FLAG: Final = 0x10
_PIECE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PictureParts:
    """A file of the same format with the picture alone; its orientation, from 1 to 8, and ICC profile."""

    picture: bytes
    orientation: int = 1
    profile: bytes | None = None


# -- JPEG --------------------------------------------------------------------------------------


def jpeg_parts(content: bytes) -> PictureParts:
    """The tables, frame and scans of a JPEG. What follows its end is for the decoder to ignore."""
    kept, orientation = [content[:2]], None
    profiles: list[bytes] = []
    for marker, start, end in _segments(content):
        if marker == _SCAN:
            kept.append(content[start:])
            break
        body = content[start + 4 : end]
        if marker == 0xE1 and orientation is None and body.startswith(_EXIF_WORD):
            orientation = orientation_of(body)
        elif marker == 0xE2 and body.startswith(_ICC_WORD):
            profiles.append(body[len(_ICC_WORD) :])
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or _tells_colours(marker, body):
            kept.append(content[start:end])
    else:
        raise BadPicture(Fault.CUT_OFF)
    return PictureParts(b"".join(kept), orientation or 1, _joined(profiles))


def _tells_colours(marker: int, body: bytes) -> bool:
    return marker in _COLOURS and body.startswith(_COLOURS[marker])


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """The marker, start and end of each segment before the first scan; the scan's end is the file's."""
    at = 2
    for _segment in range(_MOST_PARTS):
        at = content.find(b"\xff", at)
        while 0 <= at < len(content) - 1 and content[at + 1] == 0xFF:
            at += 1
        if not 0 <= at < len(content) - 4:
            return
        marker = content[at + 1]
        if marker == _SCAN:
            yield marker, at, len(content)
            return
        if marker == _END:
            return
        if marker == 0 or marker in _ALONE:
            at += 2
            continue
        end = at + 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 2)
        if end > len(content):
            return
        yield marker, at, end
        at = end


def _joined(parts: list[bytes]) -> bytes | None:
    """A profile from its numbered parts; None if one is missing, or there are two of one number."""
    by_number = {part[0]: part[2:] for part in parts if len(part) > 2}
    counts = {part[1] for part in parts if len(part) > 2}
    if len(by_number) != len(parts) or counts != {len(parts)}:
        return None
    if sorted(by_number) != list(range(1, len(parts) + 1)):
        return None
    profile = b"".join(by_number[number] for number in sorted(by_number))
    return profile if 0 < len(profile) <= _LARGEST_PROFILE else None


# -- PNG ---------------------------------------------------------------------------------------


def png_parts(content: bytes) -> PictureParts:
    """The header, palette, transparency and pixels of a PNG; of an animation its still picture."""
    header = content[16:29]
    colours = header[9]
    palette = transparent = b""
    data: list[bytes] = []
    orientation, profile = None, None
    for name, start, end in _chunks(content):
        body = content[start : min(end, len(content))]
        if name == b"IDAT":
            data.append(body)
        elif name == b"PLTE" and colours == _PALETTE and not palette:
            palette = body[: min(len(body), 768) // 3 * 3]
        elif name == b"tRNS" and not transparent and _is_transparency(colours, body):
            transparent = body[:256]
        elif name == b"eXIf" and orientation is None:
            orientation = orientation_of(body)
        elif name == b"iCCP" and profile is None and _is_sound(content, name, body, end):
            profile = _unpacked_profile(body)
        elif name == b"IEND":
            break
    if not data:
        raise BadPicture(Fault.CUT_OFF)
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"tRNS", transparent)]
    made = [_chunk(name, body) for name, body in parts if body]
    picture = b"".join([_PNG, *made, _chunk(b"IDAT", b"".join(data)), _chunk(b"IEND", b"")])
    return PictureParts(picture, orientation or 1, profile)


def with_sums_anew(png: bytes) -> bytes:
    """What `png_parts` returned, with its packed data in a frame of its own: header and sum may be wrong.

    Raises BadPicture if the data end early.
    """
    [(start, end)] = [(start, end) for name, start, end in _chunks(png) if name == b"IDAT"]
    packed = memoryview(png)[start + 2 : end]
    unpacker, total, used = zlib.decompressobj(wbits=-zlib.MAX_WBITS), 1, 0
    try:
        for at in range(0, len(packed), _PIECE):
            piece = bytes(packed[at : at + _PIECE])
            while piece and not unpacker.eof:
                total = zlib.adler32(unpacker.decompress(piece, _PIECE), total)
                used = at + min(_PIECE, len(packed) - at) - len(unpacker.unused_data)
                piece = unpacker.unconsumed_tail
            if unpacker.eof:
                break
    except zlib.error:
        raise BadPicture(Fault.DAMAGED) from None
    if not unpacker.eof:
        raise BadPicture(Fault.CUT_OFF)
    data = b"\x78\x9c" + bytes(packed[:used]) + total.to_bytes(4, "big")
    return png[: start - 8] + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name of each chunk of a PNG, and where its content starts and ends: perhaps after the file."""
    at = len(_PNG)
    for _chunk_number in range(_MOST_PARTS):
        if at + 8 > len(content):
            return
        start = at + 8
        end = start + int.from_bytes(content[at : at + 4], "big")
        yield content[at + 4 : start], start, end
        at = end + 4


def _chunk(name: bytes, body: bytes) -> bytes:
    total = zlib.crc32(body, zlib.crc32(name))
    return b"".join([len(body).to_bytes(4, "big"), name, body, total.to_bytes(4, "big")])


def _is_transparency(colours: int, body: bytes) -> bool:
    return colours == _PALETTE or (colours in _TRANSPARENT and len(body) == _TRANSPARENT[colours])


def _is_sound(content: bytes, name: bytes, body: bytes, end: int) -> bool:
    return content[end : end + 4] == zlib.crc32(body, zlib.crc32(name)).to_bytes(4, "big")


def _unpacked_profile(body: bytes) -> bytes | None:
    packed = body.partition(b"\0")[2][1:]
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed, _LARGEST_PROFILE)
    except zlib.error:
        return None
    return profile if unpacker.eof and profile else None


# -- WebP --------------------------------------------------------------------------------------


def webp_parts(content: bytes) -> PictureParts:
    """The picture of a WebP; of an animation the first."""
    file = io.BytesIO(content)
    alpha, frame = webp_frame(file)
    orientation, profile = None, None
    for name, start, length in _riff(file, 12, len(content)):
        if name == b"EXIF" and orientation is None:
            orientation = orientation_of(content[start : start + length])
        elif name == b"ICCP" and profile is None and 0 < length <= _LARGEST_PROFILE:
            profile = content[start : start + length]
    made = [_riff_chunk(frame.name, content[frame.start : frame.start + frame.length])]
    if alpha is not None and frame.name == b"VP8 ":
        size = (frame.width - 1).to_bytes(3, "little") + (frame.height - 1).to_bytes(3, "little")
        body = content[alpha.start : alpha.start + alpha.length]
        extended = _riff_chunk(b"VP8X", bytes([_ALPHA_FLAG, 0, 0, 0]) + size)
        made = [extended, _riff_chunk(b"ALPH", body), *made]
    body = b"WEBP" + b"".join(made)
    return PictureParts(b"RIFF" + len(body).to_bytes(4, "little") + body, orientation or 1, profile)


@dataclass(frozen=True, slots=True)
class WebpChunk:
    """A chunk's place; `width` and `height` of the picture in it, in pixels, 0 if it holds none."""

    name: bytes
    start: int
    length: int
    width: int = 0
    height: int = 0


def webp_frame(file: BinaryIO) -> tuple[WebpChunk | None, WebpChunk]:
    """The transparency of a WebP's first picture, if it is apart, and the picture.

    The lengths that the file states for itself do not matter: many programs write them wrong. Raises
    BadPicture if there is no picture, or it is cut off.
    """
    end = file.seek(0, io.SEEK_END)
    alpha = None
    for name, start, length in _webp_chunks(file, end):
        if name not in (b"ALPH", b"VP8 ", b"VP8L"):
            continue
        if start + length > end:
            raise BadPicture(Fault.CUT_OFF)
        if name != b"ALPH":
            file.seek(start)
            return alpha, WebpChunk(name, start, length, *_webp_size(name, file.read(10)))
        alpha = WebpChunk(name, start, length)
    raise BadPicture(Fault.CUT_OFF)


def _webp_chunks(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The chunks of a file up to its first picture, those of the first frame of an animation among them."""
    for name, start, length in _riff(file, 12, end):
        yield name, start, length
        if name == b"ANMF":
            yield from _riff(file, start + 16, min(start + length, end))
            return


def _webp_size(name: bytes, head: bytes) -> tuple[int, int]:
    if name == b"VP8L" and head[:1] == b"\x2f" and len(head) >= 5:
        packed = int.from_bytes(head[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and head[3:6] == b"\x9d\x01\x2a" and len(head) == 10:
        width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    raise BadPicture(Fault.DAMAGED)


def _riff(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _chunk_number in range(_MOST_PARTS):
        if at + 8 > end:
            return
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:], "little")
        yield head[:4], at + 8, length
        at += 8 + length + (length & 1)


def _riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + (b"\0" if len(body) & 1 else b"")


# -- GIF ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GifFrame:
    """Where the first picture of a GIF starts, its size in pixels, and what is said of how it is shown."""

    start: int
    width: int
    height: int
    control: bytes


def gif_frame(file: BinaryIO) -> GifFrame:
    """The first picture of a GIF. Raises BadPicture if there is none."""
    file.seek(0)
    head, control = _exactly(file, 13), b""
    file.seek(_table_length(head[10]), io.SEEK_CUR)
    for _block in range(_MOST_PARTS):
        start = file.tell()
        sign = _exactly(file, 1)
        if sign == b",":
            size = _exactly(file, 9)[4:8]
            width, height = (int.from_bytes(size[n : n + 2], "little") for n in (0, 2))
            return GifFrame(start, width, height, control)
        if sign != b"!":
            raise BadPicture(Fault.DAMAGED)
        kind = _exactly(file, 1)
        body = _exactly(file, length) if (length := _exactly(file, 1)[0]) else b""
        if kind == b"\xf9" and len(body) == 4:
            control = b"!\xf9\x04" + body + b"\0"
        while length:
            length = _exactly(file, 1)[0]
            file.seek(length, io.SEEK_CUR)
    raise BadPicture(Fault.PARTS)


def gif_parts(content: bytes) -> PictureParts:
    """The first picture of a GIF, ended as it should be.

    Programs that are interrupted leave out its end. Whether a part of the picture is missing, too, shows in
    its last block: all are of one length but the last.
    """
    frame = gif_frame(io.BytesIO(content))
    size = content[frame.start + 5 : frame.start + 9]
    flags = content[frame.start + 9]
    first = at = frame.start + 10 + _table_length(flags) + 1
    data = []
    while at < len(content) and (length := content[at]):
        block = content[at + 1 : at + 1 + length]
        data.append(bytes([len(block)]) + block)
        at += 1 + length
    if at >= len(content) and (at > len(content) or not data or len(data[-1]) == len(data[0])):
        raise BadPicture(Fault.CUT_OFF)
    table = content[13 : 13 + _table_length(content[10])]
    return PictureParts(
        b"".join(
            [
                content[:6] + size + content[10:13] + table + frame.control,
                b"," + bytes(4) + size + content[frame.start + 9 : first],
                *data,
                b"\0;",
            ]
        )
    )


def _table_length(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise BadPicture(Fault.CUT_OFF)
    return found
