"""What a file is that is none of the pictures we take, so that its sender learns what to do instead."""

from __future__ import annotations

from typing import Final

from ..errors import UnknownKind
from ..i18n.texts import gettext as _
from ..i18n.texts import mark

HEAD: Final = 1024
"""How many bytes from the start of a file tell what it is."""

_PICTURES: Final = (
    (b"CR\2\0", 8, mark("a raw picture of a camera")),
    (b"II*\0", 0, mark("a TIFF or a raw picture of a camera")),
    (b"MM\0*", 0, mark("a TIFF or a raw picture of a camera")),
    (b"II+\0", 0, mark("a TIFF or a raw picture of a camera")),
    (b"MM\0+", 0, mark("a TIFF or a raw picture of a camera")),
    (b"IIRO", 0, mark("a raw picture of a camera")),
    (b"IIRS", 0, mark("a raw picture of a camera")),
    (b"MMOR", 0, mark("a raw picture of a camera")),
    (b"IIU\0", 0, mark("a raw picture of a camera")),
    (b"FUJIFILMCCD-RAW", 0, mark("a raw picture of a camera")),
    (b"FOVb", 0, mark("a raw picture of a camera")),
    (b"\0MRM", 0, mark("a raw picture of a camera")),
    (b"ftypcrx ", 4, mark("a raw picture of a camera")),
    (b"BM", 0, mark("a BMP")),
    (b"8BPS", 0, mark("a Photoshop file")),
    (b"gimp xcf", 0, mark("a GIMP file")),
    (b"\xff\x0a", 0, mark("a JPEG XL")),
    (b"JXL \r\n\x87\n", 4, mark("a JPEG XL")),
    (b"jP  \r\n\x87\n", 4, mark("a JPEG 2000")),
    (b"\xff\x4f\xff\x51", 0, mark("a JPEG 2000")),
    (b"\0\0\1\0", 0, mark("an icon")),
    (b"\0\0\2\0", 0, mark("a cursor")),
    (b"v/1\x01", 0, mark("an OpenEXR picture")),
    (b"#?RADIANCE", 0, mark("an HDR picture")),
    (b"II\xbc", 0, mark("a JPEG XR")),
    (b"\x8aMNG", 0, mark("an MNG animation")),
    (b"%!PS", 0, mark("PostScript")),
    (b"\xc5\xd0\xd3\xc6", 0, mark("PostScript")),
    (b"\xd7\xcd\xc6\x9a", 0, mark("a Windows metafile")),
    (b"CgBI", 12, mark("a PNG for apps of the iPhone")),
)
"""Signatures, where they stand, and what such a picture is called."""
_VIDEOS: Final = (
    (b"\x1aE\xdf\xa3", 0),
    (b"ftyp", 4),
    (b"moov", 4),
    (b"mdat", 4),
    (b"wide", 4),
    (b"AVI ", 8),
    (b"\0\0\1\xba", 0),
    (b"\0\0\1\xb3", 0),
    (b"FLV\1", 0),
    (b"0&\xb2u\x8ef\xcf\x11", 0),
    (b"OggS", 0),
)
_ARCHIVES: Final = (b"PK\3\4", b"PK\5\6", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_APPLE_DOUBLE: Final = b"\0\5\x16\7"
_BLANK: Final = b"\xef\xbb\xbf\xfe\xff \t\r\n\0"


def unknown_kind(head: bytes) -> UnknownKind:
    """The error for a file that begins like this, naming what it is as far as that can be told."""
    return UnknownKind(_told(head[:HEAD]))


def _told(head: bytes) -> str:
    if not head:
        return _("the file is empty: send the picture once more")
    for sign, at, what in _PICTURES:
        if head.startswith(sign, at):
            return _("this is %(what)s: save it as a JPEG, and send that", what=_(what))
    if any(head.startswith(sign, at) for sign, at in _VIDEOS):
        return _("this is a video, not a picture: add it where videos are added")
    if head.startswith(_ARCHIVES):
        return _("this is an archive or a document: send the pictures in it one by one")
    if head.startswith(_APPLE_DOUBLE):
        return _("this is what a Mac keeps beside a picture: send the picture itself")
    return _of_text(head.lstrip(_BLANK))


def _of_text(text: bytes) -> str:
    if text.startswith(b"%PDF"):
        return _("this is a PDF: save the picture in it as a JPEG, and send that")
    if text.startswith(b"<"):
        markup = text.lower()
        if b"<svg" in markup and not markup.startswith((b"<!doctype html", b"<html")):
            return _("this is an SVG drawing: save it as a PNG, and send that")
        return _("this is a web page, not a picture: save the picture itself, and send that")
    if text and all(byte in b"\t\n\r\f\x1b" or 32 <= byte < 127 for byte in text):
        return _("this is text, not a picture")
    return _(
        "this is no JPEG, PNG, WebP, GIF, HEIC or AVIF picture: save it as a JPEG, and send that"
    )
