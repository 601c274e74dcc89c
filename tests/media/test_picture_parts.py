"""Sound pixels pass whatever stands beside them, and what cannot be taken is refused with its true reason."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from marinemarket.errors import MarketError
from marinemarket.media.image_headers import read_header
from marinemarket.media.images import develop
from marinemarket.media.orientation import orientation_of
from marinemarket.media.studio import Studio

from .picture_files import a_file, a_photo, a_scene

SIZE = (300, 200)
SCENE = a_scene(size=SIZE)
JPEG, PNG, GIF, WEBP, AVIF = (
    a_file(SCENE, kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
HELD = SCENE.transpose(Image.Transpose.ROTATE_90)
"""As a camera writes it that was held on its side: with orientation 6 it is the scene."""


def exif(kind: int, value: bytes, *, order: str = ">") -> bytes:
    """EXIF data that hold only an orientation, of this type of EXIF."""
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(f"{order}IH", 8, 1)
    at = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(f"{order}I", 26)
    entry = struct.pack(f"{order}HHI", 0x112, kind, 1) + at
    return head + entry + bytes(4) + (value if len(value) > 4 else b"")


SIX = exif(3, b"\0\6")


def _heic(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(picture).save(file, quality=70)
    return file.getvalue()


HEIC = _heic(SCENE)


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def _jpeg(*segments: bytes, of: bytes = JPEG) -> bytes:
    return of[:2] + b"".join(segments) + of[2:]


def _icc(number: int, count: int, part: bytes) -> bytes:
    return _segment(0xE2, b"ICC_PROFILE\0" + bytes([number, count]) + part)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(*chunks: bytes, of: bytes = PNG) -> bytes:
    return of[:33] + b"".join(chunks) + of[33:]


def _png_of(*data: bytes) -> bytes:
    return PNG[:33] + b"".join(data) + _chunk(b"IEND", b"")


ROWS = zlib.compress(b"".join(b"\0" + row.tobytes() for row in np.asarray(SCENE)))


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = (
        name + struct.pack("<I", len(body)) + body + bytes(len(body) & 1) for name, body in chunks
    )
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


VP8 = (b"VP8 ", WEBP[20 : 20 + struct.unpack("<I", WEBP[16:20])[0]])
VP8X = (b"VP8X", b"\x2c\0\0\0" + struct.pack("<I", 299)[:3] + struct.pack("<I", 199)[:3])


def _several(kind: str) -> bytes:
    return a_file(SCENE, kind, save_all=True, append_images=[a_scene(2, SIZE), a_scene(3, SIZE)])


SOUND = {
    "a JPEG with zeros for its end": JPEG[:-2] + bytes(4000),
    "a JPEG with a film behind it, and no end": JPEG[:-2] + b"\0\0\0\x18ftypmp42" + bytes(range(256)),
    "a JPEG with 20,000 notes": _jpeg(*[_segment(0xFE, b"n")] * 20_000),
    "a JPEG with 2 MB of XMP": _jpeg(
        *[_segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"x" * 60_000)] * 33
    ),
    "a JPEG with junk between segments": _jpeg(b"junk", _segment(0xFE, b"n")),
    "a JPEG whose profile lacks a part": _jpeg(_icc(1, 3, SRGB[:300]), _icc(3, 3, SRGB[300:])),
    "a JPEG with one part of a profile twice": _jpeg(_icc(1, 2, SRGB[:300]), _icc(1, 2, SRGB[300:])),
    "a JPEG with a rubbish profile of 6 MB": _jpeg(*[_icc(n, 100, b"r" * 60_000) for n in range(1, 101)]),
    "an MPO": _several("MPO"),
    "an MPO whose second picture is cut": _several("MPO")[:-3000],
    "inks with a profile for light": a_file(SCENE.convert("CMYK"), icc_profile=SRGB),
    "grey with a profile for light": a_file(SCENE.convert("L"), icc_profile=SRGB),
    "a PNG that ends with its pixels": PNG[:-16],
    "a PNG without a sum of its pixels": _png_of(_chunk(b"IDAT", ROWS[:-4])),
    "a PNG with a wrong sum of its pixels": _png_of(_chunk(b"IDAT", ROWS[:-4] + b"sums")),
    "a PNG that names too small a window": _png_of(_chunk(b"IDAT", b"\x18\x19" + ROWS[2:])),
    "a PNG with notes amid its pixels": _png_of(
        _chunk(b"IDAT", ROWS[:999]), _chunk(b"tEXt", b"k\0v"), _chunk(b"IDAT", ROWS[999:])
    ),
    "a PNG with what nobody knows": _png(_chunk(b"QUUX", b"")),
    "a PNG whose profile unpacks to 300 MB": _png(
        _chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(300_000_000), 9))
    ),
    "an animated PNG": _several("PNG"),
    "a GIF that ends with its pixels": GIF[:-2],
    "an animated GIF, cut in its second picture": _several("GIF")[: len(GIF) + 5000],
    "a GIF of no size": GIF[:6] + bytes(4) + GIF[10:],
    "a WebP that says it is empty": WEBP[:4] + bytes(4) + WEBP[8:],
    "a WebP that says it is endless": WEBP[:4] + b"\xff\xff\xff\xff" + WEBP[8:],
    "a WebP that says it is shorter": WEBP[:4] + struct.pack("<I", len(WEBP) - 90) + WEBP[8:],
    "a WebP with rubbish around": _webp(VP8X, (b"ICCP", b"?"), (b"WHAT", b"?"), VP8, (b"EXIF", b"?")),
    "an animated WebP, cut in its last picture": _several("WEBP")[:-900],
    "a HEIC with a phone's own end": HEIC + b"\0\0\1\x0aImage_UTC_DataSEFHk\0\0\0SEFT",
    "a HEIC by another name": HEIC.replace(b"ftypheic", b"ftypMiHE"),
    "an AVIF": AVIF,
    "an AVIF with transparency": a_file(SCENE.convert("RGBA"), "AVIF"),
    "several AVIF": _several("AVIF"),
    "a JPEG, turned": _jpeg(_segment(0xE1, b"Exif\0\0" + SIX), of=a_file(HELD)),
    "a PNG, turned": _png(_chunk(b"eXIf", SIX), of=a_file(HELD, "PNG")),
    "a PNG that says so at its end": a_file(HELD, "PNG")[:-12] + _chunk(b"eXIf", SIX) + PNG[-12:],
    "a WebP, turned": a_file(HELD, "WEBP", exif=b"Exif\0\0" + SIX),
    "an AVIF, turned": a_file(HELD, "AVIF", exif=SIX),
}  # fmt: skip
KNOWN = int(develop(JPEG).phash, 16)


@pytest.mark.parametrize("what", SOUND)
def test_sound_pixels_pass_whatever_is_beside_them(what: str) -> None:
    made = develop(SOUND[what])
    assert (made.width, made.height) == SIZE
    assert (int(made.phash, 16) ^ KNOWN).bit_count() <= 3


@pytest.mark.parametrize(
    ("data", "orientation"),
    [
        (SIX, 6),
        (b"Exif\0\0" + exif(3, b"\6\0", order="<"), 6),
        (exif(1, b"\6"), 6),
        (exif(4, b"\0\0\0\6"), 6),
        (exif(5, struct.pack(">II", 12, 2)), 6),
        (exif(2, b"6\0"), 6),
        (exif(5, struct.pack(">II", 6, 0)), None),
        (exif(3, b"\0\0"), None),
        (exif(3, b"\0\x09"), None),
        (exif(3, b"\xff\xff"), None),
        (b"MM\0*\xff\xff\xff\xff", None),
        (b"MM\0*\0\0\0\x08\xff\xff", None),
        (b"rubbish", None),
        (b"", None),
    ],
)
def test_an_orientation_is_read_however_it_is_written(data: bytes, orientation: int | None) -> None:
    assert orientation_of(data) == orientation


CUT, RARE = "a part of it is missing", "of a rare kind"
REFUSED = {
    "half a GIF": (GIF[: len(GIF) // 2], CUT),
    "half a WebP": (WEBP[: len(WEBP) // 2], CUT),
    "half an AVIF": (AVIF[: len(AVIF) // 2], CUT),
    "a PNG whose pixels end early": (_png_of(_chunk(b"IDAT", ROWS[:999])), CUT),
    "only the head of a PNG": (PNG[:33], CUT),
    "a JPEG with zeros for its second half": (JPEG[: len(JPEG) // 2] + bytes(len(JPEG) // 2), CUT),
    "a lossless JPEG": (JPEG.replace(b"\xff\xc0\0\x11", b"\xff\xc3\0\x11"), RARE),
    "a JPEG of 12 bits": (JPEG.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"), RARE),
    "a JPEG-LS": (b"\xff\xd8" + _segment(0xF7, b"\x08\0\x10\0\x10\1\1\x11\0"), RARE),
    "a GIF without a picture": (GIF[:13] + GIF[13 : 13 + 768] + b";", "may be damaged"),
    "a TIFF": (a_file(SCENE, "TIFF"), "a TIFF or a raw picture .*: save it as a JPEG"),
    "a raw picture": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "a raw picture of a camera: save it"),
    "a BMP": (a_file(SCENE, "BMP"), "a BMP: save it as a JPEG"),
    "a JPEG 2000": (a_file(SCENE, "JPEG2000"), "a JPEG 2000: save"),
    "a JPEG XL": (b"\xff\x0a" + bytes(60), "a JPEG XL: save"),
    "a Photoshop file": (b"8BPS\0\1" + bytes(60), "a Photoshop file: save"),
    "a PNG of Apple's own": (PNG[:8] + _chunk(b"CgBI", bytes(4)) + PNG[8:], "apps of the iPhone"),
    "an SVG": (b"<?xml version='1.0'?><!-- by me --><svg/>", "an SVG drawing: save it as a PNG"),
    "a PDF": (b"%PDF-1.7", "a PDF: save the picture in it"),
    "a film": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video, not a picture: add it"),
    "an archive": (b"PK\3\4" + bytes(60), "an archive or a document"),
    "a page": (b"\n<!DOCTYPE html><html>", "a web page, not a picture"),
    "words": (b'{"error": "not found"}', "this is text"),
    "nothing": (b"", "the file is empty"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_is_told_its_true_reason(what: str) -> None:
    content, reason = REFUSED[what]
    with pytest.raises(MarketError, match=reason):
        develop(content)


def test_a_jpeg_of_too_many_notes_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(MarketError, match="too much in it beside the picture"):
        read_header(io.BytesIO(_jpeg(*[_segment(0xFE, b"")] * 200_000)))


@pytest.mark.anyio
async def test_the_reason_is_the_same_from_a_process(studio: Studio) -> None:
    for what in ("half a GIF", "a PNG whose pixels end early", "a GIF without a picture"):
        content, reason = REFUSED[what]
        with pytest.raises(MarketError, match=reason):
            await studio.develop(io.BytesIO(content), "ann")
    assert (await studio.develop(io.BytesIO(a_photo()), "ann")).width == 900
