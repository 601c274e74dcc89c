"""A market of several processes whose disk fills up to the last byte, and later has room again."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers import A_MINUTE, RunningMarket, command, wait_for

PAGES = (
    "/", "/boats", "/boats?q=second", "/api/v1/listings?q=first", "/health/live", "/metrics",
    "/account/register", "/boats.atom",
)  # fmt: skip
BOAT = """title,price,location.country,boatDetails.type,boatDetails.length,reference
{name} boat,1000000,FR,sailboat,30.5,{name}
"""


class NotMounted(Exception):
    """Mounting a file system is not allowed here."""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    folder: Path

    def fill(self) -> None:
        """Take every byte, also those that only a small file still finds room for."""
        taken = self.folder / "filler"
        taken.mkdir()
        _append_zeros(taken / "large", 65536)
        _append_zeros(taken / "large", 1)
        with suppress(OSError):
            for number in range(10_000):
                (taken / str(number)).write_bytes(b"x")

    def make_room(self) -> None:
        for path in (self.folder / "filler").iterdir():
            path.unlink()
        (self.folder / "filler").rmdir()


def _append_zeros(path: Path, size: int) -> None:
    with path.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * size):
            pass


@contextmanager
def small_disk(folder: Path, kind: str, megabytes: int = 40) -> Iterator[SmallDisk]:
    """A file system of a few megabytes of its own: ``tmpfs``, or ``ext4`` in an image.

    Raises NotMounted.
    """
    place = folder / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"]
    if kind == "ext4":
        image = folder / "image"
        with image.open("wb") as file:
            file.truncate(megabytes * 1_000_000)
        options = ["-o", "loop", str(image)]
    try:
        if kind == "ext4":
            _run("mkfs.ext4", "-q", "-F", "-m", "0", str(folder / "image"))
        _run("mount", *options, str(place))
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotMounted(f"{kind} cannot be mounted here: {error}") from None
    try:
        yield SmallDisk(place)
    finally:
        _run("umount", str(place))


def _run(*arguments: str) -> None:
    subprocess.run(arguments, check=True, capture_output=True)


def survive(disk: SmallDisk, folder: Path, *, workers: int, seconds: float) -> str:
    """Run a market on the disk, fill it for some seconds, and make room; describes what was seen."""
    data = disk.folder / "data"
    for name in ("first", "second"):
        _import(data, folder, name)
    # Without limits, and with a cache too small to hide the store.
    with RunningMarket(
        data, "--workers", str(workers),
        LIMIT_AUTH="off", LIMIT_SEARCH="off", CACHE_LISTINGS="1",
    ) as market:  # fmt: skip
        market.wait_until_ready()
        assert _register(market, "before") == 202
        children = market.all_children()
        assert len(children["web"]) == workers
        disk.fill()
        reads, writes = _use(market, seconds)
        assert set(reads) == {200}, f"pages answered {reads}"
        assert set(writes) <= {202, 507}, f"writes answered {writes}"
        assert writes[-1] == 507, "the disk was never full"
        disk.make_room()
        wait_for(lambda: _register(market, "after") == 202)
        _import(data, folder, "third")
        wait_for(lambda: '"total":1' in market.get("/api/v1/listings?q=third")[1])
        assert market.all_children() == children, "a process was restarted"
    return f"{len(reads)} reads and {writes.count(507)} refused writes, {workers} web processes"


def start_full(disk: SmallDisk, folder: Path) -> None:
    """Fill the disk of a market that was stopped, start it, and make room."""
    data = disk.folder / "data"
    _import(data, folder, "first")
    with RunningMarket(data) as market:
        market.wait_until_ready()
    _import(data, folder, "second")  # whoever closes the store alone leaves nothing beside it
    assert not (data / "market.sqlite3-shm").exists()
    disk.fill()
    with RunningMarket(data, LIMIT_AUTH="off", LIMIT_SEARCH="off") as market:
        reads, writes = _use(market, 0)
        assert set(reads) == {200}, f"pages answered {reads}"
        assert writes[-1] == 507, f"writes answered {writes}"
        disk.make_room()
        wait_for(lambda: _register(market, "after") == 202)


def _import(data: Path, folder: Path, name: str) -> None:
    file = folder / f"{name}.csv"
    file.write_text(BOAT.format(name=name))
    code, report = command(data, "import", str(file))
    assert (code, report["rejected"]) == (0, 0)


def _use(market: RunningMarket, seconds: float) -> tuple[list[int], list[int]]:
    """The statuses of reads and of writes, until some seconds have passed and a write was refused."""
    reads: list[int] = []
    writes: list[int] = []
    began = time.monotonic()
    while (lasted := time.monotonic() - began) < seconds or 507 not in writes:
        assert lasted < A_MINUTE, f"the disk was never full: {writes}"
        reads += [market.get(path)[0] for path in PAGES]
        writes.append(_register(market, f"full-{len(writes)}"))
    return reads, writes


def _register(market: RunningMarket, name: str) -> int:
    form = {
        "email": f"{name}-{time.monotonic_ns()}@example.com",
        "name": "Ann Porter",
        "password": "correct horse battery",
        "terms": True,
    }
    return market.post("/api/v1/auth/register", form)
