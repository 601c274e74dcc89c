"""Runs commands of the market in processes forked from one that has imported its code already.

To import the code takes longer than most commands take to run, and the tests run hundreds of them. A
forked process is one like any other, with its own arguments, environment, output and exit code. What a
command imports when it is started afresh is left to the tests that start the interpreter themselves.
"""

from __future__ import annotations

import atexit
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from threading import Lock
from typing import IO, Any

_LONGEST_REQUEST = 1 << 17


class CommandServer:
    """The process that forks, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; its exit code and output. Raises TimeoutError after `timeout` seconds."""
        asked = {"arguments": [*arguments], "environment": {**environment}, "folder": os.getcwd()}
        with self._lock, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            connection = self._connected()
            socket.send_fds(connection, [json.dumps(asked).encode()], [out.fileno(), err.fileno()])
            connection.settimeout(timeout)
            command = int(connection.recv(16))
            try:
                code = int(connection.recv(16))
            except TimeoutError:
                os.kill(command, signal.SIGKILL)
                raise
            return subprocess.CompletedProcess([*arguments], code, _text(out), _text(err))

    def _connected(self) -> socket.socket:
        if self._process is None:
            self._connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", __name__, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                )
            atexit.register(self._stop)
        return self._connection

    def _stop(self) -> None:
        self._connection.close()
        if self._process is not None:
            self._process.wait()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


# -- In the process that forks -----------------------------------------------------------------


def serve(connection: socket.socket) -> None:
    """Run commands one after another, until the other end is closed."""
    from marinemarket import cli, composition  # noqa: F401 - commands import it where they need it

    for module in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):
        import_module(module.name)
    while True:
        asked, descriptors, *_ = socket.recv_fds(connection, _LONGEST_REQUEST, 2)
        if not asked:
            return
        command = os.fork()
        if command == 0:
            connection.close()
            os._exit(_run(json.loads(asked), descriptors))
        for descriptor in descriptors:
            os.close(descriptor)
        connection.send(str(command).encode())
        _, status = os.waitpid(command, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def _run(asked: Mapping[str, Any], descriptors: Sequence[int]) -> int:
    """Do in a forked process what ``python -m marinemarket`` does in a new one; its exit code."""
    for target, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["marinemarket", *asked["arguments"]]
    code = 0
    try:
        runpy.run_module("marinemarket", run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else leaving.code is not None
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
