"""The text of an email: one text out of its parts, and how many attachments it has.

What somebody attaches is never read: neither files nor other people's emails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from html import unescape

from ..charsets import codec_of
from .html_mail import text_of_html
from .mail_headers import content_type, disposition, file_name, parameter, raw_field
from .text_parts import LARGEST_LOGO, content_of, page_of, plain_text, size_of

LONGEST_TEXT = 100_000
"""In characters; what an email says beyond it is not read."""
_MOST_PARTS = 200
_DEEPEST = 20
_SMALLEST_PHOTO = 1_000
"""In bytes; a smaller one that is not named as attached only counts who reads the email."""

_PLAIN = frozenset({"text/plain", "text/markdown"})
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_WORDS = _PLAIN | _ENRICHED | {"text/html", "application/xhtml+xml"}
_ADDED_BY_MAILERS = re.compile(
    r"application/(?:x-)?(?:pkcs7-signature|pgp-signature|pgp-keys|pgp-encrypted|applefile)"
    r"|text/(?:x-)?vcard|text/directory|text/css|text/x-amp-html"
)
"""Signatures, keys and cards, which say nothing that the market passes on."""
_SIGNATURE_NAME = re.compile(r".*\.p7s|(?:signature|openpgp_signature)(?:\.asc)?", re.IGNORECASE)
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|meta|style|div|p|table|span|font)\b", re.I)
_BOUNDARY = re.compile(r"^--(\S{1,70})\n(?=[A-Za-z-]{2,40}:)", re.MULTILINE)
_PICTURE_NAME = re.compile(r"\.(?:png|gif|jpe?g|bmp|webp|svg|emz|wmz)$", re.IGNORECASE)
_OF_EXCHANGE = re.compile(r"ATT\d{5}\.(?:txt|html?)", re.IGNORECASE)
_PLACE_OF_PICTURE = re.compile(
    r"\[cid:[^\]\s]{1,200}\]|\[image: [^\]\n]{0,200}\]|\[inline image[^\]\n]{0,20}\]"
    r"|<(?:image\d+|PastedGraphic[\w-]*)\.\w{3,4}>"
    "|\ufffc",
    re.IGNORECASE,
)
"""What mailers write into plain text where a picture is."""
_TARGET = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_ENCRYPTED_TEXT = "-----BEGIN PGP MESSAGE-----"
_SIGNED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
"""The object identifier at the beginning of what is signed in an S/MIME file."""


class Sealed(StrEnum):
    """Why the words of an email cannot be read."""

    ENCRYPTED = "encrypted"
    SIGNED = "signed"  # in a form that encloses the words


@dataclass(frozen=True, slots=True)
class Body:
    """What an email says: `is_rich` if in HTML, `sealed` if its words cannot be read.

    `left_out` counts its attachments.
    """

    text: str
    is_rich: bool
    left_out: int
    sealed: Sealed | None


def body_of(message: Message) -> Body:
    """The text of an email, from HTML if there is no other, and what else it holds."""
    reader = _Reader(_charset_elsewhere(message))
    text = _joined(reader.read(message, 0)) or _joined(reader.read_inline_file())
    left_out = sum(not reader.is_layout(one) for one in reader.files) + reader.pasted
    if _ENCRYPTED_TEXT in text and not text.partition(_ENCRYPTED_TEXT)[0].strip():
        reader.sealed = Sealed.ENCRYPTED
    if reader.sealed:
        text = ""
    is_rich = any(one.strip("\n") in text for one in reader.rich)
    return Body(text[:LONGEST_TEXT], is_rich, left_out, reader.sealed)


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _charset_elsewhere(message: Message) -> str:
    """The charset that an email's other parts or its header fields name, for a part that names none."""
    named = [
        parameter(part, "charset")
        for _, part in zip(range(_MOST_PARTS), message.walk(), strict=False)
    ]
    for name in ("Subject", "From"):
        named += re.findall(r"=\?([\w.:-]+)(?:\*[\w-]+)?\?[bqBQ]\?", raw_field(message, name))
    return next((one for one in named if codec_of(one)), "")


