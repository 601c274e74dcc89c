"""Rules that no type can hold: who may write, and how large rooms grow."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import marinemarket
from marinemarket.audit.operational import STORES_OWN, Operational

SOURCE = Path(marinemarket.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

# Tables of facts, not of thought: they are as long as what they list.
TABLES = {"demo/catalogue.py", "demo/wording.py", "demo/harbours.py"}


def test_only_the_trail_commits_to_the_store() -> None:
    """A change without its audit entry must not be possible: commit through `audit.trail.Trail`.

    What is no change of the market's data is declared in `audit/operational.py`, with its reason.
    """
    committing = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "commit":
                owner = ast.unparse(called.value)
                if owner.endswith(("store", "engine")):
                    committing.add(str(path.relative_to(SOURCE)))
    assert committing == {"audit/trail.py", *(own.module for own in STORES_OWN)}


def test_every_write_without_an_entry_is_a_declared_exception() -> None:
    """`Operational` is the whole list: each kind is in use, and nothing else names one."""
    kinds = {
        ast.unparse(node.args[0])
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit_operational"
    }
    assert kinds == {f"Operational.{kind.name}" for kind in Operational}


def test_only_export_and_rebuilding_read_every_listing() -> None:
    """Nothing that a visitor triggers scans a table: ask an index, or the search.

    The store itself scans to migrate, and to see whether a market is new when it is opened.
    """
    scanning, reading_all = set(), set()
    for path in MODULES:
        name = str(path.relative_to(SOURCE))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                scanning |= {name} if node.func.attr == "scan" else set()
            if isinstance(node, ast.ImportFrom):
                imported = {alias.name for alias in node.names}
                reading_all |= {name} if "all_listings" in imported else set()
    within_store = {
        "versioned_store",
        "active_version",
        "migration",
        "dynamodb/store",
        "dynamodb/snapshot",
    }
    outside = {
        "listings/records.py",
        "privacy/pages.py",
        "accounts/secret_rotation.py",
        "moderation/records.py",
        "saved_searches/records.py",
        "listings/media/stored_videos.py",
    }
    assert scanning == outside | {f"store/{module}.py" for module in within_store}
    assert reading_all == {
        "listings/importing/export.py",
        "listings/seller_kind.py",
        "moderation/case_follower.py",
        "search/index_follower.py",
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_holds_one_subject(path: Path) -> None:
    """Over 400 lines a module has grown two subjects: split it by subject."""
    name = str(path.relative_to(SOURCE))
    if name not in TABLES:
        assert len(path.read_text().splitlines()) <= 400
    for vague in ("utils", "helpers", "common", "manager", "service", "misc"):
        assert vague not in path.stem
