"""The encoding of a file: as its sender says, as its marks say, or by the evidence of its letters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ... import charsets
from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _
from .encoding_names import encoding_name
from .letter_evidence import Likely, likely_encodings

_AT_ONCE = 1 << 18
_MOST_EXAMINED = 300_000
"""Bytes of lines in no UTF-8: evidence does not grow with more."""
_UTF_8 = "utf-8"
_SEVERAL_BYTES = ("cp932", "euc-jp", "gb18030", "big5hkscs", "cp949")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_CALLED = {
    "utf-16": "utf-16", "unicode": "utf-16", "utf-32": "utf-32", "mac": "mac-roman", "macintosh": "mac-roman",
    "ansi": "cp1252", "dos": "cp850", "oem": "cp850", "cp437": "cp437", "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "mac-central-european": "mac-latin2", "utf-8-sig": "utf-8",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes become text. `codec` is Python's name; `mark` the bytes before the text.

    In a file of `utf-8`, the lines that are none are in the encoding `beside`.
    """

    codec: str
    mark: bytes = b""
    beside: str | None = None

    @property
    def is_wide(self) -> bool:
        """Do line ends take several bytes?"""
        return self.codec.startswith(("utf-16", "utf-32"))

    def decoded(self, line: bytes) -> str:
        """A line as text. What is no letter becomes the sign of replacement."""
        if self.codec != _UTF_8:
            return line.decode(self.codec, errors="replace")
        try:
            return line.decode()
        except UnicodeDecodeError:
            is_beside = self.beside and not _is_damaged_utf_8(line)
            return line.decode(self.beside if is_beside and self.beside else _UTF_8, "replace")


def encoding_of(file: BinaryIO, asked: str | None = None) -> Encoding:
    """The encoding of a file: as it was `asked` for, by its mark, or by evidence. Raises Invalid."""
    file.seek(0)
    head = file.read(_AT_ONCE)
    found = next(((mark, codec) for mark, codec in _MARKS if head.startswith(mark)), None)
    if asked:
        return _as_asked(asked, found, head)
    if found:
        return Encoding(found[1], found[0])
    if wide := _wide_without_mark(head):
        return Encoding(wide)
    strange, is_mixed = _lines_in_no_utf_8(file)
    if not strange:
        return Encoding(_UTF_8)
    codec = _by_evidence(strange, is_mixed=is_mixed)
    return Encoding(codec) if codec and not is_mixed else Encoding(_UTF_8, beside=codec)


def _as_asked(asked: str, found: tuple[bytes, str] | None, head: bytes) -> Encoding:
    codec = known_codec(asked)
    if codec in ("utf-16", "utf-32"):
        codec = found[1] if found else _wide_without_mark(head) or f"{codec}-le"
    mark = found[0] if found and found[1] == codec else b""
    try:
        # The last sign may be cut in two.
        head[len(mark) : -4 if len(head) == _AT_ONCE else None].decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            message = _("is not in %(encoding)s", encoding=encoding_name(codec))
            raise Invalid([FieldError("encoding", message)]) from None
    return Encoding(codec, mark)


def _lines_in_no_utf_8(file: BinaryIO) -> tuple[bytes, bool]:
    """The lines of a file that are not in UTF-8, and whether others are, beyond ASCII."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(_UTF_8)()
    try:
        while piece := file.read(_AT_ONCE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        pass
    else:
        return b"", False
    file.seek(0)
    strange, is_mixed = bytearray(), False
    while line := file.readline(_AT_ONCE):
        if line.isascii():
            continue
        try:
            line.decode()
            is_mixed = True
        except UnicodeDecodeError:
            if _is_damaged_utf_8(line):
                is_mixed = True
            elif len(strange) < _MOST_EXAMINED:
                strange += line
    return bytes(strange), is_mixed


def _is_damaged_utf_8(line: bytes) -> bool:
    """Is a line in UTF-8, but for a letter or two that were cut?"""
    letters = [sign for sign in line.decode(errors="surrogateescape") if sign > "\x7f"]
    strange = sum("\udc80" <= sign <= "\udcff" for sign in letters)
    return strange * 2 <= len(letters) - strange


def _by_evidence(data: bytes, *, is_mixed: bool) -> str | None:
    """The encoding of bytes that are in no UTF-8; None if they make no words in any.

    Raises Invalid, with samples, if several may be it.
    """
    likely = likely_encodings(data)
    if not likely or likely[0].makes_no_words:
        codec = charsets.encoding_of(data, among=(*_SEVERAL_BYTES, "windows-1252"))
        return codec if codec != "cp1252" and _is_in(data, codec) else None
    if len(likely) == 1:
        return likely[0].codec
    if is_mixed:
        # The other rows are sound: these alone are refused.
        return None
    raise Invalid([FieldError("encoding", _doubt(likely))])


def _is_in(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _doubt(likely: Sequence[Likely]) -> str:
    """Why an encoding could not be decided, and how words would read."""
    some = likely[:3]
    words = [
        place for place in range(len(some[0].words)) if len({one.words[place] for one in some}) > 1
    ]
    samples = "; ".join(
        f"{encoding_name(one.codec)}: “{', '.join(one.words[place] for place in (words or [0])[:4])}”"
        for one in some
    )
    return _(
        "cannot be told from so few letters. Save the file in UTF-8, or say which of these reads well: %(samples)s",
        samples=samples[:600],
    )


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
    wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
    codec = _CALLED.get(wanted) or charsets.codec_of(wanted)
    if codec is None:
        message = _("is none that we know: %(name)s", name=name[:40])
        raise Invalid([FieldError("encoding", message)])
    return codec


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
