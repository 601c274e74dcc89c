"""What the installed package weighs, and what its prompt costs to start.

Builds the wheel and installs it with pip into two new environments: as it is, and with every extra. Then
`marinemarket --help` is run beside Python that does nothing and Python that reads `click`, in turn;
what is printed are medians of CPU time. Last, two processes look through all places, and the kernel
says how much of the file's memory is each one's own.

    .venv/bin/python -m benchmarks.package
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 21
MB = 1_000_000

LOOK_THROUGH = """
from marinemarket.search.gazetteer import load
towns = load()
print(sum(len(towns.town(number).name) for number in range(len(towns))), flush=True)
print(sum(map(len, towns.spelled(range(len(towns.owners))))), sum(towns.weights), flush=True)
input()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = built(Path(folder))
        print(f"wheel: {wheel.stat().st_size / MB:.1f} MB")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        extras = ",".join(sorted(project["optional-dependencies"]))
        default = installed(Path(folder) / "default", str(wheel))
        everything = installed(Path(folder) / "everything", f"{wheel}[{extras}]")
        for environment in (default, everything):
            weigh(environment)
        start(default / "bin")
        share(default / "bin" / "python")


def built(folder: Path) -> Path:
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    subprocess.run([*pip, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed(environment: Path, what: str) -> Path:
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = environment / "bin" / "pip"
    subprocess.run([pip, "install", "--quiet", "--disable-pip-version-check", what], check=True)
    return environment


def weigh(environment: Path) -> None:
    (packages,) = environment.glob("lib/python*/site-packages")
    not_ours = re.compile(r"pip|setuptools|pkg_resources|_distutils_hack|distutils-")

    def ours(path: Path) -> bool:
        return not not_ours.match(path.relative_to(packages).parts[0])

    def compiled(path: Path) -> bool:
        return path.suffix == ".pyc"

    print(
        f"{environment.name}: packages {_blocks(packages, lambda p: ours(p) and not compiled(p)):.0f} MB, "
        f"with their bytecode {_blocks(packages, ours):.0f} MB, "
        f"the environment with pip {_blocks(environment, lambda _: True):.0f} MB"
    )


def _blocks(folder: Path, counts: Callable[[Path], bool]) -> float:
    """What the files take on the disk, in MB."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_blocks * 512 for path in files if counts(path)) / MB


def start(programs: Path) -> None:
    python = str(programs / "python")
    commands: dict[str, Sequence[str]] = {
        "python -c pass": (python, "-c", "pass"),
        "python -c 'import click'": (python, "-c", "import click"),
        "marinemarket --help": (str(programs / "marinemarket"), "--help"),
        "marinemarket search --help": (str(programs / "marinemarket"), "search", "--help"),
    }
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            spent[name].append(_cpu(command))
    for name, seconds in spent.items():
        print(f"{name}: {statistics.median(seconds):.3f} s of CPU")


def _cpu(command: Sequence[str]) -> float:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, code, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def share(python: Path) -> None:
    processes = [
        subprocess.Popen(
            [python, "-c", LOOK_THROUGH], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline(), process.stdout.readline()
    for process in processes:
        memory = _memory_of_file(process.pid, "towns.bin")
        print(f"places in a process: {memory}")
    for process in processes:
        process.communicate(b"\n")


def _memory_of_file(pid: int, name: str) -> str:
    """What the kernel says of a mapped file, in kB."""
    maps = Path(f"/proc/{pid}/smaps").read_text()
    (found,) = re.findall(rf"{re.escape(name)}\n(.*?)VmFlags", maps, re.DOTALL)
    figures = dict(re.findall(r"(\w+):\s+(\d+) kB", found))
    kinds = ("Rss", "Pss", "Private_Clean", "Private_Dirty")
    return ", ".join(f"{kind} {figures[kind]} kB" for kind in kinds)


if __name__ == "__main__":
    main()
