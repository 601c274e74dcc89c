"""Only the new text of a reply is kept: no quotes, no signature."""

from __future__ import annotations

import pytest

from marinemarket.messages.notifications import MARK
from marinemarket.messages.reply_text import cut

WORDS = "Yes, Saturday suits me.\n\nCould you send the survey?"

GMAIL = f"""{WORDS}

On Tue, Nov 24, 2026 at 9:14 AM Sue (MarineMarket) <market@boats.example>
wrote:

> --- {MARK} ---
>
> Sue writes:
"""
APPLE = f"{WORDS}\n\nSent from my iPhone\n\n> On Nov 24, 2026, at 9:14, Sue wrote:\n> Hello"
OUTLOOK = f"{WORDS}\n\n________________________________\nFrom: Sue <market@boats.example>\nSent: Tuesday\nHello"
GERMAN = (
    f"{WORDS}\n\nAm Di., 24. Nov. 2026 um 09:14 Uhr schrieb Sue <market@boats.example>:\n> Hallo"
)
STRANGE = f"{WORDS}\n\nВт, 24 нояб. Sue <market@boats.example>:\n\n--- {MARK} ---\n\nSue writes:"
SIGNED = f"{WORDS}\n-- \nBob Stay\nStay Industries\n+1 772 555 0100"
OLD = f"{WORDS}\n\n-----Original Message-----\nFrom: Sue\nHello"


@pytest.mark.parametrize("text", [GMAIL, APPLE, OUTLOOK, GERMAN, STRANGE, SIGNED, OLD, WORDS])
def test_quoted_emails_and_signatures_are_removed(text: str) -> None:
    assert cut(text) == WORDS
    assert cut(text.replace("\n", "\r\n")) == WORDS


def test_answers_between_quoted_lines_stay() -> None:
    text = "On Tue, Sue wrote:\n> Is Saturday fine?\nYes.\n> And the price?\nLess would be better."
    assert cut(text) == "Yes.\nLess would be better."


def test_a_text_that_only_speaks_of_writing_stays_whole() -> None:
    text = "On Monday the surveyor wrote that she is sound.\nFrom: bow to stern she is fine."
    assert cut(text) == text
