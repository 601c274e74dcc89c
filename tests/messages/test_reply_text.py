"""Only the new text of a reply is kept, and all of it: no quote, no signature, and no honest line cut."""

from __future__ import annotations

from itertools import product

import pytest

from marinemarket.messages.known_text import KnownText
from marinemarket.messages.notifications import MARK
from marinemarket.messages.reply_text import LEFT_OUT, Background, ReplyText, new_text
from marinemarket.text import clean_prose

from .mail_samples import (
    ADVERTISEMENTS,
    ATTRIBUTIONS,
    HEADER_LABELS,
    HEADERS,
    HONEST,
    MARKET,
    OTHERS,
    OURS,
    SIGNATURES,
    WEBMAIL_ATTRIBUTIONS,
    WORDS,
    header_block,
    quoted,
)

QUESTIONS = "Is she still available?\nDoes the engine start?"
KNOWN = KnownText([QUESTIONS], [OURS.replace(QUESTIONS, "")])


def read(text: str, known: KnownText | None = None) -> ReplyText:
    of_market = (MARKET, "@reply.boats.example")
    return new_text(text, Background(known or KnownText(), of_market, ("Bob Stay",)))


def amiss(texts: list[str]) -> list[str]:
    """Those below whose new text something is missing or left over, or that name somebody's mailbox."""
    found = []
    for text in texts:
        reply = read(f"{WORDS}\n\n{text}")
        leaks = [one for one in ("eanne", "@", "555 0100") if one in reply.full_text]
        if reply.words != WORDS or leaks:
            found.append(f"{text}: {reply}")
    return found


def test_attribution_lines_of_many_programs_and_languages_are_cut_with_the_quote() -> None:
    assert amiss([f"{line}\n\n{quoted(OURS)}" for line in ATTRIBUTIONS]) == []
    # Also where the quoted email is not one of ours.
    assert amiss([f"{line}\n\n{quoted(OURS)}" for line in WEBMAIL_ATTRIBUTIONS]) == []
    assert amiss([f"{line}\n\n{OURS}" for line in WEBMAIL_ATTRIBUTIONS]) == []
    dated = [line for line in ATTRIBUTIONS if MARKET in line]
    third = [line.replace(MARKET, "yard@x.example") for line in dated]
    assert amiss([f"{line}\n> We offer 31,000.\n> At most." for line in third]) == []
    assert read(f"{WORDS}\r\n\r\n{ATTRIBUTIONS[0]}\r\n{quoted(OURS)}").words == WORDS


def test_header_blocks_are_cut_in_every_language_and_name_no_mailbox() -> None:
    blocks = [
        header_block(labels, bold=bold, apart=apart)
        for labels, bold, apart in product(HEADER_LABELS[:-1], (False, True), (False, True))
    ] + [header_block(HEADER_LABELS[-1], bold=False, apart=False)]
    assert amiss([f"{block}\n\n{OURS}" for block in blocks]) == []
    assert amiss([f"{'_' * 32}\n{block}\n\n{OURS}" for block in blocks]) == []
    assert amiss([f"{block}\n\nIs she still available?" for block in HEADERS]) == []
    bare = [
        block.replace(f" <{MARKET}>", "").replace(" <jeanne@legoff.example>", "")
        for block in blocks
    ]
    assert amiss([f"{block}\n\nIs she still available?" for block in bare[:-1]]) == []


def test_other_programs_quotes_are_cut() -> None:
    assert amiss(list(OTHERS)) == []


def test_signatures_and_advertisements_are_cut_above_a_quote_and_at_the_end() -> None:
    assert amiss([*SIGNATURES, *ADVERTISEMENTS]) == []
    assert amiss([f"{one}\n\n{ATTRIBUTIONS[0]}\n{quoted(OURS)}" for one in SIGNATURES]) == []


def test_honest_lines_that_look_like_a_quote_or_a_signature_stay() -> None:
    assert [
        (text, read(text)) for text in HONEST if clean_prose(read(text).words) != clean_prose(text)
    ] == []
    assert {read(text).full_text for text in HONEST} == {""}


def test_lines_that_somebody_marked_by_hand_stay() -> None:
    text = "The survey says:\n> hull sound\n> rudder worn\nSo the price is fair.\n> 500 h is much"
    assert read(text).words == text.replace("> ", "› ")


@pytest.mark.parametrize("known", [KnownText(), KNOWN], ids=["unknown", "known"])
def test_answers_between_quoted_lines_come_with_what_they_answer(known: KnownText) -> None:
    above, below = quoted(OURS).split("> Does the engine start?\n")
    text = (
        f"Answers below.\n\n{ATTRIBUTIONS[0]}\n{above}\nUntil Friday.\n\n"
        f"> Does the engine start?\n\nIt does.\n\n{below}"
    )
    assert read(text, known).words == (
        "Answers below.\n\n› Is she still available?\n\nUntil Friday.\n\n› Does the engine start?\n\nIt does."
    )


