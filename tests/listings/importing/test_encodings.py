"""The encodings of files: told by marks and by the letters themselves, never guessed from too few."""

from __future__ import annotations

import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.importing.source_file import SourceFile

HEADER = "title;location.city;location.country"
ADVERTS = {
    "pl": ("Motorówka kabinowa, pełne wyposażenie", "Mikołajki", "PL"),
    "cs": ("Kajutová plachetnice, dvě kajuty, bílá", "Poděbrady", "CZ"),
    "hu": ("Motorcsónak, megkímélt állapotú, őszi ár", "Győr", "HU"),
    "hr": ("Jedrilica sa šest ležajeva, vrlo čista", "Šibenik", "HR"),
    "ru": ("Катер с каютой, мало наработки", "Владивосток", "RU"),
    "bg": ("Моторна лодка с каюта", "Бургас", "BG"),
    "de": ("Verdränger, Stahl, äußerst gepflegt", "Süderbrarup", "DE"),
    "fr": ("Pêche-promenade, moteur révisé, prêt à naviguer", "Sète", "FR"),
    "es": ("Lancha rápida, año 2004, ¡única!", "Cádiz", "ES"),
    "sv": ("Daycruiser, låg gångtid, gråvit", "Västerås", "SE"),
    "da": ("Motorsejler, høj standard, træværk", "Køge", "DK"),
    "el": ("Φουσκωτό σκάφος, άριστη κατάσταση", "Κέρκυρα", "GR"),
    "tr": ("Gulet, tam donanımlı, yüksek güç, şık", "Muğla", "TR"),
    "zh": ("游艇出售，保养良好的帆船", "上海港湾", "CN"),
    "ja": ("ヨット販売中、状態良好", "横浜のマリーナ", "JP"),
}
WRITTEN_BY = {
    "Windows-1250": "pl cs hu hr",
    "ISO-8859-2": "pl cs hr",
    "Windows-1251": "ru bg",
    "KOI8-R": "ru",
    "CP866": "ru",
    "Windows-1252": "de fr es sv da",
    "Mac Roman": "de fr es sv da",
    "CP850": "de fr es sv da",
    "Windows-1253": "el",
    "Windows-1254": "tr",
    "GB18030": "zh",
    "Shift JIS": "ja",
}
CODECS = {
    "ISO-8859-2": "iso8859-2", "KOI8-R": "koi8-r", "CP866": "cp866", "Mac Roman": "mac-roman", "CP850": "cp850",
    "GB18030": "gb18030", "Shift JIS": "cp932",
}  # fmt: skip


def file_of(*adverts: tuple[str, str, str]) -> str:
    return "\r\n".join([HEADER, *(";".join(f'"{cell}"' for cell in row) for row in adverts), ""])


@pytest.mark.parametrize("name", WRITTEN_BY)
def test_one_advert_tells_its_encoding(name: str) -> None:
    codec = CODECS.get(name) or name.lower().replace("windows-", "cp")
    for language in WRITTEN_BY[name].split():
        source = SourceFile(file_of(ADVERTS[language]).encode(codec))
        (row,) = source
        assert row.cells is not None
        assert tuple(row.cells.values()) == ADVERTS[language], source.reading
    assert source.reading.in_words() == f"Read as {name}, separated by semicolons."


def test_the_language_may_be_another_than_that_of_the_country() -> None:
    advert = ("Łódź żaglowa, świetny stan, ładna", "Palma", "ES")
    (row,) = SourceFile(file_of(advert).encode("cp1250"))
    assert row.cells is not None
    assert tuple(row.cells.values()) == advert


def test_too_few_letters_are_refused_with_what_they_may_be() -> None:
    content = file_of(("Brodica", "Poreč", "")).encode("cp1250")
    with pytest.raises(Invalid) as caught:
        SourceFile(content)
    (error,) = caught.value.errors
    assert error.field == "encoding"
    assert error.message.startswith("cannot be told from so few letters")
    assert "Windows-1250: “Poreč”" in error.message
    assert "Windows-1252: “Poreè”" in error.message
    for name in ("windows-1250", "CP1250", "Windows 1250"):
        (row,) = SourceFile(content, encoding=name)
        assert row.cells is not None
        assert row.cells["location.city"] == "Poreč"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("klingon", "is none that we know: klingon"), ("utf-8", "is not in UTF-8"), ("rot13", "none")],
)
def test_an_encoding_that_cannot_be_is_refused(encoding: str, words: str) -> None:
    with pytest.raises(Invalid, match=f"encoding: {words}|{words}"):
        SourceFile(file_of(ADVERTS["fr"]).encode("cp1252"), encoding=encoding)


def test_lines_in_two_encodings_are_each_read_in_theirs() -> None:
    first, second = (file_of(ADVERTS[one]) for one in ("fr", "pl"))
    content = first.encode() + second.partition("\r\n")[2].encode("cp1250")
    rows = list(SourceFile(content))
    assert [row.cells and tuple(row.cells.values()) for row in rows] == [
        ADVERTS["fr"],
        ADVERTS["pl"],
    ]


def test_a_letter_that_was_cut_refuses_its_row_alone() -> None:
    good = file_of(ADVERTS["fr"], ADVERTS["sv"]).encode()
    first, second = SourceFile(good.replace("Sète".encode(), b"S\xc3te"))
    assert first.cells is None
    assert first.fault == "holds letters that were damaged: “S\ufffdte”"
    assert second.cells is not None
