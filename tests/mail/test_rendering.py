"""Every template renders its values, escaped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, UndefinedError, meta

import marinemarket
from marinemarket.i18n.jinja import install
from marinemarket.links import Links
from marinemarket.mail.rendering import TEMPLATES, render

SITE: dict[str, Any] = {"links": Links("https://boats.example"), "market_name": "Boats & Co"}
MACROS = {"button", "quoted", "strong"}
GIVEN = {
    "public_url",
    "market_name",
    "reset",
    "_",
    "gettext",
    "ngettext",
    "language",
    "direction",
} | MACROS
NUMBERS = {"minutes", "hours", "days", "count", "left_out", "beyond"}
CHOICES = {"tried": "codes", "sold": "yes", "is_cut": "yes"}
"""The values that choose among texts, and are not shown themselves."""
LISTS: dict[str, Any] = {
    "boats": [
        {part: f"<{part} of a boat>" for part in ("title", "price", "length", "place", "link")}
    ],
    "warnings": [{part: f"<{part} of a warning>" for part in ("title", "advice")}],
}
"""The values that are no text, but lists of objects of text."""
MOMENT = "2026-11-30T09:06:28.864Z"
NAMES = sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir())


def wanted_by(name: str) -> set[str]:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    install(environment)
    found = set()
    paths = [*(TEMPLATES / name).iterdir()]
    for path in paths:  # and what it is made of
        template = environment.parse(path.read_text())
        found |= meta.find_undeclared_variables(template)
        paths += [TEMPLATES / part for part in meta.find_referenced_templates(template) if part]
    return found - GIVEN


def sample_values(name: str) -> dict[str, Any]:
    """A value of each name that an email is written with."""
    return {value: _sample(value) for value in wanted_by(name)}


def _sample(name: str) -> Any:
    if name in NUMBERS:
        return "1234"
    return MOMENT if name == "when" else LISTS.get(name) or CHOICES.get(name, f"<{name}>")


def _texts(values: dict[str, Any]) -> list[str]:
    """Every text among the values, in lists as well."""
    found = []
    for value in values.values():
        found += (
            [value] if isinstance(value, str) else [text for one in value for text in one.values()]
        )
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_template_renders_with_its_values_and_no_fewer(name: str) -> None:
    values = sample_values(name)
    rendered = render(name, values, **SITE)
    assert "Boats & Co" in rendered.text
    if "when" in values:
        assert "30 November 2026, 09:06 UTC" in rendered.text
        assert rendered.html is not None
        assert "30 November 2026, 09:06 UTC" in rendered.html
    for number in NUMBERS & values.keys():
        assert "1,234" in rendered.text, number
    for value in _texts({n: v for n, v in values.items() if n not in NUMBERS | CHOICES.keys()}):
        if value == MOMENT:
            assert value not in rendered.text
            continue
        assert value in rendered.text
        assert rendered.html is None or value not in rendered.html
    assert "\n" not in rendered.subject
    for missing in values:
        with pytest.raises(UndefinedError):
            render(name, {n: v for n, v in values.items() if n != missing}, **SITE)


def emails() -> Iterator[tuple[str, str, set[str] | None]]:
    """Each `Email(...)` of the code: where it stands, its template, and the names of its values.

    The names are read where the values are written down in the same function, and None elsewhere.
    """
    source = Path(marinemarket.__file__).parent
    for path in sorted(source.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "Email":
                        [values] = [word.value for word in call.keywords if word.arg == "values"]
                        place = f"{path.relative_to(source)}:{call.lineno}"
                        yield place, ast.literal_eval(call.args[0]), _keys(values, function)


def _keys(values: ast.expr, function: ast.AST) -> set[str] | None:
    match values:
        case ast.Dict(keys=keys) if all(isinstance(key, ast.Constant) for key in keys):
            return {ast.literal_eval(key) for key in keys if key}
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            sides = _keys(left, function), _keys(right, function)
            return None if None in sides else set().union(*filter(None, sides))
        case ast.Name(id=name):
            given = [
                node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign | ast.AnnAssign)
                and node.value
                and name
                in map(ast.unparse, getattr(node, "targets", [getattr(node, "target", None)]))
            ]
            return _keys(given[0], function) if len(given) == 1 else None
    return None


def test_every_template_is_sent_by_somebody() -> None:
    assert sorted({template for _, template, _ in emails()}) == NAMES


SENT = list(emails())
OF_THE_ENVELOPE = {"from_name", "reply_to", "conversation"}
"""What the delivery reads, and no template."""


@pytest.mark.parametrize(("place", "template", "values"), SENT, ids=[one[1] for one in SENT])
def test_an_email_is_sent_with_what_its_template_wants(
    place: str, template: str, values: set[str] | None
) -> None:
    assert values is not None, f"{place}: write the values down where the email is made"
    assert values - OF_THE_ENVELOPE == wanted_by(template)


def test_links_are_on_the_configured_site() -> None:
    rendered = render("verify-email", {"link": "/account/verify?token=x"}, **SITE)
    assert "https://boats.example/account/verify?token=x" in rendered.text
