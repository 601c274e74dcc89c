"""Titles that can be read: what a reader sees of them counts, not what was typed."""

from __future__ import annotations

from ..errors import FieldError
from ..i18n.texts import gettext as _
from ..i18n.texts import ngettext
from ..lookalikes import visible_length, visible_letters, without_invisible

SHORTEST, LONGEST = 5, 120


def title_errors(title: str) -> list[FieldError]:
    """Why an advert may not be given this title; empty if it may.

    Whoever reads it must see two letters, or one and a figure: ``J/105`` is a boat.
    """
    letters = visible_letters(title)
    figures = sum(map(str.isdigit, without_invisible(title)))
    if letters < 1 or letters + figures < 2:
        return [FieldError("title", _("must show at least two letters"))]
    if visible_length(title) < SHORTEST:
        wrong = ngettext(
            "must be at least %(num)s character", "must be at least %(num)s characters", SHORTEST
        )
        return [FieldError("title", wrong)]
    return []
