"""A page as a browser without scripts holds it: its words, and its forms as they are filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

_SILENT = ("script", "style", "head", "template")
_WITHIN_WORDS = ("b", "i", "em", "strong", "a", "span", "bdi", "mark")
_NO_TEXT = ("submit", "file", "image", "button", "reset")


@dataclass
class Button:
    """What somebody presses: its words, and what it sends beyond the form's fields."""

    words: str = ""
    action: str = ""
    name: str = ""
    value: str = ""


@dataclass
class Form:
    """A form and what is written in it, field by field; a field may hold several values."""

    action: str
    method: str
    id: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, given: dict[str, Any]) -> dict[str, str | list[str]]:
        """What is sent: its fields, with those that somebody filled in. None clears one."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        for name, value in given.items():
            sent.pop(name, None)
            if value is not None:
                values = value if isinstance(value, list) else [value]
                sent[name] = [str(one) for one in values]
        return dict(sent)

    def value(self, name: str) -> str:
        """What is written in a field; empty where there is none of this name."""
        return next((value for known, value in self.fields if known == name), "")


class Page:
    """A page that somebody has opened, from its address."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer, self.status, self.source = answer, answer.status_code, answer.text
        self.address = answer.url.raw_path.decode()
        parser = _Parser()
        parser.feed(answer.text)
        self.forms = parser.forms
        self.words = re.sub(r"\s+", " ", "".join(parser.words)).strip()

    def form(self, wanted: str) -> tuple[Form, Button]:
        """The form with this action, or with a button of these words; and that button."""
        for form in self.forms:
            for button in form.buttons:
                if button.words == wanted:
                    return form, button
        for form in self.forms:
            if form.action.partition("?")[0] == wanted.partition("?")[0]:
                return form, Button()
        known = [(form.action, [button.words for button in form.buttons]) for form in self.forms]
        raise AssertionError(f"{self.address} ({self.status}) has no form {wanted!r}, but {known}")

    def writes(self, name: str) -> str:
        """What is written in the first field of a name, in any form."""
        return next((v for form in self.forms for known, v in form.fields if known == name), "")


class _Parser(HTMLParser):
    """Collects the forms and the words of a page, tag by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._silent = 0
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._button: Button | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        if tag not in _WITHIN_WORDS:
            self.words.append(" ")
        if begin := getattr(self, f"_begin_{tag}", None):
            begin(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        if end := getattr(self, f"_end_{tag}", None):
            end()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._area is not None:
            self._text += data
        if self._button is not None:
            self._button.words += data
        self.words.append(data)

    def _of(self, given: dict[str, str]) -> Form | None:
        """The form that a field belongs to: around it, or named by it."""
        named = [form for form in self.forms if form.id == given.get("form", "none")]
        return named[0] if named else self._form

    def _begin_form(self, given: dict[str, str]) -> None:
        self._form = Form(given.get("action", ""), given.get("method", "get"), given.get("id", ""))
        self.forms.append(self._form)

    def _end_form(self) -> None:
        self._form = None

    def _begin_input(self, given: dict[str, str]) -> None:
        form, kind = self._of(given), given.get("type", "text")
        if form is None or "name" not in given or "disabled" in given or kind in _NO_TEXT:
            return
        is_choice = kind in ("checkbox", "radio")
        if not is_choice or "checked" in given:
            otherwise = "on" if is_choice else ""
            form.fields.append((given["name"], given.get("value", otherwise)))

    def _begin_textarea(self, given: dict[str, str]) -> None:
        self._area, self._text = given.get("name", ""), ""

    def _end_textarea(self) -> None:
        if self._form and self._area:
            self._form.fields.append((self._area, self._text.removeprefix("\n")))
        self._area = None

    def _begin_select(self, given: dict[str, str]) -> None:
        self._select, self._options = given.get("name", ""), []

    def _begin_option(self, given: dict[str, str]) -> None:
        self._options.append((given.get("value", ""), "selected" in given))

    def _end_select(self) -> None:
        if self._form and self._select and self._options:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self._form.fields.append((self._select, (chosen or [self._options[0][0]])[0]))
        self._select = None

    def _begin_button(self, given: dict[str, str]) -> None:
        form, named = self._of(given), (given.get("name", ""), given.get("value", ""))
        self._button = Button("", given.get("formaction", ""), *named)
        if form is not None and given.get("type", "submit") == "submit":
            form.buttons.append(self._button)

    def _end_button(self) -> None:
        if self._button is not None:
            self._button.words = re.sub(r"\s+", " ", self._button.words).strip()
        self._button = None
