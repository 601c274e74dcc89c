"""Uploaded photos: recognized by their content, and re-encoded without their metadata.

A photo is decoded, rotated upright, converted to sRGB and encoded again in every size. Anything else
in its file (where and by whom it was taken, another file appended to it) does not come through, and
nothing that is wrong with it is a reason to refuse the photo.

libvips decodes row by row, or at a smaller scale, so that memory depends on the format and not on the
number of pixels wherever the format allows it (docs/decisions/0037-processing-pictures.md).
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pi_heif
import pyvips
from PIL import Image, ImageOps

from ..errors import TooLarge
from ..i18n.texts import gettext as _
from .image_headers import ImageHeader, check_size, read_header
from .orientation import orientation_of
from .picture_faults import BadPicture, Fault
from .picture_parts import (
    PictureParts,
    gif_parts,
    jpeg_parts,
    png_parts,
    webp_parts,
    with_sums_anew,
)

LARGEST_IMAGE: Final = 20_000_000
"""Bytes of a file."""

CROPPED: Final = {"150x150": (150, 150), "300x300": (300, 300), "600x400": (600, 400)}
WHOLE: Final = "1600"
SIZES: Final = (*CROPPED, WHOLE)
_LARGEST: Final = (1600, 3200)
"""The box into which the whole photo is fitted, never enlarged."""

_QUALITY: Final = {"webp": 80, "jpg": 82}
_WHITE: Final = [255, 255, 255]
_SHRINKS: Final = (8, 4, 2)
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_STRICT: Final[dict[str, Any]] = {"access": "sequential", "fail_on": "truncated"}
_END_OF_JPEG: Final = b"\xff\xd9"
_PROFILE: Final = "icc-profile-data"
_WORDS_OF_THE_CUT: Final = ("premature end", "unexpected end", "truncated")
"""How decoders say that a part of the picture is missing."""

# Every picture is decoded once.
pyvips.cache_set_max(0)


@dataclass(frozen=True, slots=True)
class Developed:
    """A processed photo. `files` are keyed by size and format: ``("600x400", "webp")``.

    `width` and `height` are those of the whole photo; `tint` is its average colour as ``#rrggbb``;
    `phash` is its perceptual hash, 64 bits in hexadecimal.
    """

    width: int
    height: int
    tint: str
    phash: str
    files: dict[tuple[str, str], bytes]


def develop(content: bytes) -> Developed:
    """Create all files of a photo.

    Raises TooLarge above 20 MB, whatever `read_header` raises, and BadPicture if part of the picture is
    missing. Takes memory and time as the picture demands: hostile ones belong in a process with limits
    (`image_process`).
    """
    if len(content) > LARGEST_IMAGE:
        raise TooLarge(_("a picture may have at most 20 MB"))
    whole = _whole(content, read_header(io.BytesIO(content)))
    sizes = {WHOLE: whole} | {
        name: ImageOps.fit(whole, size, Image.Resampling.LANCZOS) for name, size in CROPPED.items()
    }
    return Developed(
        *whole.size,
        tint=_tint(whole),
        phash=_phash(whole),
        files={
            (size, kind): _encoded(made, kind) for size, made in sizes.items() for kind in _QUALITY
        },
    )


def _whole(content: bytes, header: ImageHeader) -> Image.Image:
    """The first frame in its largest size, rotated as the camera was held, in sRGB. Raises BadPicture."""
    try:
        return _DECODERS[header.kind](content)
    except (MemoryError, BadPicture):
        raise
    except Exception as error:  # hostile files make decoders raise nearly anything
        told = str(error).lower()
        if "out of memory" in told:
            raise MemoryError from None
        is_cut = any(words in told for words in _WORDS_OF_THE_CUT)
        raise BadPicture(Fault.CUT_OFF if is_cut else Fault.DAMAGED) from None


def _decoded_jpeg(content: bytes) -> Image.Image:
    """A JPEG. Cameras and programs that are interrupted leave out its end marker, which loses nothing."""
    parts = jpeg_parts(content)
    try:
        return _jpeg(parts, "warning")
    except pyvips.Error as error:
        text = str(error)
    if "premature end of JPEG image" in text:
        ended = replace(parts, picture=parts.picture + _END_OF_JPEG)
        return _jpeg(ended, "warning")
    if "premature end of data" in text:
        raise BadPicture(Fault.CUT_OFF)
    return _jpeg(parts, "truncated")  # a warning about something else, such as padding


def _jpeg(parts: PictureParts, fail_on: str) -> Image.Image:
    """Where a half, a quarter or an eighth is enough, a JPEG is decoded at that scale."""
    whole = _checked(pyvips.Image.jpegload_buffer(parts.picture))
    shrink = _shrink_of(whole, parts.orientation)
    picture = pyvips.Image.jpegload_buffer(
        parts.picture, access="sequential", fail_on=fail_on, shrink=shrink
    )
    return _fitted(picture, parts)


def _decoded_png(content: bytes) -> Image.Image:
    parts = png_parts(content)
    try:
        return _png(parts)
    except pyvips.Error as error:
        if "out of memory" in str(error):
            raise
    # Browsers show a PNG also with a wrong sum at the end of its packed data, or none.
    return _png(replace(parts, picture=with_sums_anew(parts.picture)))


def _png(parts: PictureParts) -> Image.Image:
    return _fitted(_checked(pyvips.Image.pngload_buffer(parts.picture, **_STRICT)), parts)


def _decoded_gif(content: bytes) -> Image.Image:
    parts = gif_parts(content)
    return _fitted(_checked(pyvips.Image.gifload_buffer(parts.picture, **_STRICT)), parts)


def _decoded_webp(content: bytes) -> Image.Image:
    parts = webp_parts(content)
    whole = _checked(pyvips.Image.webpload_buffer(parts.picture))
    scale = 1 / _shrink_of(whole, parts.orientation)
    return _fitted(pyvips.Image.webpload_buffer(parts.picture, scale=scale, **_STRICT), parts)


def _decoded_heic(content: bytes) -> Image.Image:
    heic = pi_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
    check_size(*heic.size)
    # Its memory is shared, and is gone with `heic`: nothing may be decoded after this function.
    picture = pyvips.Image.new_from_array(np.asarray(heic), interpretation="srgb").copy()
    return _fitted(picture, PictureParts(b"", profile=heic.info.get("icc_profile")))


def _decoded_avif(content: bytes) -> Image.Image:
    # libvips would take half as much memory again.
    with Image.open(io.BytesIO(content), formats=["AVIF"]) as avif:
        check_size(*avif.size)
        notes = avif.info
        pixels = np.asarray(avif)
    picture = pyvips.Image.new_from_array(pixels, interpretation="srgb")
    orientation = orientation_of(notes.get("exif", b"")) or 1
    return _fitted(picture, PictureParts(b"", orientation, notes.get("icc_profile")))


_DECODERS: Final = {
    "jpeg": _decoded_jpeg,
    "png": _decoded_png,
    "gif": _decoded_gif,
    "webp": _decoded_webp,
    "heic": _decoded_heic,
    "avif": _decoded_avif,
}


def _checked(picture: pyvips.Image) -> pyvips.Image:
    """A picture that is not decoded yet, if its decoder, too, finds no more pixels than are allowed."""
    check_size(picture.width, picture.height)
    return picture


def _shrink_of(picture: pyvips.Image, orientation: int) -> int:
    """By which power of two it may be decoded smaller than it is."""
    box = _LARGEST[::-1] if orientation in _SIDEWAYS else _LARGEST
    scale = max(picture.width / box[0], picture.height / box[1])
    return next((shrink for shrink in _SHRINKS if shrink <= scale), 1)


def _fitted(picture: pyvips.Image, parts: PictureParts) -> Image.Image:
    """Decode a picture: upright, in the largest size, in sRGB, with transparency on white."""
    plain = picture.copy()  # metadata of one that is shared cannot be changed
    plain.set_type(pyvips.GValue.gint_type, "orientation", parts.orientation)
    small = None
    if parts.profile and _fits(parts.profile, plain):
        profiled = plain.copy()
        profiled.set_type(pyvips.GValue.blob_type, _PROFILE, parts.profile)
        # With an invalid one it is shown unconverted, as others do.
        with suppress(pyvips.Error):
            small = _shrunk(profiled)
    if small is None:
        if plain.get_typeof(_PROFILE):
            plain.remove(_PROFILE)
        small = _shrunk(_plain_rgb(plain) if plain.interpretation == "cmyk" else plain)
    if small.hasalpha():
        small = small.flatten(background=_WHITE)
    pixels = small.cast("uchar").write_to_memory()
    mode = "L" if small.bands == 1 else "RGB"
    return Image.frombytes(mode, (small.width, small.height), pixels).convert("RGB")


def _fits(profile: bytes, picture: pyvips.Image) -> bool:
    """Is this profile for colours like the picture's? With another, libvips would assume a certain press."""
    space = {"cmyk": b"CMYK", "b-w": b"GRAY", "grey16": b"GRAY"}.get(
        picture.interpretation, b"RGB "
    )
    return profile[16:20] == space


def _shrunk(picture: pyvips.Image) -> pyvips.Image:
    width, height = _LARGEST
    return picture.thumbnail_image(width, height=height, size="down", output_profile="srgb")


def _plain_rgb(inks: pyvips.Image) -> pyvips.Image:
    """A CMYK picture without a profile as browsers show it; libvips would assume a certain press."""
    light = (255 - inks[0:3]) * (255 - inks[3]) / 255
    return light.cast("uchar").copy(interpretation="srgb")


def _encoded(picture: Image.Image, kind: str) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # without `info`, which encoders would write to the file
    file = io.BytesIO()
    if kind == "webp":
        clean.save(file, "WEBP", quality=_QUALITY[kind], method=4)
    else:
        clean.save(file, "JPEG", quality=_QUALITY[kind], optimize=True, progressive=True)
    return file.getvalue()


def _tint(picture: Image.Image) -> str:
    average = np.asarray(picture.resize((1, 1), Image.Resampling.BOX)).reshape(3)
    return "#" + "".join(f"{int(part):02x}" for part in average)


def _phash(picture: Image.Image) -> str:
    """Whether brightness increases to the right, at 8 × 8 places (dHash)."""
    grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)).astype(int)
    return np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes().hex()
