"""A reload and a restart fail no request."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from marinemarket.disk import is_locked
from tests.servers import A_MINUTE, RunningMarket, RunningWorker, command, wait_for

from .load import Load


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of settings."""
    file = tmp_path / "market.toml"
    file.write_text('market_name = "Old Harbour"')
    monkeypatch.setenv("MARINEMARKET_CONFIG", str(file))
    monkeypatch.setenv("MARINEMARKET_LIMIT_SEARCH", "off")
    return file


def test_a_reload_under_load_reads_new_settings_and_fails_no_request(
    data: Path, config: Path
) -> None:
    with RunningMarket(data, "--workers", "2") as market:
        market.wait_until_ready()
        before = market.all_children()
        with Load(market.port) as load:
            load.wait_for_more()
            config.write_text('market_name = "New Harbour"')
            market.process.send_signal(signal.SIGHUP)
            wait_for(lambda: _are_replaced(before, market.all_children()))
            load.wait_for_more()
        assert not load.failures
        assert "New Harbour" in market.get("/")[1]


def _are_replaced(before: dict[str, list[int]], now: dict[str, list[int]]) -> bool:
    return all(
        len(now.get(role, [])) == len(pids) and not {*pids} & {*now[role]}
        for role, pids in before.items()
    )


def test_settings_that_cannot_be_used_are_not_reloaded(data: Path, config: Path) -> None:
    with RunningMarket(data) as market:
        before = market.all_children()
        config.write_text("nonsense = true")
        market.process.send_signal(signal.SIGHUP)
        config.write_text('market_name = "New Harbour"')
        market.process.send_signal(signal.SIGHUP)
        wait_for(lambda: _are_replaced(before, market.all_children()))
        assert "New Harbour" in market.get("/")[1]


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        yield listening


def test_a_restart_behind_a_socket_of_systemd_fails_no_request(
    data: Path, config: Path, listening: socket.socket
) -> None:
    port = listening.getsockname()[1]
    market = RunningMarket(data, "--workers", "2", listening=listening)
    try:
        assert market.port == port
        with Load(port) as load:
            for _ in range(2):
                load.wait_for_more()
                assert market.stop() == 0
                market = RunningMarket(data, "--workers", "2", listening=listening)
            load.wait_for_more()
        assert not load.failures
    finally:
        market.stop()


def test_systemd_is_told_when_the_market_answers_and_when_it_has_reloaded(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", place)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(place)
        systemd.settimeout(A_MINUTE)
        with RunningMarket(data) as market:
            assert systemd.recv(100) == b"READY=1"
            market.process.send_signal(signal.SIGHUP)
            assert systemd.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
            assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"STOPPING=1"


def test_a_worker_of_its_own_starts_again_at_a_hang_up(data: Path, config: Path) -> None:
    assert command(data, "tables", "create")[0] == 0
    with RunningWorker(data) as worker:
        wait_for(lambda: is_locked(data / "worker.lock"))
        config.write_text("nonsense = true")
        worker.process.send_signal(signal.SIGHUP)
        assert worker.process.stderr is not None
        assert "nothing was reloaded" in worker.process.stderr.readline()
        config.write_text('market_name = "New Harbour"')
        began = _started(worker.process.pid)
        worker.process.send_signal(signal.SIGHUP)
        wait_for(lambda: not is_locked(data / "worker.lock"))
        wait_for(lambda: is_locked(data / "worker.lock"))
        assert _started(worker.process.pid) == began, "it is still the same process"
        assert worker.stop() == ""


def _started(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
