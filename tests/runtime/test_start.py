"""What is refused or told before a market opens, and which address its links name."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from marinemarket.runtime.listening import address_of
from tests.servers import A_MINUTE, RunningMarket, RunningWorker, command, environment, wait_for

from .full_disk import BOAT, NotMounted, small_disk

FORM = {"name": "Ann Porter", "password": "correct horse battery", "terms": True}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _refused(data: Path, by: str, *arguments: str, **settings: str) -> tuple[int, str]:
    """The exit code and the only line of a command that does not start."""
    done = subprocess.run(
        [sys.executable, "-m", "marinemarket", by, *arguments],
        env=environment(data) | {f"MARINEMARKET_{n}": value for n, value in settings.items()},
        capture_output=True,
        text=True,
        timeout=A_MINUTE,
        check=False,
    )
    (line,) = done.stderr.splitlines()
    return done.returncode, line


def test_a_taken_port_is_told_in_one_line(data: Path, tmp_path: Path) -> None:
    with RunningMarket(data) as market:
        code, line = _refused(tmp_path / "other", "serve", "--port", str(market.port))
    assert code == 1
    assert line == f"Error: cannot listen on 127.0.0.1:{market.port}: Address already in use"


@pytest.mark.parametrize("by", ["serve", "web"])
def test_a_data_folder_that_cannot_be_written_to_is_refused_in_one_line(
    tmp_path: Path, by: str
) -> None:
    try:
        with small_disk(tmp_path, "tmpfs") as disk:
            data = disk.folder / "data"
            assert command(data, "tables", "create")[0] == 0
            subprocess.run(["mount", "-o", "remount,ro", str(disk.folder)], check=True)
            code, line = _refused(data, by, "--port", "0")
    except NotMounted as error:
        pytest.skip(str(error))
    assert code == 1
    assert line == f"Error: MARINEMARKET_DATA: {data} cannot be written to: Read-only file system"


@pytest.mark.parametrize("setting", ["DATA", "BLOBS", "MAIL_FOLDER"])
def test_a_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path, setting: str) -> None:
    file = tmp_path / "file"
    file.write_text("")
    code, line = _refused(tmp_path / "data", "serve", "--port", "0", **{setting: str(file)})
    assert code == 1
    assert line.startswith(f"Error: MARINEMARKET_{setting}: {file} cannot be ")


def test_700_idle_visitors_and_few_files_keep_nobody_from_being_served(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with RunningMarket(data, files=256) as market:
        market.wait_until_ready()
        idle = [market.connected() for _ in range(700)]
        for _ in range(20):
            assert market.get("/boats")[0] == 200
        for connection in idle:
            connection.close()
    told = capfd.readouterr().err.splitlines()
    assert sum("only 256 files may be open" in line for line in told) == 1
    assert sum("those without a request make room" in line for line in told) == 1
    assert len(told) == 2


def test_links_name_the_address_that_serves(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "boat.csv"
    file.write_text(BOAT.format(name="first"))
    assert command(data, "import", str(file))[0] == 0
    with RunningMarket(data) as market:
        assert market.post("/api/v1/auth/register", FORM | {"email": "ann@example.com"}) == 202
        for path in ("/robots.txt", "/boats.atom"):
            _names_only(market, market.get(path)[1])
        code, answer = command(data, "staff", "create", "bo@example.com", "--role", "support")
        assert code == 0
        assert answer["link"].startswith(f"{market.address}/")
        wait_for(lambda: _emails(data))
        _names_only(market, _emails(data)[0])
        market.wait_until_ready()
        wait_for(lambda: market.get("/sitemap.xml")[0] == 200)
        _names_only(market, market.get("/sitemap.xml")[1])


def _names_only(market: RunningMarket, text: str) -> None:
    assert market.address in text
    assert "127.0.0.1:8000" not in text


def _emails(data: Path) -> list[str]:
    return [path.read_text().replace("=\n", "") for path in (data / "mail").glob("*.eml")]


def test_a_worker_of_its_own_follows_the_site_to_another_port(data: Path) -> None:
    assert command(data, "tables", "create")[0] == 0
    with RunningWorker(data) as worker:
        wait_for(lambda: (data / "worker.heartbeat").exists())
        with RunningMarket(data, by="web") as market:
            wait_for(lambda: (data / "served-at").read_text() == market.address)
            assert market.post("/api/v1/auth/register", FORM | {"email": "ann@example.com"}) == 202
            wait_for(lambda: _emails(data))
        with RunningMarket(data, by="web") as market:
            wait_for(lambda: _mailed_for(market, data))
        assert worker.process.poll() is None


def _mailed_for(market: RunningMarket, data: Path) -> bool:
    """Does an email name this site? Each try registers somebody else."""
    number = len(_emails(data))
    form = FORM | {"email": f"ann-{number}@example.com"}
    assert market.post("/api/v1/auth/register", form) == 202
    wait_for(lambda: len(_emails(data)) > number)
    return any(market.address in text for text in _emails(data))


def test_a_second_market_on_the_folder_says_that_it_has_no_worker(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with RunningMarket(data) as first, RunningMarket(data) as second:
        first.wait_until_ready()
        second.wait_until_ready()
        assert second.get("/boats")[0] == 200
    (line,) = capfd.readouterr().err.splitlines()
    assert "another worker is running for this market" in line


@pytest.mark.parametrize(
    ("host", "named"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")],
)
def test_the_address_can_be_opened(host: str, named: str) -> None:
    with socket.create_server((host, 0)) as listening:
        port = listening.getsockname()[1]
        assert address_of(listening, host) == f"http://{named}:{port}"
