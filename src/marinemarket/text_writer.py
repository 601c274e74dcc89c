"""Text as it is laid out while a page is read: its lines, its quotes, and its signatures last."""

from __future__ import annotations

import re

_MOST_SIGNED_LINES = 15
"""More are no signature: some mailers let their senders write within what they marked as one."""


class TextWriter:
    """Collects the text of a page.

    `as_typed` counts the open elements in which spaces and line breaks count.
    """

    def __init__(self) -> None:
        self.as_typed = 0
        self._lines: list[str] = []
        self._signature: list[str] = []
        self._line: list[str] = []
        self._is_signing = 0
        self._signed_at = 0  # the line above which the signature stands on the page
        self._depth = 0
        self._lowest = 0  # the least depth of quoting for the rest of the page
        self._last_depth = 0
        self._gap = 0  # empty lines that stand before the next words
        self._is_item = False  # nothing has followed the mark of an item yet

    def add(self, words: str) -> None:
        """Add text within a line. Several spaces count as one, except those that do not break."""
        if self.as_typed:
            first, *others = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._append(first)
            for other in others:
                self.end_line()
                self._append(other)
            return
        self._append(re.sub(r"[ \t\n\r\f]+", " ", words))

    def _append(self, words: str) -> None:
        if not self.as_typed and (not self._line or self._line[-1].endswith(" ")):
            words = words.lstrip(" ")
        if words:
            self._line.append(words)
            self._is_item = self._is_item and not words.strip()

    def end_line(self) -> None:
        """Break the line, and keep it even if it is empty."""
        words = "".join(self._line)
        self._line = []
        self._is_item = False
        self._keep(words)

    def _keep(self, words: str) -> None:
        words = words.rstrip()
        depth = max(self._depth, self._lowest)
        lines = self._signature if self._is_signing and not depth else self._lines
        sign = "> " * depth
        if lines and self._gap:
            lines.append(("> " * min(depth, self._last_depth)).rstrip())
        self._gap = 0
        self._last_depth = depth
        if not depth and words.lstrip().startswith(">"):
            words = words.replace(">", "›", 1)  # typed, and no sign of a quote
        lines.append(f"{sign}{words}".rstrip() if depth else words)

    def begin_block(self, *, is_paragraph: bool) -> None:
        """Begin a new line, below an empty one for a paragraph."""
        if self._is_item:
            return  # the first paragraph of an item stands beside its mark
        if "".join(self._line).strip():
            self.end_line()
        self._line = []
        if is_paragraph:
            self._gap = 1

    def end_block(self, *, is_paragraph: bool) -> None:
        """End the line, and leave one empty below a paragraph."""
        # A space that does not break makes an empty paragraph an empty line.
        if "".join(self._line):
            self.end_line()
        if is_paragraph:
            self._gap = 1

    def begin_item(self, mark: str, *, indent: int) -> None:
        """Begin an item of a list with its mark."""
        self.begin_block(is_paragraph=False)
        self._line = [" " * indent, mark]
        self._is_item = True

    def begin_cell(self) -> None:
        """Set a cell apart from the one before it in its row."""
        if "".join(self._line).strip() and not self._is_item:
            self._line = ["".join(self._line).rstrip(" "), "  "]

    def quote(self) -> None:
        """Quote what follows, within what is quoted already."""
        self._depth += 1

    def unquote(self) -> None:
        """End a quote."""
        self._depth -= 1

    def quote_the_rest(self) -> None:
        """Quote what follows, to the end."""
        self._lowest = 1

    def begin_signature(self) -> None:
        """What follows is a signature, as long as it is short and not all there is."""
        self._is_signing += 1
        if not self._signature:
            self._signed_at = len(self._lines)

    def end_signature(self) -> None:
        """End a signature."""
        self._is_signing -= 1

    def text(self) -> str:
        """All lines: first the text, then a signature below a line `-- `."""
        if "".join(self._line).strip():
            self.end_line()
        own = [line for line in self._lines if line.strip() and not line.startswith(">")]
        if self._signature and self._signature[0].strip() == "--":
            del self._signature[0]
        if self._signature and own and len(self._signature) <= _MOST_SIGNED_LINES:
            lines = [*self._lines, "", "-- ", *self._signature]
        else:  # words of their own, written within what is marked as a signature
            at = self._signed_at
            lines = [*self._lines[:at], *self._signature, *self._lines[at:]]
        text = "\n".join(line.replace("\xa0", " ") for line in lines)
        return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text).strip("\n")
