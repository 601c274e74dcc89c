"""Names that a stranger can guess from: one subject, one file; one file, one subject."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import marinemarket

SOURCE = Path(marinemarket.__file__).parent
ROOT = Path(__file__).parents[2]

# What every domain has one of: how its models become items, and what is done with a person's data.
_OF_EVERY_DOMAIN = {"__init__", "records", "personal_data"}

# Engines behind one port are twins: what is alike in them is called alike.
_TWINS = ("store/sqlite", "store/dynamodb", "search/columns", "search/opensearch")


def folders_by_stem() -> dict[str, set[str]]:
    found = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        folder = str(path.parent.relative_to(SOURCE))
        # Twins count as the one place that they stand behind.
        found[path.stem].add(folder.split("/")[0] if folder in _TWINS else folder)
    return found


def test_a_files_name_stands_in_at_most_two_folders() -> None:
    """Who looks for a subject by its name should not have to open three files.

    Name the file after what is particular to it: ``listings/media/videos.py`` and ``media/videos.py``
    are enough, a third is ``web/pages/boat/gallery.py``. The exceptions are declared above.
    """
    many = {
        stem: sorted(folders)
        for stem, folders in folders_by_stem().items()
        if len(folders) > 2 and stem not in _OF_EVERY_DOMAIN
    }
    assert many == {}


@pytest.mark.parametrize(
    "folder", ["src", "tests", "scripts", "drills", "benchmarks", "mutation", "docs"]
)
def test_nothing_is_called_said(folder: str) -> None:
    """Say what a value is: a `payload` that was sent, a `message` to show, a `text` that somebody wrote."""
    found = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '')}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if "said" in _names(node)
    ]
    assert found == []


def _names(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
            return {name}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.keyword(arg=str(name)):
            return {name}
        case _:
            return set()
