"""Uploaded photos: recognized by their content, and re-encoded without their metadata.

A photo is decoded, rotated upright, converted to sRGB and encoded again in every size. Anything else
in its file (where and by whom it was taken, another file appended to it) does not come through.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps

from ..errors import FieldError, Invalid, TooLarge, UnknownKind
from ..i18n.texts import gettext as _

LARGEST_IMAGE: Final = 10_000_000
"""Bytes of a file."""
MOST_PIXELS: Final = 50_000_000

CROPPED: Final = {"150x150": (150, 150), "300x300": (300, 300), "600x400": (600, 400)}
WHOLE: Final = "1600"
SIZES: Final = (*CROPPED, WHOLE)
_LARGEST: Final = (1600, 3200)
"""The box into which the whole photo is fitted, never enlarged."""

_QUALITY: Final = {"webp": 80, "jpg": 82}
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_SMOOTH: Final = frozenset({"RGB", "L", "CMYK", "RGBA", "LA", "YCbCr"})
"""The modes in which pixels can be averaged."""
_WHITE: Final = (255, 255, 255)
_ORIENTATION: Final = 0x0112
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIELD: Final = "image"

register_heif_opener(thumbnails=False)
# Pillow's own limit is half as high again, and covers frames that ours never decodes.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


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

    Raises TooLarge above 10 MB, UnknownKind unless it is a JPEG, PNG, WebP, GIF or HEIC, whatever its
    name, and Invalid above 50 megapixels (before anything is decoded) or if damaged.
    """
    if len(content) > LARGEST_IMAGE:
        raise TooLarge(_("a picture may have at most 10 MB"))
    with _opened(content) as opened:
        whole = _whole(opened)
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


def _opened(content: bytes) -> Image.Image:
    """The photo, with only its header read. Raises UnknownKind and Invalid."""
    too_many = Invalid([FieldError(_FIELD, _("has more than 50 megapixels: send a smaller one"))])
    try:
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
    except _BOMBS:
        raise too_many from None
    except Exception:  # hostile files make decoders raise nearly anything
        raise UnknownKind(_("this is no JPEG, PNG, WebP, GIF or HEIC picture")) from None
    if opened.width * opened.height > MOST_PIXELS:
        raise too_many
    return opened


def _whole(opened: Image.Image) -> Image.Image:
    """The first frame in its largest size, rotated as the camera was held, in sRGB. Raises Invalid."""
    try:
        orientation = opened.getexif().get(_ORIENTATION, 1)
        profile = opened.info.get("icc_profile")
        box = _LARGEST if orientation not in _SIDEWAYS else _LARGEST[::-1]
        if opened.mode in _SMOOTH:
            # Where a half, a quarter or an eighth is enough, JPEGs are decoded at that scale, which
            # needs far less memory and time.
            scale = max(opened.width / box[0], opened.height / box[1], 1)
            opened.draft(None, (int(opened.width / scale), int(opened.height / scale)))
            opened.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=1.0)
            opened.load()  # small ones have not been decoded yet
            fitted = _opaque(opened)
        else:
            fitted = _opaque(opened)
            fitted.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=1.0)
        turned = _TURNS.get(orientation)
        upright = fitted if turned is None else fitted.transpose(turned)
        return _in_srgb(upright, profile)
    except Exception:  # as above
        message = _("is damaged, or did not arrive whole: send it once more")
        raise Invalid([FieldError(_FIELD, message)]) from None


def _opaque(picture: Image.Image) -> Image.Image:
    """Converted to a plain colour mode, with transparency on white."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # Pillow would clip such values at 255 instead of scaling them.
        depth = 256 if np.asarray(picture).max(initial=0) > 255 else 1
        return Image.fromarray((np.asarray(picture) // depth).astype(np.uint8))
    if picture.mode in ("RGB", "L", "CMYK"):
        return picture
    if not picture.has_transparency_data:
        return picture.convert("L" if picture.mode == "1" else "RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, _WHITE)
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, given, srgb, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # an invalid profile, or one for other colours: show it unconverted, as others do
    return picture if picture.mode == "RGB" else picture.convert("RGB")


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
