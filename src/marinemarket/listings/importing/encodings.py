"""The encoding of a file: as its marks and bytes say."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _

_AT_ONCE = 1 << 18
_UTF_8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes become text. `codec` is Python's name; `mark` the bytes before the text.

    In a file of `utf-8`, lines that are none are read by `beside`, or hold signs of replacement.
    """

    codec: str
    mark: bytes = b""
    beside: str | None = None

    @property
    def is_wide(self) -> bool:
        """Do line ends take several bytes?"""
        return self.codec.startswith(("utf-16", "utf-32"))

    def decoded(self, line: bytes) -> str:
        if self.codec == _UTF_8:
            try:
                return line.decode()
            except UnicodeDecodeError:
                return line.decode(self.beside or _UTF_8, errors="replace")
        return line.decode(self.codec, errors="replace")


def encoding_of(file: BinaryIO) -> Encoding:
    """The encoding of a file, whose position is left at its beginning. Raises Invalid."""
    file.seek(0)
    head = file.read(_AT_ONCE)
    file.seek(0)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, mark, beside="cp1252" if codec == _UTF_8 else None)
    if wide := _wide_without_mark(head):
        return Encoding(wide)
    return Encoding(_UTF_8, beside="cp1252")


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 shows in its signs of punctuation: every second byte of those is zero."""
    pairs = len(head) // 2
    even, odd = head[: pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if max(even, odd) < max(3, pairs // 10) or min(even, odd) > max(even, odd) // 20:
        return None
    codec = "utf-16-be" if even > odd else "utf-16-le"
    try:
        head[: pairs * 2 - 2].decode(codec)
    except UnicodeDecodeError:
        return None
    return codec


def known_codec(name: str) -> str:
    """The codec that people call by a name, such as ``Windows-1250``. Raises Invalid."""
    wanted = name.strip().lower().replace("_", "-")
    wanted = {"ansi": "cp1252", "mac": "mac-roman", "macintosh": "mac-roman", "unicode": "utf-16"}.get(
        wanted, wanted
    )  # fmt: skip
    try:
        found = codecs.lookup(wanted)
        "".encode(found.name)
    except (LookupError, TypeError, UnicodeError):
        message = _("is no encoding that we know: %(name)s", name=name[:40])
        raise Invalid([FieldError("encoding", message)]) from None
    return found.name


def pieces_of(file: BinaryIO, encoding: Encoding) -> Iterator[bytes]:
    """What a file holds after its mark, in pieces, with line ends of one byte."""
    file.seek(len(encoding.mark))
    if not encoding.is_wide:
        while piece := file.read(_AT_ONCE):
            yield piece
        return
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors="replace")
    while piece := file.read(_AT_ONCE):
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
