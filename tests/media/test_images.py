"""What becomes of a photo: every size, upright, in sRGB, and without its metadata."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageDraw

from marinemarket.errors import Invalid, TooLarge, UnknownKind
from marinemarket.media import images
from marinemarket.media.images import CROPPED, LARGEST_IMAGE, develop
from marinemarket.media.picture_parts import PictureParts

from .picture_files import a_file, a_photo, a_scene, opened

ORIENTATION, GPS = 0x0112, 0x8825


def _heic(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(picture).save(file, quality=70)
    return file.getvalue()


def test_every_size_is_there_as_webp_and_jpeg_and_nothing_is_enlarged() -> None:
    made = develop(a_photo(size=(2000, 1000)))
    assert (made.width, made.height) == (1600, 800)
    shown = {
        f"{size}.{kind}": (opened(content).format, opened(content).size)
        for (size, kind), content in made.files.items()
    }
    assert shown == {
        f"{name}.{kind}": (format, size)
        for name, size in {**CROPPED, "1600": (1600, 800)}.items()
        for kind, format in (("webp", "WEBP"), ("jpg", "JPEG"))
    }
    small = develop(a_photo(size=(500, 700)))
    assert (small.width, small.height) == (500, 700)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_it_is_decides_and_not_what_it_is_called(format: str) -> None:
    assert develop(a_file(a_scene(), format)).width == 900


def test_heic_as_phones_send_it_is_read() -> None:
    made, known = develop(_heic(a_scene())), develop(a_photo())
    assert (made.width, made.height, made.phash) == (900, 600, known.phash)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_come_out_as_they_look(mode: str) -> None:
    grey = a_scene().convert("L")
    if mode == "I;16":
        content = a_file(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257), "PNG")
    else:
        content = a_file(grey.convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    made = opened(develop(content).files["600x400", "jpg"]).convert("L")
    known = opened(develop(a_file(grey, "PNG")).files["600x400", "jpg"]).convert("L")
    off = np.abs(np.asarray(made).astype(int) - np.asarray(known).astype(int))
    assert off.mean() < 6


def test_what_is_clear_becomes_white() -> None:
    made = develop(a_file(Image.new("RGBA", (300, 300), (255, 0, 0, 0)), "PNG"))
    assert made.tint == "#ffffff"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_it_was_held(orientation: int) -> None:
    upright = Image.new("RGB", (640, 320), "white")
    ImageDraw.Draw(upright).rectangle(
        (0, 0, 160, 80), fill="black"
    )  # in the corner at the top left
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = upright if orientation == 1 else upright.transpose(back[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    made = develop(a_file(held, exif=exif, quality=95))
    shown = opened(made.files["1600", "jpg"])
    assert shown.size == (640, 320)
    red = shown.getchannel("R").point(lambda value: value // 128)
    assert [red.getpixel(at) for at in ((40, 40), (600, 40), (40, 280), (600, 280))] == [0, 1, 1, 1]


def test_colours_of_another_profile_are_brought_to_srgb() -> None:
    lab = ImageCms.createProfile("LAB")
    linear = _linear_profile()
    grey = Image.new("RGB", (300, 300), (55, 55, 55))
    as_is = develop(a_file(grey)).tint
    assert as_is == "#373737"
    made = develop(a_file(grey, icc_profile=linear)).tint
    assert int(made[1:3], 16) > 100, "a linear 55 is much lighter than it looks in sRGB"
    unfit = ImageCms.ImageCmsProfile(lab).tobytes()
    assert develop(a_file(grey, icc_profile=unfit)).tint == as_is
    assert develop(a_file(grey, icc_profile=b"none at all")).tint == as_is


def _linear_profile() -> bytes:
    """The sRGB profile, with straight lines for its curves."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    for n in range(count):
        entry = 132 + 12 * n
        if bytes(profile[entry : entry + 4]) in (b"rTRC", b"gTRC", b"bTRC"):
            start = int.from_bytes(profile[entry + 4 : entry + 8], "big")
            # A parametric curve of the first kind, its only parameter 1.0.
            profile[start : start + 16] = b"para" + bytes(8) + (1 << 16).to_bytes(4, "big")
            profile[entry + 8 : entry + 12] = (16).to_bytes(4, "big")
    return bytes(profile)


