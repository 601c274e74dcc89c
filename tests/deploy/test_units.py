"""The units for systemd and the command that cron and people call."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from marinemarket.config.settings import load
from marinemarket.runtime.parent_connection import STOP_SECONDS

from .files import DEPLOY, UNITS

UNPACKED = "/opt/marinemarket/bin/marinemarket"
LONG_RUNNING = [
    unit for unit in UNITS if unit.name.endswith(".service") and "backup" not in unit.name
]


def _unit(path: Path) -> RawConfigParser:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # as documented
    unit.read_string(path.read_text())
    return unit


def test_the_docs_stop_the_service_with_its_socket() -> None:
    """A socket that still listens starts the service again at the next visit, in mid-restore perhaps."""
    text = (DEPLOY.parent / "docs" / "first-server.md").read_text()
    stops = re.findall(r"systemctl (?:stop|disable --now) [^`\n]*", text)
    assert len(stops) >= 3
    for line in stops:
        assert {"marinemarket.socket", "marinemarket.service"} <= {*line.split()}, line


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(
            unit.read_text().replace(UNPACKED, "/bin/true").replace("/usr/bin/rsync", "/bin/true")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", LONG_RUNNING, ids=lambda path: path.name)
def test_a_service_has_a_user_and_a_folder_of_its_own_and_can_be_reloaded(path: Path) -> None:
    service = _unit(path)["Service"]
    assert service["User"] == "marinemarket"
    assert service["EnvironmentFile"] == "/etc/marinemarket/market.env"
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert int(service["TimeoutStopSec"]) > STOP_SECONDS or "worker" in path.name
    assert int(service["LimitNOFILE"]) >= 65536
    assert service["ProtectSystem"] == "strict"
    writable = [f"/var/lib/{service['StateDirectory']}", service["ReadWritePaths"]]
    settings = load(_settings())
    assert str(settings.data) == writable[0]
    assert str(settings.backups).startswith(f"{writable[1]}/")


@pytest.mark.parametrize("name", ["marinemarket", "marinemarket-web"])
def test_a_site_gets_its_socket_from_systemd(name: str) -> None:
    unit = _unit(DEPLOY / "systemd" / f"{name}.service")
    assert unit["Unit"]["Requires"] == f"{name}.socket"
    assert unit["Service"]["Type"] == "notify"
    given = _unit(DEPLOY / "systemd" / f"{name}.socket")["Socket"]["ListenStream"]
    host, _, port = given.rpartition(":")
    assert f"--host {host} --port {port} " in unit["Service"]["ExecStart"]


def _settings() -> dict[str, str]:
    """The sample of settings, as systemd reads it."""
    lines = (DEPLOY / "market.env").read_text().splitlines()
    given = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip("'") for name, value in given}


def test_the_sample_of_settings_fits_and_names_an_absolute_folder() -> None:
    settings = load(_settings())
    assert settings.data.is_absolute()
    assert settings.is_secure
    assert settings.trusted_proxies
    assert settings.sender == ("Example Boats", "mail@boats.example")


def test_the_command_for_cron_runs_with_the_settings_of_the_service(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho "$MARINEMARKET_DATA|$MARINEMARKET_MAIL_FROM|$*|$(umask)"\n')
    program.chmod(0o755)
    script = tmp_path / "marinemarket"
    text = (DEPLOY / "marinemarket").read_text()
    script.write_text(text.replace("user=marinemarket", f"user={getpass.getuser()}"))
    done = subprocess.run(
        ["/bin/sh", script, "backup", "--to", "a b"],
        env={
            "PATH": os.environ["PATH"],
            "MARKET_ENV": str(DEPLOY / "market.env"),
            "MARKET_PROGRAM": str(program),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == (
        "/var/lib/marinemarket|Example Boats <mail@boats.example>|backup --to a b|0027\n"
    )
