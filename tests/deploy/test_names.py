"""What documents and samples name exists: commands with their options, settings, and files."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from marinemarket.cli import main
from marinemarket.config.settings import Settings

from .files import DEPLOY, DOCUMENTS, PAPERS, ROOT, calls_in

SETTINGS = {f"MARINEMARKET_{name.upper()}" for name in (*Settings.model_fields, "config")}


def _wrong_in(arguments: list[str]) -> str:
    """What is wrong with a call: an unknown command or option, or nothing."""
    command: click.Command = main
    context = click.Context(main)
    rest = [*arguments]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest.pop(0))
        if found is None:
            return f"there is no command {' '.join(arguments)}"
        command = found
    known = {name for option in command.params for name in option.opts} | {"--help", "-h"}
    unknown = [
        word for word in rest if word.startswith("--") and word.partition("=")[0] not in known
    ]
    return f"{' '.join(arguments)} takes no {unknown}" if unknown else ""


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAPERS, ids=_named)
def test_every_command_that_is_named_exists_with_its_options(path: Path) -> None:
    assert [wrong for call in calls_in(path) if (wrong := _wrong_in(call))] == []


@pytest.mark.parametrize("path", PAPERS, ids=_named)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    for name in re.findall(r"MARINEMARKET_[A-Z_]+", path.read_text()):
        # `MARINEMARKET_LIMIT_…` stands for several.
        assert any(
            known == name or (name == known[: len(name)] and name.endswith("_"))
            for known in SETTINGS
        ), name


@pytest.mark.parametrize("path", DOCUMENTS, ids=_named)
def test_every_sample_that_a_document_names_is_there(path: Path) -> None:
    for name in re.findall(r"\bdeploy/[\w./-]*[\w-]", path.read_text()):
        assert (ROOT / name).exists(), name


def test_the_samples_are_looked_through() -> None:
    """The test above would pass as well if it found nothing to look at."""
    calls = [call[0] for path in PAPERS for call in calls_in(path)]
    assert {"serve", "web", "worker", "backup", "check", "restore", "staff"} <= {*calls}
    assert len(PAPERS) > 12
    assert (DEPLOY / "marinemarket").stat().st_mode & 0o100


@pytest.mark.parametrize("name", ["caddy/Caddyfile", "nginx/marinemarket.conf", "cron"])
def test_the_page_for_a_first_server_shows_each_sample_as_it_is(name: str) -> None:
    page = (ROOT / "docs/first-server.md").read_text()
    sample = (DEPLOY / name).read_text().replace("\t", "    ")
    if name == "cron":
        lines = [line for line in sample.splitlines() if not line.startswith("#")]
        sample = "\n".join(lines)
    assert f"```\n{sample.strip()}\n```" in page