def test_no_metadata_is_in_any_file_of_a_picture() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker of the phone"
    exif.get_ifd(GPS)[2] = (27.0, 11.0, 52.0)
    content = a_file(
        a_scene(), exif=exif, comment=b"by the owner", xmp=b"<x:xmpmeta>harbour</x:xmpmeta>"
    )
    assert all(mark in content for mark in (b"Maker of the phone", b"owner", b"harbour"))
    for made in develop(content).files.values():
        assert not any(mark in made for mark in (b"Maker", b"owner", b"harbour", b"Exif", b"ICC_"))
        assert not opened(made).getexif()


def test_the_same_picture_is_known_again_and_another_is_not() -> None:
    known = int(develop(a_photo(1)).phash, 16)
    smaller = a_file(a_scene(1).resize((450, 300)), "WEBP", quality=50)
    lighter = a_file(a_scene(1).point(lambda value: min(255, value + 12)), quality=60)
    for content in (smaller, lighter):
        assert (int(develop(content).phash, 16) ^ known).bit_count() <= 6
    for other in range(2, 8):
        assert (int(develop(a_photo(other, (300, 200))).phash, 16) ^ known).bit_count() > 10


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF", b"hello", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"BM" + bytes(60)],
)  # fmt: skip
def test_what_is_no_picture_is_of_an_unknown_kind(content: bytes) -> None:
    with pytest.raises(UnknownKind):
        develop(content)


def test_a_picture_that_was_cut_off_is_refused_in_words() -> None:
    content = a_photo()
    with pytest.raises(Invalid, match="did not arrive whole"):
        develop(content[: len(content) // 2])


def test_a_file_over_the_limit_is_not_looked_at() -> None:
    with pytest.raises(TooLarge):
        develop(a_photo() + bytes(LARGEST_IMAGE))


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1)])
def test_odd_shapes_come_out_as_pictures(size: tuple[int, int]) -> None:
    made = develop(a_file(Image.new("RGB", size, "teal"), "PNG"))
    assert 1 <= made.width <= 1600
    assert 1 <= made.height <= 3200
    assert opened(made.files["600x400", "webp"]).size == (600, 400)


def test_a_jpeg_is_decoded_no_larger_than_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    fitted = images._fitted

    def noted(picture: Any, parts: PictureParts) -> Image.Image:
        decoded.append((picture.width, picture.height))
        return fitted(picture, parts)

    monkeypatch.setattr(images, "_fitted", noted)
    content = a_file(Image.new("RGB", (6600, 5000), "teal"))
    assert develop(content).width == 1600
    assert decoded[0] == (1650, 1250)


# -- Nothing that is thrown away anyway is a reason to refuse a picture -------------------------


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png_with(*chunks: bytes) -> bytes:
    content = a_file(a_scene(), "PNG")
    return content[:33] + b"".join(chunks) + content[33:]


ODD_PNGS = {
    "rubbish eXIf": _png_with(_chunk(b"eXIf", b"rubbish, as some programs write")),
    "eXIf that points nowhere": _png_with(_chunk(b"eXIf", b"MM\0*\xff\xff\xff\xff")),
    "short gAMA": _png_with(_chunk(b"gAMA", b"\0")),
    "gAMA of zero": _png_with(_chunk(b"gAMA", bytes(4))),
    "short cHRM": _png_with(_chunk(b"cHRM", b"\0")),
    "rubbish iCCP": _png_with(_chunk(b"iCCP", b"x\0\0rubbish")),
    "short pHYs": _png_with(_chunk(b"pHYs", b"\0")),
    "short tIME": _png_with(_chunk(b"tIME", b"\0")),
    "short acTL": _png_with(_chunk(b"acTL", b"\0\0")),
    "a wrong checksum": _png_with(_chunk(b"tEXt", b"k\0v")[:-4] + b"sums"),
    "many zTXt": _png_with(*[_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 900))] * 20_000),
    "a large zTXt": _png_with(_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(99_000_000)))),
    "a large iTXt": _png_with(_chunk(b"iTXt", b"k\0\0\0\0\0" + b"a" * 5_000_000)),
    "a file behind it": a_file(a_scene(), "PNG") + b"PK\3\4" * 500,
    "no end": a_file(a_scene(), "PNG")[:-12],
}


