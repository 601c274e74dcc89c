"""How a text looks: what is invisible, what looks like a Latin letter, and what honest text stays as it is."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.lookalikes import (
    as_read,
    letters_in,
    readings,
    skeleton,
    visible_length,
    visible_letters,
    without_invisible,
)
from marinemarket.text import fold

INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u115f",
    "\u1160", "\u3164", "\uffa0", "\u2800", "\u180e", "\u202e", "\u2066", "\ufe0f", "\U000e0041",
    "\U000e0100", "\U0001d173", "\u17b4", "\ufff9",
]  # fmt: skip
WORD = "western"
ALPHABETS = {
    "fullwidth": 0xFF41,
    "mathematical bold": 0x1D41A,
    "mathematical script": 0x1D4EA,
    "double-struck": 0x1D552,
    "monospace": 0x1D68A,
    "circled": 0x24D0,
    "parenthesized": 0x249C,
}
# Shown although Unicode counts them among the format characters: signs before Arabic, Syriac, Kaithi numbers.
_SHOWN_FORMATS = {
    *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
}  # fmt: skip


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda sign: f"U+{ord(sign):04X}")
def test_an_invisible_character_does_not_part_a_word_and_is_no_letter(sign: str) -> None:
    assert as_read(sign.join(WORD)) == WORD
    assert (visible_letters(sign * 6), visible_length(sign * 6)) == (0, 0)
    assert "support" in letters_in(f"Sup{sign}port")


def test_every_format_character_without_a_shape_is_invisible() -> None:
    formats = (
        chr(point)
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) == "Cf" and point not in _SHOWN_FORMATS
    )
    assert [f"U+{ord(sign):04X}" for sign in formats if without_invisible(sign)] == []


@pytest.mark.parametrize("first", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_letters_drawn_otherwise_are_the_letters(first: int) -> None:
    drawn = "".join(chr(first + ord(letter) - ord("a")) for letter in WORD)
    assert WORD in {as_read(drawn), as_read(drawn).replace("(", "").replace(")", "")}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Wеѕtеrn Uniоn", "western union"),
        ("pаyрal", "paypal"),
        ("ԝеѕtегո", "western"),
        ("Whαtsαpp", "whatsapp"),
        ("🅑🅣🅒", "btc"),
        ("🇧🇹🇨", "btc"),
        ("ʙɪᴛᴄᴏɪɴ", "bitcoin"),
        ("w̶e̷s̸t⃝e̲r̅n", "western"),
        ("ᏢᎪᎩᏢᎪᏞ now, please", "paypal now, please"),
        ("send рау now", "send pay now"),
    ],
)
def test_look_alikes_are_read_as_latin_letters(typed: str, read: str) -> None:
    assert as_read(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "Продаю яхту в хорошем состоянии, смотрите фото. Мотор новый, корпус без осмоса.",
        "Сам том как на катере",
        "Πωλείται σκάφος σε άριστη κατάσταση, με νέα πανιά και μηχανή Volvo Penta.",
        "Båten ligger i Göteborg, motorn är nyservad och seglen från förra året.",
        "ヨットを売ります。エンジンは新品です。",
        "ﾖｯﾄを売ります。ﾊﾞｳﾏﾘﾝ",
        "זוהי סירה טובה מאוד",
        "Яхта Bavaria 40, двигатель Yanmar",
    ],
)
def test_honest_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert as_read(text) == fold(text)
    assert readings(text)[0] == fold(text)


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("send\u200bthe\u200bcode", "send the code"),
        ("send\u200bthe\u200bcode", "sendthecode"),
        ("w e s t e r n  u n i o n", "western  union"),
        ("w.e.s.t.e.r.n", "western"),
        ("b1tc0in", "bitcoin"),
        ("p@ypa1", "paypal"),
        ("we\u00adstern un10n", "western union"),
        ("pay by \u202enoinu nretsew\u202c, please", "pay by western union, please"),
        ("a 6\u2010digit\u2014or 4\u2011digit\u2014co\u00adde", "a 6-digit-or 4-digit-code"),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_in_both(typed: str, among: str) -> None:
    assert among in readings(typed)


def test_names_compare_by_their_outline() -> None:
    spelled = [
        "Мarine-Mаrket",
        "M A R I N E market",
        "rnarinernarket",
        "MarineMarkket",
        "Ｍarine Market",
    ]
    assert {skeleton(letters) for name in spelled for letters in letters_in(name)} == {
        "marinemarket"
    }
    assert "marinemarket" in letters_in("M4R1NE M4RKET 2026")


@given(st.text(max_size=300))
def test_folding_again_changes_nothing_and_plain_text_is_only_lowered(text: str) -> None:
    read = as_read(text)
    assert as_read(read) == read or not text.isascii()
    assert readings(text)[0] == read
    if text.isascii():
        assert read == text.lower()


@given(
    st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz "), min_size=1, max_size=40),
    st.lists(st.sampled_from(INVISIBLE), min_size=41, max_size=41),
)
def test_invisible_characters_anywhere_change_nothing_that_is_read(
    text: str, between: list[str]
) -> None:
    typed = "".join(letter + sign for letter, sign in zip(text, between, strict=False))
    assert as_read(typed) == text


@given(st.text(max_size=100))
def test_no_text_shows_more_than_was_typed(text: str) -> None:
    assert 0 <= visible_letters(text) <= visible_length(text) + text.count(" ") <= 2 * len(text)
