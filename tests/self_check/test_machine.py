"""What is checked of a machine before a market is opened."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from marinemarket.config.settings import Settings
from marinemarket.self_check.finding import State
from marinemarket.self_check.machine import (
    check_disk,
    check_folder,
    check_secret_key,
    check_settings,
)

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(data=tmp_path / "data")
    found.secret()
    return found


def _told(settings: Settings, **environment: str) -> list[tuple[State, str]]:
    return [(one.state, one.message) for one in check_settings(settings, environment)]


def test_settings_that_fit_together_are_well(settings: Settings) -> None:
    ((state, message),) = _told(settings)
    assert (state, message) == (State.OK, "the market's public address is http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"data": Path("data")}, "depends on the folder where a command starts"),
        ({"public_url": "http://boats.example"}, "passwords are sent unencrypted"),
        ({"public_url": "https://boats.example"}, "TRUSTED_PROXIES is not set"),
    ],
)
def test_settings_that_will_be_regretted_are_doubted(
    settings: Settings, given: dict[str, object], told: str
) -> None:
    ((state, message),) = _told(settings.model_copy(update=given))
    assert state is State.WARNING
    assert told in message


def test_a_misspelt_beginning_of_a_variable_is_noticed(settings: Settings) -> None:
    ((state, message),) = _told(settings, MARINMARKET_SMTP_URL="x", PATH="/bin", MARINE_X="y")
    assert (state, message) == (
        State.WARNING,
        "MARINMARKET_SMTP_URL is not a setting, and has no effect",
    )


def test_a_secret_key_is_there_and_for_its_owner_alone(settings: Settings) -> None:
    assert check_secret_key(settings).state is State.OK
    key = settings.data / "secret-key"
    key.chmod(0o640)
    found = check_secret_key(settings)
    assert (found.state, found.todo) == (State.FAILURE, f"run chmod 600 {key}")
    key.write_text("short")
    assert check_secret_key(settings).message == f"{key} is damaged"
    key.unlink()
    assert check_secret_key(settings).state is State.FAILURE
    assert not key.exists(), "a check makes no key"
    assert check_secret_key(settings.model_copy(update={"secret_key": "x" * 40})).state is State.OK


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = check_folder(Settings(data=tmp_path / "nowhere"))
    assert found.state is State.FAILURE
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_of_another_user_is_left_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_folder(settings).state is State.OK
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 4711)
    found = check_folder(settings)
    assert found.state is State.FAILURE
    assert f"runs as user {mine + 4711}" in found.message


@pytest.mark.parametrize(
    ("free", "state"),
    [(50_000_000_000, State.OK), (1_000_000_000, State.WARNING), (1_000_000, State.FAILURE)],
)
def test_a_disk_that_fills_up_is_told_in_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**12, 0, free))
    assert check_disk(settings).state is state
