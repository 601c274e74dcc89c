"""What kind of file it is, by its first bytes; a kind that is not read is refused with what to do instead."""

from __future__ import annotations

import re
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _
from ...i18n.texts import mark

_SIGNS = {
    b"\xd0\xcf\x11\xe0": mark(
        "is an old Excel file (.xls), or protected by a password. Open it in Excel and save it as .xlsx, "
        "without a password"
    ),
    b"\x1f\x8b": mark("is compressed: unpack it, and send the file in it"),
    b"7z\xbc\xaf": mark("is compressed: unpack it, and send the file in it"),
    b"Rar!": mark("is compressed: unpack it, and send the file in it"),
    b"%PDF": mark("is a PDF. Send the spreadsheet that it was made from, as .xlsx or CSV"),
    b"{\\rtf": mark("is a text document. Send the boats as .xlsx or CSV"),
    b"\x89PNG": mark("is a picture. Send the boats as .xlsx or CSV"),
    b"\xff\xd8\xff": mark("is a picture. Send the boats as .xlsx or CSV"),
    b"SQLite format 3": mark("is a database. Send the boats as .xlsx or CSV"),
}
_ARCHIVES = (
    ("xl/workbook.bin", mark("is a binary Excel file (.xlsb). Open it in Excel and save it as .xlsx")),
    ("Index/Document.iwa", mark("is of Numbers. Choose “Export to” in Numbers, and send the file as .xlsx or CSV")),
    ("Index.zip", mark("is of Numbers. Choose “Export to” in Numbers, and send the file as .xlsx or CSV")),
    ("content.xml", mark("is an OpenDocument spreadsheet (.ods). Open it and save it as .xlsx or CSV")),
    ("word/document.xml", mark("is a text document. Send the boats as .xlsx or CSV")),
)  # fmt: skip
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|head|body|meta|workbook)\b", re.I
)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")


def is_spreadsheet(file: BinaryIO) -> bool:
    """Is it a spreadsheet (.xlsx) rather than text? Raises Invalid for what is neither."""
    file.seek(0)
    head = file.read(2000)
    for sign, why in _SIGNS.items():
        if head.startswith(sign):
            raise _refusal(_(why))
    if head.startswith(b"PK\x03\x04"):
        return _is_workbook(file)
    if _PAGE.match(head):
        raise _refusal(
            _("is a web page or XML, whatever its name says. Open it in Excel and save it as .xlsx")
        )
    if _JSON.match(head):
        raise _refusal(_("is JSON. Send the boats as .xlsx or CSV"))
    return False


def _is_workbook(file: BinaryIO) -> bool:
    try:
        file.seek(0)
        with ZipFile(file) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refusal(
            _("is a spreadsheet or an archive that is damaged: save it again, or save it as CSV")
        ) from None
    if "xl/workbook.xml" in names:
        return True
    for name, why in _ARCHIVES:
        if name in names:
            raise _refusal(_(why))
    raise _refusal(_("is an archive: unpack it, and send the spreadsheet in it"))


def _refusal(why: str) -> Invalid:
    return Invalid([FieldError("FILE", why)])
