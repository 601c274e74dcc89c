"""Suggested opening lines and questions for buyers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _(text: str) -> str:
    """Mark a text for the catalogue; it is translated when it is shown."""
    return text


OPENING = _("Hello {seller}, I am interested in your {boat}.")

STARTERS: Mapping[str, str] = MappingProxyType(
    {
        "available": _("Is she still available?"),
        "viewing": _("When could I come and see her?"),
        "survey": _("When was she last surveyed, and may I see the report?"),
        "reason": _("Why are you selling her?"),
        "included": _("What comes with her?"),
    }
)
