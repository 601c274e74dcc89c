"""What people read: written in English where it stands, and looked up in a catalogue.

The catalogue is `docs/reference/texts.pot`; ``LANGUAGE`` and ``TEXTS`` set a translation of it, as
docs/translating.md describes. Templates write ``{{ _("Boats") }}`` and ``{% trans %}…{% endtrans %}``,
code imports ``gettext as _`` from here. A process has one language, which `use` sets: a table of texts
that is made before then holds them as `mark` leaves them, and looks them up when they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Self

from babel import Locale, UnknownLocaleError

DEFAULT = "en"
_translations = NullTranslations()
_language = DEFAULT
_locale = Locale(DEFAULT)


class Text(str):
    """A text in the site's language, which still knows what it is in the catalogue.

    As a string it is complete. `message` (and `plural`, of a text that counts) is its English
    original, `values` is what was filled in, and `in_words_of` is the same in another translation.
    """

    __slots__ = ("message", "number", "plural", "values")

    message: str
    plural: str | None
    number: int
    values: Mapping[str, Any]

    @classmethod
    def of(cls, message: str, plural: str | None, number: int, values: Mapping[str, Any]) -> Self:
        """The text as the site's catalogue has it."""
        text = cls(_filled(_translations, message, plural, number, values))
        text.message, text.plural, text.number, text.values = message, plural, number, values
        return text

    def in_words_of(self, translations: NullTranslations) -> str:
        """The text in another translation, with the same values."""
        return _filled(translations, self.message, self.plural, self.number, self.values)


def use(language: str = DEFAULT, catalogue: Path | None = None) -> None:
    """Write everything in a language from here on, with the texts of a compiled catalogue (``.mo``).

    Without a catalogue the texts are English. Raises OSError for a file that cannot be read, and for
    one that is no catalogue. A language that CLDR does not know is written as English is.
    """
    global _translations, _language, _locale
    if catalogue is None:
        translations = NullTranslations()
    else:
        with catalogue.open("rb") as file:
            translations = GNUTranslations(file)
    _translations, _language, _locale = translations, language, _locale_of(language)


def _locale_of(language: str) -> Locale:
    for name in (language, language.partition("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(DEFAULT)


def language() -> str:
    """The site's language as `LANGUAGE` names it: ``en``, ``pt-BR``."""
    return _language


def locale() -> Locale:
    """How the site's language writes numbers and dates."""
    return _locale


def direction() -> str:
    """``ltr`` or ``rtl``: which way the site's language runs, as HTML's `dir` has it."""
    return str(_locale.text_direction)


def mark(text: str) -> str:
    """A text of a table, marked for the catalogue; it is looked up later, by ``gettext(TABLE[name])``."""
    return text


def gettext(message: str, /, **values: object) -> str:
    """A text in the site's language, with its values filled in: ``_("up to %(sum)s", sum=…)``: a `Text`."""
    return Text.of(message, None, 0, values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """A text that counts, in the form that the language has for a number.

    ``%(num)s`` is the number as the language writes it.
    """
    from .numbers import whole  # the number's writing asks this module for the locale

    return Text.of(one, many, number, {"num": whole(number), **values})


def plain_gettext(message: str) -> str:
    """A text without its values, for Jinja, which fills them in and escapes them."""
    return _looked_up(_translations, message, None, 0)


def plain_ngettext(one: str, many: str, number: int) -> str:
    """As `plain_gettext`, of a text that counts."""
    return _looked_up(_translations, one, many, number)


def _looked_up(
    translations: NullTranslations, message: str, plural: str | None, number: int
) -> str:
    if plural is not None:
        return translations.ngettext(message, plural, number)
    return translations.gettext(message) if message else ""  # "" names a catalogue's own head


def _filled(
    translations: NullTranslations,
    message: str,
    plural: str | None,
    number: int,
    values: Mapping[str, Any],
) -> str:
    text = _looked_up(translations, message, plural, number)
    return text % values if values else text
