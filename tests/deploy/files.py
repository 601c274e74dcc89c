"""What this repository gives to whoever runs a market, and where it lies."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
PAPERS = [
    *DOCUMENTS,
    *sorted(path for path in DEPLOY.rglob("*") if path.is_file()),
    ROOT / "compose.yaml",
    ROOT / "Dockerfile",
]
"""Everything that names commands and settings to operators."""

_CALL = re.compile(r"(?:^|[\s/\"'(])marinemarket((?: +[^\s|;&#>)`]+)+)")
_OTHERS = re.compile(r"\b(systemctl|journalctl|useradd|chown|install|docker|setpriv)\b")


def code_in(path: Path) -> Iterator[str]:
    """The lines that are to be typed or run: of a document, what stands as code in it."""
    text = path.read_text()
    if path.suffix != ".md":
        yield from (line for line in text.splitlines() if not line.lstrip().startswith("#"))
        return
    for at, part in enumerate(text.split("```")):
        if at % 2:
            yield from part.splitlines()[1:]
        else:
            yield from re.findall(r"`([^`]+)`", part)


def calls_in(path: Path) -> Iterator[list[str]]:
    """The arguments of each call of our command in a file."""
    for line in code_in(path):
        for found in _CALL.finditer(line):
            before = line[: found.start()]
            if _OTHERS.search(before) and not re.search(r"(exec|run) (web|worker)\b", before):
                continue
            arguments = shlex.split(found[1].replace("'", ""), comments=True)
            if arguments and re.fullmatch(r"[a-z-]+", arguments[0]):
                yield arguments
