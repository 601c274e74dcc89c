"""Runs the unit tests of the scripts, beside this file, with Node's own runner."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# A set-up without Node puts one beside Python.
NODE = shutil.which("node", path=f"{os.environ.get('PATH', '')}:{Path(sys.executable).parent}")


@pytest.mark.skipif(NODE is None, reason="no Node on this machine, so no unit tests of scripts")
@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.js")), ids=lambda path: path.stem)
def test_the_units_of_scripts_do_what_they_promise(path: Path) -> None:
    assert NODE is not None
    done = subprocess.run([NODE, "--test", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# pass 0\n" not in done.stdout
