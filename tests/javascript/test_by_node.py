"""Runs the unit tests of the scripts, beside this file, on Node's own runner; and tries the lint rule."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# A set-up without Node puts one beside Python.
NODE = shutil.which("node", path=f"{os.environ.get('PATH', '')}:{Path(sys.executable).parent}")


@pytest.mark.skipif(NODE is None, reason="no Node on this machine, so no unit tests of scripts")
@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.js")), ids=lambda path: path.stem)
def test_the_units_of_scripts_do_what_they_promise(path: Path) -> None:
    assert NODE is not None
    done = subprocess.run([NODE, "--test", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# pass 0\n" not in done.stdout


BIOME = ROOT / "node_modules/.bin/biome"
no_biome = pytest.mark.skipif(
    NODE is None or not BIOME.exists(), reason="no Biome here: scripts/setup --dev fetches it"
)


@no_biome
@pytest.mark.parametrize(
    "line",
    [
        'document.body.textContent = "3 boats";',
        "document.body.textContent = `${window.count} boats`;",
        'document.body.title = window.count === 1 ? "1 boat" : window.text;',
        'document.body.setAttribute("aria-label", "Boats");',
        'document.body.append("No boats");',
        'confirm("Remove this boat?");',
    ],
)
def test_the_linter_finds_a_text_for_readers_that_is_written_into_a_script(
    line: str, tmp_path: Path
) -> None:
    assert "script_messages.py" in _lint(line, tmp_path)


@no_biome
def test_the_linter_lets_messages_and_data_pass(tmp_path: Path) -> None:
    lines = [
        'document.body.textContent = message("boats_here", { count: 3, price: "$20k" });',
        "document.body.textContent = `${window.price}: ${window.title}`;",
        'document.body.append(message("failed"), " ");',
        'document.body.setAttribute("aria-expanded", "false");',
    ]
    assert "script_messages.py" not in _lint("\n".join(lines), tmp_path)


def _lint(text: str, folder: Path) -> str:
    """What the project's own lint rules say of a script with this text."""
    rules = json.loads((ROOT / "biome.json").read_text())["plugins"]
    plugins = [str(ROOT / rule) for rule in rules]
    (folder / "biome.json").write_text(json.dumps({"plugins": plugins}))
    (folder / "sample.js").write_text(text)
    done = subprocess.run(
        [str(NODE), str(BIOME), "lint", "sample.js"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert "Checked 1 file" in told
    return told
