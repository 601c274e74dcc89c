"""``marinemarket restore``: what it leaves behind when it fails, and what it says when it does not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

from marinemarket.archive.quiet import NAME
from marinemarket.clock import iso, now_ms
from marinemarket.config.secret_key import fingerprint
from tests.disks import small_disk_at
from tests.servers import A_MINUTE, RunningMarket, command, environment, wait_for

CSV = "title,price,location.country,boatDetails.type\n" + "".join(
    f"Boat {number},1000000,FR,sailboat\n" for number in range(20)
)
HANGING = """
import signal
# A process that a script starts in the background ignores it, and so would its children.
signal.signal(signal.SIGINT, signal.default_int_handler)
import asyncio
from marinemarket.store.sqlite.loading import SqliteLoading

async def hang(*_):
    print("loading", flush=True)
    await asyncio.sleep(600)

SqliteLoading.load = hang
from marinemarket.cli import main
main()
"""
"""The command, which stops in the middle of loading."""


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a market and its archive, made once, for the tests to copy."""
    folder = tmp_path_factory.mktemp("archived")
    data, file = folder / "data", folder / "boats.csv"
    file.write_text(CSV)
    assert command(data, "import", str(file))[0] == 0
    assert command(data, "backup", "--to", str(folder / "archive"))[0] == 0
    assert command(data, "staff", "create", "ann@example.com", "--role", "admin")[0] == 0
    assert command(data, "backup", "--to", str(folder / "archive"))[0] == 0
    return folder


@pytest.fixture
def data(archived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archived / "data", tmp_path / "data"))


@pytest.fixture
def archive(archived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archived / "archive", tmp_path / "archive"))


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands keep temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def _restore(data: Path, archive: Path, into: Path, *more: str) -> tuple[int, Any]:
    return command(data, "restore", "--from", str(archive), "--into", str(into), *more)


def _damage(archive: Path, pattern: str) -> None:
    file = max(archive.glob(pattern))
    content = bytearray(file.read_bytes())
    content[-9] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "an empty folder"])
@pytest.mark.parametrize(
    "fault",
    ["too late", "too early", "unreadable time", "damaged base", "no archive", "no erasures"],
)
def test_a_restore_that_fails_leaves_nothing(
    data: Path, archive: Path, tmp_path: Path, scratch: Path, fault: str, is_there: bool
) -> None:
    into, more = tmp_path / "deep" / "new", list[str]()
    if is_there:
        into.mkdir(parents=True)
    match fault:
        case "too late":
            more = ["--at", iso(now_ms() + 3_600_000)]
        case "too early":
            more = ["--at", "2020-01-01T00:00:00Z"]
        case "unreadable time":
            more = ["--at", "yesterday"]
        case "damaged base":
            _damage(archive, "base/*/boat-listings-*.gz")
        case "no archive":
            shutil.rmtree(archive)
        case "no erasures":
            more = ["--erasures", str(tmp_path / "none")]
    before = sorted(tmp_path.rglob("*"))
    assert _restore(data, archive, into, *more)[0] != 0
    assert sorted(tmp_path.rglob("*")) == before
    assert [*scratch.iterdir()] == []


