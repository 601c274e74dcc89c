"""Tells users how the words of their query were understood, and how to undo it."""

from __future__ import annotations

from collections.abc import Iterable

from ..i18n.texts import gettext as _
from .parsed_query import QueryPart


def label_of(part: QueryPart, text: str, *, in_metres: bool = False) -> str:
    """How some words were understood: ``up to $50,000``, ``benetau → beneteau``.

    >>> label_of(Part(0, 4, "unknown", "blah"), "blah sloop")
    '“blah” is in no advert'
    """
    typed = text[part.start : part.end]
    if part.kind == "corrected":
        return f"{typed} → {part.label}"
    if part.kind == "unknown":
        return _("“%(word)s” is in no advert", word=typed)
    return (in_metres and part.label_in_metres) or part.label


def without_parts(text: str, parts: Iterable[QueryPart]) -> str:
    """The text without the characters of some parts.

    >>> without("sloop in Florida", [Part(6, 16, "place", "in Florida")])
    'sloop'
    """
    for part in sorted(parts, key=lambda part: part.start, reverse=True):
        text = f"{text[: part.start]} {text[part.end :]}"
    return " ".join(text.split())


def as_typed(text: str, part: QueryPart) -> str:
    """The text with a part in double quotes, so that it is taken literally.

    >>> as_typed("benetau 40", Part(0, 7, "corrected", "beneteau"))
    '"benetau" 40'
    """
    return f'{text[: part.start]}"{text[part.start : part.end]}"{text[part.end :]}'
