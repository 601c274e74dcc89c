"""Uploaded videos: stored unchanged, except that nothing but picture and sound is left in them.

A video is recognized by its content. What else is in its file (where and by whom it was taken, positions
beside the picture, names, dates, other files) is overwritten with zeros in place, so that picture and
sound stay as they were, byte by byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import BinaryIO, Final

from ..errors import FieldError, Invalid, UnknownKind
from ..i18n.texts import gettext as _
from .isobmff import clean_film
from .matroska import EBML, clean_webm
from .video_buffer import Buffer, DamagedVideo

VIDEO_KINDS: Final = frozenset({"mp4", "mov", "webm"})
_PICTURES: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
_OLD_QUICKTIME: Final = frozenset({b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"})
"""How a QuickTime film begins that says no kind, as older cameras make them."""
_HEVC: Final = frozenset({"hvc1", "hev1", "dvh1", "dvhe"})


@dataclass(frozen=True, slots=True)
class CleanVideo:
    """What is known of a video: its `kind` (``mp4``, ``mov`` or ``webm``) and its picture's codecs."""

    kind: str
    codecs: frozenset[str]

    @property
    def is_hevc(self) -> bool:
        """Is it in HEVC, which many browsers cannot show?"""
        return bool(self.codecs & _HEVC)


def kind_of(file: BinaryIO) -> str:
    """Whether a file is ``mp4``, ``mov`` or ``webm``. Raises UnknownKind for anything else."""
    file.seek(0)
    head = file.read(64)
    name, length = head[4:8], int.from_bytes(head[:4], "big")
    if name == b"ftyp" and head[8:12] not in _PICTURES:
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if name in _OLD_QUICKTIME and (length in (0, 1) or length >= 8):
        return "mov"
    if head.startswith(EBML.to_bytes(4, "big")) and b"webm" in head:
        return "webm"
    raise UnknownKind(_("this is no MP4, QuickTime or WebM video"))


def clean_video(path: Path) -> CleanVideo:
    """Blank all of a video but picture and sound, in place.

    Raises UnknownKind, and Invalid for a video of which nobody can tell where they are.
    """
    with path.open("r+b") as file:
        kind = kind_of(file)
        with mmap(file.fileno(), 0) as data:
            return CleanVideo(kind, clean_content(data, kind))


def clean_content(data: Buffer, kind: str) -> frozenset[str]:
    """As `clean_video`, for content of a known kind; returns the codecs of its picture."""
    try:
        return clean_webm(data) if kind == "webm" else clean_film(data)
    except (DamagedVideo, ValueError, IndexError, ZeroDivisionError, RecursionError):
        message = _(
            "is damaged, or of a kind that we cannot clean of what it tells: save it as an MP4"
        )
        raise Invalid([FieldError("video", message)]) from None
