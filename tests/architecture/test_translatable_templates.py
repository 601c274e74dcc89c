"""Every text of a page stands in the catalogue: what a template says must be marked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

import marinemarket

SOURCE = Path(marinemarket.__file__).parent
TEMPLATES = [
    *sorted((SOURCE / "web" / "templates").rglob("*.html")),
    *sorted((SOURCE / "mail" / "templates").rglob("*.html")),
    *sorted((SOURCE / "mail" / "templates").rglob("*.txt")),
]
_READ_OUT = {"alt", "aria-label", "placeholder", "title"}
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
_WORD = re.compile(r"[A-Za-z]{2,}")


class _Texts(HTMLParser):
    """The texts of some HTML, and of the attributes that are read out, each with its line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mute += tag in ("script", "style")
        for name, value in attrs:
            content = name == "content" and dict(attrs).get("name") == "description"
            if (name in _READ_OUT or content) and value and _WORD.search(value):
                self.found.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        # A macro may give attributes for a tag that is elsewhere: they are no text.
        if not self._mute and _WORD.search(_ATTRIBUTE.sub("", data)):
            self.found.append((self.getpos()[0], " ".join(data.split())))


def unmarked(source: str) -> Iterator[tuple[int, str]]:
    """What a template says in so many words, outside of ``_("…")`` and ``{% trans %}``."""
    html, in_trans, opens = "", False, False
    for _line, kind, text in Environment(extensions=["jinja2.ext.i18n"]).lex(source):
        if kind in ("block_begin", "variable_begin", "comment_begin"):
            opens = kind == "block_begin"
            # In the place of what a template computes stands what is no word, and may name a tag.
            html += "x0" if kind == "variable_begin" and not in_trans else " "
        elif opens and kind == "name":
            in_trans = (in_trans or text == "trans") and text != "endtrans"
            opens = False
        # What is left out keeps its lines, so that what is found can be found.
        html += text if kind == "data" and not in_trans else "\n" * text.count("\n")
    parser = _Texts()
    parser.feed(html)
    yield from parser.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    """Write ``{{ _("Save") }}``, or ``{% trans name=… %}Hello {{ name }}{% endtrans %}``."""
    assert [f"line {line}: {text}" for line, text in unmarked(path.read_text())] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{{ _("Hello") }}</p>', []),
        ("<p>{% trans %}Hello <b>you</b>{% endtrans %}</p>", []),
        ('<img alt="A boat">', ["A boat"]),
        ('<img alt="{{ boat }}">', []),
        ('<a class="button" href="/boats">{{ _("Boats") }}</a>', []),
        ("{% if a %}<p>{{ _('A') }}</p>{% else %}Bare{% endif %}", ["Bare"]),
    ],
)
def test_what_is_marked_and_what_is_not(source: str, words: list[str]) -> None:
    assert [text for _, text in unmarked(source)] == words