@dataclass
class _Reader:
    """Walks through the parts of an email, and collects its files."""

    charset: str
    files: list[Message] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)  # the Content-IDs that HTML shows as pictures
    rich: list[str] = field(default_factory=list)  # the texts that were in HTML
    pasted: int = 0
    sealed: Sealed | None = None
    parts: int = 0
    has_words: bool = False

    def read(self, part: Message, depth: int) -> list[str]:
        """The texts of a part in order; no text for a file."""
        self.parts += 1
        kind = content_type(part)
        if kind.startswith("message/") or self.parts > _MOST_PARTS or depth > _DEEPEST:
            self.files.append(part)
            return []
        if part.is_multipart():
            return self._read_several(part, kind, depth)
        if kind.startswith("multipart/"):
            return self._read_unparted(part, depth)
        if kind in _WORDS and not _is_file(part, depth):
            text = self._text(part, kind)
            self.has_words = self.has_words or bool(text.strip())
            return [text]
        self._keep(part, kind)
        return []

    def read_inline_file(self) -> list[str]:
        """The first text that is called an attachment or has a name, but not both."""
        for part in self.files:
            is_named = disposition(part) == "attachment" and file_name(part)
            if content_type(part) in _WORDS and not is_named:
                self.files.remove(part)
                return [self._text(part, content_type(part))]
        return []

    def _read_several(self, part: Message, kind: str, depth: int) -> list[str]:
        children = [one for one in part.get_payload() if isinstance(one, Message)]
        if kind == "multipart/alternative":
            return self._best(children, depth)
        if kind == "multipart/digest":
            self.files += children
            return []
        if kind == "multipart/encrypted" and not self.has_words:
            self.sealed = Sealed.ENCRYPTED
            return []
        texts: list[str] = []
        for child in children:
            is_rich = content_type(child) == "text/html"
            for text in self.read(child, depth + 1):
                # Some mailers send the same words in two forms without saying so.
                if not (is_rich and texts and _is_same(text, "\n".join(texts))):
                    texts.append(text)
        return texts

    def _best(self, children: list[Message], depth: int) -> list[str]:
        """The plain text of several forms of one text, or HTML where that says more than a stub."""
        forms = [
            (content_type(one), self.read(one, depth + 1))
            for one in children
            if content_type(one) in _WORDS or one.is_multipart() or disposition(one) == "attachment"
        ]
        forms = [(kind, texts) for kind, texts in forms if _joined(texts)]
        plain = next((texts for kind, texts in forms if kind == "text/plain"), [])
        rich = next((texts for kind, texts in reversed(forms) if kind != "text/plain"), [])
        if plain and rich and _says_more(_joined(rich), _joined(plain)):
            return rich
        return plain or rich

    def _read_unparted(self, part: Message, depth: int) -> list[str]:
        """The texts of a multipart whose boundary is not the one that it names, or that has none."""
        text, _ = plain_text(part, hint=self.charset)
        found = _BOUNDARY.search(text)
        if found is None or depth > 1:
            return [text]
        head = f'Content-Type: multipart/mixed; boundary="{found[1]}"\n\n'
        return self.read(message_from_bytes((head + text).encode("utf-8", "replace")), depth + 1)

    def _text(self, part: Message, kind: str) -> str:
        if kind in _PLAIN:
            text, pasted = plain_text(part, hint=self.charset)
            self.pasted += pasted
            return self._from_html(text) if _PAGE.match(text) else _without_additions(text)
        page, photos = page_of(part, hint=self.charset)
        self.pasted += photos
        if kind in _ENRICHED:
            page = re.sub(r"\r?\n\r?\n", "<br>", page)
        self.shown |= {one.lower() for one in re.findall(r"cid:([^\"'\s>)]{1,200})", page, re.I)}
        # Without any tag it is plain text under a wrong name, whose lines are lines.
        return self._from_html(page) if re.search("<[a-zA-Z!]", page) else unescape(page)

    def _from_html(self, page: str) -> str:
        text = text_of_html(page).replace("\ufffc", "")
        self.rich += [text] if text.strip() else []
        return text

    def _keep(self, part: Message, kind: str) -> None:
        """Keep a file, or note why the email cannot be read if its words are in it."""
        if not self.has_words and kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            self.sealed = _sealing(part)
        elif not self.has_words and kind == "application/pgp-encrypted":
            self.sealed = Sealed.ENCRYPTED
        else:
            self.files.append(part)

    def is_layout(self, part: Message) -> bool:
        """Does a file belong to the look of the email or to its signature, and not to what it says?"""
        kind, name = content_type(part), file_name(part)
        if _ADDED_BY_MAILERS.fullmatch(kind) or _SIGNATURE_NAME.fullmatch(name):
            return True
        if not kind.startswith("image/") and not _PICTURE_NAME.search(name):
            return False
        id = raw_field(part, "Content-ID").strip("<> ").lower()
        if id and (id in self.shown or disposition(part) != "attachment"):
            return size_of(part) < LARGEST_LOGO
        return size_of(part) < _SMALLEST_PHOTO and disposition(part) != "attachment"


def _without_additions(text: str) -> str:
    """Plain text without what mailers write for pictures, and for links that stand there already."""
    return _TARGET.sub(_target_once, _PLACE_OF_PICTURE.sub("", text))


def _target_once(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 300) : found.start()].split()
    shown, target = (before[-1] if before else ""), found[1]
    is_shown = shown and target.startswith("mailto:") and "@" in shown
    bare = re.sub(r"https?://", "", target).rstrip("/")
    return (
        "" if is_shown or re.sub(r"https?://", "", shown).rstrip("/").endswith(bare) else found[0]
    )


def _is_file(part: Message, depth: int) -> bool:
    """Is a text part a file, and not a part of what its sender wrote?"""
    name = file_name(part)
    if _OF_EXCHANGE.fullmatch(name):
        return False  # Exchange makes a file of each text below a picture
    return bool(depth) and (disposition(part) == "attachment" or bool(name))


def _sealing(part: Message) -> Sealed:
    kind = parameter(part, "smime-type").lower()
    is_signed = kind == "signed-data" or (not kind and _SIGNED_DATA in content_of(part)[:60])
    return Sealed.SIGNED if is_signed else Sealed.ENCRYPTED


def _says_more(rich: str, plain: str) -> bool:
    """Is the plain text a stub, or one that lacks what HTML has: words, or the mark of a signature?"""
    if "\n-- \n" in rich and not re.search(r"^-- ?$", plain, re.MULTILINE):
        return True
    own = "\n".join(line for line in rich.partition("\n-- \n")[0].split("\n") if line[:1] != ">")
    return _share(plain, rich) < 0.5 or _share(own, plain) < 0.5


def _is_same(text: str, other: str) -> bool:
    return _share(text, other) > 0.9 and _share(other, text) > 0.9


def _share(text: str, other: str) -> float:
    """How many of a text's words another has, as a share."""
    words = set(re.findall(r"\w+", text.casefold()))
    return len(words & set(re.findall(r"\w+", other.casefold()))) / len(words) if words else 1.0
