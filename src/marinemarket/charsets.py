"""Bytes into text: by the name of a charset as browsers read it, or by evidence where it is missing or wrong.

Names are those of the WHATWG Encoding Standard, so that `iso-8859-1` is Windows-1252 and `gb2312` is GB 18030.
Mailers and spreadsheets use further ones, which Python's codecs know.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import chardet
import webencodings

_PYTHON = {
    # The standard's encodings are those of Windows, which hold more than Python's of the same name.
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
}
_REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape"})
"""What Python calls an encoding of text and no browser reads."""
_NAMES_NOTHING = frozenset(
    {"", "ascii", "us-ascii", "ansi_x3.4-1968", "iso646-us", "us", "cp367"}
    | {"binary", "unknown-8bit", "x-unknown", "unknown", "8bit", "default", "none"}
)
"""Labels that say nothing about bytes beyond ASCII."""
_SEVERAL_BYTES = frozenset({"cp932", "cp949", "gb18030", "big5hkscs", "euc_jp"})
_FOR_WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-5": "cp1251",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
"""What a text really is in whose ISO reading there are control characters: quotation marks of Windows."""

LEGACY = (
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "cp874",
    "koi8-r",
    "koi8-u",
    "iso8859-2",
    "iso8859-7",
    "mac-roman",
    "cp850",
    "cp932",
    "euc-jp",
    "gb18030",
    "big5hkscs",
    "cp949",
)
"""The encodings that people's programs still write, among which evidence decides."""

_CONTROLS = re.compile("[\x80-\x9f]")
_RARE_IN_WESTERN = re.compile(
    r"[ðþýÐÞÝ]"
    # Signs and capitals within words; `cm³` and `½` are none.
    r"|(?<=[a-z])[¿¡£¢¥¶‡ˆ\u00c0-\u00ddŸŠŒ](?=[a-z])|[¹³¼¾](?=[a-z])|(?<=[a-z][a-ln-z])[¹³¼¾]"
)
_SPANISH = re.compile(rb"(?:^|[\s(])\xbf[A-Z][a-z\xe0-\xff]+[ ,?][^\n]{0,200}?\?")
"""A question in Spanish: in no other encoding does a letter of its own stand before such a capital."""
_MOST_EXAMINED = 20_000
"""In bytes: evidence does not grow with more."""


def decode(data: bytes, label: str | None = None, *, among: Iterable[str] = LEGACY) -> str:
    """Bytes as text. `label` is the charset that their sender names; None where it names none.

    What is UTF-8 is read as that whatever its label says. A label whose encoding the bytes cannot be
    in, or that stands by default in many programs and makes no words, gives way to evidence `among`
    other encodings. Every byte is accounted for: what has no meaning becomes U+FFFD.
    """
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace")
    encoding = codec_of(label)
    if data.isascii() and encoding not in _NOT_ASCII:
        return _escaped(data) if b"\x1b$" in data else data.decode("ascii")
    if _is_utf_8(data, encoding):
        return data.decode("utf-8")
    if encoding == "utf-8" and (mended := _nearly_utf_8(data)):
        return mended
    if encoding is None:
        return _by_evidence(data, among)
    return _as_named(data, encoding, among)


@lru_cache(maxsize=256)
def codec_of(label: str | None) -> str | None:
    """The Python codec that a label means; None where it means no encoding of text."""
    name = (label or "").strip(" \t\r\n\f\"';").lower()[:40]
    if name in _NAMES_NOTHING or not name.isascii():
        return None
    for one in (name, re.sub(r"^(?:cp|win|windows)[-_ ]?(125\d|874)$", r"windows-\1", name)):
        if found := webencodings.lookup(one):
            encoding = _PYTHON.get(found.name, found.codec_info.name)
            return None if encoding in ("x-user-defined", "replacement") else encoding
    try:
        info = codecs.lookup(re.sub(r"^x-(?=mac|cp)", "", name))
    except (LookupError, ValueError):
        return None
    is_text: bool = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name.replace("_", "-") not in _REFUSED else None


def encoding_of(data: bytes, *, among: Iterable[str] = LEGACY) -> str:
    """The encoding of bytes that are no UTF-8, by evidence; Windows-1252 where there is none."""
    # Lines of ASCII, such as a quoted email of ours in English, say nothing but outweigh the others.
    telling = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(telling)[:_MOST_EXAMINED] or data[:_MOST_EXAMINED]
    if "windows-1252" in (among := list(among)) and _SPANISH.search(sample):
        return "cp1252"
    found = chardet.detect_all(sample, ignore_threshold=True, include_encodings=among)
    for one in found:
        name = one["encoding"]
        encoding = codec_of(name) if name else None
        if encoding and _makes_words(sample.decode(encoding, "replace")):
            return encoding
    return "cp1252"