def test_an_answer_below_a_whole_email_comes_alone() -> None:
    text = f"{ATTRIBUTIONS[0]}\n{quoted(OURS)}\n\nYes.\n\n-- \nBob Stay\n+1 772 555 0100"
    assert (read(text).words, read(text, KNOWN).words) == ("Yes.", "Yes.")
    below = f"Yes.\n\n{ATTRIBUTIONS[0]}\n{quoted(OURS)}\n-- \nBob Stay\n+1 772 555 0100"
    assert (read(below).words, read(below, KNOWN).words) == ("Yes.", "Yes.")


def test_the_rest_of_a_wrapped_quoted_line_is_no_answer() -> None:
    long = "I would like to know whether the engine has been serviced in the"
    text = f"{ATTRIBUTIONS[0]}\n> {long}\nlast year\n> and by whom.\n\nBy the yard."
    known = KnownText([f"{long} last year and by whom."])
    assert read(text, known).words == f"› {long}\n› last year\n› and by whom.\n\nBy the yard."


def test_answers_among_lines_without_quote_marks_are_told_by_what_is_known() -> None:
    """Outlook marks nothing: people write below each question, or at the very end."""
    block = header_block(HEADER_LABELS[0], bold=False, apart=False)
    among = OURS.replace("available?", "available?\nYes, until Friday.") + "\n\nBob"
    read_so = read(f"See below.\n\n{block}\n\n{among}", KNOWN)
    assert read_so.words == ("See below.\n\n› Is she still available?\n\nYes, until Friday.\n\nBob")
    # Their HTML is read as marked lines, into which people also type elsewhere.
    marked = f"See below.\n\n{quoted(block)}\n>\n{quoted(among)}"
    assert read(marked, KNOWN).words.endswith("available?\n\nYes, until Friday.")
    # Where the quoted text is not known, the whole has it.
    assert "Yes, until Friday." in read(f"See below.\n\n{block}\n\n{among}").full_text


def test_what_was_cut_is_kept_without_addresses_numbers_and_what_the_reader_has() -> None:
    block = header_block(HEADER_LABELS[2], bold=True, apart=False)
    signature = "-- \nBob Stay\n+1 772 555 0100, bob@stay.example"
    text = f"{WORDS}\n\n{signature}\n\n{block}\n\n{OURS}"
    assert read(text, KNOWN).full_text == (
        f"{WORDS}\n\n--\nBob Stay\n[number], [address]\n\n{LEFT_OUT}"
    )
    assert read(f"{WORDS}\n\n{ATTRIBUTIONS[0]}\n{quoted(OURS)}", KNOWN).full_text == ""


def test_our_mark_ends_a_reply_in_any_language_and_takes_only_what_introduces_it() -> None:
    text = f"{WORDS}\nHere are my terms:\n\n--- {MARK} ---\nBen asks"
    assert read(text).words == f"{WORDS}\nHere are my terms:"


def test_honest_lines_stay_where_a_quote_of_ours_follows_them() -> None:
    """Our mark stands a few lines below, but something else introduces it."""
    honest = [
        "The surveyor wrote:\nHull sound.",
        "On 12 March 2024 the surveyor wrote:\nHull sound.",
        "Am Montag schrieb ich:\nDer Motor ist neu.",
        "She is dry.\n-----\nThe surveyor wrote:\nHull sound.",
        "From: Cowes\nTo: Cherbourg\nDate: 3 June 2026\nSubject: sea trial\nWould that suit you?",
        f"Where it says “{MARK}” I do not know what to do. She lies in Gosport.",
    ]
    assert amiss_of(honest, f"\n\n{ATTRIBUTIONS[0]}\n{quoted(OURS)}") == []
    assert amiss_of(honest, "") == []


def amiss_of(honest: list[str], below: str) -> list[str]:
    return [text for text in honest if read(f"{text}{below}", KNOWN).words != text]


def test_what_is_typed_right_above_our_mark_is_an_answer_if_nothing_else_is() -> None:
    for line in ("Yes, in Gosport.", "> Yes, in Gosport."):
        below = f"{ATTRIBUTIONS[0]}\n\n{line}\n\n{quoted(OURS)}"
        assert read(below, KNOWN).words == "Yes, in Gosport."
        # Else it may be what their company's mail server warns of.
        assert read(f"{WORDS}\n\n{below}", KNOWN).words == WORDS


def test_headings_without_dashes_and_labels_above_an_attribution_introduce_a_quote() -> None:
    block = f"From: Ben\nSent: Monday, 30 November 2026 09:41\nTo: Bob\nSubject: boat\n\n{OURS}"
    yandex = (
        f"-----\nTo: Bob (bob@stay.example);\nSubject: boat;\n30.11.2026, 09:41, Ben <{MARKET}>:"
    )
    assert amiss([f"  Original Message  \n{block}", f"{yandex}\n{quoted(OURS)}"]) == []
