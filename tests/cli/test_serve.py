"""The running market, and the failures it survives."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from marinemarket.disk import is_locked
from tests.servers import (
    A_MINUTE,
    RunningMarket,
    RunningWorker,
    command,
    environment,
    is_alive,
    wait_for,
)

WITHOUT_S3 = "import sys; sys.modules['obstore'] = None; from marinemarket.cli import main; main()"

CSV = """title,price,location.country,boatDetails.type,boatDetails.length,reference
First boat,1000000,FR,sailboat,30.5,one
Second boat,2000000,FR,trawler,40,two
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="module")
def open_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    """For tests that leave it as it was."""
    with RunningMarket(tmp_path_factory.mktemp("open") / "data") as market:
        yield market


def _import(data: Path, folder: Path, text: str) -> None:
    file = folder / "boats.csv"
    file.write_text(text)
    code, report = command(data, "import", str(file))
    assert (code, report["rejected"]) == (0, 0)


def _total(market: RunningMarket) -> int:
    status, text = market.get("/api/v1/listings")
    return json.loads(text)["total"] if status == 200 else -1


def test_what_is_imported_while_the_market_is_open_is_found(data: Path, tmp_path: Path) -> None:
    with RunningMarket(data) as market:
        market.wait_until_ready()
        assert _total(market) == 0
        _import(data, tmp_path, CSV)
        wait_for(lambda: _total(market) == 2)
        code, found = command(data, "search", "second")
        assert (code, found["total"], found["results"][0]["title"]) == (0, 1, "Second boat")
        code, answer = command(data, "rebuild", "search")
        assert (code, answer["indexed"]) == (0, 2)
        assert _total(market) == 2


def test_a_market_whose_parent_is_killed_leaves_nobody_behind_and_starts_again(
    data: Path, tmp_path: Path
) -> None:
    _import(data, tmp_path, CSV)
    market = RunningMarket(data)
    market.wait_until_ready()
    children = market.children()
    assert set(children) == {"web", "worker"}
    market.kill()
    with RunningMarket(data, port=market.port) as again:
        again.wait_until_ready()
        assert _total(again) == 2
    wait_for(lambda: not any(map(is_alive, children.values())))


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_process_that_is_killed_is_started_again(data: Path, tmp_path: Path, role: str) -> None:
    with RunningMarket(data) as market:
        market.wait_until_ready()
        killed = market.children()[role]
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: market.children().get(role, killed) != killed)
        _import(data, tmp_path, CSV)
        wait_for(lambda: _answered(market) == 2)


def _answered(market: RunningMarket) -> int:
    try:
        return _total(market)
    except OSError:
        return -1  # the web process is not back yet


def test_a_head_request_is_answered_as_a_get_without_its_body(open_market: RunningMarket) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", open_market.port, timeout=60)
    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()


def test_a_market_told_to_stop_stops_with_its_children(data: Path) -> None:
    market = RunningMarket(data, "--workers", "2")
    market.wait_until_ready()
    children = market.children()
    assert market.stop() == 0
    assert not any(map(is_alive, children.values()))


def test_a_taken_port_is_reported_taken(open_market: RunningMarket) -> None:
    port = open_market.port
    code, answer = command(open_market.data, "serve", "--port", str(port))
    assert code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in answer["detail"]


def test_endless_headers_are_cut_off(open_market: RunningMarket) -> None:
    with socket.create_connection(("127.0.0.1", open_market.port), timeout=60) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        sent = _send_until_refused(connection, b"X-Filler: " + b"x" * 8000 + b"\r\n")
    assert sent < 50_000_000
    assert open_market.get("/health/live")[0] == 200


