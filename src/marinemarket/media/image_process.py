"""Processes pictures in a process of its own, which may take only so much memory and time.

Decoders are large programs in C, and whoever uploads a picture chooses what they do. Here they can
only end their own process. `ImageProcess` is our side of it; this module, run as a program, the other:
it reads a picture's length and content from its standard input, and answers with its files, until its
input ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, BinaryIO, Final

import msgspec

from ..errors import MarketError
from .images import Developed, develop
from .picture_faults import BadPicture, Fault

_PIECE: Final = 1_000_000
_LONGEST_ANSWER: Final = 100_000_000
_LENGTH_BYTES: Final = 8
_ENVIRONMENT: Final = {
    # One thread: others' pictures, and pages, need the other processors. No warnings about metadata.
    "VIPS_CONCURRENCY": "1",
    "VIPS_WARNING": "0",
    "MALLOC_ARENA_MAX": "2",
}


_FAULTS: Final = {fault.encode(): fault for fault in Fault}


class Files(msgspec.Struct):
    """An answer: the fields of `Developed`, with its files as a list."""

    width: int
    height: int
    tint: str
    phash: str
    files: list[tuple[str, str, bytes]]

    def to_developed(self) -> Developed:
        files = {(size, kind): content for size, kind, content in self.files}
        return Developed(self.width, self.height, self.tint, self.phash, files)


class Unfinished(Exception):
    """The process ended before the picture was finished."""


class TookTooLong(Unfinished):
    """It was ended, because the deadline had passed."""


class ImageProcess:
    """A process for one picture at a time, started when needed. Not for several threads at once.

    It may take `memory` bytes for a picture, where the system can limit that.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def develop(self, file: BinaryIO, seconds: float) -> Developed:
        """As `images.develop`; blocks. Raises BadPicture, and Unfinished."""
        process = self._process = self._process or self._start()
        has_rung = threading.Event()

        def end() -> None:
            has_rung.set()
            process.kill()

        alarm = threading.Timer(seconds, end)
        alarm.start()
        answer = None
        try:
            answer = _ask(process, file)
        except OSError:
            pass  # it has ended, and reads no more
        finally:
            alarm.cancel()
            alarm.join()
            if answer is None or has_rung.is_set():
                self.stop()
        if answer is None:
            raise TookTooLong if has_rung.is_set() else Unfinished
        if answer in _FAULTS:
            raise BadPicture(_FAULTS[answer])
        return msgspec.msgpack.decode(answer, type=Files).to_developed()

    def stop(self) -> None:
        """End the process; the next picture gets a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program, with our own arguments
            [sys.executable, "-P", "-m", __name__, str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ENVIRONMENT,
        )


def _ask(process: subprocess.Popen[bytes], file: BinaryIO) -> bytes | None:
    """The answer to a picture: a fault or its files, None if the process ended. Raises OSError."""
    assert process.stdin is not None
    assert process.stdout is not None
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    process.stdin.write(size.to_bytes(_LENGTH_BYTES, "big"))
    while piece := file.read(_PIECE):
        process.stdin.write(piece)
    process.stdin.flush()
    return _message(process.stdout)


def _message(pipe: IO[bytes]) -> bytes | None:
    length = pipe.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES or int.from_bytes(length, "big") > _LONGEST_ANSWER:
        return None
    content = pipe.read(int.from_bytes(length, "big"))
    return content if len(content) == int.from_bytes(length, "big") else None


# -- The process itself ------------------------------------------------------------------------


def _serve(memory: int) -> None:
    # Whoever stops the market by ^C stops its parent, and then the input ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    while (content := _message(sys.stdin.buffer)) is not None:
        answer = _answer(content)
        sys.stdout.buffer.write(len(answer).to_bytes(_LENGTH_BYTES, "big") + answer)
        sys.stdout.buffer.flush()
        del content, answer  # not held while waiting


def _answer(content: bytes) -> bytes:
    try:
        made = develop(content)
    except BadPicture as error:
        return error.fault.encode()
    except MarketError:
        return Fault.DAMAGED.encode()
    except MemoryError:
        os._exit(1)  # quietly: what it needed is not known
    files = [(size, kind, file) for (size, kind), file in made.files.items()]
    return msgspec.msgpack.encode(Files(made.width, made.height, made.tint, made.phash, files))


def _limit_memory(memory: int) -> None:
    """Limit what may be allocated beyond what the libraries have taken already (Linux)."""
    try:
        with open("/proc/self/statm") as file:
            taken = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return  # a system without it, such as macOS, does not enforce the limit either
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
