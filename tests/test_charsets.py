"""Bytes become the text that their writer typed, whatever their label says."""

from __future__ import annotations

import pytest

from marinemarket.charsets import codec_of, decode

WRITTEN = {
    "windows-1252": [
        "Liegt in Lübeck für 45.000 €",
        "Sí, está en Cádiz",
        "Não, já está vendido",
        "Oui, à 45 000 €",
        "Sì, è disponibile",
    ],
    "macintosh": ["Båten ligger i Göteborg", "Bonjour, le moteur a été révisé, à bientôt"],
    "cp850": ["Die Yacht ist noch verfügbar, größere Mängel gibt es nicht."],
    "windows-1250": ["Tak, jacht jest dostępny", "Ano, loď je stále k dispozici"],
    "iso-8859-2": ["Dzień dobry, łódź jest nadal dostępna, żagle są nowe."],
    "windows-1251": ["Добрый день, яхта ещё продаётся.", "Так, яхта ще є"],
    "koi8-r": ["Да, в субботу"],
    "windows-1253": ["Ναι, το Σάββατο"],
    "windows-1254": ["Evet, tekne hâlâ satılık, teşekkürler"],
    "windows-1255": ["כן, ביום שישי"],
    "windows-1256": ["مرحبا، القارب لا يزال معروضا للبيع."],
    "windows-1257": [
        "Laba diena, jachta vis dar parduodama. Variklis pakeistas praėjusiais metais."
    ],
    "shift_jis": ["はい、土曜日で大丈夫です。①帆は新品です"],
    "euc-jp": ["こんにちは。ヨットはまだ販売中です。"],
    "iso-2022-jp": ["はい、土曜日で大丈夫です"],
    "gb2312": ["您好，这艘船还在出售。"],
    "big5": ["您好，這艘船還在出售。"],
    "ks_c_5601-1987": ["안녕하세요. 요트는 아직 판매 중입니다."],
    "windows-874": ["สวัสดีครับ เรือยังขายอยู่ครับ"],
}


@pytest.mark.parametrize("label", [None, "x-nonsense", "utf-8", "us-ascii", "its own"])
def test_text_arrives_whether_its_label_is_missing_wrong_or_right(label: str | None) -> None:
    quoted = "\n\n> --- Your answer goes above this line ---\n> Is she still available?" * 9
    for name, texts in WRITTEN.items():
        for text in (*texts, texts[0] + quoted):
            named = name if label == "its own" else label
            assert decode(text.encode(codec_of(name) or ""), named) == text
            assert decode(text.encode(), named) == text


def test_the_label_that_programs_write_by_default_gives_way_to_another_alphabet() -> None:
    for name in ("windows-1251", "koi8-r", "windows-1253", "windows-1254", "shift_jis", "gb2312"):
        for text in WRITTEN[name]:
            assert decode(text.encode(codec_of(name) or ""), "iso-8859-1") == text
    for text in (
        "Ballast 1¾ t, 12 m³, 300 cm³",
        "“45 000 €” – à l’Île",
        "ÅRHUS",
        "Það þarf vél, Þór",
    ):
        assert decode(text.encode("cp1252"), "iso-8859-1") == text


def test_labels_mean_what_they_mean_to_browsers() -> None:
    for label in ("iso-8859-1", "latin1", '"Windows-1252"', "cp-1252", "l1"):
        assert codec_of(label) == "cp1252"
    assert codec_of("iso-8859-9") == "cp1254"
    assert codec_of("gb_2312-80") == "gb18030"
    assert codec_of("ibm850") == "cp850"
    for refused in (
        "utf-7",
        "rot13",
        "hex",
        "unicode_escape",
        "x-user-defined",
        "nonsense",
        "",
        None,
    ):
        assert codec_of(refused) is None


def test_nothing_vanishes_where_two_encodings_are_mixed() -> None:
    assert decode("Größe".encode() + " – für “9”".encode("cp1252"), "utf-8") == "Größe – für “9”"
    assert decode("šťž “x”".encode("cp1250"), "iso-8859-2") == "šťž “x”"
    assert decode(b"caf\xc3", "big5") != "caf"
    assert decode(b"\xed\xa0\xbd\xed\xb8\x80 f\xc3\xbcr", "utf-8") == "\U0001f600 für"
    assert decode("Prix : 45 000 €".encode("iso8859-15"), "iso-8859-1") == "Prix : 45 000 €"
    assert decode("Ja – è".encode("utf-16"), "iso-8859-1") == "Ja – è"
    assert decode("é".encode(), "utf-16") == "é"


def test_spanish_questions_without_a_label_are_read_as_western() -> None:
    text = "Sí, está en Málaga. ¿Cuándo viene?"
    assert decode(text.encode("cp1252")) == text
