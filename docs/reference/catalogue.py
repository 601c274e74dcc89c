"""Makes the catalogue of the site's texts, for translators: a gettext template, read off the code.

What templates mark with ``_("…")`` and ``{% trans %}``, and what code gives to `gettext` and
`ngettext` of `web/presentation/i18n.py`, or marks in a table; and the types of boats. Each text stands once, in the
order of the files that say it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

import marinemarket
from marinemarket.listings.vocabulary.boat_types import BOAT_TYPES

WEB = Path(marinemarket.__file__).parent / "web"
_ONE = {"_", "gettext", "mark"}
_MANY = {"ngettext", "counted"}

Text = tuple[str, str | None]
"""A text, and how it is said of many where that differs."""


def catalogue() -> Iterator[str]:
    """The gettext template (``.pot``) of every text, block by block."""
    places: dict[Text, list[str]] = {}
    for path in [*sorted(WEB.rglob("*.html")), *sorted(WEB.rglob("*.py"))]:
        found = _in_template(path) if path.suffix == ".html" else _in_code(path)
        for text in found:
            known = places.setdefault(text, [])
            name = str(path.relative_to(WEB))
            if name not in known:
                known.append(name)
    for kind in BOAT_TYPES:
        for label in (kind.label, kind.plural):
            places.setdefault((label, None), []).append("../listings/vocabulary/boat_types.py")
    yield _HEAD
    for text, files in places.items():
        yield _entry(text, files)


_HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n\""""


def _entry(text: Text, files: list[str]) -> str:
    one, many = text
    lines = [f"#: {' '.join(files)}"]
    if "%(" in one or "%(" in (many or ""):
        lines.append("#, python-format")
    lines.append(f"msgid {_quoted(one)}")
    if many is None:
        return "\n".join([*lines, 'msgstr ""'])
    return "\n".join([*lines, f"msgid_plural {_quoted(many)}", 'msgstr[0] ""', 'msgstr[1] ""'])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _in_template(path: Path) -> Iterator[Text]:
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(path.read_text())
    for _line, name, text in extract_from_ast(tree):
        texts = [one for one in ([text] if isinstance(text, str) else text or ()) if one]
        if name == "ngettext" and len(texts) > 1:
            yield texts[0], texts[1]
        elif texts:
            yield texts[0], None


def _in_code(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [one.value for one in node.args if isinstance(one, ast.Constant)]
        texts = [one for one in given if isinstance(one, str)]
        if node.func.id in _ONE and texts:
            yield texts[0], None
        elif node.func.id in _MANY and len(texts) >= 2:
            yield texts[0], texts[1]
