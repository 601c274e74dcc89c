"""Words: cleaned, folded, and made into addresses."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.text import clean_line, clean_prose, fold, slug, words

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
# Where cleaning goes wrong: accents beside what is taken out, and every kind of white space.
TRICKY = st.text(
    st.sampled_from(
        "ae\u0301\u0338\u0327<>\x00\x07\x1b \t\n\r\u2028\u200f\u202e\ufffe\u00a0\u0130"
    ),
    max_size=20,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Bavaria 37  ", "Bavaria 37"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("<b>bold</b> & co.", "bold & co."),
        ("bell\x07 and escape\x1b[31m", "bell and escape[31m"),
        ("nul\x00led", "nulled"),
        ("\u202egnp.exe\u202c \u2066in\u2069 \u200fhere\u200e", "gnp.exe in here"),
        ("para\u2029graph", "para graph"),
        ("Be\u0301ne\u0301teau", "Bénéteau"),
        ("family 👨‍👩‍👧 aboard", "family 👨‍👩‍👧 aboard"),
        ("Quil\u00adler\u00adby Oc\u200bea\u2060nis\ufeff 40\u180e", "Quillerby Oceanis 40"),
        ("Ku\u200crier\u200d", "Kurier"),
        ("\u00ad\u200b \u2060", ""),
        # No part of these is a break: joined emoji, a flag, Persian, Sinhala, Khmer, Mongolian.
        (
            "🏴\U000e0067\U000e0062\U000e007f 1️⃣ ❤️ 👩🏽‍✈️",
            "🏴\U000e0067\U000e0062\U000e007f 1️⃣ ❤️ 👩🏽‍✈️",
        ),
        ("قایق\u200cبادبانی", "قایق\u200cبادبانی"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("ទូក\u200bលក់ for\u200b sale", "ទូក\u200bលក់ for sale"),
        ("ᠳᠡ\u180eᠠ", "ᠳᠡ\u180eᠠ"),
        ("no\ufffecharacter\uffff", "nocharacter"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_an_accent_joins_the_letter_it_was_parted_from() -> None:
    assert clean_line("Be\x07\u0301ne\u202e\u0301teau") == "Bénéteau"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("I <3 boats", "I ‹3 boats"),
        (
            "Draws <2 m, headroom >1.9 m; she is < 12 m",
            "Draws ‹2 m, headroom ›1.9 m; she is ‹ 12 m",
        ),
        ("if a<b>c and p<i>q, x<p>y", "if a‹b›c and p‹i›q, x‹p›y"),
        ("Ann <ann@example.org>", "Ann ‹ann@example.org›"),
        ("<script>alert(1)</script>", "‹script›alert(1)‹/script›"),
        ("Typed &lt;b&gt; and R&D", "Typed &lt;b&gt; and R&D"),
        ("First line\nSecond <em>line</em>\nThird", "First line\nSecond line\nThird"),
        ("<p>Draws <2 m.</p><p>Sleeps 4<BR/>or 6</p>", "Draws ‹2 m.\n\nSleeps 4\nor 6"),
        ("Aboard:<ul><li>Radar</li><li>T&amp;S</li></ul>", "Aboard:\n\n- Radar\n- T&S"),
        ('<a href="https://example.org">Site</a><!-- note -->', "Site"),
    ],
)
def test_markup_is_read_and_a_lone_bracket_keeps_its_meaning(typed: str, kept: str) -> None:
    assert clean_prose(typed) == kept
    assert clean_line(typed) == " ".join(kept.split())


@pytest.mark.parametrize("clean", [clean_line, clean_prose])
def test_half_a_character_is_an_error(clean: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match="lone surrogate"):
        clean("boat \ud83d")


@given(TEXT | TRICKY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for clean in (clean_line, clean_prose):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not set(once) & set("<>\x00\x07\x1b\t\r\u2028\u200f\u202e\ufffe")
        assert once == once.strip()


@given(TEXT | TRICKY)
def test_a_line_is_one_line(text: str) -> None:
    assert "\n" not in clean_line(text)
    assert "  " not in clean_line(text)


def test_no_letter_carries_more_than_thirty_marks() -> None:
    # Composing takes time by the square of the marks on one letter: a text of them takes seconds.
    assert len(clean_line("a" + "\u0301\u0316" * 9000)) <= 31
    assert clean_line("o\u0302\u0301 " * 20) == "\u1ed1 " * 19 + "\u1ed1"
    dashes = "—" * 40 + "e\u0301" + "⛵" * 40
    assert clean_line(dashes) == "—" * 40 + "é" + "⛵" * 40


def test_prose_keeps_its_lines_and_at_most_one_empty_one() -> None:
    assert (
        clean_prose("One. \r\nTwo.\r\rThree.\n\n\n\n\nFour.\n") == "One.\nTwo.\n\nThree.\n\nFour."
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("BÉNÉTEAU", "beneteau"),
        ("Malö", "malo"),
        ("Ærø Søsport", "aero sosport"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Bayliner™", "baylinertm"),
        ("𝐇𝐚𝐧𝐬𝐞", "hanse"),
        ("ﬁsher", "fisher"),
        ("Sou\u00advé\u200drän", "souveran"),
        ("ﾊﾞｳﾏﾘﾝ", "バウマリン"),
        ("세일링", "세일링"),
        ("ＹＡＭＡＨＡ", "yamaha"),
        ("ΟΔΥΣΣΕΥΣ", fold("Οδυσσεύς")),
        ("ISTANBUL", fold("ıstanbul")),
        ("ẞ", "ss"),
        ("Đà Nẵng", "da nang"),
        ("Kāneʻohe", "kaneohe"),
        ("Għarb Ħal", "gharb hal"),
        ("شِراعيّ", fold("شراعی")),
        ("מִפְרָשׂ", "מפרש"),
        ("हिन्दी", "हिन्दी"),
        ("เรือ", "เรือ"),
        ("渡辺\U000e0100", "渡辺"),
        ("22½ 10⅜ ½", "22.5 10.375 1/2"),
    ],
)
def test_spellings_of_one_word_fold_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXT | TRICKY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Bénéteau First_36.7, (2004)") == ["beneteau", "first", "36", "7", "2004"]


def test_a_word_keeps_its_marks_and_a_figure_its_fraction() -> None:
    assert words("हिन्दी नाव, เรือใบ") == ["हिन्दी", "नाव", "เรือใบ"]
    assert words("22½ = 22 1/2 = 22-1/2 = 22.5") == ["22", "5"] * 4
    assert words("on 12 1/24, 5 4/2, 1/2 ton") == ["on", "12", "1", "24", "5", "4", "2", "1", "2", "ton"]  # fmt: skip
    assert words("قایق\u200cبادبانی ទូក\u200bលក់") == ["قايق", "بادباني", "ទូក", "លក់"]


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Quil\u00adler\u00adby Sou\u00adve\u00adrän 38", "quillerby-souveran-38"),
        ("Quillerby 22½ pocket", "quillerby-22-5-pocket"),
        ("हिन्दी नाव की बिक्री", "हिन्दी-नाव-की-बिक्री"),
        ("قَارِبٌ شِراعيّ أزرق", "قارب-شراعي-أزرق"),
        ("قایق\u200cبادبانی", "قایق-بادبانی"),
        ("เรือใบมือสอง", "เรือใบมือสอง"),
        ("中古ヨット ﾊﾞｳﾏﾘﾝ 30", "中古ヨット-バウマリン-30"),
        ("세일링요트", "세일링요트"),
        ("Парусный катер", "парусный-катер"),
        ("Ιστιοφόρο Οδυσσεύς", "ιστιοφορο-οδυσσευς"),
        ("Ærø Ålesund İzmir Straße", "aero-alesund-izmir-strasse"),
    ],
)
def test_an_address_reads_well_in_any_script(title: str, address: str) -> None:
    assert slug(title) == address


def test_a_slug_is_its_words_and_never_ends_in_a_hyphen() -> None:
    assert slug("2004 Bénéteau First 36.7!") == "2004-beneteau-first-36-7"
    assert slug("abc def", limit=4) == "abc"
    assert slug("!!!") == ""
