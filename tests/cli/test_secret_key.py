"""A market opens with the secret key it is used with, and with no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from marinemarket.config.secret_key import fingerprint
from tests.servers import RunningMarket, command

OTHER = "another secret key of forty or so letters"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    assert command(data, "tables", "create")[0] == 0
    assert command(data, "staff", "create", "ann@example.com", "--role", "admin")[0] == 0
    return data


def _grant(data: Path) -> tuple[int, str]:
    code, answer = command(data, "staff", "grant", "ann@example.com", "--role", "support")
    return code, str(answer.get("detail", ""))


def test_another_key_is_refused_with_both_fingerprints(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = fingerprint((data / "secret-key").read_text())
    monkeypatch.setenv("MARINEMARKET_SECRET_KEY", OTHER)
    for name in ("serve", "web", "worker"):
        code, answer = command(data, name)
        assert (code, answer["errors"][0]["field"]) == (1, "MARINEMARKET_SECRET_KEY")
        assert own in answer["detail"]
        assert fingerprint(OTHER) in answer["detail"]
        assert "accept-key" in answer["detail"]
    assert _grant(data)[0] == 1
    monkeypatch.delenv("MARINEMARKET_SECRET_KEY")
    assert _grant(data)[0] == 0


def test_a_key_that_is_missing_is_not_made_anew(data: Path, tmp_path: Path) -> None:
    (data / "secret-key").rename(tmp_path / "away")
    for arguments in (["serve"], ["worker"], ["staff", "revoke", "ann@example.com"]):
        code, answer = command(data, *arguments)
        assert (code, answer["errors"][0]["field"]) == (1, "MARINEMARKET_SECRET_KEY")
        assert str(data / "secret-key") in answer["detail"]
    assert not (data / "secret-key").exists()
    assert command(data, "export", "--to", str(tmp_path / "all.csv"))[0] == 0
    assert command(data, "backup", "--to", str(tmp_path / "archive"))[0] == 0
    assert not (data / "secret-key").exists()


def test_a_key_in_a_file_is_compared_as_one_in_a_setting_is(data: Path) -> None:
    (data / "secret-key").write_text(OTHER)
    assert _grant(data)[0] == 1
    code, answer = command(data, "check")
    assert code == 1
    [found] = [one for one in answer["checks"] if fingerprint(OTHER) in one["message"]]
    assert (found["name"], found["state"]) == ("secret key", "failure")


def test_a_new_key_is_accepted_when_asked_for(data: Path) -> None:
    (data / "secret-key").write_text(OTHER)
    assert command(data, "secrets", "accept-key") == (0, {"key": fingerprint(OTHER), "lost": 0})
    assert _grant(data)[0] == 0
    with RunningMarket(data) as market:
        market.wait_until_ready()


def test_a_lost_key_is_replaced_only_with_the_option_that_says_so(data: Path) -> None:
    (data / "secret-key").unlink()
    assert command(data, "secrets", "accept-key")[0] == 1
    assert not (data / "secret-key").exists()
    code, answer = command(data, "secrets", "accept-key", "--lost")
    assert code == 0
    assert answer["key"] == fingerprint((data / "secret-key").read_text())
    assert _grant(data)[0] == 0


def test_a_folder_that_was_moved_with_its_key_opens(data: Path, tmp_path: Path) -> None:
    shutil.move(data, tmp_path / "moved")
    assert _grant(tmp_path / "moved")[0] == 0
