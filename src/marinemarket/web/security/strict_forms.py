"""Parsing the fields of a form: bounded in size and number, and not kept after the request."""

from __future__ import annotations

import re

from litestar.datastructures import FormMultiDict

from ...errors import TooLarge
from ...i18n.numbers import whole
from ...i18n.texts import gettext as _

LARGEST_FORM = 300_000
"""Bytes of a form without files. An advert in letters of nine bytes each, twice, is within."""
MOST_FIELDS = 1000

_ESCAPED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


def url_encoded_form(body: bytes) -> FormMultiDict:
    """The fields of an ``application/x-www-form-urlencoded`` body.

    The framework's own parser keeps the last thousand forms in memory, with passwords in them.
    Raises TooLarge.
    """
    if len(body) > LARGEST_FORM:
        raise _too_large()
    if body.count(b"&") >= MOST_FIELDS:
        raise TooLarge(_("a form may have at most %(most)s fields", most=whole(MOST_FIELDS)))
    return FormMultiDict(url_encoded_fields(body, most=MOST_FIELDS))


def url_encoded_fields(body: bytes, *, most: int) -> list[tuple[str, str]]:
    """The first so many fields of a form, in the order they were sent."""
    fields = (field.partition(b"=") for field in body.split(b"&", most)[:most] if field)
    return [(_text(name), _text(value)) for name, _equals, value in fields]


def check_texts(form: FormMultiDict) -> None:
    """Raises TooLarge for a form whose texts, without its files, are too large."""
    texts = (value for _name, value in form.multi_items() if isinstance(value, str))
    if sum(map(len, texts)) > LARGEST_FORM:
        raise _too_large()


def _too_large() -> TooLarge:
    return TooLarge(
        _("a form may have at most %(most)s kilobytes", most=whole(LARGEST_FORM // 1000))
    )


def _text(encoded: bytes) -> str:
    """Decoded at once where several bytes follow each other: most of a text in another script."""
    spaced = encoded.replace(b"+", b" ")
    decoded = _ESCAPED.sub(lambda run: bytes.fromhex(run[0].replace(b"%", b"").decode()), spaced)
    return decoded.decode(errors="replace")