@pytest.mark.parametrize("what", ODD_PNGS)
def test_a_png_is_taken_whatever_its_metadata(what: str) -> None:
    assert develop(ODD_PNGS[what]).phash == develop(a_file(a_scene(), "PNG")).phash


def _jpeg_with(name: bytes, body: bytes) -> bytes:
    content = a_photo()
    return content[:2] + b"\xff" + name + struct.pack(">H", len(body) + 2) + body + content[2:]


ODD_OTHERS = {
    "WebP with rubbish EXIF": a_file(a_scene(), "WEBP", exif=b"Exif\0\0rubbish"),
    "WebP with rubbish XMP": a_file(a_scene(), "WEBP", xmp=b"\xff\xfe" * 30),
    "JPEG with rubbish EXIF": _jpeg_with(b"\xe1", b"Exif\0\0rubbish, and more of it"),
    "JPEG with half a profile": _jpeg_with(b"\xe2", b"ICC_PROFILE\0\1\2rubbish"),
    "JPEG with rubbish from Adobe": _jpeg_with(b"\xed", b"Photoshop 3.0\08BIM"),
    "JPEG without end marker": a_photo()[:-2],
    "JPEG with half an end marker": a_photo()[:-1],
    "progressive JPEG without end marker": a_file(a_scene(), progressive=True)[:-2],
    "JPEG with a second file behind it": a_photo() + a_photo(2),
}


@pytest.mark.parametrize("what", ODD_OTHERS)
def test_a_picture_is_taken_whatever_is_around_it(what: str) -> None:
    known = int(develop(a_photo()).phash, 16)
    assert (int(develop(ODD_OTHERS[what]).phash, 16) ^ known).bit_count() <= 2


def test_heic_with_rubbish_exif_is_taken() -> None:
    file = io.BytesIO()
    heic = pillow_heif.from_pillow(a_scene())
    heic.info["exif"] = b"Exif\0\0rubbish of some kind"
    heic.save(file, quality=70)
    assert b"rubbish of some kind" in file.getvalue()
    assert develop(file.getvalue()).width == 900


@pytest.mark.parametrize(
    "content",
    [
        a_photo()[:-100],
        a_photo()[: len(a_photo()) // 2],
        a_photo()[: len(a_photo()) // 2] + b"\xff\xd9",
        a_file(a_scene(), progressive=True)[:-3000],
        a_file(a_scene(), "PNG")[:-5000],
        a_file(a_scene(), "WEBP")[:-1000],
        a_file(a_scene(), "GIF")[:-5000],
        _heic(a_scene())[:-1000],
    ],
    ids=["jpeg", "half", "half, ended", "progressive", "png", "webp", "gif", "heic"],
)
def test_a_picture_of_which_a_part_is_missing_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="did not arrive whole"):
        develop(content)


@pytest.mark.parametrize("size", [(8192, 6144), (8160, 6144), (9248, 6944), (10_000, 7000)])
def test_the_largest_phones_pass(size: tuple[int, int]) -> None:
    content = a_file(Image.new("RGB", size, "teal"), quality=60)
    assert max(develop(content).width, develop(content).height) == 1600


def test_more_than_70_megapixels_are_refused_unseen() -> None:
    for format in ("JPEG", "PNG", "GIF", "WEBP"):
        content = a_file(Image.new("L", (10_001, 7000)), format)
        with pytest.raises(Invalid, match="more than 70 megapixels"):
            develop(content)
