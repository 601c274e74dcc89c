"""Words to begin with, for those who would rather not look for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _(text: str) -> str:
    """Marks a text for the catalogue; it is looked up where it is shown."""
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
