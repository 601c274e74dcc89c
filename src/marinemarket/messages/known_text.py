"""What the reader of an email has already: the messages of its conversation, and our emails about them.

A quote repeats it, wrapped anew and with quote marks. So lines are compared by their words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..text import fold

_PAGE = re.compile(r"<?https?://\S+>?")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…。！？])\s+|\n")
_WORD = re.compile(r"[^\W_]+")
_FEWEST_WORDS = 2


class KnownText:
    """Texts in which lines are looked up. `messages` are people's words, `frames` our emails around them."""

    def __init__(self, messages: Iterable[str] = (), frames: Iterable[str] = ()) -> None:
        messages = tuple(messages)
        self._messages = [
            [words for part in _SENTENCE_ENDS.split(text) if (words := _words(part))]
            for text in messages
        ]
        self._said = " ".join(map(_words, messages))
        self._framed = " ".join(map(_words, frames))

    def holds(self, line: str) -> bool:
        """Is there nothing new in a line?"""
        words = _words(line)
        return not words.strip() or words in self._said or words in self._framed

    def is_of_frame(self, line: str) -> bool:
        """Does a line come from our emails, but not from a message?"""
        words = _words(line)
        return bool(words.strip()) and words in self._framed and words not in self._said

    def is_quoted_in(self, text: str) -> bool:
        """Does a text repeat one of the messages, sentence by sentence?"""
        words = _words(text)
        return any(
            sum(len(part.split()) for part in message) >= _FEWEST_WORDS
            and all(part in words for part in message)
            for message in self._messages
            if message
        )


def _words(text: str) -> str:
    """The words of a text, folded, each between spaces; without addresses of pages."""
    words = _WORD.findall(fold(_PAGE.sub(" ", text)))
    return f" {' '.join(words)} "
