"""What ``marinemarket --help`` says."""

from __future__ import annotations

from marinemarket import cli


def test_every_command_has_its_line_in_the_help() -> None:
    assert cli._SUMMARIES.keys() == cli._COMMANDS.keys()
    assert all(line.endswith(".") for line in cli._SUMMARIES.values())
