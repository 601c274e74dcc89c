"""The texts that people read: written in English in the code, and translated through a catalogue.

The catalogue is `docs/reference/texts.pot`; the settings ``LANGUAGE`` and ``TEXTS`` select a
translation, as docs/translating.md describes. Templates write ``{{ _("Boats") }}`` and
``{% trans %}…{% endtrans %}``, code imports ``gettext as _`` from here. A process has one language,
which `use` sets. A table of texts is created before that, so `mark` leaves its texts untranslated;
they are translated when they are shown.
"""

from __future__ import annotations

import struct
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
    """A text in the site's language, which remembers its origin in the catalogue.

    As a string it is complete. `message` (and `plural`, for a text with a number) is the English
    original, `values` are the values filled in, and `in_words_of` gives it in another translation.
    """

    __slots__ = ("message", "number", "plural", "values")

    message: str
    plural: str | None
    number: int
    values: Mapping[str, Any]

    @classmethod
    def of(cls, message: str, plural: str | None, number: int, values: Mapping[str, Any]) -> Self:
        """The text in the site's catalogue."""
        text = cls(_filled(_translations, message, plural, number, values))
        text.message, text.plural, text.number, text.values = message, plural, number, values
        return text

    def in_words_of(self, translations: NullTranslations) -> str:
        """The text in another translation, with the same values."""
        return _filled(translations, self.message, self.plural, self.number, self.values)


def use(language: str = DEFAULT, catalogue: Path | None = None) -> None:
    """Set the language of this process, with the texts of a compiled catalogue (``.mo``).

    Without a catalogue the texts are English. Raises ValueError for a file that is no readable
    catalogue. A language that CLDR does not know is formatted as English is.
    """
    global _translations, _language, _locale
    translations = NullTranslations() if catalogue is None else translations_in(catalogue)
    _translations, _language, _locale = translations, language, _locale_of(language)


def translations_in(catalogue: Path) -> GNUTranslations:
    """The texts of a compiled catalogue. Raises ValueError, with the rule that the file breaks."""
    try:
        with catalogue.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, LookupError, struct.error) as error:
        # Only the system's errors have a reason of their own; gettext's are about bytes.
        reason = getattr(error, "strerror", None) or "it is something else"
        raise ValueError(
            f"must be a translation compiled to .mo, but {catalogue} cannot be read: {reason}"
        ) from None


def _locale_of(language: str) -> Locale:
    for name in (language, language.partition("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(DEFAULT)


def language() -> str:
    """The site's language as the setting `LANGUAGE` names it: ``en``, ``pt-BR``."""
    return _language


def locale() -> Locale:
    """The locale by which numbers and dates are formatted."""
    return _locale


def direction() -> str:
    """``ltr`` or ``rtl``: the direction of the site's language, for HTML's `dir` attribute."""
    return str(_locale.text_direction)


def mark(text: str) -> str:
    """Mark a text of a table for the catalogue; it is translated later, by ``gettext(TABLE[name])``."""
    return text


def nmark(one: str, many: str) -> tuple[str, str]:
    """As `mark`, of a text that counts; looked up by ``ngettext(*TABLE[name], number)``."""
    return one, many


def gettext(message: str, /, **values: object) -> str:
    """A text in the site's language with its values filled in: ``_("up to %(sum)s", sum=…)``."""
    return Text.of(message, None, 0, values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """A text with a number, in the language's form for that number.

    ``%(num)s`` is the number as the language formats it.
    """
    from .numbers import whole  # the number's writing asks this module for the locale

    return Text.of(one, many, number, {"num": whole(number), **values})


def plain_gettext(message: str) -> str:
    """A text without its values; Jinja fills them in and escapes them."""
    return _looked_up(_translations, message, None, 0)


def plain_ngettext(one: str, many: str, number: int) -> str:
    """As `plain_gettext`, for a text with a number."""
    return _looked_up(_translations, one, many, number)


def _looked_up(
    translations: NullTranslations, message: str, plural: str | None, number: int
) -> str:
    if plural is not None:
        return translations.ngettext(message, plural, number)
    return (
        translations.gettext(message) if message else ""
    )  # "" is the key of the catalogue's header


def _filled(
    translations: NullTranslations,
    message: str,
    plural: str | None,
    number: int,
    values: Mapping[str, Any],
) -> str:
    text = _looked_up(translations, message, plural, number)
    return text % values if values else text
