"""What is declared, pinned and read: the package asks for all that it needs, and reads no more."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import package_data
from marinemarket.errors import Invalid
from marinemarket.extras import extra

ROOT = Path(__file__).parents[2]


def _names(lines: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {name[0].lower() for name in found if name}


def _pinned(name: str) -> set[str]:
    return _names((ROOT / "requirements" / f"{name}.txt").read_text().splitlines())


def test_every_requirement_of_the_package_and_its_extras_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = _names([*project["dependencies"], *(line for one in extras.values() for line in one)])
    assert wanted - _pinned("run") == set()
    assert wanted - _pinned("dev") == set()


def test_what_the_build_asks_for_is_pinned() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert _names([*build, *package_data.LIBRARIES]) - _pinned("build") == set()
    assert _names(build) - _pinned("dev") == set()


def test_the_data_of_the_package_are_made_from_what_stands_here() -> None:
    assert package_data.is_current(), "run scripts/setup"


def test_help_reads_nothing_but_the_prompt() -> None:
    program = (
        "import sys; from marinemarket.cli import main; main(['--help'], standalone_mode=False);"
        "print('read:', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    shown, _, read = done.stdout.partition("read: ")
    assert re.search(r"serve +Run the site", shown)
    assert {"rich", "numpy", "pydantic", "litestar", "marinemarket.settings"}.isdisjoint(
        read.split()
    )


def test_a_missing_extra_is_told_with_the_command_that_installs_it() -> None:
    with (
        pytest.raises(Invalid, match=r'STORE: .*pip install "marinemarket\[dynamodb\]"'),
        extra("dynamodb", "STORE"),
    ):
        import no_such_library  # type: ignore[import-not-found]  # noqa: F401


def test_a_module_of_ours_that_is_missing_is_a_bug_and_no_extra() -> None:
    with pytest.raises(ModuleNotFoundError), extra("dynamodb", "STORE"):
        import marinemarket.no_such_module  # type: ignore[import-not-found]  # noqa: F401
