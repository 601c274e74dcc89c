"""Messages that lead to warnings, and honest ones that must not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from marinemarket.messages.screening import (
    BY_ID,
    fingerprint_of,
    hints_of,
    is_held,
    screen,
    warnings_of,
)
from marinemarket.messages.suggested_questions import OPENING, STARTERS

SCAMS = [
    ("overpayment", "I will send a certified check for more than the asking price, please refund the difference."),
    ("overpayment", "Please wire the excess funds to my shipper."),
    ("overpayment", "My secretary overpaid, kindly return the extra money."),
    ("own-shipper", "My shipping agent will come to pick up the boat once you have the check."),
    ("own-shipper", "I can't come to see her as I am offshore; a courier collects the boat."),
    ("own-shipper", "I am deployed overseas, so my mover will fetch it."),
    ("code", "Please send me the 6 digit code you just received so I know you are real."),
    ("code", "I texted a verification code to your phone, please send it back."),
    ("code", "Tell me the Google Voice code."),
    ("code", "There are many fakes here, so I verify that you are a real person with a code."),
    ("gift-card", "Could I pay the deposit with iTunes gift cards?"),
    ("irreversible", "Send the deposit by Western Union today."),
    ("irreversible", "Payment in Bitcoin gets you a discount."),
    ("irreversible", "Please send the deposit before viewing, others are interested."),
    ("elsewhere", "Contact me on WhatsApp, I am rarely here."),
    ("elsewhere", "write to me via telegram"),
    ("elsewhere", "https://wa.me/15551234567"),
    ("false-escrow", "Pay by https://secure-escrow-boats.net/pay and it is safe."),
    ("false-escrow", "www.safe-pay-yachts.com/order"),
    ("for-somebody-else", "I am buying it for my father as a surprise, what is your final price? I use PayPal."),
    ("many-links", "http://a.example http://b.example http://c.example http://d.example"),
]  # fmt: skip

HONEST = [
    "Hello Sue, I am interested in your 2010 Beneteau Oceanis 40. Is she still available?",
    "My surveyor will come on Tuesday to look at her, if that suits you.",
    "We use escrow.com for the sale: https://www.escrow.com/ is what our broker asks for.",
    "My broker can pick up the keys at the office.",
    "What is the zip code of the marina, and is there a gate code?",
    "What is the difference in hours between the two engines?",
    "I would transport her on my own trailer. When can I pick her up?",
    "Her HIN is US-ABC12345D404, length 32.5, built 2004-05-06, draft 5-6 ft.",
    "Would you take 45000-50000, with a deposit of 10% after the survey?",
    "Are the signal flares in date, and is the EPIRB registered?",
    "I will wire the balance from my bank once we have signed at the lawyer's.",
    "Does the price include shipping to Baltimore, or do I arrange transport?",
    "I was overseas last year and saw a sister ship of hers in Palma.",
    "Photos are at https://photos.example/boat and the survey at https://docs.example/survey",
    "The engine was replaced in 2019; here is the bill. She was my father's gift to the family.",
    "I can come on Saturday to see her. We would sail her home, with a crew of three.",
    OPENING.format(seller="Sue", boat="Signal 30 with a code zero"),
    *STARTERS.values(),
]


@pytest.mark.parametrize(("rule", "text"), SCAMS)
def test_a_known_scam_is_named_with_advice_and_its_writer_gets_a_hint(rule: str, text: str) -> None:
    assert rule in screen(text)
    assert rule in [one.id for one in hints_of(text)]
    found = BY_ID[rule]
    assert all((found.title, found.advice, found.hint))
    assert not found.is_note


@pytest.mark.parametrize("text", HONEST)
def test_honest_messages_cause_no_warning(text: str) -> None:
    assert [rule.id for rule in warnings_of(screen(text))] == []


@pytest.mark.parametrize(
    "spelled",
    [
        "WESTERN  UNION",
        "Wéstern Union",
        "𝐖estern Union",
        "Western-Union",
        "western\u2011union",
        "western_union",
        "WesternUnion",
        "W E S T E R N U N I O N",
    ],
)
def test_another_spelling_does_not_help(spelled: str) -> None:
    assert "irreversible" in screen(f"Pay by {spelled}")


def _lookalike(text: str) -> str:
    return text.translate(str.maketrans("aceopxyiAEOTBMHKPC", "асеорхуіАЕОТВМНКРС"))


def _mathematical(text: str) -> str:
    return "".join(
        chr(0x1D41A + ord(sign) - 97) if "a" <= sign <= "z" else sign for sign in text.lower()
    )


DRESSES: dict[str, Callable[[str], str]] = {
    "zero-width spaces": lambda text: re.sub(r"(?<=\w)(?=\w)", "\u200b", text),
    "soft hyphens": lambda text: re.sub(r"(?<=\w)(?=\w)", "\u00ad", text),
    "zero-width spaces for spaces": lambda text: text.replace(" ", " \u200b"),
    "combining marks": lambda text: re.sub(r"(?<=[a-z])", "\u0335", text),
    "variation selectors": lambda text: re.sub(r"(?<=\w)", "\ufe0f", text),
    "Cyrillic look-alikes": _lookalike,
    "mathematical letters": _mathematical,
    "fullwidth letters": lambda text: "".join(
        chr(ord(sign) + 0xFEE0) if sign.isalpha() and sign.isascii() else sign for sign in text
    ),
    "wrapped lines": lambda text: text.replace(" ", "\n"),
    "turned backwards": lambda text: f"\u202e{text[::-1]}\u202c",
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    ("rule", "text"), [pair for pair in SCAMS if "://" not in pair[1] and "www." not in pair[1]]
)
def test_case_47_a_scam_is_found_in_any_dress(rule: str, text: str, dress: str) -> None:
    dressed = DRESSES[dress](text)
    assert dressed != text
    assert rule in screen(dressed)


ABROAD = [
    "Здравствуйте! Катер ещё продаётся? Могу приехать в субботу и посмотреть его на воде.",
    "Пишите мне в WhatsApp, обсудим цену. Оплата только после осмотра, наличными или переводом.",
    "Καλημέρα, με ενδιαφέρει το σκάφος. Είναι ακόμη διαθέσιμο; Μπορώ να το δω το Σάββατο;",
    "Hej! Är båten fortfarande till salu? Jag kan komma på lördag och titta på den i Göteborg.",
    "Guten Tag, ist das Boot noch zu haben? Ich käme gern am Samstag, um es zu besichtigen.",
    "Bonjour, le bateau est-il toujours à vendre ? Je peux venir le voir samedi avec mon expert.",
    "こんにちは。まだ販売中ですか？土曜日に見に行けます。",
]


@pytest.mark.parametrize("text", ABROAD)
def test_honest_messages_in_other_languages_cause_no_warning(text: str) -> None:
    assert [rule.id for rule in warnings_of(screen(text))] == []


def test_copies_with_invisible_signs_inside_are_still_copies() -> None:
    text = (
        "I offer the asking price for your boat, and my company buys ten more of them each month."
    )
    assert fingerprint_of(text) == fingerprint_of(text.replace("o", "о").replace("e", "e\u200b"))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("phone", "Call me at +1 772 555 0100"),
        ("phone", "My number is (772) 555-0100."),
        ("email", "Write to bob@example.com"),
        ("email", "bob (at) example (dot) com"),
    ],
)
def test_numbers_and_addresses_are_noted_and_never_warned_of(rule: str, text: str) -> None:
    assert screen(text) == (rule,)
    assert hints_of(text) == []
    assert not is_held(screen(text))


def test_too_many_links_hold_a_message() -> None:
    assert [id for id, rule in BY_ID.items() if rule.holds] == ["many-links", "copies"]


def test_copies_are_alike_whatever_boat_and_price_they_name() -> None:
    text = "Dear {}, I offer {} dollars for it, and my company buys ten like it each month at any price."
    one, other = text.format("Sue", 45_000), text.format("Tom", 61_500)
    assert (
        fingerprint_of(one, without=["Sue"]) == fingerprint_of(other, without=["Tom"]) is not None
    )


def test_the_suggested_openings_do_not_count_as_copies() -> None:
    asked = "\n".join([OPENING.format(seller="Sue", boat="Oceanis"), *STARTERS.values()])
    phrases = [OPENING.format(seller="Sue", boat="Oceanis"), *STARTERS.values()]
    assert fingerprint_of(asked, without=phrases) is None


def test_no_text_takes_long() -> None:
    # Each of these was chosen to make a pattern backtrack.
    for piece in ("a" * 4000, "+1 " * 1300, "send " * 800, "the code " * 440, "x@" * 2000):
        screen(piece)
