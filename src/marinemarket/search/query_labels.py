"""How the words of a search were understood, told to whoever typed them, and how to undo it."""

from __future__ import annotations

from collections.abc import Iterable

from .parsed_query import QueryPart


def label_of(part: QueryPart, text: str) -> str:
    """What was made of some words: ``up to $50,000``, ``benetau → beneteau``.

    >>> told(Part(0, 4, "unknown", "blah"), "blah sloop")
    '“blah” is in no advert'
    """
    typed = text[part.start : part.end]
    if part.kind == "corrected":
        return f"{typed} → {part.label}"
    if part.kind == "unknown":
        return f"“{typed}” is in no advert"
    return part.label


def without_parts(text: str, parts: Iterable[QueryPart]) -> str:
    """A text without the characters of some parts.

    >>> without("sloop in Florida", [Part(6, 16, "place", "in Florida")])
    'sloop'
    """
    for part in sorted(parts, key=lambda part: part.start, reverse=True):
        text = f"{text[: part.start]} {text[part.end :]}"
    return " ".join(text.split())


def as_typed(text: str, part: QueryPart) -> str:
    """A text with a part in double quotes, which is how words are taken as they are.

    >>> as_typed("benetau 40", Part(0, 7, "corrected", "beneteau"))
    '"benetau" 40'
    """
    return f'{text[: part.start]}"{text[part.start : part.end]}"{text[part.end :]}'
