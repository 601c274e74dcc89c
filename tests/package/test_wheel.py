"""The package as a stranger gets it: built, installed in an environment of its own, and opened."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.servers import RunningMarket

ROOT = Path(__file__).parents[2]
MINUTES = 20 * 60

# What only an extra's libraries can read.
OF_EXTRAS = re.compile(
    r"marinemarket\.(store\.dynamodb|search\.opensearch|vault\.kms|media\.bucket|archive\.bucket)\b"
)
READ_ALL = """
import importlib, json, pkgutil, marinemarket
unread = {}
for module in pkgutil.walk_packages(marinemarket.__path__, "marinemarket.", onerror=lambda name: None):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            unread[module.name] = error.name
print(json.dumps(unread))
"""


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The Python of a new environment that holds the built wheel, and what that asks for.

    The wheel is built from a source distribution, which is built from the checkout.
    """
    wheels = tmp_path / "wheels"
    _run(
        sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(wheels)
    )
    (source,) = wheels.glob("marinemarket-*.tar.gz")
    _run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps",
        "--no-build-isolation", "--wheel-dir", str(wheels), str(source),
    )  # fmt: skip
    (wheel,) = wheels.glob("marinemarket-*.whl")
    environment = tmp_path / "environment"
    uv = (sys.executable, "-m", "uv", "--quiet")
    _run(*uv, "venv", "--python", sys.executable, str(environment))
    python = environment / "bin" / "python"
    pins = str(ROOT / "requirements" / "run.txt")
    install = (*uv, "pip", "install", "--python", str(python), "--constraint", pins, str(wheel))
    done = subprocess.run(install, capture_output=True, text=True, timeout=MINUTES, check=False)
    unreached = re.search(r"error sending request|Could not connect|dns error", done.stderr)
    if unreached and not os.environ.get("CI"):
        pytest.skip("no package index can be reached, from which to install what the wheel needs")
    assert done.returncode == 0, done.stderr
    return python


def _run(*command: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=MINUTES, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_installed_wheel_opens_the_demonstration_with_typefaces_and_map(
    python: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with RunningMarket(elsewhere / "data", "--demo", python=python) as market:
        market.wait_until_ready()
        status, home = market.get("/")
        assert status == 200
        assert "2,000" in home
        status, results = market.get("/boats?q=boston+whaler&view=map")
        assert status == 200
        (boat, *_) = re.findall(r'href="(/boats/[^"?]+)"', results)
        assert market.get(boat)[0] == 200
        (picture, *_) = re.findall(r'src="(/pictures/[^"]+)"', market.get(boat)[1])
        assert market.get(picture)[1].startswith("<svg")
        shown = set(re.findall(r'[" ](/static/[^" ]+)', home + results))
        assert any("leaflet.js" in address for address in shown)
        for address in shown:
            assert _bytes(market.address + address), address
        assert "Topology" in market.get("/static/map/countries.json")[1]
        faces = set(re.findall(r"fonts/[\w-]+\.woff2", market.get("/static/site.css")[1]))
        assert len(faces) > 2
        for face in faces:
            assert _bytes(f"{market.address}/static/{face}").startswith(b"wOF2")
    _every_module_is_read_without_extras(python)
    _a_missing_extra_is_named(python, elsewhere)


def _bytes(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        content: bytes = answer.read()
    return content


def _every_module_is_read_without_extras(python: Path) -> None:
    done = subprocess.run(
        [python, "-c", READ_ALL], capture_output=True, text=True, check=True, cwd=python.parent
    )
    unread = json.loads(done.stdout)
    assert unread
    assert {name: lacking for name, lacking in unread.items() if not OF_EXTRAS.match(name)} == {}


def _a_missing_extra_is_named(python: Path, folder: Path) -> None:
    for setting, value, extra in (
        ("STORE", "dynamodb", "dynamodb"),
        ("SEARCH", "opensearch", "opensearch"),
        ("BLOBS", "s3://bucket/prefix", "s3"),
    ):
        done = subprocess.run(
            [python, "-m", "marinemarket", "rebuild", "search"],
            cwd=folder,
            env=os.environ
            | {f"MARINEMARKET_{setting}": value, "MARINEMARKET_SECRET_KEY": "k" * 64},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            f"Error: MARINEMARKET_{setting}: needs a part that is not installed: "
            f'pip install "marinemarket[{extra}]"'
        ]
