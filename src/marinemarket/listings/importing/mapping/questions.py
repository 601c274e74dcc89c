"""What a proposal asks, in words."""

from __future__ import annotations

from ....i18n.texts import gettext as _
from ....i18n.texts import mark

_TEXTS = {
    "country": mark("In which country are the boats of rows that name none?"),
    "currency": mark("In which currency are prices that name none?"),
    "type": mark("Of which type are the boats? No column says it."),
    "lengthUnit": mark("Are lengths without a unit in feet or metres?"),
    "price": mark("Which column holds the price? Or are all prices told on request?"),
    "title": mark("Which column holds a title, the manufacturer or the model?"),
}


def question_text(name: str) -> str:
    """A question of a proposal, as its reader is asked."""
    return _(_TEXTS[name])
