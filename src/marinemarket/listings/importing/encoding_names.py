"""What encodings are called by people."""

from __future__ import annotations

_NAMES = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32", "utf-32-be": "UTF-32",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1252": "Windows-1252", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "iso8859-1": "ISO-8859-1", "iso8859-2": "ISO-8859-2", "iso8859-5": "ISO-8859-5", "iso8859-7": "ISO-8859-7",
    "iso8859-9": "ISO-8859-9", "iso8859-13": "ISO-8859-13", "iso8859-15": "ISO-8859-15", "mac-roman": "Mac Roman",
    "mac-latin2": "Mac Central European", "mac-cyrillic": "Mac Cyrillic", "mac-greek": "Mac Greek",
    "mac-turkish": "Mac Turkish", "cp437": "CP437", "cp850": "CP850", "cp852": "CP852", "cp866": "CP866",
    "cp857": "CP857", "cp874": "Windows-874", "mac-croatian": "Mac Croatian", "mac-romanian": "Mac Romanian",
    "koi8-r": "KOI8-R", "koi8-u": "KOI8-U", "cp932": "Shift JIS", "gb18030": "GB18030", "cp949": "EUC-KR",
    "big5hkscs": "Big5", "euc_jp": "EUC-JP",
}  # fmt: skip
CHOICES = (
    "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac-roman",
    "mac-latin2", "cp850", "cp852", "cp437", "koi8-r", "cp866", "cp932", "gb18030", "big5hkscs", "cp949",
)  # fmt: skip
"""Those that a person may choose from on a page."""


def encoding_name(codec: str) -> str:
    """``Windows-1250``, of Python's `cp1250`."""
    return _NAMES.get(codec, codec)
