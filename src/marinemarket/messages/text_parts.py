"""The words of one text part of an email: its transfer encoding, its charset, its soft line breaks."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error, a2b_uu
from email.message import Message
from quopri import decodestring

from ..charsets import codec_of, decode
from .mail_headers import parameter, raw_field

LARGEST_PART, LARGEST_PLAIN, LARGEST_PAGE = 10_000_000, 1_000_000, 3_000_000
"""In bytes; what a part holds beyond it is not read. Pictures within a page do not count."""
LARGEST_LOGO = 100_000
"""In bytes; a larger picture within an email is a photo that somebody sends."""

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_QUOTED_LETTER = re.compile(rb"=[89A-Fa-f][0-9A-Fa-f]|=\r?\n")
_NOT_QUOTED = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|\Z)")
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_PICTURE_DATA = re.compile(rb"data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=%\s]*", re.IGNORECASE)
_FILE = re.compile(r"^begin [0-7]{3,4} \S.*\n((?:[ -`]{1,62}\n)+)end$", re.MULTILINE)
_ARMOUR = "-----{} PGP {}-----"


def content_of(part: Message) -> bytes:
    """The bytes of a part that is no multipart, out of the transfer encoding that it really has."""
    named = re.sub(r"[^a-z0-9]", "", raw_field(part, "Content-Transfer-Encoding").lower())
    data = _raw(part)
    if named.startswith("base64"):
        return _from_base64(data)
    if named.startswith("quotedprintable"):
        return decodestring(data)
    if named in ("xuuencode", "uuencode", "uue", "xuue"):
        return _from_uu(data)
    return _as_it_seems(data)


def size_of(part: Message) -> int:
    """About how many bytes a part holds, without decoding it."""
    payload = part.get_payload()
    size = len(payload) if isinstance(payload, str) else 0
    named = raw_field(part, "Content-Transfer-Encoding").lower()
    return size * 3 // 4 if named.startswith("base64") else size


def _raw(part: Message) -> bytes:
    payload = part.get_payload()
    if not isinstance(payload, str):
        return b""
    # Asked for the content as it was sent: the library would decode leniently what is named wrongly.
    encoding = part.get("Content-Transfer-Encoding")
    del part["Content-Transfer-Encoding"]
    data = part.get_payload(decode=True)
    if encoding is not None:
        part["Content-Transfer-Encoding"] = encoding
    return data[:LARGEST_PART] if isinstance(data, bytes) else b""


def _from_base64(data: bytes) -> bytes:
    """Base64, and what was added below it as it is; all as it is where none of it is Base64."""
    lines = data.splitlines(keepends=True)
    count = 0
    while count < len(lines) and _BASE64_LINE.fullmatch(lines[count].strip() or b"A"):
        count += 1
    try:
        decoded = _decoded_base64(b"".join(lines[:count]))
    except Error:
        return data
    rest = b"".join(lines[count:])
    return decoded + b"\n" + rest if rest.strip() else decoded


def _decoded_base64(data: bytes) -> bytes:
    """Raises binascii.Error where it cannot be Base64. Several ends, from joined pieces, are allowed."""
    bare = b"".join(data.split())
    pieces = re.findall(rb"[^=]+={0,2}", bare)
    decoded = []
    for piece in pieces:
        cut = len(piece) % 4
        if cut and len(pieces) == 1 and len(piece) < 60:
            raise Error("words, and no Base64")
        decoded.append(b64decode(piece[: len(piece) - cut] if cut else piece))
    return b"".join(decoded)


def _from_uu(data: bytes) -> bytes:
    decoded = []
    for line in data.splitlines():
        if line.startswith(b"begin ") or not line.strip():
            continue
        if line.strip() == b"end":
            break
        try:
            decoded.append(a2b_uu(line))
        except Error:
            return data
    return b"".join(decoded)


def _as_it_seems(data: bytes) -> bytes:
    """Text whose transfer encoding is not named, or named wrongly, but shows."""
    if not data.isascii():
        return data
    if _QUOTED_LETTER.search(data) and not _NOT_QUOTED.search(data):
        return decodestring(data)
    lines = data.split()
    if lines and len(lines[0]) >= 40 and all(_BASE64_LINE.fullmatch(line) for line in lines):
        try:
            decoded = _decoded_base64(data)
            decoded.decode("utf-8")
        except (Error, UnicodeDecodeError):
            return data
        return decoded
    return data


def plain_text(part: Message, *, hint: str = "") -> tuple[str, int]:
    """The text of a `text/plain` part, and how many files were pasted into it.

    `hint` is the charset that the rest of the email suggests, for a part that names none.
    """
    text = decode(content_of(part)[:LARGEST_PLAIN], _label(parameter(part, "charset"), hint))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if parameter(part, "format").lower() == "flowed":
        text = _unflowed(text, is_joined_bare=parameter(part, "delsp").lower() == "yes")
    return _without_armour(_FILE.sub("", text)), len(_FILE.findall(text))


def page_of(part: Message, *, hint: str = "") -> tuple[str, int]:
    """The HTML of a `text/html` part, and how many photos are written into it."""
    data = content_of(part)
    photos = sum(len(one[0]) * 3 // 4 >= LARGEST_LOGO for one in _PICTURE_DATA.finditer(data))
    data = _PICTURE_DATA.sub(b"", data)[:LARGEST_PAGE]
    found = _META.search(data[:4096])
    meta = found[1].decode("ascii", "replace") if found else ""
    return decode(data, _label(parameter(part, "charset"), meta, hint)), photos


def _label(*labels: str) -> str | None:
    return next((label for label in labels if codec_of(label)), None)


def _without_armour(text: str) -> str:
    """The words of a text that is signed by PGP, without what PGP adds; public keys are left out."""
    before, begin, signed = text.partition(_ARMOUR.format("BEGIN", "SIGNED MESSAGE") + "\n")
    if begin:
        words, _, signature = signed.partition(_ARMOUR.format("BEGIN", "SIGNATURE"))
        below = signature.partition(_ARMOUR.format("END", "SIGNATURE"))[2]
        words = re.sub(r"\A(?:[A-Za-z-]+: .*\n)*\n", "", words)
        text = before + re.sub(r"^- ", "", words, flags=re.MULTILINE) + below
    before, begin, key = text.partition(_ARMOUR.format("BEGIN", "PUBLIC KEY BLOCK"))
    return before + key.partition(_ARMOUR.format("END", "PUBLIC KEY BLOCK"))[2] if begin else text


def _unflowed(text: str, *, is_joined_bare: bool) -> str:
    """Text in format=flowed (RFC 3676) with its soft line breaks joined."""
    pieces: list[str] = []
    flowing_depth = -1  # of the line that goes on in the next one; -1 for none
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        is_soft = words.endswith(" ") and words != "-- "
        kept = words[:-1] if is_soft and is_joined_bare else words
        if flowing_depth != depth or words == "-- ":
            pieces += ["\n" if pieces else "", ">" * depth, " " if depth and kept else ""]
        pieces.append(kept)
        flowing_depth = depth if is_soft else -1
    return "".join(pieces)
