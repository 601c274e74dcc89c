"""Documents name files that exist, and decisions have a number each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/marinemarket"
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_LINK = re.compile(r"\]\(([^)\s]+)\)")
# Only with a folder: a bare name may be one that a decision did away with.
_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|js|toml|grit|txt|pot))`")


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives to a document's headings."""
    headings = re.findall(r"^#+ +(.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_relative_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for link in _LINK.findall(document.read_text()):
        if ":" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_source_file_that_is_named_exists(document: Path) -> None:
    """Paths are relative to the root, to `src/marinemarket`, or to its `web/static`."""
    roots = (ROOT, SOURCE, SOURCE / "web/static")
    named = _FILE.findall(document.read_text())
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []


def test_each_decision_has_a_number_of_its_own_and_says_it_in_its_heading() -> None:
    """Two branches may take the same number: the one that lands later takes the next free one.

    There may be gaps, for branches that took theirs earlier and land later.
    """
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert len(set(numbers)) == len(numbers)
    for number, path in zip(numbers, DECISIONS, strict=True):
        assert path.read_text().startswith(f"# {number}. "), path.name


def test_the_documents_are_looked_through() -> None:
    """The tests above would pass as well if they found nothing to look at."""
    text = "".join(path.read_text() for path in DOCUMENTS)
    assert len(_LINK.findall(text)) > 20
    assert len(_FILE.findall(text)) > 20
