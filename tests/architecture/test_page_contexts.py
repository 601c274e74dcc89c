"""A template uses what its page declares: every field of it, and nothing else."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

import marinemarket
from marinemarket.config.settings import Settings
from marinemarket.web.app import _templates
from marinemarket.web.forms import Form
from marinemarket.web.pages.messages.inquiry_form import InquiryForm

from .template_reader import Reading, Scope, Types, hints_of, is_view, spread

WEB = Path(marinemarket.__file__).parent / "web"
TEMPLATES = WEB / "templates"
_USES = re.compile(r"^(?:All that|What) (.+?) uses?\b", re.S)

# What some templates are given beside their page: what one part needs, and not every such page has.
BESIDE: dict[str, Scope] = {
    "boat.html": {"asking": frozenset({InquiryForm})},
    "sell/preview.html": {
        "asking": frozenset(),
        "form": frozenset({Form}),
        "id": frozenset({str}),
        "is_draft": frozenset({bool}),
    },
}

# Templates of a few texts, which need no class.
PLAIN: dict[str, set[str]] = {
    "report-thanks.html": {"address", "title"},
}
# Another page's template with a part of it left out.
DERIVED = {"sell/preview.html": "boat.html"}


def page_classes() -> Iterator[tuple[type, list[str]]]:
    """Every dataclass whose docstring says which templates use it, with these."""
    for path in sorted(WEB.rglob("*.py")):
        name = ".".join(("marinemarket.web", *path.relative_to(WEB).with_suffix("").parts))
        module = importlib.import_module(name)
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == name:
                named = _USES.match(kind.__doc__ or "")
                if named and (templates := re.findall(r"``([\w/-]+\.html)``", named[1])):
                    yield kind, templates


CLASSES = dict(page_classes())
OF_TEMPLATE = {name: kind for kind, names in CLASSES.items() for name in names}
ENTRIES = sorted(
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("*.html")
    if not path.name.startswith("_") and path.name != "base.html"
)
PARTS = {"_recently_viewed.html": "part"}
"""Sent alone as well, to a script that puts it into a page."""
PAGES = [*ENTRIES, *PARTS]


def read(template: str, scope: Scope) -> Reading:
    environment = _templates(Settings()).engine
    reading = Reading(environment)
    reading.template(template, scope)
    return reading


def scope_of(template: str) -> Scope:
    if template in PARTS:
        return {PARTS[template]: frozenset({OF_TEMPLATE[template]})}
    if template in PLAIN:
        return {name: frozenset({str}) for name in PLAIN[template]}
    kind = OF_TEMPLATE[DERIVED.get(template, template)]
    return {"page": frozenset({kind})} | BESIDE.get(template, {})


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return {name: read(name, scope_of(name)) for name in PAGES}


def test_every_template_has_a_class_that_names_it() -> None:
    """Say in the class's docstring: ``All that ``sell/sale.html`` uses.``"""
    partial = {name for name in OF_TEMPLATE if Path(name).name.startswith("_")}
    assert OF_TEMPLATE.keys() - partial == set(ENTRIES) - PLAIN.keys() - DERIVED.keys()
    assert len(OF_TEMPLATE) == sum(map(len, CLASSES.values())), "no template has two classes"


def test_templates_are_given_what_is_declared_here() -> None:
    """Each ``Template(…, context={…})`` gives a page, or the names declared above."""
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Template":
                contexts = [k.value for k in node.keywords if k.arg == "context"]
                assert contexts, ast.unparse(node)
                assert isinstance(contexts[0], ast.Dict), ast.unparse(node)
                keys = {ast.literal_eval(key) for key in contexts[0].keys if key}
                name = (
                    ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
                )
                given = PLAIN.get(name) or {PARTS.get(name, "page"), *BESIDE.get(name, {})}
                assert keys == given, ast.unparse(node)


@pytest.mark.parametrize("template", PAGES)
def test_a_template_uses_nothing_that_it_is_not_given(
    template: str, readings: dict[str, Reading]
) -> None:
    assert readings[template].missing == set()
    assert readings[template].unknown_names == set()


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_page_declares_nothing_that_its_templates_do_not_use(
    kind: type, readings: dict[str, Reading]
) -> None:
    used = {name for reading in readings.values() for of, name in reading.read if of is kind}
    assert {field.name for field in fields(kind)} - used == set()


def test_no_part_of_a_page_has_a_field_that_nothing_uses(readings: dict[str, Reading]) -> None:
    """What pages are made of: a field is read by a template, or by the code of the site."""
    in_code = {
        node.attr
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    read_anywhere = {pair for reading in readings.values() for pair in reading.read}
    dead = {
        f"{kind.__name__}.{field.name}"
        for kind in parts_of(frozenset(CLASSES))
        for field in fields(kind)
        if (kind, field.name) not in read_anywhere and field.name not in in_code
    }
    assert dead == set()


def parts_of(kinds: Types) -> set[Any]:
    """Every dataclass of the site that these are made of, at any depth."""
    found: set[Any] = set()
    waiting = list(kinds)
    while waiting:
        hint = waiting.pop()
        waiting += [part for argument in getattr(hint, "__args__", ()) for part in spread(argument)]
        if isinstance(hint, type) and is_view(hint) and hint not in found:
            found.add(hint)
            waiting += [kind for inner in hints_of(hint).values() for kind in spread(inner)]
    return found
