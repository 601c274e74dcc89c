"""The texts of the pages: written in English where they stand, and looked up in a catalogue.

The catalogue is `docs/reference/texts.pot`; a translation of it, compiled by gettext's own tools,
is set by ``TEXTS``. Templates say ``{{ _("Boats") }}``, ``{% trans %}…{% endtrans %}`` and
``ngettext``; code that makes text for pages imports ``gettext as _`` from here.
"""

from __future__ import annotations

from gettext import GNUTranslations, NullTranslations
from pathlib import Path

_translations = NullTranslations()


def load_translations(catalogue: Path | None) -> None:
    """Say every text as a compiled catalogue (``.mo``) has it; in English without one.

    Raises OSError for a file that cannot be read, and for one that is no catalogue.
    """
    global _translations
    if catalogue is None:
        _translations = NullTranslations()
        return
    with catalogue.open("rb") as file:
        _translations = GNUTranslations(file)


def gettext(text: str) -> str:
    """A text in the site's language."""
    return _translations.gettext(text) if text else ""  # "" is the name of a catalogue's own head


def mark(text: str) -> str:
    """A text of a table, marked for the catalogue; it is said later, by ``gettext(TABLE[name])``."""
    return text


def ngettext(one: str, many: str, number: int) -> str:
    """A text for one, or for so many, in the site's language."""
    return _translations.ngettext(one, many, number)