def _send_until_refused(connection: socket.socket, header: bytes) -> int:
    """How many bytes of headers were sent before the server closed the connection."""
    for count in range(1, 50_000_000 // len(header)):
        try:
            connection.sendall(header)
        except OSError:
            return count * len(header)
    return 50_000_000


@pytest.mark.parametrize("how", [("web",), ("serve", "--no-worker")])
def test_the_site_without_the_worker_shows_what_a_worker_elsewhere_has_followed(
    data: Path, tmp_path: Path, how: tuple[str, ...]
) -> None:
    by, *arguments = how
    with RunningMarket(data, *arguments, by=by) as market:
        assert set(market.children()) == {"web"}
        _import(data, tmp_path, CSV)
        assert market.get("/health/live")[0] == 200
        assert market.get("/health/ready")[0] == 503
        assert market.get("/api/v1/listings")[0] == 503, "nobody has made the index"
        with RunningWorker(data) as worker:
            market.wait_until_ready()
            wait_for(lambda: _total(market) == 2)
            _import(data, tmp_path, CSV.replace("two", "three"))
            wait_for(lambda: _total(market) == 3)
            assert worker.process.poll() is None
        assert _total(market) == 3, "what was found stays found"


def test_a_second_worker_stands_by_and_takes_over(data: Path, tmp_path: Path) -> None:
    assert command(data, "tables", "create")[0] == 0
    with RunningWorker(data) as first:
        wait_for(lambda: is_locked(data / "worker.lock"))
        with RunningWorker(data) as second:
            assert second.process.stderr is not None
            assert "another worker is running for this market" in second.process.stderr.readline()
            assert first.stop() == ""
            assert "this one takes over" in second.process.stderr.readline()
            _import(data, tmp_path, CSV)
            code, found = command(data, "search", "second")
            assert (code, found["total"]) == (0, 1)


def test_a_second_site_on_one_folder_leaves_the_counts_of_the_first(data: Path) -> None:
    with RunningMarket(data) as first:
        first.wait_until_ready()
        assert first.get("/api/v1/listings?q=counted")[0] == 200
        with RunningMarket(data) as second:
            second.wait_until_ready()
            assert _counted(second) == 0
        assert first.get("/api/v1/listings?q=counted")[0] == 200
        assert _counted(first) == 2


def test_the_counts_of_a_process_that_ends_stay_in_the_sum(data: Path, tmp_path: Path) -> None:
    with RunningMarket(data, "--workers", "2") as market:
        market.wait_until_ready()
        for _ in range(20):
            assert market.get("/api/v1/listings?q=counted")[0] == 200
        assert _counted(market) == 20
        for pid in market.all_children()["web"]:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: _answered(market) == 0)
        assert _counted(market) >= 20


def test_what_the_worker_commits_is_counted_too(data: Path) -> None:
    with RunningMarket(data, by="web") as market:
        by_web = _commits_of_registering(market, "ann")
    with RunningMarket(data) as market:
        assert _commits_of_registering(market, "bob") >= by_web
        wait_for(lambda: _commits(market) > by_web)  # the worker has sent the email


def _commits_of_registering(market: RunningMarket, name: str) -> float:
    form = {
        "email": f"{name}@example.com",
        "name": "Ann Porter",
        "password": "correct horse battery",
        "terms": True,
    }
    assert market.post("/api/v1/auth/register", form) == 202
    return _commits(market)


def _commits(market: RunningMarket) -> float:
    lines = market.get("/metrics")[1].splitlines()
    return sum(
        float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith("marinemarket_commits_total")
    )


def _counted(market: RunningMarket) -> float:
    """How many API searches a market has counted."""
    _, text = market.get("/metrics")
    lines = [line for line in text.splitlines() if 'route="/api/v1/listings"' in line]
    counts = [line for line in lines if line.startswith("marinemarket_requests_total")]
    return sum(float(line.rpartition(" ")[2]) for line in counts)


def test_a_market_does_not_open_with_settings_that_its_worker_cannot_use(tmp_path: Path) -> None:
    for setting, value, code, told in (
        ("TEXTS", "missing.mo", 2, "must be a translation compiled to .mo"),
        ("BACKUPS", "s3://bucket/prefix", 1, 'pip install "marinemarket[s3]"'),
        ("BACKUPS", "s3://", 1, "must name a bucket"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_S3, "serve", "--port", "0"],
            env=environment(tmp_path / "data") | {f"MARINEMARKET_{setting}": value},
            capture_output=True,
            text=True,
            timeout=A_MINUTE,
            check=False,
        )
        (line,) = done.stderr.splitlines()
        assert done.returncode == code
        assert line.startswith(f"Error: MARINEMARKET_{setting}: ")
        assert told in line