_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_ASCII = frozenset({"utf-16", "utf-16-le", "utf-16-be", "iso2022_jp_ext", "iso2022_kr", "hz"})


def _is_utf_8(data: bytes, encoding: str | None) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if data.isascii():
        return False
    # Two bytes of Chinese or Korean may happen to be one letter of UTF-8; three together do not.
    return encoding not in _SEVERAL_BYTES or any(letter > "߿" for letter in text)


def _nearly_utf_8(data: bytes) -> str:
    """Text in UTF-8 to which something in Windows-1252 was added, or that was cut within a letter.

    Empty if most of it is no UTF-8.
    """
    try:
        # Java's mailers write an emoji as two halves.
        return (
            data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
        )
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "surrogateescape")
    strange = sum("\udc80" <= letter <= "\udcff" for letter in text)
    if strange > 3 * (sum(letter > "\x7f" for letter in text) - strange):
        return ""
    return re.sub("[\udc80-\udcff]+", lambda run: _western(run[0]), text)


def _western(escaped: str) -> str:
    return escaped.encode("ascii", "surrogateescape").decode("cp1252", "replace")


def _as_named(data: bytes, encoding: str, among: Iterable[str]) -> str:
    if encoding.startswith("utf-16") and b"\0" not in data:
        return decode(data, among=among)
    if encoding.startswith("iso2022_jp"):
        return _japanese(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "cp1252":
            return _by_evidence(data, among)
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * 20 > sum(one > "\x7f" for one in text):
            return _by_evidence(data, among)
    if encoding in _FOR_WINDOWS and _CONTROLS.search(text):
        return data.decode(_FOR_WINDOWS[encoding], "replace")
    if encoding == "cp1252" and _is_doubtful(text):
        return _by_evidence(data, among)
    return _with_euros(text)


def _by_evidence(data: bytes, among: Iterable[str]) -> str:
    if b"\x1b$" in data:
        return _escaped(data)
    return _with_euros(data.decode(encoding_of(data, among=among), "replace"))


def _with_euros(text: str) -> str:
    """Nobody writes `¤` beside a figure: ISO-8859-15 has the euro sign in its place."""
    return re.sub(r"(?<=\d)(\s?)¤|¤(?=\s?\d)", r"\1€", text) if "¤" in text else text


def _is_doubtful(text: str) -> bool:
    """Is this Western reading more likely another alphabet's? Programs write this label by default."""
    telling = "".join(line for line in text.splitlines() if not line.isascii())[:_MOST_EXAMINED]
    letters = [one for one in telling if one.isalpha()]
    accented = sum(one > "\x7f" for one in letters)
    return (accented > 3 and 5 * accented > 2 * len(letters)) or bool(_RARE_IN_WESTERN.search(text))


def _makes_words(text: str) -> bool:
    """May people have written this? In no word of theirs do Latin letters stand among other ones."""
    if _CONTROLS.search(text):
        return False
    if re.search(r"[^\W\d_\x00-\x7f]\d|\d[^\W\d_\x00-\x7f]", text) and _is_latin_only(text):
        return False
    foreign = [word for word in re.findall(r"[^\W\d_]+", text) if not _is_latin_only(word)]
    if not foreign:
        return True
    is_pure = all(not re.search(r"[A-Za-z]", word) or _is_east_asian(word) for word in foreign)
    return is_pure and any(len(word) > 1 for word in foreign)


def _is_latin_only(text: str) -> bool:
    return all(one <= "\u024f" or not one.isalpha() for one in text)


def _is_east_asian(word: str) -> bool:
    return any(unicodedata.east_asian_width(one) in "WF" for one in word)


def _escaped(data: bytes) -> str:
    """Seven-bit text that changes its alphabet by escape sequences."""
    if b"\x1b$)C" in data:
        return data.decode("iso2022_kr", "replace")
    return _japanese(data)


_ALPHABET = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([BJI])")


def _japanese(data: bytes) -> str:
    """ISO-2022-JP with what Windows adds to it, such as numbers in circles, which Python's codec lacks."""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pass
    parts, pos, is_double = [], 0, False
    for found in [*_ALPHABET.finditer(data), None]:
        piece = data[pos : found.start() if found else len(data)]
        parts.append(_double(piece) if is_double else piece.decode("cp932", "replace"))
        if found:
            is_double, pos = found[0].startswith(b"\x1b$"), found.end()
    return "".join(parts)


def _double(piece: bytes) -> str:
    """Pairs of JIS X 0208, moved to where Shift JIS has them; line breaks between them stay."""
    moved = bytearray()
    pos = 0
    while pos < len(piece):
        if piece[pos] < 0x21 or pos + 1 == len(piece):
            moved.append(piece[pos])
            pos += 1
            continue
        row, cell = piece[pos], piece[pos + 1]
        lead = ((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1)
        moved += bytes((lead, cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60))))
        pos += 2
    return moved.decode("cp932", "replace")
