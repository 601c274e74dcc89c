"""How a file was read: what was found out about it, for whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...i18n.texts import gettext as _
from ...i18n.texts import mark

_NAMES = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1252": "Windows-1252", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "iso8859-1": "ISO-8859-1", "iso8859-2": "ISO-8859-2", "iso8859-5": "ISO-8859-5", "iso8859-7": "ISO-8859-7",
    "iso8859-9": "ISO-8859-9", "iso8859-13": "ISO-8859-13", "iso8859-15": "ISO-8859-15", "mac-roman": "Mac Roman",
    "mac-latin2": "Mac Central European", "mac-cyrillic": "Mac Cyrillic", "mac-greek": "Mac Greek",
    "mac-turkish": "Mac Turkish", "cp437": "CP437", "cp850": "CP850", "cp852": "CP852", "cp866": "CP866",
    "koi8-r": "KOI8-R", "koi8-u": "KOI8-U", "cp932": "Shift JIS", "gb18030": "GB18030", "cp949": "EUC-KR",
    "big5hkscs": "Big5", "euc_jp": "EUC-JP",
}  # fmt: skip
_SEPARATORS = {
    ",": mark("commas"),
    ";": mark("semicolons"),
    "\t": mark("tabs"),
    "|": mark("vertical bars"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """`encoding` and `separator` of a CSV file; `sheets` that were read of a spreadsheet, and those that were not."""

    encoding: str | None = None
    separator: str | None = None
    sheets: tuple[str, ...] = ()
    left_out_sheets: tuple[str, ...] = ()

    def in_words(self) -> str:
        """A sentence for the sender."""
        if self.encoding is None:
            return _("Read as a spreadsheet: %(sheets)s.", sheets=", ".join(self.sheets))
        sign = self.separator or ","
        return _(
            "Read as %(encoding)s, separated by %(separator)s.",
            encoding=encoding_name(self.encoding),
            separator=_(_SEPARATORS[sign]) if sign in _SEPARATORS else f"“{sign}”",
        )

    def to_wire(self) -> dict[str, Any]:
        if self.encoding is None:
            return {"sheets": list(self.sheets), "sheetsLeftOut": list(self.left_out_sheets)}
        return {"encoding": encoding_name(self.encoding), "separator": self.separator}


def encoding_name(codec: str) -> str:
    """``Windows-1250``, of Python's `cp1250`."""
    return _NAMES.get(codec, codec)
