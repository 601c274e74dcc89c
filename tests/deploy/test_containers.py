"""The container: compose.yaml by its schema and by what the market has, and the Dockerfile."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click import Context

from marinemarket.cli import main
from marinemarket.clock import now_ms
from marinemarket.config.settings import Settings, load
from marinemarket.parts.heartbeat import DEAD_AFTER, beat

from .files import ROOT

COMPOSE: dict[str, Any] = msgspec.yaml.decode((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = ROOT / "deploy/compose/example.env"


def test_the_compose_file_keeps_to_the_schema_of_compose() -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    done = subprocess.run(
        [
            sys.executable, "-m", "check_jsonschema",
            "--builtin-schema", "vendor.compose-spec", "compose.yaml",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_compose_itself_reads_the_file(tmp_path: Path) -> None:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed")
    for name in ("compose.yaml", "Dockerfile"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copy(EXAMPLE, tmp_path / ".env")
    done = subprocess.run(
        [program, "--profile", "opensearch", "config", "--format", "json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["services"].keys() == SERVICES.keys()


@pytest.mark.parametrize("name", ["web", "worker"])
def test_the_markets_services_run_commands_that_there_are(name: str) -> None:
    command = SERVICES[name]["command"]
    assert command[0] == name
    assert main.get_command(Context(main), command[0]) is not None


def test_every_volume_and_network_is_declared() -> None:
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service["volumes"]
        if not volume.startswith((".", "/"))
    }
    assert used == {*COMPOSE["volumes"]}
    assert {name for service in SERVICES.values() for name in service["networks"]} == {
        *COMPOSE["networks"]
    }


def test_the_settings_of_the_containers_are_settings_that_fit() -> None:
    example = dict(
        line.split("=", 1) for line in EXAMPLE.read_text().splitlines() if line[:1].isalpha()
    )
    for name in ("web", "worker"):
        given = SERVICES[name]["environment"] | example
        given["MARINEMARKET_PUBLIC_URL"] = given["MARINEMARKET_PUBLIC_URL"].replace(
            "${SITE:?name your site in .env}", example["SITE"]
        )
        given["MARINEMARKET_SEARCH"] = "columns"
        settings = load({key: value.strip("'") for key, value in given.items()})
        assert settings.public_url == "https://boats.example"
        assert settings.sender == ("Example Boats", "mail@boats.example")


def test_the_proxys_network_is_the_one_whose_word_counts() -> None:
    (subnet,) = COMPOSE["networks"]["market"]["ipam"]["config"]
    trusted = SERVICES["web"]["environment"]["MARINEMARKET_TRUSTED_PROXIES"]
    assert ip_network(subnet["subnet"]) == ip_network(trusted)


def test_only_the_web_server_in_front_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


def test_the_image_runs_as_nobody_gets_signals_and_says_how_it_is() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    user = re.search(r"^USER (\d+):(\d+)$", last_stage, re.M)
    assert user
    assert int(user[1]) > 0
    assert re.search(r'^ENTRYPOINT \["marinemarket"\]$', last_stage, re.M), "exec form"
    assert re.search(r'^CMD \["serve", "--host", "0.0.0.0"', last_stage, re.M)
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD \[.*/health/live.*\]$", last_stage, re.M)
    assert re.search(r'^VOLUME \["/data", "/backups"\]$', last_stage, re.M)


def test_the_workers_container_is_well_while_the_heartbeat_is_fresh(tmp_path: Path) -> None:
    place = Settings(data=tmp_path).heartbeat_place
    kind, line = SERVICES["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert f"/data/{place.name}" in line
    line = line.replace("$$", "$").replace("/data/", f"{tmp_path}/")

    def is_well() -> bool:
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False)
        return done.returncode == 0

    assert not is_well()
    beat(place, now_ms())
    assert is_well()
    assert f"-le {DEAD_AFTER // 1000}" in line
    beat(place, now_ms() - DEAD_AFTER - 5000)
    assert not is_well()
