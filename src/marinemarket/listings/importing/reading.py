"""How a file was read: what was found out about it, for whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...i18n.texts import gettext as _
from ...i18n.texts import mark
from .encoding_names import encoding_name

_SEPARATORS = {
    ",": mark("commas"),
    ";": mark("semicolons"),
    "\t": mark("tabs"),
    "|": mark("vertical bars"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """`encoding` and `separator` of a CSV file, with what lines `beside` are in.

    Of a spreadsheet, the `sheets` that were read, and those that were not.
    """

    encoding: str | None = None
    beside: str | None = None
    separator: str | None = None
    sheets: tuple[str, ...] = ()
    left_out_sheets: tuple[str, ...] = ()

    def in_words(self) -> str:
        """A sentence for the sender."""
        if self.encoding is None:
            read = _("Read as a spreadsheet: %(sheets)s.", sheets=", ".join(self.sheets))
            if not self.left_out_sheets:
                return read
            others = ", ".join(self.left_out_sheets)
            rest = _(
                "Not read, since it is hidden or has other columns: %(sheets)s.", sheets=others
            )
            return f"{read} {rest}"
        sign = self.separator or ","
        return _(
            "Read as %(encoding)s, separated by %(separator)s.",
            encoding=self._encodings(),
            separator=_(_SEPARATORS[sign]) if sign in _SEPARATORS else f"“{sign}”",
        )

    def to_wire(self) -> dict[str, Any]:
        if self.encoding is None:
            return {"sheets": list(self.sheets), "sheetsLeftOut": list(self.left_out_sheets)}
        return {"encoding": self._encodings(), "separator": self.separator}

    def _encodings(self) -> str:
        """Some files have lines in two encodings."""
        found = [encoding_name(one) for one in (self.encoding, self.beside) if one]
        return " + ".join(found)
