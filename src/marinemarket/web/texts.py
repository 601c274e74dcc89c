"""The texts of the pages: written in English where they stand, and looked up in a catalogue.

Templates say ``{{ _("Boats") }}``, ``{% trans %}…{% endtrans %}`` and ``ngettext``; code that makes
text for pages imports ``gettext as _`` from here.
"""

from __future__ import annotations

from gettext import NullTranslations

_translations = NullTranslations()


def gettext(text: str) -> str:
    """A text in the site's language."""
    return _translations.gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """A text for one, or for so many, in the site's language."""
    return _translations.ngettext(one, many, number)