@pytest.mark.parametrize("target", ["", "base", "below/it"])
def test_a_market_is_not_restored_into_its_archive(
    data: Path, archive: Path, tmp_path: Path, target: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, told = _restore(data, archive, archive / target)
    assert (code, "--into: is inside the archive" in told["detail"]) == (1, True)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("target", ["dynamo:market-", "DynamoDB:market-", "s3://bucket/market"])
def test_a_mistyped_engine_is_not_taken_for_a_folder(
    data: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, told = command(data, "restore", "--from", str(archive), "--into", target)
    assert (code, "--into: must be a folder" in told["detail"]) == (1, True)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("place", ["s3:bucket", "S3://bucket", "gs://bucket", "file:///archive"])
def test_a_mistyped_bucket_is_not_taken_for_a_folder(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, told = command(data, "backup", "--to", place)
    assert (code, "--to: must be a folder, or s3://" in told["detail"]) == (1, True)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_encrypted_archive_and_another_identity_leave_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, others = x25519.Identity.generate(), x25519.Identity.generate()
    (tmp_path / "ours").write_text(str(ours))
    (tmp_path / "others").write_text(str(others))
    monkeypatch.setenv("MARINEMARKET_BACKUP_RECIPIENT", str(ours.to_public()))
    archive, into = tmp_path / "archive", tmp_path / "new"
    assert command(data, "backup", "--to", str(archive))[0] == 0
    for more in (
        (),
        ("--identity", str(tmp_path / "others")),
        ("--identity", str(tmp_path / "no")),
    ):
        assert _restore(data, archive, into, *more)[0] == 1
        assert not into.exists()
    assert _restore(data, archive, into, "--identity", str(tmp_path / "ours"))[0] == 0


@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "an empty folder"])
def test_what_a_killed_restore_left_is_removed_by_the_next_that_fails_and_one_that_does_not(
    data: Path, archive: Path, tmp_path: Path, scratch: Path, is_there: bool
) -> None:
    into = tmp_path / "new"
    if is_there:
        into.mkdir()

    running = _in_the_middle(data, archive, into)
    code, told = _restore(data, archive, into)
    assert (code, "another restore" in told["detail"]) == (1, True)
    running.kill()
    running.communicate()
    assert any(into.glob("*.restoring*"))
    assert _restore(data, archive, into, "--at", "2020-01-01T00:00:00Z")[0] == 1
    assert into.exists() == is_there
    assert not is_there or [*into.iterdir()] == []
    assert _restore(data, archive, into)[0] == 0
    assert [file.name for file in into.iterdir()] == ["market.sqlite3"]
    assert [*scratch.iterdir()] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_restore_that_is_stopped_leaves_nothing(
    data: Path, archive: Path, tmp_path: Path, scratch: Path, number: signal.Signals
) -> None:
    running = _in_the_middle(data, archive, tmp_path / "deep" / "new")
    running.send_signal(number)
    _, told = running.communicate(timeout=A_MINUTE)
    assert (running.returncode, "Nothing was restored" in told) == (1, True)
    assert not (tmp_path / "deep").exists()
    assert [*scratch.iterdir()] == []


def _in_the_middle(data: Path, archive: Path, into: Path) -> subprocess.Popen[str]:
    """A restore that has begun to load, and goes no further."""
    running = subprocess.Popen(
        [sys.executable, "-c", HANGING, "restore", "--from", str(archive), "--into", str(into)],
        env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "loading\n"
    return running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "small", "300k") as folder:
        yield folder


def test_a_disk_that_is_full_is_named_and_nothing_is_left_on_it(
    data: Path, archive: Path, small_disk: Path
) -> None:
    code, told = _restore(data, archive, small_disk / "new")
    assert (code, "disk" in told["detail"], "full" in told["detail"]) == (1, True, True)
    assert [*small_disk.iterdir()] == []


def test_a_full_disk_for_temporary_files_is_named(
    data: Path, archive: Path, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(small_disk))
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * (os.statvfs(small_disk).f_bavail * 4096 - 12_000))
    code, told = _restore(data, archive, tmp_path / "new")
    assert code == 1
    assert str(small_disk) in told["detail"]
    assert [*small_disk.iterdir()] == [filler]
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written_is_named(
    data: Path, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, told = _restore(data, archive, tmp_path / "file" / "new")
    assert (code, str(tmp_path / "file") in told["detail"]) == (1, True)


def test_a_restore_says_which_key_to_copy_and_the_market_opens_with_it(
    data: Path, archive: Path, tmp_path: Path
) -> None:
    key, into = data / "secret-key", tmp_path / "new"
    done = subprocess.run(
        [sys.executable, "-m", "marinemarket", "restore", "--from", str(archive), "--into", str(into)],
        env=environment(data), capture_output=True, text=True, check=True,
    )  # fmt: skip
    for named in (fingerprint(key.read_text()), str(key), str(into / "secret-key")):
        assert named in done.stderr
    grant = ("staff", "grant", "ann@example.com", "--role", "support")
    assert command(into, *grant)[0] == 1
    assert not (into / "secret-key").exists()
    shutil.copy(key, into / "secret-key")
    assert command(into, *grant)[0] == 0
    # It is the same market, and goes on with its archive.
    assert command(into, "backup", "--to", str(archive))[0] == 0
    assert command(into, "verify", str(archive))[1]["sound"]


def test_a_copy_is_a_market_of_its_own(data: Path, archive: Path, tmp_path: Path) -> None:
    assert _restore(data, archive, tmp_path / "new", "--copy", "--exact")[0] == 0
    code, told = command(tmp_path / "new", "backup", "--to", str(archive))
    assert (code, "belongs to another market" in told["detail"]) == (1, True)
    assert command(tmp_path / "new", "backup", "--to", str(archive), "--adopt")[0] == 0
    assert command(data, "backup", "--to", str(archive))[0] == 1


def test_a_quiet_moment_of_an_open_market_is_restored(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARINEMARKET_BACKUPS", str(tmp_path / "archive"))
    with RunningMarket(data) as market:
        market.wait_until_ready()
        wait_for(lambda: [*(tmp_path / "archive").glob(f"base/*/{NAME}")])
        opened = now_ms()
        wait_for(
            lambda: (
                command(data, "verify", str(tmp_path / "archive"))[1]["archivedUntil"] > iso(opened)
            )
        )
        code, told = _restore(data, tmp_path / "archive", tmp_path / "new", "--at", iso(opened))
        assert (code, told["moment"]) == (0, iso(opened))
