"""A running market for tests: the real command, in processes of its own, on a free port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from .command_server import CommandServer

A_MINUTE = 60
_COMMANDS = CommandServer()
CHILDREN = "marinemarket.runtime.children"
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""


class RunningMarket:
    """``marinemarket serve`` (or ``web``) over a data folder; it is stopped by its process id.

    `python` is another environment's than that of the tests. A `listening` socket is passed on as
    systemd does it; `files` is how many each process may have open; `variables` are added to its
    environment, and `settings` too, each with the market's prefix.
    """

    def __init__(
        self,
        data: Path,
        *arguments: str,
        port: int = 0,
        by: str = "serve",
        python: Path | None = None,
        listening: socket.socket | None = None,
        files: int | None = None,
        variables: dict[str, str] | None = None,
        **settings: str,
    ) -> None:
        self.data = data
        program = [str(python or sys.executable), "-m", "marinemarket"]
        if listening is not None:
            program = [sys.executable, "-c", AS_SYSTEMD, str(listening.fileno()), *program]
        if files is not None:
            program = ["prlimit", f"--nofile={files}:{files}", *program]
        self.process = subprocess.Popen(
            [*program, by, "--port", str(port), "--json", *arguments],
            pass_fds=[listening.fileno()] if listening is not None else [],
            env=environment(data)
            | (variables or {})
            | {f"MARINEMARKET_{n}": value for n, value in settings.items()},
            stdout=subprocess.PIPE,
            text=True,
            cwd=None if python is None else data.parent,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the market did not start (exit {self.process.wait(A_MINUTE)})"
        self.address: str = json.loads(line)["address"]
        self.port = int(self.address.rpartition(":")[2])

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an address."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=A_MINUTE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def connected(self) -> socket.socket:
        """A connection on which nothing is asked."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=A_MINUTE)

    def post(self, path: str, document: dict[str, Any]) -> int:
        """The status of an address that is sent JSON."""
        request = urllib.request.Request(
            self.address + path,
            data=json.dumps(document).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=A_MINUTE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.get("/health/ready")[0] == 200)

    def children(self) -> dict[str, int]:
        """The process ids of the parent's children by role, one of each: web, worker."""
        return {role: pids[-1] for role, pids in self.all_children().items()}

    def all_children(self) -> dict[str, list[int]]:
        """The process ids of all the parent's children by role, the oldest first."""
        found: dict[str, list[int]] = {}
        for pid in sorted(
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()
        ):
            try:
                entry = Path(f"/proc/{pid}")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_text().split("\0")
            except (OSError, IndexError):
                continue
            if parent == self.process.pid and CHILDREN in command:
                found.setdefault(command[command.index(CHILDREN) + 1], []).append(pid)
        return found

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """End the parent as a power cut would, and it alone."""
        self.process.kill()
        self._ended()

    def _ended(self) -> int:
        code = self.process.wait(A_MINUTE)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class RunningWorker:
    """``marinemarket worker`` over a data folder; it is stopped by its process id."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "marinemarket", "worker", "--json"],
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stop(self) -> str:
        """What it logged."""
        self.process.terminate()
        _, logged = self.process.communicate(timeout=A_MINUTE)
        return logged

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate(timeout=A_MINUTE)


def environment(data: Path) -> dict[str, str]:
    return os.environ | {"MARINEMARKET_DATA": str(data)}


def command(data: Path, *arguments: str) -> tuple[int, Any]:
    """Run a command with --json; its exit code and its answer."""
    done = _COMMANDS.run([*arguments, "--json"], environment(data), timeout=A_MINUTE * 2)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def wait_for(holds: Any) -> None:
    """Return as soon as something holds; fail after a minute."""
    deadline = time.monotonic() + A_MINUTE
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold within a minute"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Does this process run? One that has ended and was not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
