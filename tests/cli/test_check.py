"""``marinemarket check``, as an operator runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.servers import RunningMarket, command, wait_for


def _states(answer: dict[str, Any]) -> dict[str, str]:
    return {found["name"]: found["state"] for found in answer["checks"]}


def test_an_open_market_is_well_and_one_without_a_worker_is_not(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with RunningMarket(data) as market:
        market.wait_until_ready()
        # The worker takes its first base copy and saves its positions within a few seconds.
        wait_for(lambda: command(data, "check")[0] == 0)
        code, answer = command(data, "check", "--mail-to", "ann@example.com")
        assert (code, answer["well"]) == (0, True)
        assert _states(answer) == {
            "settings": "ok", "mail": "ok", "test email": "ok", "data folder": "ok", "disk": "ok",
            "secret key": "ok", "store": "ok", "clock": "ok", "worker": "ok", "index": "ok",
            "archive": "warning", "emails": "ok", "erasures": "ok",
        }  # fmt: skip
        assert all(found["todo"] for found in answer["checks"] if found["state"] != "ok")
    code, answer = command(data, "check")
    assert (code, answer["well"], _states(answer)["worker"]) == (1, False, "failure")


def test_a_check_makes_no_market_where_there_is_none(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code, answer = command(data, "check")
    assert (code, _states(answer)["data folder"]) == (1, "failure")
    assert not data.exists()
    data.mkdir()
    code, answer = command(data, "check")
    assert (code, _states(answer)["store"]) == (1, "failure")
    assert [*data.iterdir()] == []


def test_a_check_makes_no_new_secret_key(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert command(data, "tables", "create")[0] == 0
    (data / "secret-key").unlink()
    code, answer = command(data, "check")
    assert (code, _states(answer)["secret key"]) == (1, "failure")
    assert not (data / "secret-key").exists()


def test_misspelt_settings_are_failures_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARINEMARKET_SMPT_URL", "smtp://127.0.0.1")
    code, answer = command(tmp_path / "data", "check")
    assert code == 1
    (found,) = answer["checks"]
    assert found["state"] == "failure"
    assert "did you mean MARINEMARKET_SMTP_URL?" in found["message"]
